"""How well questions are answered: what became of them week by week, what people said, what was measured."""

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from assistant.answering.answers import Outcome
from assistant.answering.feedback import said_since
from assistant.answering.handovers import opened_since, waiting
from assistant.app import App
from records.audit import Sought, events_of
from records.beijing import shanghai_day
from records.data_files import Entry, Said, load
from records.people import Person
from records.permissions import Permission
from tickets.periods import begin_of_day

WEEKS = 12


class Suite(Entry):
    """One suite of the evals: the share that was right, of how many, and what it must reach."""

    name: Said
    share: float
    number: int
    threshold: float

    @property
    def reached(self) -> bool:
        """Whether the share is what it must be."""
        return self.share >= self.threshold


class Measured(Entry):
    """What the evals said of this release, as `python -m evals --release` wrote it."""

    at: date
    suites: tuple[Suite, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday in China: answers by outcome, what was said of them, who asked a person."""

    monday: date
    outcomes: Mapping[Outcome, int]
    right: int
    wrong: int
    handed_over: int

    @property
    def asked(self) -> int:
        """How many questions came."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Quality:
    """The last weeks, the oldest first; the questions that wait for a person; the release's figures."""

    weeks: tuple[Week, ...]
    waiting: int
    reply_hours: float | None
    """Median of the hours until a person replied; None where nobody has."""
    measured: Measured

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """What became of the questions of all these weeks."""
        total: Counter[Outcome] = Counter()
        for week in self.weeks:
            total.update(week.outcomes)
        return {one: total[one] for one in Outcome}


def read_quality(app: App, person: Person) -> Quality:
    """The figures of the last twelve weeks, this one included. Raises NotPermitted."""
    app.authorise(person, Permission.FEEDBACK_READ)
    mondays = [_monday(app.today()) - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    since = begin_of_day(mondays[0])
    with app.database.reading() as session:
        answered = events_of(session, Sought(action="question:answered", since=since))
        said = said_since(session, since)
        opened = opened_since(session, since)
        still = len(waiting(session))
    outcomes = Counter((_week(one.at), Outcome(str(one.details["outcome"]))) for one in answered)
    words = Counter((_week(at), right) for at, right in said)
    asked = Counter(_week(one.opened_at) for one in opened)
    weeks = tuple(
        Week(
            monday,
            {one: outcomes[monday, one] for one in Outcome},
            words[monday, True],
            words[monday, False],
            asked[monday],
        )
        for monday in mondays
    )
    hours = [
        (one.replied_at - one.opened_at).total_seconds() / 3600
        for one in opened
        if one.replied_at is not None
    ]
    app.record(person, "quality:read", "quality", {"questions": len(answered)})
    return Quality(weeks, still, statistics.median(hours) if hours else None, measured())


@cache
def measured() -> Measured:
    """The figures shipped with this release."""
    return load(Path(__file__).with_name("measured.yaml"), Measured)


def _week(moment: datetime) -> date:
    return _monday(shanghai_day(moment))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
