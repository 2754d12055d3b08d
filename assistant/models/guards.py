"""A model within limits: what it may spend a day, and a pause after it failed several times.

Whoever asks meanwhile gets the rules' answer at once instead of waiting for a model that is down.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.errors import ModelFailed
from assistant.models.protocol import LanguageModel, Shape
from pii.cleared import ClearedText
from records.database import Base, Database

FAILURES = 3
PAUSE = timedelta(minutes=1)
# Rather too many tokens than too few: a Chinese character is at most about one.
_CHARACTERS_A_TOKEN = 1


class ModelUseRow(Base):
    """How many tokens a day went to and came from the model, by a count on the high side."""

    __tablename__ = "model_use"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    tokens: Mapped[int] = mapped_column(Integer)


@dataclass
class Guarded:
    """The same model, asked only while it works and while there is something left to spend."""

    model: LanguageModel
    database: Database
    clock: Callable[[], datetime]
    daily_tokens: int
    _failures: int = 0
    _paused_until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        """The model's reply. Raises ModelFailed at once while it is paused or all is spent."""
        self._check()
        received = 0
        try:
            for piece in self.model.stream(instructions, material, shape):
                received += len(piece)
                yield piece
        except ModelFailed:
            self._failed()
            raise
        else:
            self._worked()
        finally:
            self._spend(len(instructions.text) + len(material.text) + received)

    def spent_today(self) -> int:
        """The tokens read and written today (UTC), counted on the high side."""
        with self.database.reading() as session:
            row = session.get(ModelUseRow, self.clock().date().isoformat())
            return row.tokens if row else 0

    def _check(self) -> None:
        now = self.clock()
        with self._lock:
            if self._paused_until and now < self._paused_until:
                raise ModelFailed("Paused")
        if self.daily_tokens and self.spent_today() >= self.daily_tokens:
            raise ModelFailed("DailyLimit")

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                # One call after the pause tells whether it works again.
                self._paused_until = self.clock() + PAUSE
                self._failures = FAILURES - 1

    def _worked(self) -> None:
        with self._lock:
            self._failures, self._paused_until = 0, None

    def _spend(self, characters: int) -> None:
        day = self.clock().date().isoformat()
        with self.database.transaction() as session:
            row = session.get(ModelUseRow, day) or ModelUseRow(day=day, tokens=0)
            row.tokens += characters // _CHARACTERS_A_TOKEN
            session.add(row)
