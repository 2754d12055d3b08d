"""The files of a folder, links and special files named but never followed."""

import hashlib
import hmac
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pii.inventory import State

_CHUNK = 1024 * 1024
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of the tree, as the folder lists it. `problem` where it is not to be read."""

    path: str
    size: int
    modified: datetime | None
    problem: State | None = None


def files_under(root: Path) -> Iterator[Seen]:
    """Every entry below the folder, in order of path within each folder."""
    waiting = [("", 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(root / folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError:
            yield Seen(folder or ".", 0, None, State.NO_ACCESS)
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_symlink():
                # What it points to is listed where it lies, or lies outside and is not ours.
                yield Seen(printable(path), 0, None, State.LINK)
            elif entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST:
                    waiting.append((path, depth + 1))
                else:
                    yield Seen(printable(path), 0, None, State.TOO_LARGE)
            else:
                yield _seen(path, entry)


def _seen(path: str, entry: "os.DirEntry[str]") -> Seen:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return Seen(printable(path), 0, None, State.VANISHED)
    modified = datetime.fromtimestamp(max(0, status.st_mtime), UTC)
    problem = None if stat.S_ISREG(status.st_mode) else State.SPECIAL
    return Seen(path, status.st_size, modified, problem)


def read_file(root: Path, path: str, limit: int) -> bytes | State:
    """The bytes of a plain file within the limit, or why not. Neither links nor pipes are opened."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(root / path, flags)
    except FileNotFoundError:
        return State.VANISHED
    except PermissionError:
        return State.NO_ACCESS
    except OSError:
        return State.SPECIAL
    try:
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return State.SPECIAL
            data = file.read(limit + 1)
    except OSError:
        return State.DAMAGED
    return data if len(data) <= limit else State.TOO_LARGE


def mark_of(data: bytes, key: bytes) -> str:
    """A keyed digest of the bytes: a plain one would let a short file be guessed."""
    return hmac.new(key, hashlib.sha256(data).digest(), hashlib.sha256).hexdigest()[:32]


def printable(path: str) -> str:
    """The path with bytes that are no text replaced."""
    return path.encode("utf-8", "replace").decode()
