"""What was asked before in the same thread: cleared text only, forgotten after a month."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime

KEPT_FOR = timedelta(days=30)
# After so long without a word a question begins anew: nobody means "it" of yesterday's talk.
GOES_ON_FOR = timedelta(hours=12)
REMEMBERED = 8


class TurnRow(Base):
    """One question of a thread, as it went on after personal data was taken out."""

    __tablename__ = "question_turns"

    answer_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    thread: Mapped[str] = mapped_column(String(200), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    whole: Mapped[str] = mapped_column(Text)
    clarification: Mapped[str] = mapped_column(String(60))


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as it was understood, and which clarification was asked back, if any.

    What is read back from the database passes redaction again before it goes anywhere.
    """

    whole: str
    clarification: str = ""


def recall(session: Session, thread: str, now: datetime) -> tuple[Turn, ...]:
    """The latest turns of a thread that still goes on, oldest first."""
    if not thread:
        return ()
    rows = session.scalars(
        select(TurnRow)
        .where(TurnRow.thread == thread, TurnRow.asked_at > now - GOES_ON_FOR)
        .order_by(TurnRow.asked_at.desc())
        .limit(REMEMBERED)
    ).all()
    return tuple(Turn(row.whole, row.clarification) for row in reversed(rows))


def remember(session: Session, thread: str, answer_id: str, turn: Turn, now: datetime) -> None:
    """Keep one turn; a question outside any thread is not kept."""
    if thread:
        row = TurnRow(
            answer_id=answer_id,
            thread=thread,
            asked_at=now,
            whole=turn.whole,
            clarification=turn.clarification,
        )
        session.add(row)


def forget(session: Session, now: datetime) -> int:
    """How many turns were erased because their time is over."""
    done = session.execute(delete(TurnRow).where(TurnRow.asked_at <= now - KEPT_FOR))
    assert isinstance(done, CursorResult)
    return done.rowcount
