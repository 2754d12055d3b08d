"""What people thought of answers, kept with the cleared question they are about."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Boolean, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.answering.kept_answers import KeptAnswer
from records.database import Base, UtcDateTime

# As long as a reply: what was wrong is a case of the evals by then (`compliance quality`).
KEPT_FOR = timedelta(days=365)


class FeedbackRow(Base):
    """One person's word on one answer; the last one counts."""

    __tablename__ = "feedback"

    answer_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    right: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    citations: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Feedback:
    """Whether an answer was right, and why not."""

    answer_id: str
    right: bool
    reason: str
    question: str
    outcome: str
    citations: tuple[str, ...]


def keep_feedback(
    session: Session,
    answer: KeptAnswer,
    *,
    person_id: str,
    right: bool,
    reason: str,
    now: datetime,
) -> Feedback:
    """The word kept. A reason said before stays, unless a new one is given or the word changed."""
    row = session.get(FeedbackRow, (answer.id, person_id))
    if row is None:
        row = FeedbackRow(answer_id=answer.id, person_id=person_id, right=right, reason="")
        session.add(row)
    if reason or row.right is not right:
        row.reason = reason
    row.right, row.said_at = right, now
    row.question, row.outcome = answer.question, answer.outcome
    row.citations = json.dumps(answer.citations, ensure_ascii=False)
    return _feedback(row)


def all_feedback(session: Session) -> tuple[Feedback, ...]:
    """Everything said, the newest first."""
    rows = session.scalars(select(FeedbackRow).order_by(FeedbackRow.said_at.desc()))
    return tuple(_feedback(row) for row in rows)


def said_since(session: Session, since: datetime) -> list[tuple[datetime, bool]]:
    """When each word was given since then, and whether it was that the answer was right."""
    query = select(FeedbackRow.said_at, FeedbackRow.right).where(FeedbackRow.said_at >= since)
    return [(at, right) for at, right in session.execute(query)]


def forget(session: Session, now: datetime) -> None:
    """Erase what was said so long ago."""
    session.execute(delete(FeedbackRow).where(FeedbackRow.said_at <= now - KEPT_FOR))


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(
        answer_id=row.answer_id,
        right=row.right,
        reason=row.reason,
        question=row.question,
        outcome=row.outcome,
        citations=tuple(json.loads(row.citations)),
    )
