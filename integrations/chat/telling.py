"""What people are told in a chat without asking, each once, also across restarts.

What was told is noted (`slack_told`, older than the second chat), and each message has its own id in the
outbox, so that telling twice posts once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.app import App
from assistant.settings import Settings
from integrations.replies import Reply
from records.database import Base, UtcDateTime


class Teller(Protocol):
    """One chat, as far as somebody can be told something there. Hands to the outbox; may raise."""

    chat: str

    def to_person(self, account: str, key: str, reply: Reply) -> None:
        """To the account `team:user` alone."""

    def to_place(self, place: str, key: str, reply: Reply) -> None:
        """To where it was asked, as `Said.place` names it."""


class ToldRow(Base):
    """That somebody was told something. Identifiers only."""

    __tablename__ = "slack_told"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def was_told(app: App, key: str) -> bool:
    """Whether it was noted."""
    with app.database.reading() as session:
        return session.get(ToldRow, key) is not None


def note_told(app: App, key: str) -> None:
    """Note that it was told."""
    with app.database.transaction() as session:
        session.merge(ToldRow(key=key, told_at=app.clock()))


def once(app: App, key: str, tell: Callable[[], None]) -> None:
    """Tell it, unless it was told. A crash in between tells the outbox twice, which posts once."""
    if not was_told(app, key):
        tell()
        note_told(app, key)


def chats_of(settings: Settings) -> tuple[str, ...]:
    """The chats that are set up."""
    known = {"slack": settings.has_slack_token, "feishu": settings.has_feishu}
    return tuple(chat for chat, there in known.items() if there)
