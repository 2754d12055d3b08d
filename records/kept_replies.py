"""Replies kept under an Idempotency-Key, so that a request sent twice is done once.

A reply may tell of a client, so it is sealed; after a day it is forgotten.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import LargeBinary, String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, Database, UtcDateTime
from records.sealing import Sealing

KEPT = timedelta(days=1)
# A request cut short by a crash may be sent again after this.
ABANDONED_AFTER = timedelta(minutes=15)


class KeptReplyRow(Base):
    """A request begun, and its reply once there is one."""

    __tablename__ = "kept_replies"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Standing(StrEnum):
    """How a request under a key stands."""

    NEW = "new"
    """Not seen before: do it, then keep or drop it."""
    RUNNING = "running"
    OTHER = "other"
    """The key was used for another request."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it went out."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a request stands, and the reply it got before."""

    standing: Standing
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """Keeps replies sealed."""

    database: Database
    key: bytes = field(repr=False)

    def begin(self, owner: str, key: str, request: bytes, now: datetime) -> Begun:
        """The standing of a request of this person under this key; a new one is written down."""
        row_id, digest = _row_id(owner, key), hashlib.sha256(request).hexdigest()
        try:
            with self.database.transaction() as session:
                row = session.get(KeptReplyRow, row_id)
                if row is not None and _over(row, now):
                    session.delete(row)
                    session.flush()
                    row = None
                if row is not None:
                    return self._again(row, digest)
                session.add(KeptReplyRow(id=row_id, request_sha256=digest, begun_at=now))
        except IntegrityError:
            # Another process was a moment sooner.
            return Begun(Standing.RUNNING)
        return Begun(Standing.NEW)

    def keep(self, owner: str, key: str, reply: Reply) -> None:
        """The reply, for whoever sends the same again."""
        content = [reply.status, reply.headers, base64.b64encode(reply.body).decode()]
        row_id = _row_id(owner, key)
        with self.database.transaction() as session:
            row = session.get(KeptReplyRow, row_id)
            if row is not None:
                row.sealed = Sealing(self.key).seal(content, row=row_id)

    def drop(self, owner: str, key: str) -> None:
        """Nothing was done, so the same may be sent again."""
        with self.database.transaction() as session:
            session.execute(delete(KeptReplyRow).where(KeptReplyRow.id == _row_id(owner, key)))

    def _again(self, row: KeptReplyRow, digest: str) -> Begun:
        if row.request_sha256 != digest:
            return Begun(Standing.OTHER)
        if row.sealed is None:
            return Begun(Standing.RUNNING)
        status, headers, body = Sealing(self.key).open(row.sealed, row=row.id)
        return Begun(Standing.DONE, Reply(status, headers, base64.b64decode(body)))


def forget_replies(session: Session, now: datetime) -> None:
    """Replies older than a day go."""
    session.execute(delete(KeptReplyRow).where(KeptReplyRow.begun_at <= now - KEPT))


def _over(row: KeptReplyRow, now: datetime) -> bool:
    return now >= row.begun_at + (KEPT if row.sealed else ABANDONED_AFTER)


def _row_id(owner: str, key: str) -> str:
    return hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()
