"""The product in a folder of its own, with people, to be killed in."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import text

from assistant.app import App, build
from assistant.settings import Settings
from pii.detect import ShippedDetector
from pii.recognizers import PATTERNS
from pii.recognizers.base import Recognizer
from records.errors import ProductError
from records.people import Person, Role, add_person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


PHONE = "13800138000"


@cache
def _patterns() -> list[Recognizer]:
    return [make() for make in PATTERNS]


class Patterns(ShippedDetector):
    """Everything but names: those need a model, whose threads do not survive a fork."""

    def __init__(self) -> None:
        super().__init__()
        self._built = _patterns(), []


@dataclass
class World:
    """The product in one folder, its people, and what lies beside it to be erased."""

    folder: Path
    moment: datetime = NOW
    app: App = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = Settings(home=self.folder / "home")
        self.app = build(settings, clock=lambda: self.moment, detector=Patterns())

    def add_people(self) -> None:
        roles = {
            "requester": {Role.EMPLOYEE},
            "officer": {Role.OFFICER},
            "first": {Role.APPROVER},
            "second": {Role.APPROVER},
            "admin": set(Role),
        }
        with self.app.database.transaction() as session:
            for name, held in roles.items():
                person = add_person(session, name=name, roles=held, now=self.moment)
                self.people[name] = person

    def clients(self) -> list[Path]:
        return sorted((self.folder / "clients").glob("*"))

    def count(self, query: str) -> int:
        with self.app.database.reading() as session:
            return int(session.scalar(text(query)) or 0)


Act = Callable[[World], object]


@dataclass(frozen=True)
class Scenario:
    """What is there before, what is interrupted, what is done after, and what must then hold."""

    before: Act
    act: Act
    after: Act
    holds: Callable[[World], dict[str, bool]]


def tolerant(act: Act) -> Act:
    """The same again, where a refusal means that it was done already."""

    def again(world: World) -> None:
        with contextlib.suppress(ProductError):
            act(world)

    return again
