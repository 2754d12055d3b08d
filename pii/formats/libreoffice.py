"""LibreOffice as a converter: nothing in a file runs, and nothing it names is fetched.

Settings see to that first; the walls around the process (`confined.py`) see to it again. A file can
name a picture on this very machine, and without walls LibreOffice takes it in: so where there are
none, whoever asks for a conversion is told, and no picture is kept.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pii.errors import TooLarge, UnknownFormat, UnreadableDocument
from pii.formats.confined import LARGEST, MEBIBYTE, EndedBadly, TookTooLong, run

SECONDS = 90
"""More than a conversion of the largest file allowed took; a small one takes one or two."""
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
# Of org.openoffice: no macros, no links (Writer: 0 never, Calc: 1 never), values as they were saved.
# The proxy is one nobody listens at.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


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
def has_walls(command: str) -> bool:
    """Whether the program runs here cut off from network and files; some containers forbid it."""
    with _folder(0) as folder, contextlib.suppress(TookTooLong, EndedBadly):
        run([command, "--version"], folder, 20, walls=True)
        return True
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
    with _folder(sum(map(len, files.values()))) as folder:
        for part in ("in", "out", "profile/user"):
            (folder / part).mkdir(parents=True)
        (folder / "profile/user/registrymodifications.xcu").write_text(_settings())
        for file, data in files.items():
            (folder / "in" / file).write_bytes(data)
        sources = [str(folder / "in" / file) for file in files]
        try:
            run([command, *_options(folder, to), *sources], folder, seconds,
                walls=has_walls(command))  # fmt: skip
        except TookTooLong as error:
            raise _too_much() from error
        except EndedBadly as error:
            raise _ended_badly() from error
        return _results(folder / "out")


def _results(folder: Path) -> dict[str, bytes]:
    made = {}
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size >= LARGEST:
            raise _too_much()
        if data := path.read_bytes():
            made[path.name] = data
    return made


def _options(folder: Path, to: str) -> list[str]:
    return [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"),
        *("--convert-to", to, "--outdir", str(folder / "out")),
    ]


@contextmanager
def _folder(size: int) -> Iterator[Path]:
    """In memory where there is room: nobody wants a client's file on a disk, even for a minute."""
    room = 0
    with contextlib.suppress(OSError):
        room = shutil.disk_usage(_SHARED_MEMORY).free
    fits = room > 8 * size + 256 * MEBIBYTE and os.access(_SHARED_MEMORY, os.W_OK)
    with tempfile.TemporaryDirectory(
        prefix="convert-", dir=_SHARED_MEMORY if fits else None, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    namespace = "http://openoffice.org/2001/registry"
    return f'<?xml version="1.0"?><oor:items xmlns:oor="{namespace}">{items}</oor:items>'


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


def _too_much() -> TooLarge:
    return TooLarge(
        "LibreOffice 转换该文件用时过长或结果过大，已中止。请拆分，或另存为 .docx、.xlsx 或 .pptx 后重试。",
        "Converting the file by LibreOffice took too long or gave too much, and was stopped. Split "
        "it, or save it as .docx, .xlsx or .pptx, and retry.",
    )
