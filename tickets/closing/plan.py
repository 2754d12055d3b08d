"""The plan of a closing project: its statutory steps with their days, from the days that are known.

A period counts calendar days, months or years from the day after its event (民法典 201, 202); no
step here is counted in working days. 民法典 203 moves the last day of a period past a day off. For
what must be done by a day that is left out, the earlier day is the safe one; for what must run out
first, a last day at a weekend is told, because the period may end later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from records.language import Bilingual
from tickets.closing.data import Entity, KnownDay, Route, StatutoryStep, closing_data
from tickets.periods import Period

_SATURDAY = 5


@dataclass(frozen=True)
class PlanLine:
    """A step with its days, as far as they are known."""

    step: StatutoryStep
    done: bool
    skipped: bool
    opens: date | None
    """The first day on which the step may be taken, where it has one."""
    due: date | None
    """The last day to act, or the last day of a period that must run out."""
    weekend: bool
    """The last day of a waiting period is a Saturday or Sunday: it may end later."""
    late: bool
    """Done, but on a day after the last one."""
    said: Bilingual

    def overdue(self, today: date) -> bool:
        """Whether a last day to act has passed with the step open."""
        acts = self.step.bound in ("by", "before")
        return acts and not self.settled and self.due is not None and today > self.due

    def waits(self, today: date) -> bool:
        """Whether the step's time has not come: it may not count as done yet."""
        return self.opens is not None and today < self.opens

    @property
    def settled(self) -> bool:
        """Done, or left out with a reason."""
        return self.done or self.skipped


def steps_of(route: Route, entity: Entity) -> tuple[StatutoryStep, ...]:
    """The statutory steps of a route, in order."""
    return tuple(one for one in closing_data().steps if one.binds(route, entity))


def plan(
    route: Route,
    entity: Entity,
    days: Mapping[KnownDay, date],
    *,
    done: frozenset[str] = frozenset(),
    skipped: frozenset[str] = frozenset(),
) -> tuple[PlanLine, ...]:
    """Every step with its days; one whose start is unknown says what it starts with."""
    return tuple(
        _line(one, days, done=one.id in done, skipped=one.id in skipped)
        for one in steps_of(route, entity)
    )


def _line(
    step: StatutoryStep, days: Mapping[KnownDay, date], *, done: bool, skipped: bool
) -> PlanLine:
    start = days.get(step.start) if step.start else None
    due = _last_day(step, start) if start else None
    opens = None
    if start and due and step.bound == "wait":
        opens = due + timedelta(days=1)
    elif start and step.after:
        opens = start + timedelta(days=step.after + 1)
    waits = step.bound == "wait"
    weekend = bool(due and waits and due.weekday() >= _SATURDAY)
    happened = days.get(step.gives) if step.gives and done else None
    late = bool(happened and due and not waits and happened > due)
    said = _said(step, due, opens, weekend)
    return PlanLine(step, done, skipped, opens, due, weekend, late, said)


def _last_day(step: StatutoryStep, start: date) -> date:
    if step.bound == "before":
        # Before the day itself even where the law names no number of days.
        return start - timedelta(days=max(step.days or 0, 1))
    period = Period(years=step.years or 0, months=step.months or 0, days=step.days or 0)
    return period.last_day(start + timedelta(days=step.after))


def _said(step: StatutoryStep, due: date | None, opens: date | None, weekend: bool) -> Bilingual:
    if step.start is None:
        return Bilingual("条文没有规定天数", "the article names no number of days")
    if due is None:
        return _starts_when(step)
    if step.bound == "wait":
        late = Bilingual(
            "；末日是周末，期间可能顺延（民法典203条），请核对" if weekend else "",
            "; it ends at a weekend and may run longer (Civil Code 203), check" if weekend else "",
        )
        return Bilingual(
            f"到 {due} 届满，{opens} 起{late.zh}", f"over on {due}, from {opens}{late.en}"
        )
    since = Bilingual(f"{opens} 起，" if opens else "", f"from {opens}, " if opens else "")
    return Bilingual(f"{since.zh}不晚于 {due}", f"{since.en}by {due}")


def _starts_when(step: StatutoryStep) -> Bilingual:
    """What starts the step, and how long it then runs."""
    assert step.start is not None
    start = step.start.label
    zh, en = _length(step)
    if step.bound == "before":
        return Bilingual(
            f"须在{start.zh}之前{zh}；这一天还不知道"
            if zh
            else f"须在{start.zh}之前；这一天还不知道",
            f"{en or 'any time'} before {start.en}; that day is not known yet",
        )
    wait = Bilingual("须经过", "must run") if step.bound == "wait" else Bilingual("限", "within")
    after = Bilingual(
        f"满{step.after}个自然日后" if step.after else "",
        f" and {step.after} calendar days," if step.after else ",",
    )
    return Bilingual(
        f"自{start.zh}起算，{after.zh}{wait.zh}{zh}；这一天还不知道",
        f"starts with {start.en}{after.en} {wait.en} {en}; that day is not known yet",
    )


def _length(step: StatutoryStep) -> tuple[str, str]:
    if step.days:
        return f"{step.days}个自然日", f"{step.days} calendar days"
    length = Period(years=step.years or 0, months=step.months or 0)
    return length.in_chinese, length.in_english
