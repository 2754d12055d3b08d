"""Which answers were given: cleared question, outcome and citations, for a month.

So that somebody can hand a question over, or say that an answer was wrong, by its number alone.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.answering.answers import Answer
from records.database import Base, UtcDateTime
from records.errors import NotFound
from records.language import Language

KEPT_FOR = timedelta(days=30)


class KeptAnswerRow(Base):
    """One answer as far as others may need it; cleared text only."""

    __tablename__ = "kept_answers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    question: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    outcome: Mapped[str] = mapped_column(String(20))
    citations: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is known of an answer given."""

    id: str
    asked_by: str
    question: str
    language: Language
    outcome: str
    citations: tuple[str, ...]


def keep_answer(session: Session, answer: Answer, person_id: str, now: datetime) -> None:
    """Keep what was answered."""
    session.add(
        KeptAnswerRow(
            id=answer.id,
            asked_by=person_id,
            asked_at=now,
            question=answer.question,
            language=answer.language.value,
            outcome=answer.outcome.value,
            citations=json.dumps(
                [quotation.provision_id for quotation in answer.quotations], ensure_ascii=False
            ),
        )
    )


class NoSuchAnswer(NotFound):
    """No answer has that number, or it is not this person's to use."""

    def __init__(self) -> None:
        super().__init__(
            "没有这个编号的回答，或已超过 30 天。请重新提问，再用新回答的编号（Q-…）。",
            "There is no answer with that number, or it is older than 30 days. Ask again and use "
            "the number of the new answer (Q-…).",
        )


def kept_answer(session: Session, answer_id: str) -> KeptAnswer:
    """The answer of that number. Raises NotFound."""
    row = session.get(KeptAnswerRow, answer_id.strip())
    if row is None:
        raise NoSuchAnswer
    return KeptAnswer(
        id=row.id,
        asked_by=row.asked_by,
        question=row.question,
        language=Language(row.language),
        outcome=row.outcome,
        citations=tuple(json.loads(row.citations)),
    )


def forget(session: Session, now: datetime) -> None:
    """Erase those whose time is over."""
    session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.asked_at <= now - KEPT_FOR))
