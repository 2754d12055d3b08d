"""Documents under review: for their hour, sealed, then gone.

A review holds a client's document in clear, so its text and decisions are sealed to the row, its
original lies in the encrypted file store, and both are erased when it ends or its time is over.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.errors import NotFound
from records.file_store import FileStore
from records.sealing import Sealing


class ReviewRow(Base):
    """A review. Once ended, its row keeps no content."""

    __tablename__ = "reviews"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(40), index=True)
    original_id: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keep_until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class KeptReview:
    """A review as read back by the one whose it is."""

    id: str
    original_id: str
    keep_until: datetime
    content: Any = field(repr=False)


class ReviewStore:
    """Keeps reviews sealed, and ends them with their originals."""

    def __init__(self, key: bytes, files: FileStore) -> None:
        self._sealing = Sealing(key)
        self._files = files

    def start(
        self,
        session: Session,
        *,
        original: bytes,
        content: Any,
        owner_id: str,
        keep_until: datetime,
        now: datetime,
    ) -> str:
        """The number of the review."""
        review_id = f"V-{secrets.token_hex(8)}"
        original_id = self._files.keep(
            session, original, name="review", owner_id=owner_id, keep_until=keep_until, now=now
        )
        session.add(
            ReviewRow(
                id=review_id,
                owner_id=owner_id,
                original_id=original_id,
                sealed=self._sealing.seal(content, row=review_id),
                started_at=now,
                keep_until=keep_until,
            )
        )
        return review_id

    def read(self, session: Session, review_id: str, *, owner_id: str, now: datetime) -> KeptReview:
        """A review that is this person's and still runs. Raises NotFound."""
        row = self._row(session, review_id, owner_id, now)
        content = self._sealing.open(row.sealed or b"", row=row.id)
        return KeptReview(row.id, row.original_id, row.keep_until, content)

    def save(
        self, session: Session, review_id: str, content: Any, *, owner_id: str, now: datetime
    ) -> None:
        """The review with other content."""
        row = self._row(session, review_id, owner_id, now)
        row.sealed = self._sealing.seal(content, row=row.id)

    def end(self, session: Session, review_id: str, *, owner_id: str, now: datetime) -> None:
        """The review over: original and content erased."""
        self._end(session, self._row(session, review_id, owner_id, now), now)

    def end_due(self, session: Session, now: datetime) -> int:
        """How many reviews ended because their time was over."""
        due = select(ReviewRow).where(ReviewRow.keep_until <= now, ReviewRow.ended_at.is_(None))
        rows = session.scalars(due).all()
        for row in rows:
            self._end(session, row, now)
        return len(rows)

    def end_at_once(self, session: Session, row: ReviewRow, now: datetime) -> None:
        """A review over because its owner's data are erased."""
        self._end(session, row, now)

    def running(self, session: Session, owner_id: str, now: datetime) -> list[tuple[str, datetime]]:
        """Number and end of each review this person has under way, the newest first."""
        rows = session.scalars(
            select(ReviewRow)
            .where(
                ReviewRow.owner_id == owner_id,
                ReviewRow.ended_at.is_(None),
                ReviewRow.keep_until > now,
            )
            .order_by(ReviewRow.started_at.desc())
        )
        return [(row.id, row.keep_until) for row in rows]

    def _end(self, session: Session, row: ReviewRow, now: datetime) -> None:
        self._files.erase(session, row.original_id, now)
        row.sealed = None
        row.ended_at = now

    def _row(self, session: Session, review_id: str, owner_id: str, now: datetime) -> ReviewRow:
        row = session.get(ReviewRow, review_id)
        over = row is None or row.ended_at is not None or row.keep_until <= now
        if row is None or over or row.owner_id != owner_id:
            raise NotFound(
                "没有这次审核，或已结束、已超时，原件已删除。请重新上传。",
                "No such review, or it has ended or run out of time and its original was erased. "
                "Please upload the file again.",
            )
        return row
