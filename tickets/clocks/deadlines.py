"""Deadlines: every clock that an incident starts, all in parallel from the moment of awareness.

A deadline keeps the duty, article and confidence it was started with. Editing a clock file never
moves one that runs; new facts add deadlines (`added`), they do not change those that exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from records.beijing import shanghai_day
from records.language import Bilingual
from tickets.citation import Confidence
from tickets.clocks.data import Clock, Due, clocks
from tickets.incidents.facts import IncidentFacts, Severity
from tickets.periods import end_of_day


class CountedFrom(StrEnum):
    """What starts a deadline."""

    AWARENESS = "awareness"
    HANDLING_ENDED = "handling_ended"
    ENTRY = "entry"


class Outcome(StrEnum):
    """How a deadline ended."""

    DONE = "done"
    NOT_APPLICABLE = "not_applicable"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Deadline:
    """One thing to be told to somebody by a time.

    `due_at` None means at once, unless the deadline still awaits the end of the handling.
    `conditional`: it applies only if the incident turns out to be graver than known. `series`: 1 as
    first counted, higher where a corrected moment of awareness counts the same clock beside it.
    """

    id: str
    name: Bilingual
    recipient: Bilingual
    due_at: datetime | None
    started_at: datetime
    duty_id: str
    instrument: str
    article: str | None
    confidence: Confidence
    reason: Bilingual
    conditional: bool = False
    counted_from: CountedFrom = CountedFrom.AWARENESS
    satisfied_at: datetime | None = None
    satisfied_by: str | None = None
    outcome: Outcome | None = None
    reference: str | None = None
    series: int = 1

    @property
    def key(self) -> str:
        """What tells it from the others of its ticket: a clock may run as conditional and firm."""
        beside = f"@{self.series}" if self.series > 1 else ""
        return f"{self.id}{'.if' if self.conditional else ''}{beside}"

    @property
    def has_figure(self) -> bool:
        """True where it is due at a time counted from awareness, which a correction changes."""
        return self.counted_from is CountedFrom.AWARENESS and self.due_at is not None

    @property
    def awaits_end(self) -> bool:
        """True while the figure cannot be computed because the handling has not ended."""
        return self.due_at is None and self.counted_from is CountedFrom.HANDLING_ENDED

    @property
    def at_once(self) -> bool:
        """True where the law says 立即 or 及时 and names no figure."""
        return self.due_at is None and self.counted_from is not CountedFrom.HANDLING_ENDED

    @property
    def is_law(self) -> bool:
        """False for what is still to be verified: shown as 待核实, never as law."""
        return self.confidence is not Confidence.UNVERIFIED


_IF_LARGER = Bilingual("若达到较大以上：", "If graded larger or graver: ")


def start(
    facts: IncidentFacts,
    severity: Severity,
    *,
    aware_at: datetime,
    among: tuple[Clock, ...] | None = None,
) -> tuple[Deadline, ...]:
    """Every deadline the facts start, soonest first; at once comes before any figure."""
    if aware_at.tzinfo is None:
        raise ValueError("the moment of awareness needs a time zone")
    started = [
        _deadline(clock, aware_at, conditional=_only_if_graver(clock, facts, severity))
        for clock in (clocks() if among is None else among)
        if _applies(clock, facts, severity)
    ]
    return tuple(sorted(started, key=_order))


def _applies(clock: Clock, facts: IncidentFacts, severity: Severity) -> bool:
    if clock.kinds and facts.kind not in clock.kinds:
        return False
    if not clock.when.facts_hold(facts):
        return False
    least = clock.when.min_severity
    return least is None or severity.rank >= least.rank or facts.people is None


def _only_if_graver(clock: Clock, facts: IncidentFacts, severity: Severity) -> bool:
    least = clock.when.min_severity
    return least is not None and severity.rank < least.rank and facts.people is None


def _deadline(clock: Clock, aware_at: datetime, *, conditional: bool) -> Deadline:
    from_awareness = clock.from_ == "awareness"
    name = clock.name
    if conditional:
        name = Bilingual(_IF_LARGER.zh + name.zh, _IF_LARGER.en + name.en)
    return Deadline(
        id=clock.id,
        name=name,
        recipient=clock.recipient,
        due_at=_due(clock.due, aware_at) if from_awareness else None,
        started_at=aware_at,
        duty_id=clock.cite.duty,
        instrument=clock.cite.instrument,
        article=clock.cite.article,
        confidence=clock.cite.confidence,
        reason=clock.reason,
        conditional=conditional,
        counted_from=CountedFrom(clock.from_),
    )


def _due(due: Due | str, since: datetime) -> datetime | None:
    if isinstance(due, str):
        return None
    if due.hours_long is not None:
        return since + due.hours_long
    # 民法典 201: the first day is not counted, so day n is that many days later.
    return end_of_day(shanghai_day(since) + timedelta(days=due.days or 0)).astimezone(UTC)


def most_pressing_first(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Those that run, at once and then the soonest; those that ended after them."""
    return tuple(sorted(deadlines, key=lambda one: (one.satisfied_at is not None, _order(one))))


def _order(deadline: Deadline) -> tuple[int, float]:
    if deadline.at_once:
        return (0, 0.0)
    return (2, 0.0) if deadline.due_at is None else (1, deadline.due_at.timestamp())


def counted_anew(
    one: Deadline, aware_at: datetime, *, series: int, among: tuple[Clock, ...] | None = None
) -> Deadline:
    """The same clock, as long as when it was started, from another moment of awareness."""
    if one.due_at is None:
        raise ValueError("a clock without a figure is not counted anew")
    figures = {clock.id: clock.due for clock in (clocks() if among is None else among)}
    due = figures.get(one.id)
    if isinstance(due, Due) and due.days is not None:
        length = shanghai_day(one.due_at) - shanghai_day(one.started_at)
        due_at = end_of_day(shanghai_day(aware_at) + length).astimezone(UTC)
    else:
        due_at = aware_at + (one.due_at - one.started_at)
    return replace(one, due_at=due_at, started_at=aware_at, series=series)


def handling_ended(
    deadlines: Iterable[Deadline], *, ended_at: datetime, among: tuple[Clock, ...] | None = None
) -> tuple[Deadline, ...]:
    """The same deadlines; those that awaited the end of the handling now have their time."""
    figures = {clock.id: clock.due for clock in (clocks() if among is None else among)}
    return tuple(
        replace(one, due_at=_due(figures[one.id], ended_at), started_at=ended_at)
        if one.awaits_end and one.id in figures
        else one
        for one in deadlines
    )


def added(running: Iterable[Deadline], fresh: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """What new facts add: clocks not yet running, and conditional ones that now apply for sure.

    A running deadline is never in the answer, so none is moved.
    """
    known = {(one.id, one.conditional) for one in running}
    firm = {name for name, conditional in known if not conditional}
    return tuple(
        one for one in fresh if (one.id, one.conditional) not in known and one.id not in firm
    )
