"""The moment of awareness corrected: the clocks counted anew beside those that run.

A correction is an entry of its own; no row of a running clock is changed. Earlier awareness counts
at once, because a due time nobody sees is missed. Later awareness is a claim that gives more time:
until a second person has decided, the earlier clocks run on and the incident counts from them.
Clocks due at once and those from the end of the handling have no time that a correction changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from records.beijing import to_the_minute
from records.errors import BadInput
from records.language import Bilingual
from tickets.clocks.deadlines import Deadline, Outcome, counted_anew
from tickets.errors import MoveNotAllowed, SamePerson
from tickets.ticket import Json, StepState, Ticket, TicketStep

DECIDED = Bilingual(
    "知悉时间更正（更晚）已由第二人核准", "later awareness, approved by a second person"
)
DECLINED = Bilingual(
    "知悉时间更正（更晚）未获核准", "later awareness, not approved by the second person"
)
_FROM = Bilingual("（按知悉 ", " (known at ")


@dataclass(frozen=True)
class Correction:
    """One entry: which series of clocks it counts, from when, by whom, and how it was decided."""

    series: int
    aware_at: datetime
    by: str
    earlier: bool
    decided_by: str | None = None
    approved: bool | None = None

    @property
    def pending(self) -> bool:
        """True while a later moment waits for a second person."""
        return not self.earlier and self.approved is None


@dataclass(frozen=True)
class Corrected:
    """The ticket after a correction or a decision, and what that did."""

    ticket: Ticket
    correction: Correction
    added: tuple[Deadline, ...] = ()
    ended: tuple[Deadline, ...] = ()


def aware_at(ticket: Ticket) -> datetime:
    """The moment of awareness the incident counts from now."""
    return datetime.fromisoformat(str(ticket.facts["aware_at"]))


def corrections(ticket: Ticket) -> tuple[Correction, ...]:
    """Every correction in order."""
    kept = ticket.facts.get("awareness")
    return tuple(_correction(one) for one in kept) if isinstance(kept, list) else ()


def pending(ticket: Ticket) -> Correction | None:
    """The later moment that waits for a second person, unless a further correction replaced it."""
    last = corrections(ticket)[-1:]
    return last[0] if last and last[0].pending else None


def series_of(ticket: Ticket) -> int:
    """Which series of clocks the incident counts by now."""
    counts = [one.series for one in corrections(ticket) if one.earlier or one.approved]
    return counts[-1] if counts else 1


def correct(ticket: Ticket, moment: datetime, *, by: str) -> Corrected:
    """The ticket with its clocks counted from the corrected moment beside the others.

    Raises BadInput where it is the moment already counted from.
    """
    known = aware_at(ticket)
    waiting = pending(ticket)
    if moment == known or (waiting and moment == waiting.aware_at):
        raise BadInput("知悉时间没有变化。", "The moment of awareness is the same.")
    one = Correction(len(corrections(ticket)) + 2, moment, by, earlier=moment < known)
    added = _counted(ticket, one)
    facts = _entered(ticket, one)
    if one.earlier:
        facts = {**facts, "aware_at": moment.isoformat(), "aware_by": "corrected"}
    steps = tuple(_earlier(step, moment) for step in ticket.steps) if one.earlier else ticket.steps
    changed = replace(ticket, facts=facts, deadlines=(*ticket.deadlines, *added), steps=steps)
    return Corrected(changed, one, added=added)


def decide(ticket: Ticket, *, approve: bool, now: datetime, by: str) -> Corrected:
    """The waiting correction approved, so that the earlier clocks end; or declined, so that its own do.

    Raises MoveNotAllowed where none waits, SamePerson for whoever entered it.
    """
    waiting = pending(ticket)
    if waiting is None:
        raise MoveNotAllowed(
            "没有待核准的知悉时间更正。", "No correction of the moment of awareness waits."
        )
    if waiting.by == by:
        raise SamePerson(
            "更正人不能自己核准；请另一位事件处置人员决定。",
            "Whoever entered the correction cannot approve it; ask another responder.",
        )
    decided = replace(waiting, decided_by=by, approved=approve)
    added = _counted(ticket, waiting) if approve else ()
    said, outcome = (DECIDED, Outcome.SUPERSEDED) if approve else (DECLINED, Outcome.NOT_APPLICABLE)
    ended = tuple(
        replace(one, satisfied_at=now, satisfied_by=by, outcome=outcome, reference=said.zh)
        for one in ticket.deadlines
        if one.has_figure
        and one.satisfied_at is None
        and (one.series != waiting.series if approve else one.series == waiting.series)
    )
    facts = _entered(ticket, decided)
    if approve:
        facts = {**facts, "aware_at": waiting.aware_at.isoformat(), "aware_by": "corrected"}
    over = {one.key: one for one in ended}
    kept = tuple(over.get(one.key, one) for one in ticket.deadlines)
    changed = replace(ticket, facts=facts, deadlines=(*kept, *added))
    return Corrected(changed, decided, added=added, ended=ended)


def _counted(ticket: Ticket, correction: Correction) -> tuple[Deadline, ...]:
    """Every clock with a figure once more, unless this series has it or it does not apply.

    One met before stays met, so that the corrected time shows whether it was met in time.
    """
    found = []
    for rows in _by_clock(ticket.deadlines):
        if any(one.series == correction.series for one in rows):
            continue
        open_rows = [one for one in rows if one.satisfied_at is None]
        done = [one for one in rows if one.outcome is Outcome.DONE]
        if source := (done or open_rows):
            found.append(counted_anew(source[0], correction.aware_at, series=correction.series))
    return tuple(
        replace(one, name=_name(one, correction), reason=_reason(one, correction)) for one in found
    )


def _by_clock(deadlines: Iterable[Deadline]) -> Iterable[list[Deadline]]:
    figures = [one for one in deadlines if one.has_figure]
    ordered = sorted(figures, key=lambda one: (one.id, one.conditional, one.series))
    for _clock, rows in groupby(ordered, key=lambda one: (one.id, one.conditional)):
        yield list(rows)


def _name(one: Deadline, correction: Correction) -> Bilingual:
    """The clock's name and from when it counts: wherever only names stand, its series are told apart."""
    moment = to_the_minute(correction.aware_at)
    zh, en = one.name.zh.partition(_FROM.zh)[0], one.name.en.partition(_FROM.en)[0]
    return Bilingual(f"{zh}{_FROM.zh}{moment} 计）", f"{en}{_FROM.en}{moment})")


def _reason(one: Deadline, correction: Correction) -> Bilingual:
    moment = to_the_minute(correction.aware_at)
    zh, en = (
        f"知悉时间更正为 {moment}，另行计时。",
        f"Awareness corrected to {moment}: counted anew. ",
    )
    # A clock counted a third time names the last correction only.
    original = Bilingual(
        one.reason.zh.partition("另行计时。")[2] or one.reason.zh,
        one.reason.en.partition("counted anew. ")[2] or one.reason.en,
    )
    return Bilingual(zh + original.zh, en + original.en)


def _earlier(step: TicketStep, moment: datetime) -> TicketStep:
    """A step that waits is due no later than counted from the earlier moment."""
    if step.state is not StepState.WAITING or step.due_at is None or step.step.within is None:
        return step
    return replace(step, due_at=min(step.due_at, moment + step.step.within))


def _entered(ticket: Ticket, one: Correction) -> dict[str, Json]:
    before = [other for other in corrections(ticket) if other.series != one.series]
    entries: list[Json] = [_as_json(other) for other in (*before, one)]
    return {**ticket.facts, "awareness": entries}


def _as_json(one: Correction) -> Json:
    return {
        "series": one.series,
        "aware_at": one.aware_at.isoformat(),
        "by": one.by,
        "earlier": one.earlier,
        "decided_by": one.decided_by,
        "approved": one.approved,
    }


def _correction(kept: Json) -> Correction:
    if not isinstance(kept, dict):
        raise TypeError("an entry of a correction is a mapping")
    decided, approved = kept.get("decided_by"), kept.get("approved")
    return Correction(
        series=int(str(kept["series"])),
        aware_at=datetime.fromisoformat(str(kept["aware_at"])),
        by=str(kept["by"]),
        earlier=kept["earlier"] is True,
        decided_by=str(decided) if decided else None,
        approved=approved if isinstance(approved, bool) else None,
    )
