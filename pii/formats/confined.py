"""A program that opens hostile files, run so that it can reach little else.

It gets an empty environment, one folder, and limits of memory, CPU and file size; its whole process
group is killed at the end. Where the kernel lets us (user namespaces of Linux) it sees no network, no
other process, and of the files nothing but the system's programs and its folder, and dies with us.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

MEBIBYTE = 1024 * 1024
LARGEST = 512 * MEBIBYTE
"""Bytes of the largest file the program may write."""
_MEMORY = 3 * 1024 * MEBIBYTE
_CPU_SECONDS = 120
_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_APART = ("unshare", "-r", "-n", "-m", "--pid", "--fork", "--kill-child=KILL")
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
# A root of its own in memory: programs and fonts read-only, the folder, nothing else; then no right
# that could undo it. $1 the folder, the rest the command.
_WALLS = """
set -e
folder="$1"; shift
root="$folder/root"; mkdir "$root"
mount -t tmpfs -o mode=755 tmpfs "$root"
for part in usr bin sbin lib lib32 lib64 opt etc/fonts etc/libreoffice etc/alternatives; do
  if [ -L "/$part" ]; then cp -P "/$part" "$root/$part"
  elif [ -d "/$part" ]; then
    mkdir -p "$root/$part"; mount --rbind -o ro "/$part" "$root/$part"
  fi
done
cp /etc/ld.so.cache "$root/etc/" 2>/dev/null || true
mkdir -p "$root/proc" "$root/dev" "$root/old" "$root/tmp" "$root$folder"
mount -t proc proc "$root/proc" 2>/dev/null || true
for part in null zero urandom random; do
  : > "$root/dev/$part"; mount --bind "/dev/$part" "$root/dev/$part"
done
mount --bind "$folder" "$root$folder"
cd "$root"
pivot_root . old
umount -l /old
cd "$folder"
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""
_LIMITS = f"""
ulimit -v {_MEMORY // 1024}; ulimit -t {_CPU_SECONDS}; ulimit -f {LARGEST // 512}; ulimit -c 0
exec "$@"
"""


class TookTooLong(Exception):
    """The program did not end in its time."""


class EndedBadly(Exception):
    """The program could not be started, was killed, or said that it failed."""


def run(command: Sequence[str], folder: Path, seconds: float, *, walls: bool) -> None:
    """The command in the folder, behind walls or without. Raises TookTooLong, EndedBadly."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    try:
        process = subprocess.Popen(  # noqa: S603 - a program of the system, its arguments ours
            _confined(command, folder, walls=walls),
            env={"PATH": _PATH, "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise EndedBadly from error
    try:
        code = process.wait(timeout=max(1, seconds))
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        raise EndedBadly


def _confined(command: Sequence[str], folder: Path, *, walls: bool) -> list[str]:
    dies = _DIES_WITH_US if _dies_with_us() else ()
    apart = (*_APART, "sh", "-c", _WALLS, "sh", str(folder)) if walls else ()
    return [*dies, *apart, "sh", "-c", _LIMITS, "sh", *command]


@cache
def _dies_with_us() -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        tried = [*_DIES_WITH_US, "true"]
        return not subprocess.run(tried, capture_output=True, timeout=10, check=False).returncode  # noqa: S603
    return False
