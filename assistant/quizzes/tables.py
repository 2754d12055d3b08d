"""Tables of items, quizzes, assignments, attempts and practice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base, UtcDateTime
from records.language import Bilingual


class ItemState(StrEnum):
    """Where an item stands with the trainer."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """What it cites changed; nobody is asked it until a trainer has looked."""

    @property
    def label(self) -> Bilingual:
        """In words."""
        return _STATES[self]


_STATES = {
    ItemState.DRAFT: Bilingual("待审", "to be reviewed"),
    ItemState.APPROVED: Bilingual("已批准", "approved"),
    ItemState.REJECTED: Bilingual("已退回", "rejected"),
    ItemState.WITHDRAWN: Bilingual("条文有变，已撤下", "withdrawn: the law changed"),
}


class ItemRow(Base):
    """An item; `origin` keeps the same one from being made twice."""

    __tablename__ = "quiz_items"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    origin: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[str | None] = mapped_column(String(40))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuizRow(Base):
    """A quiz: approved items in order, and its rules."""

    __tablename__ = "quizzes"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    items: Mapped[str] = mapped_column(Text)
    pass_percent: Mapped[int] = mapped_column(Integer)
    minutes: Mapped[int | None] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer)
    built_by: Mapped[str] = mapped_column(String(40))
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AssignmentRow(Base):
    """Who is to take a quiz, and until when."""

    __tablename__ = "quiz_assignments"

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    assigned_by: Mapped[str] = mapped_column(String(40))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptRow(Base):
    """One person's paper as it was put to them, what they answered, how it was marked."""

    __tablename__ = "quiz_attempts"
    __table_args__ = (UniqueConstraint("quiz_id", "person_id", "number"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id"))
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[int] = mapped_column(Integer)
    paper: Mapped[str] = mapped_column(Text)
    answers: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    points: Mapped[int | None] = mapped_column(Integer)


class CardRow(Base):
    """When a person is to be asked an item again (FSRS)."""

    __tablename__ = "practice_cards"

    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("quiz_items.id"), primary_key=True)
    card: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
