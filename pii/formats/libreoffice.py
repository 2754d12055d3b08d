"""LibreOffice as a converter, confined: what it opens may be hostile.

Each conversion is one process group with an empty environment, a profile and a folder of its own
that go with it, no macros, no links, and limits of memory, CPU, file size and time. Where the
kernel lets us, it has no network at all and dies with the process that started it; elsewhere its
own settings keep it from fetching anything.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pii.errors import TooLarge, UnknownFormat, UnreadableDocument
from pii.formats.opening import MEBIBYTE

SECONDS = 90
"""More than a conversion of the largest file allowed took; it starts in two."""
_CPU_SECONDS = 120
_MEMORY = 3 * 1024 * MEBIBYTE
_LARGEST = 512 * MEBIBYTE
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_PATH = "/usr/local/bin:/usr/bin:/bin"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
# Nothing of a document runs, and nothing it names is fetched (org.openoffice.Office.*).
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Misc", "FirstRun", "false"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),
    ("Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Calc/Formula/Load", "ODFRecalcMode", "1"),
)
# A proxy nobody listens at: for where the network cannot be taken away.
_PROXY = (("ooInetProxyType", "2"), ("ooInetHTTPProxyName", "127.0.0.1"), ("ooInetHTTPProxyPort", "9"),
          ("ooInetHTTPSProxyName", "127.0.0.1"), ("ooInetHTTPSProxyPort", "9"))  # fmt: skip
_UNSHARED = ("unshare", "-r", "-n", "--pid", "--fork", "--kill-child=KILL")
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")


def program() -> str | None:
    """LibreOffice's command, or None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


@cache
def version(command: str) -> str:
    """What the program calls itself, as 7.4.7.2; empty where it says nothing."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run(  # noqa: S603
            [command, "--version"], capture_output=True, text=True, timeout=20, check=False,
            stdin=subprocess.DEVNULL,
        ).stdout.split()  # fmt: skip
        return said[1] if len(said) > 1 else ""
    return ""


@cache
def has_no_network() -> bool:
    """Whether the kernel lets us start a process that has no network."""
    return _runs((*_UNSHARED, "true"))


@cache
def _runs(command: tuple[str, ...]) -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return not subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
        ).returncode
    return False


def convert(files: Mapping[str, bytes], to: str, *, seconds: float = SECONDS) -> dict[str, bytes]:
    """Files by name, converted; the names are ours, with the suffix each file's format has.

    `to` is what LibreOffice calls the target: a suffix, with a filter behind a colon. A file it could
    not load is missing in the result, whose names have the new suffix. Raises UnknownFormat where it
    is not installed, TooLarge where it took too long, UnreadableDocument where it ended badly.
    """
    command = program()
    if command is None:
        raise not_installed()
    size = sum(map(len, files.values()))
    with tempfile.TemporaryDirectory(prefix="convert-", dir=_folder(size)) as name:
        folder = Path(name)
        for part in ("in", "out", "home", "profile/user"):
            (folder / part).mkdir(parents=True)
        (folder / "profile/user/registrymodifications.xcu").write_text(_settings())
        for file, data in files.items():
            (folder / "in" / file).write_bytes(data)
        _run([command, *_options(folder, to), *(str(folder / "in" / file) for file in files)],
             folder, seconds)  # fmt: skip
        return _results(folder / "out")


def _results(folder: Path) -> dict[str, bytes]:
    made = {}
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size > _LARGEST:
            raise _too_long()
        if data := path.read_bytes():
            made[path.name] = data
    return made


def _options(folder: Path, to: str) -> list[str]:
    return [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"),
        *("--convert-to", to, "--outdir", str(folder / "out")),
    ]


def _run(command: list[str], folder: Path, seconds: float) -> None:
    limits = (
        f"ulimit -v {_MEMORY // 1024}; ulimit -t {_CPU_SECONDS}; "
        f'ulimit -f {_LARGEST // 512}; ulimit -c 0; exec "$@"'
    )
    confined = [*_confinement(), "sh", "-c", limits, "sh", *command]
    try:
        process = subprocess.Popen(  # noqa: S603 - the program we found, its arguments ours
            confined,
            env={"PATH": _PATH, "HOME": str(folder / "home"), "TMPDIR": str(folder / "home"),
                 "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise _ended_badly() from error
    try:
        code = process.wait(timeout=max(1, seconds))
    except subprocess.TimeoutExpired:
        raise _too_long() from None
    finally:
        # Whatever is left of the group goes, the process that waits for the others among them.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        raise _ended_badly()


def _confinement() -> list[str]:
    dies = list(_DIES_WITH_US) if _runs((*_DIES_WITH_US, "true")) else []
    return [*dies, *(_UNSHARED if has_no_network() else ())]


def _folder(size: int) -> str | None:
    """In memory where there is room: nobody wants a client's file on a disk, even for a minute."""
    try:
        room = shutil.disk_usage(_SHARED_MEMORY).free
    except OSError:
        return None
    fits = room > 8 * size + 256 * MEBIBYTE and os.access(_SHARED_MEMORY, os.W_OK)
    return str(_SHARED_MEMORY) if fits else None


def _settings() -> str:
    inet = [("Inet/Settings", *one) for one in _PROXY]
    items = "".join(
        f'<item oor:path="/org.openoffice.{"" if path.startswith("Inet") else "Office."}{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in (*_SETTINGS, *inet)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">' + items + "</oor:items>"
    )


def not_installed() -> UnknownFormat:
    """What to do where LibreOffice is needed and not there."""
    return UnknownFormat(
        "这种旧格式要先由 LibreOffice 转换，而服务器上没有安装。请在 Office 或 WPS 中另存为 .docx、.xlsx 或 "
        ".pptx 后重试，或请管理员安装 LibreOffice（如 apt install libreoffice）。",
        "Files of this older format are converted by LibreOffice first, which is not installed here. "
        "Save the file as .docx, .xlsx or .pptx and retry, or ask an administrator to install "
        "LibreOffice (such as apt install libreoffice).",
    )


def not_converted() -> UnreadableDocument:
    """What to do where it could not read the file."""
    return UnreadableDocument(
        "LibreOffice 无法读取该文件，文件可能已损坏。请用原来的程序打开，另存为 .docx、.xlsx 或 .pptx 后重试。",
        "LibreOffice could not read the file, which may be damaged. Open it in its own program, save "
        "it as .docx, .xlsx or .pptx and retry.",
    )


def _ended_badly() -> UnreadableDocument:
    return UnreadableDocument(
        "LibreOffice 转换该文件时异常退出，未作处理。请用原来的程序另存为 .docx、.xlsx 或 .pptx 后重试。",
        "LibreOffice broke off while converting the file; it was not processed. Save it as .docx, "
        ".xlsx or .pptx in its own program and retry.",
    )


def _too_long() -> TooLarge:
    return TooLarge(
        "LibreOffice 转换该文件用时过长或结果过大，已中止。请拆分，或另存为 .docx、.xlsx 或 .pptx 后重试。",
        "Converting the file by LibreOffice took too long or gave too much, and was stopped. Split "
        "it, or save it as .docx, .xlsx or .pptx, and retry.",
    )
