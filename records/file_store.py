"""Encrypted files with a date to erase them by.

Each file is one AES-256-GCM message (NIST SP 800-38D) bound to its own number, so files cannot be
swapped. Erasing unlinks the ciphertext; the row stays as the record that it was erased.
"""

import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.errors import NotFound, Unavailable

NONCE_BYTES = 12
STILL_BEING_KEPT = timedelta(hours=1)


class FileRow(Base):
    """A stored file. `name` is a safe one, made by the verb that stores it."""

    __tablename__ = "files"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keep_until: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beside: Mapped[str | None] = mapped_column(String(40), index=True)


class FileStore:
    """Keeps bytes encrypted in one folder until their date."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)

    def keep(
        self,
        session: Session,
        data: bytes,
        *,
        name: str,
        owner_id: str,
        keep_until: datetime,
        now: datetime,
        beside: str | None = None,
    ) -> str:
        """The number of the stored file. The bytes are on disk before the row is.

        `beside`: the number of the file it belongs to, as a report to its copy.
        """
        file_id = f"F-{secrets.token_hex(12)}"
        nonce = os.urandom(NONCE_BYTES)
        self._write(file_id, nonce + self._cipher.encrypt(nonce, data, file_id.encode()))
        session.add(
            FileRow(
                id=file_id,
                name=name,
                owner_id=owner_id,
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                created_at=now,
                keep_until=keep_until,
                beside=beside,
            )
        )
        return file_id

    def read(self, session: Session, file_id: str, *, owner_id: str) -> tuple[str, bytes]:
        """Name and bytes of a file that is this person's and not yet erased."""
        row = session.get(FileRow, file_id)
        if row is None or row.erased_at is not None or row.owner_id != owner_id:
            raise NotFound(
                "文件不存在，或已按期删除。请重新处理一次。",
                "No such file, or it was erased on its date. Please process it again.",
            )
        try:
            sealed = self._path(file_id).read_bytes()
            nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return row.name, self._cipher.decrypt(nonce, body, file_id.encode())
        except (OSError, InvalidTag, ValueError) as error:
            raise Unavailable(
                "文件已损坏或密钥已更换，无法读取。",
                "The file is damaged or the key has changed; it cannot be read.",
            ) from error

    def read_beside(self, session: Session, file_id: str, *, owner_id: str) -> bytes:
        """The bytes of what was kept beside a file. Raises NotFound."""
        beside = select(FileRow.id).where(FileRow.beside == file_id)
        return self.read(session, session.scalar(beside) or "", owner_id=owner_id)[1]

    def erase(self, session: Session, file_id: str, now: datetime) -> None:
        """The file gone before its date; harmless when it is gone already."""
        row = session.get(FileRow, file_id)
        if row is not None and row.erased_at is None:
            self._path(file_id).unlink(missing_ok=True)
            row.erased_at = now

    def end(self, session: Session, file_id: str, now: datetime) -> None:
        """The file's time over now; `erase_due` removes it, again and again until it is gone."""
        row = session.get(FileRow, file_id)
        if row is not None:
            row.keep_until = min(row.keep_until, now)

    def erase_due(self, session: Session, now: datetime) -> int:
        """How many files were erased because their date has come, what is beside them not counted."""
        due = select(FileRow).where(FileRow.keep_until <= now, FileRow.erased_at.is_(None))
        rows = session.scalars(due).all()
        for row in rows:
            self._path(row.id).unlink(missing_ok=True)
            row.erased_at = now
        return sum(row.beside is None for row in rows)

    def is_whole(self, row: FileRow) -> bool:
        """Whether a file that was not erased opens with our key and is what was kept."""
        try:
            sealed = self._path(row.id).read_bytes()
            nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            data = self._cipher.decrypt(nonce, body, row.id.encode())
        except (OSError, InvalidTag, ValueError):
            return False
        return len(data) == row.size and hashlib.sha256(data).hexdigest() == row.sha256

    def leftovers(self, session: Session, *, before: datetime | None = None) -> list[Path]:
        """Files without a row that says they are kept: a crash came between file and row."""
        kept = set(session.scalars(select(FileRow.id).where(FileRow.erased_at.is_(None))))
        found = (path for path in self._folder.glob("*/F-*") if path.stem not in kept)
        if before is not None:
            found = (path for path in found if path.stat().st_mtime < before.timestamp())
        return sorted(found)

    def sweep(self, session: Session, now: datetime) -> int:
        """How many left-over files were removed; those of the last hour may still get their row."""
        gone = self.leftovers(session, before=now - STILL_BEING_KEPT)
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _write(self, file_id: str, sealed: bytes) -> None:
        path = self._path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(".part")
        try:
            with draft.open("xb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise Unavailable(
                "文件没有存下来：磁盘已满或不可写。请告诉管理员，腾出空间后再试。",
                "The file was not stored: the disk is full or cannot be written. Tell your "
                "administrator and try again once there is room.",
            ) from error

    def _path(self, file_id: str) -> Path:
        return self._folder / file_id[2:4] / f"{file_id}.bin"
