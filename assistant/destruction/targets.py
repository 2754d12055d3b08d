"""What the program erases itself: files on this machine and clients' keys in the vault.

Overwriting is done once and then the file is renamed and unlinked. On flash and copy-on-write file
systems the old blocks may outlive that (NIST SP 800-88 Rev. 2: clear, not purge); what was done is
recorded as done, and the certificate says what it does not cover.
"""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.orm import Session

from assistant.app import App
from records.errors import BadInput, Conflict
from records.sealing import Sealing
from tickets.destruction.dossier import Target
from tickets.ticket import Json

_UNNAMED = "erasing-"
_BLOCK = 1024 * 1024


def file_target(app: App, ticket_id: str, number: int, path: Path) -> dict[str, Json]:
    """A file to erase: its hash now, and its path sealed, because names of files name clients."""
    whole = path.absolute()
    _check_ours(app, whole)
    name = f"file-{number}"
    digest, size = hashed(whole)
    sealed = _sealing(app).seal(str(whole), row=f"{ticket_id}/{name}").hex()
    return asdict(Target(name, "file", sha256=digest, size=size, sealed=sealed))


def key_target(app: App, session: Session, client: str) -> dict[str, Json]:
    """A client whose key is to be destroyed, by number. Raises NotFound."""
    return asdict(Target(app.vault.client_id_of(session, " ".join(client.split())), "key"))


def path_of(app: App, ticket_id: str, target: Target) -> Path:
    """Where a file to erase lies."""
    text: str = _sealing(app).open(bytes.fromhex(target.sealed), row=f"{ticket_id}/{target.name}")
    return Path(text)


def check_unchanged(app: App, ticket_id: str, target: Target) -> None:
    """Nothing, or Conflict: what was approved for erasing must be what lies there."""
    path = path_of(app, ticket_id, target)
    _check_ours(app, path)
    if hashed(path)[0] != target.sha256:
        raise Conflict(
            f"{target.name} 在批准之后被改动过，不能按原批准擦除。请驳回后重新申请。",
            f"{target.name} was changed after it was approved; refuse this and request anew.",
        )


def erase_file(path: Path) -> Mapping[str, Json]:
    """What was done to erase the file; a file that is gone already is told as such."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return _erased_before_a_death(path.parent)
    with os.fdopen(descriptor, "r+b") as file:
        links, size = os.fstat(descriptor).st_nlink, os.fstat(descriptor).st_size
        for start in range(0, size, _BLOCK):
            file.write(os.urandom(min(_BLOCK, size - start)))
        file.flush()
        os.fsync(descriptor)
        unnamed = path.with_name(f"{_UNNAMED}{os.fstat(descriptor).st_ino:x}")
    path.rename(unnamed)
    _unlink(unnamed)
    # Other hard links still name the same, now meaningless, bytes.
    return {"result": "erased", "overwritten": True, "other_links": links - 1}


def _erased_before_a_death(folder: Path) -> Mapping[str, Json]:
    """What is told of a file that is not where it was: erased by us and cut short, or simply gone.

    Only overwritten files bear the name of their own inode, so finding one shows what was done.
    """
    for one in folder.glob(f"{_UNNAMED}*"):
        found = one.lstat()
        if one.name == f"{_UNNAMED}{found.st_ino:x}":
            _unlink(one)
            return {"result": "erased", "overwritten": True, "other_links": found.st_nlink - 1}
    return {"result": "gone", "overwritten": False}


def _unlink(path: Path) -> None:
    path.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def hashed(path: Path) -> tuple[str, int]:
    """Hash and size of a file. Raises BadInput when it is none that can be erased."""
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _no_file()
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise _no_file() from error
    return digest.hexdigest(), size


def _check_ours(app: App, path: Path) -> None:
    """The product's own database, keys and registers are no client files."""
    home = app.settings.home.resolve()
    if home in path.resolve().parents:
        raise BadInput(
            "不能擦除本系统自己的文件。", "The product's own files cannot be erased this way."
        )


def _sealing(app: App) -> Sealing:
    return Sealing(app.keys.derive("destruction-targets"))


def _no_file() -> BadInput:
    return BadInput(
        "要擦除的文件不存在、不能读写或不是普通文件。",
        "A file to erase is absent, cannot be read, or is no regular file.",
    )
