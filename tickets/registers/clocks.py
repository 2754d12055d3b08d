"""The clocks of a register entry: started, met, or replaced in sight of everybody, never moved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from records.beijing import shanghai_day
from records.language import Bilingual
from tickets.citation import Confidence
from tickets.clocks.deadlines import CountedFrom, Deadline, Outcome
from tickets.periods import add_months, begin_of_day, end_of_day
from tickets.registers.kinds import ClockOf, FieldType, Kind, Since, Span
from tickets.registers.values import Values, holds
from tickets.working_days import WorkCalendar, after

HOUSE = Bilingual("公司内部期限", "period of the house")
_WEEKENDS = Bilingual(
    "（未录入当年放假安排，只扣除周末，请核对）",
    " (days off of that year not entered: weekends alone are left out, please check)",
)


def started(
    kind: Kind,
    values: Values,
    running: tuple[Deadline, ...],
    *,
    entered: Mapping[str, datetime],
    now: datetime,
    calendar: WorkCalendar,
    reason: str = "",
    by: str = "",
) -> tuple[Deadline, ...]:
    """The clocks as they stand: new ones started, those whose facts changed ended and begun anew.

    `entered`: when each state was first entered, the first at opening. A clock that was met stays so.
    """
    found = list(running)
    for clock in kind.clocks:
        mine = [one for one in found if one.id == clock.id]
        if any(one.satisfied_at and one.outcome is Outcome.DONE for one in mine):
            continue
        wanted = _wanted(kind, clock, values, entered, now, calendar)
        current = next((one for one in mine if one.satisfied_at is None), None)
        if current and wanted and current.due_at == wanted.due_at:
            continue
        if current:
            outcome = Outcome.SUPERSEDED if wanted else Outcome.NOT_APPLICABLE
            found[found.index(current)] = _ended(current, outcome, now, by, reason)
        if wanted:
            found.append(replace(wanted, series=len(mine) + 1))
    return tuple(found)


def met(
    kind: Kind, running: Iterable[Deadline], *, state: str, now: datetime, by: str
) -> tuple[Deadline, ...]:
    """The clocks once a state is entered: those it meets are met; at the end none is left running."""
    final = any(one.id == state and one.final for one in kind.states)
    meets = {clock.id for clock in kind.clocks if state in clock.met_by}
    return tuple(_at_state(one, meets, now=now, by=by, final=final) for one in running)


def _at_state(one: Deadline, meets: set[str], *, now: datetime, by: str, final: bool) -> Deadline:
    if one.satisfied_at is not None:
        return one
    if one.id in meets:
        return _ended(one, Outcome.DONE, now, by, "")
    return _ended(one, Outcome.NOT_APPLICABLE, now, by, "") if final else one


def _ended(one: Deadline, outcome: Outcome, now: datetime, by: str, reason: str) -> Deadline:
    return replace(
        one, satisfied_at=now, satisfied_by=by, outcome=outcome, reference=reason or None
    )


def _wanted(
    kind: Kind,
    clock: ClockOf,
    values: Values,
    entered: Mapping[str, datetime],
    now: datetime,
    calendar: WorkCalendar,
) -> Deadline | None:
    """The deadline as the facts now start it, or None while they do not."""
    start = _start(kind, clock, values, entered)
    if start is None or not holds(clock.when, values):
        return None
    due_at, sure = None, True
    if isinstance(clock.due, Span):
        if clock.due.field and not values.get(clock.due.field):
            return None
        due_at, sure = _due(clock.due, start, values, calendar)
    cite = clock.cite
    reason = clock.reason
    if not sure:
        reason = Bilingual(reason.zh + _WEEKENDS.zh, reason.en + _WEEKENDS.en)
    return Deadline(
        id=clock.id,
        name=clock.name,
        recipient=clock.recipient,
        due_at=due_at.astimezone(UTC) if due_at else None,
        started_at=_moment(start).astimezone(UTC),
        duty_id=cite.duty if cite else "",
        instrument=cite.instrument if cite else HOUSE.zh,
        article=cite.article if cite else None,
        # A period of the house is never shown as law.
        confidence=cite.confidence if cite else Confidence.UNVERIFIED,
        reason=reason,
        counted_from=CountedFrom.ENTRY,
    )


def _start(
    kind: Kind, clock: ClockOf, values: Values, entered: Mapping[str, datetime]
) -> date | datetime | None:
    if not isinstance(clock.since, Since):
        return entered.get(kind.first.id)
    if clock.since.state:
        return entered.get(clock.since.state)
    field = kind.field(clock.since.field or "")
    value = values.get(field.id) if field else None
    if field is None or not value:
        return None
    if field.type is FieldType.MOMENT:
        return datetime.fromisoformat(str(value))
    return date.fromisoformat(str(value))


def _due(
    span: Span, start: date | datetime, values: Values, calendar: WorkCalendar
) -> tuple[datetime, bool]:
    if span.hours:
        return _moment(start) + timedelta(hours=span.hours), True
    # 民法典 201: the first day is not counted; 202: a month ends on the corresponding day.
    day = shanghai_day(start) if isinstance(start, datetime) else start
    if span.field:
        return end_of_day(_named_day(str(values[span.field]))), True
    if span.working_days:
        counted = after(day, span.working_days, calendar)
        return end_of_day(counted.last_day), counted.sure
    last = add_months(day, span.months) if span.months else day + timedelta(days=span.days or 0)
    return end_of_day(last), True


def _named_day(text: str) -> date:
    return shanghai_day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)


def _moment(start: date | datetime) -> datetime:
    """A day counts from its beginning in Beijing."""
    if isinstance(start, datetime):
        return start
    return begin_of_day(start)


def open_clocks(deadlines: Iterable[Deadline]) -> Iterator[Deadline]:
    """Those still to be met, soonest first; at once comes before any figure."""
    waiting = [one for one in deadlines if one.satisfied_at is None]
    yield from sorted(waiting, key=lambda one: one.due_at.timestamp() if one.due_at else 0.0)
