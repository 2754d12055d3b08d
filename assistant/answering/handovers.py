"""Questions handed to a person: cleared text in, cleared text out, and who was told."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.answering.kept_answers import KeptAnswer
from records.database import Base, UtcDateTime
from records.errors import Conflict, NotFound
from records.language import Language

# A reply is kept for a year, so that it can be found again; a question nobody replied to as long.
KEPT_FOR = timedelta(days=365)


class HandoverRow(Base):
    """One question handed over, and its reply."""

    __tablename__ = "handovers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    answer_id: Mapped[str] = mapped_column(String(40), unique=True)
    asked_by: Mapped[str] = mapped_column(String(40), index=True)
    question: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    # Where the reply goes besides the asker's own page, in the words of the door that set it.
    place: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    officers_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[str | None] = mapped_column(String(40))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asker_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Handover:
    """A question that waits for a person, or was replied to."""

    id: str
    answer_id: str
    asked_by: str
    question: str
    language: Language
    opened_at: datetime
    place: str = ""
    reply: str = ""
    replied_by: str = ""
    replied_at: datetime | None = None


class NoSuchQuestion(NotFound):
    """No question handed over has that number, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(
            "没有这个编号的问题。请核对编号（H-…）。",
            "There is no question with that number. Please check it (H-…).",
        )


def open_handover(session: Session, answer: KeptAnswer, place: str, now: datetime) -> Handover:
    """The hand-over of that answer: the one there is, or a new one."""
    row = session.scalar(select(HandoverRow).where(HandoverRow.answer_id == answer.id))
    if row is None:
        row = HandoverRow(
            id=f"H-{secrets.token_hex(4)}",
            answer_id=answer.id,
            asked_by=answer.asked_by,
            question=answer.question,
            language=answer.language.value,
            place=place,
            opened_at=now,
        )
        session.add(row)
        session.flush()
    return _handover(row)


def read_handover(session: Session, handover_id: str) -> Handover:
    """The hand-over of that number. Raises NotFound."""
    return _handover(_row(session, handover_id))


def keep_reply(
    session: Session, handover_id: str, *, reply: str, person_id: str, now: datetime
) -> Handover:
    """The hand-over with its reply. Raises NotFound, Conflict where there is one already."""
    row = _row(session, handover_id)
    if row.reply is not None:
        raise Conflict(
            "这个问题已经有人答复了。请刷新列表。",
            "Somebody has replied to this question already. Please load the list again.",
        )
    row.reply, row.replied_by, row.replied_at = reply, person_id, now
    return _handover(row)


def waiting(session: Session) -> tuple[Handover, ...]:
    """Those without a reply, the oldest first."""
    query = select(HandoverRow).where(HandoverRow.reply.is_(None)).order_by(HandoverRow.opened_at)
    return tuple(_handover(row) for row in session.scalars(query))


def opened_since(session: Session, since: datetime) -> tuple[Handover, ...]:
    """Those opened since then, with and without a reply."""
    query = select(HandoverRow).where(HandoverRow.opened_at >= since)
    return tuple(_handover(row) for row in session.scalars(query))


def of_person(session: Session, person_id: str) -> tuple[Handover, ...]:
    """Those a person opened, the newest first."""
    query = (
        select(HandoverRow)
        .where(HandoverRow.asked_by == person_id)
        .order_by(HandoverRow.opened_at.desc())
    )
    return tuple(_handover(row) for row in session.scalars(query))


def to_tell(session: Session) -> tuple[tuple[Handover, ...], tuple[Handover, ...]]:
    """Those officers were not told of yet; and those whose asker was not told of the reply."""
    unsaid = or_(HandoverRow.officers_told_at.is_(None), HandoverRow.asker_told_at.is_(None))
    rows = session.scalars(select(HandoverRow).where(unsaid).order_by(HandoverRow.opened_at)).all()
    return (
        tuple(_handover(r) for r in rows if r.officers_told_at is None and r.reply is None),
        tuple(_handover(r) for r in rows if r.asker_told_at is None and r.reply is not None),
    )


def told(session: Session, handover: Handover, now: datetime) -> None:
    """Note that what there is to tell of it was handed to the door."""
    row = _row(session, handover.id)
    if handover.replied_at is None:
        row.officers_told_at = now
    else:
        row.asker_told_at = now


def forget(session: Session, now: datetime) -> None:
    """Erase those whose time is over, counted from the reply, or from the question without one."""
    since = func.coalesce(HandoverRow.replied_at, HandoverRow.opened_at)
    session.execute(delete(HandoverRow).where(since <= now - KEPT_FOR))


def _row(session: Session, handover_id: str) -> HandoverRow:
    row = session.get(HandoverRow, handover_id.strip())
    if row is None:
        raise NoSuchQuestion
    return row


def _handover(row: HandoverRow) -> Handover:
    return Handover(
        id=row.id,
        answer_id=row.answer_id,
        asked_by=row.asked_by,
        question=row.question,
        language=Language(row.language),
        opened_at=row.opened_at,
        place=row.place,
        reply=row.reply or "",
        replied_by=row.replied_by or "",
        replied_at=row.replied_at,
    )
