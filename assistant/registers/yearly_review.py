"""A year of registers and tickets in numbers: what was opened and closed, what was late, what came of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.registers.read_registers import Listed, listed, met_late, missed
from records.beijing import SHANGHAI
from records.errors import BadInput
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.clocks.deadlines import Deadline, Outcome
from tickets.destruction.register import RegisterRow
from tickets.incidents.facts import Severity
from tickets.registers.kinds import FieldOf, FieldType, Kind
from tickets.ticket import Ticket, TicketKind

_YES_NO = {"yes": Bilingual("是", "yes"), "no": Bilingual("否", "no")}


@dataclass(frozen=True, slots=True)
class Share:
    """How often one answer was given."""

    name: Bilingual
    count: int


@dataclass(frozen=True, slots=True)
class KindYear:
    """One register in one year; what was opened after it is not counted."""

    kind: str
    name: Bilingual
    opened: int
    closed: int
    open_now: int
    overdue_now: int
    in_time: int
    late: int
    missed: int
    """Clocks whose time went by in the year and that were never met."""
    months: tuple[int, ...]
    """Opened in each month, January first."""
    answers: Mapping[Bilingual, tuple[Share, ...]] = field(default_factory=dict)
    """By the name of the field, the answers of what was opened."""


@dataclass(frozen=True, slots=True)
class YearlyReview:
    """A year in numbers. Exercises are counted apart from incidents."""

    year: int
    registers: tuple[KindYear, ...]
    incidents: tuple[Share, ...]
    incidents_late: int
    incidents_missed: int
    drills: int
    destructions: int
    certificates: int
    people_trained: int
    people_passed: int

    @property
    def months(self) -> tuple[int, ...]:
        """Entries of every register opened in each month."""
        return tuple(sum(one.months[n] for one in self.registers) for n in range(12))


def yearly_review(app: App, person: Person, year: int) -> YearlyReview:
    """The year in Beijing time, over every register and ticket. Raises NotPermitted, BadInput."""
    app.authorise(person, Permission.REGISTER_REPORT)
    if not 2020 <= year <= app.today().year:
        raise BadInput(
            f"年度应在 2020 到 {app.today().year} 之间。",
            f"The year must be from 2020 to {app.today().year}.",
        )
    with app.database.reading() as session:
        # The report counts what is there, whoever asks; it names nobody and quotes nothing.
        rows = listed(app, session, person, app.kinds.values(), everything=True)
        tickets = [t for t in app.ticket_store.list(session) if _year(t.opened_at) == year]
        certificates = _certificates(session, year)
    rows = tuple(one for one in rows if _year(one.shown.entry.opened_at) <= year)
    now = app.clock()
    kinds = [
        _kind_year(k, [r for r in rows if r.shown.kind is k], year, now) for k in app.kinds.values()
    ]
    incidents = [one for one in tickets if one.kind is TicketKind.INCIDENT and not one.drill]
    training = [one for one in _of(rows, "training") if _held(one, year)]
    review = YearlyReview(
        year=year,
        registers=tuple(kinds),
        incidents=_by_severity(incidents),
        incidents_late=sum(met_late(clock) for one in incidents for clock in one.deadlines),
        incidents_missed=sum(
            missed(clock, now) and _binds_still(clock)
            for one in incidents
            for clock in one.deadlines
        ),
        drills=sum(one.drill for one in tickets),
        destructions=sum(one.kind is TicketKind.DESTRUCTION for one in tickets),
        certificates=certificates,
        people_trained=_sum(training, "attended"),
        people_passed=_sum(training, "passed"),
    )
    counted = sum(one.opened for one in kinds)
    app.record(person, "register:reviewed", str(year), {"entries": counted})
    return review


def _kind_year(kind: Kind, rows: list[Listed], year: int, now: datetime) -> KindYear:
    opened = [one for one in rows if _year(one.shown.entry.opened_at) == year]
    months = Counter(one.shown.entry.opened_at.astimezone(SHANGHAI).month for one in opened)
    ended = [clock for one in rows for clock in _met(one.shown.entry.deadlines, year)]
    finals = {state.id for state in kind.states if state.final}
    return KindYear(
        kind=kind.id,
        name=kind.name,
        opened=len(opened),
        closed=sum(_closed_in(one, finals, year) for one in rows),
        open_now=sum(not one.closed for one in rows),
        overdue_now=sum(one.overdue for one in rows),
        in_time=sum(not met_late(clock) for clock in ended),
        late=sum(met_late(clock) for clock in ended),
        missed=sum(
            missed(clock, now) and _due_in(clock, year)
            for one in rows
            for clock in one.shown.entry.deadlines
        ),
        months=tuple(months.get(n, 0) for n in range(1, 13)),
        answers={one.name: _answers(one, opened) for one in kind.fields if one.id in kind.counts},
    )


def _answers(found: FieldOf, rows: list[Listed]) -> tuple[Share, ...]:
    given: Counter[str] = Counter()
    for row in rows:
        value = row.shown.entry.values.get(found.id)
        if isinstance(value, bool):
            given["yes" if value else "no"] += 1
        else:
            given.update(str(one) for one in (value if isinstance(value, list) else [value]) if one)
    names = _YES_NO if found.type is FieldType.YES_NO else found.options
    return tuple(Share(label, given[answer]) for answer, label in names.items() if given[answer])


def _met(deadlines: Iterable[Deadline], year: int) -> Iterable[Deadline]:
    done = (one for one in deadlines if one.outcome is Outcome.DONE)
    return (one for one in done if one.satisfied_at and _year(one.satisfied_at) == year)


def _binds_still(clock: Deadline) -> bool:
    """Not ruled out or replaced by a person on the facts, nor waiting for a graver incident."""
    return clock.outcome is None and not clock.conditional


def _due_in(clock: Deadline, year: int) -> bool:
    return clock.due_at is not None and _year(clock.due_at) == year


def _closed_in(one: Listed, finals: set[str], year: int) -> bool:
    entry = one.shown.entry
    return entry.state in finals and _year(entry.entered[entry.state]) == year


def _by_severity(incidents: list[Ticket]) -> tuple[Share, ...]:
    found = Counter(str(one.facts.get("severity")) for one in incidents)
    return tuple(Share(one.label, found[one.value]) for one in Severity if found[one.value])


def _certificates(session: Session, year: int) -> int:
    return sum(_year(at) == year for at in session.scalars(select(RegisterRow.issued_at)))


def _of(rows: Iterable[Listed], kind: str) -> Iterable[Listed]:
    return (one for one in rows if one.shown.kind.id == kind)


def _held(one: Listed, year: int) -> bool:
    return str(one.shown.entry.values.get("held_on", "")).startswith(f"{year}-")


def _sum(rows: Iterable[Listed], name: str) -> int:
    values = (one.shown.entry.values.get(name) for one in rows)
    return sum(value for value in values if isinstance(value, int))


def _year(at: datetime) -> int:
    return at.astimezone(SHANGHAI).year
