"""Work on an incident: facts revised, clocks settled, steps taken, the ticket closed.

Rules alone: each takes the ticket and `now` and returns the changed ticket, or raises. A running
clock is never moved here; new facts add clocks, and a conditional one ends in sight of everybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from records.errors import BadInput, NotFound
from records.language import Bilingual
from tickets.clocks.deadlines import Deadline, Outcome, added, handling_ended, start
from tickets.errors import MoveNotAllowed
from tickets.incidents.awareness_correction import aware_at, series_of
from tickets.incidents.facts import IncidentFacts
from tickets.incidents.grade import Grading, grade
from tickets.incidents.review import check_reviewed
from tickets.playbooks.data import choose
from tickets.ticket import State, StepState, Ticket, TicketStep, moved, steps_of
from tickets.ticket_facts import grading_as_facts, incident_as_facts, incident_of

SUPERSEDED = Bilingual(
    "事实已查明：同一时限现已确定适用，另行计时",
    "facts now known: the same clock runs for certain, beside this one",
)
RULED_OUT = Bilingual(
    "事实已查明：条件不成立，不适用", "facts now known: the condition does not hold"
)


@dataclass(frozen=True)
class Revision:
    """The ticket under its new facts, and what they did to its clocks.

    `doubtful` run on although the facts no longer ask for them: only a person may end them.
    """

    ticket: Ticket
    grading: Grading
    added: tuple[Deadline, ...]
    ended: tuple[Deadline, ...]
    doubtful: tuple[Deadline, ...]


def revise(ticket: Ticket, changes: Mapping[str, object], *, now: datetime, by: str) -> Revision:
    """What the new facts add. Raises BadInput where they are the old ones, MoveNotAllowed if closed."""
    check_open(ticket)
    known = incident_of(ticket.facts)
    facts = replace(known, **changes)  # type: ignore[arg-type]  # the verb names the fields
    if facts == known:
        raise BadInput(
            "没有新的事实：请至少改一项（人数、敏感信息等）。",
            "Nothing new: change at least one fact (people, sensitive data, …).",
        )
    grading = grade(facts)
    started = start(facts, grading.severity, aware_at=aware_at(ticket))
    fresh = tuple(replace(one, series=series_of(ticket)) for one in started)
    new = added(ticket.deadlines, fresh)
    if (ended := ticket.facts.get("ended_at")) is not None:
        new = handling_ended(new, ended_at=datetime.fromisoformat(str(ended)))
    settled = {one.key: _settled_by(one, new, fresh, now, by) for one in _running(ticket)}
    kept = tuple(settled.get(one.key) or one for one in ticket.deadlines)
    return Revision(
        ticket=replace(
            ticket,
            facts={**ticket.facts, **incident_as_facts(facts), **grading_as_facts(grading)},
            deadlines=(*kept, *new),
            steps=(*ticket.steps, *_further_steps(ticket, facts)),
        ),
        grading=grading,
        added=new,
        ended=tuple(one for one in settled.values() if one is not None),
        doubtful=tuple(
            one
            for one in _running(ticket)
            if not one.conditional and one.id not in {other.id for other in fresh}
        ),
    )


def _further_steps(ticket: Ticket, facts: IncidentFacts) -> tuple[TicketStep, ...]:
    """What the playbook of the kind now known asks for besides; no step is taken away."""
    asked = {one.step.text for one in ticket.steps}
    further = [one for one in choose(facts).steps if one.text not in asked]
    numbered = tuple(
        replace(one, number=number) for number, one in enumerate(further, len(ticket.steps) + 1)
    )
    return steps_of(numbered, aware_at=aware_at(ticket))


def _settled_by(
    one: Deadline,
    new: tuple[Deadline, ...],
    fresh: tuple[Deadline, ...],
    now: datetime,
    by: str,
) -> Deadline | None:
    if not one.conditional:
        return None
    if any(other.id == one.id and not other.conditional for other in new):
        return _ended(one, now, by, Outcome.SUPERSEDED, SUPERSEDED.zh)
    if all(other.id != one.id for other in fresh):
        return _ended(one, now, by, Outcome.NOT_APPLICABLE, RULED_OUT.zh)
    return None


def settle(
    ticket: Ticket, key: str, *, outcome: Outcome, at: datetime, by: str, reference: str
) -> tuple[Ticket, Deadline]:
    """The ticket with this clock ended: when, by whom and by what evidence.

    The same clock counted from another moment of awareness ends with it: one report meets both.

    Raises NotFound, MoveNotAllowed where it has ended before, BadInput for a time before awareness.
    """
    check_open(ticket)
    found = next((one for one in ticket.deadlines if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in _running(ticket)) or "—"
        raise NotFound(f"没有这个时限。进行中的：{known}。", f"No such clock. Running: {known}.")
    if found.satisfied_at is not None:
        raise MoveNotAllowed(
            "这个时限已经了结，不能再改；更正请写备注。",
            "This clock has ended and stays so; put a correction in a note.",
        )
    if at < min(one.started_at for one in ticket.deadlines):
        raise BadInput(
            "完成时间早于知悉时间，请核对。", "Done before anybody knew: check the time."
        )
    kept = tuple(
        _ended(one, at, by, outcome, reference) if _is_same(one, found) else one
        for one in ticket.deadlines
    )
    return replace(ticket, deadlines=kept), _ended(found, at, by, outcome, reference)


def _is_same(one: Deadline, found: Deadline) -> bool:
    same = (one.id, one.conditional) == (found.id, found.conditional)
    return same and one.satisfied_at is None


def _ended(one: Deadline, at: datetime, by: str, outcome: Outcome, reference: str) -> Deadline:
    return replace(one, satisfied_at=at, satisfied_by=by, outcome=outcome, reference=reference)


def take(ticket: Ticket, number: int, *, at: datetime, by: str, note: str) -> Ticket:
    """The ticket with this step taken, with its evidence."""
    return _step(
        ticket, number, lambda s: replace(s, state=StepState.TAKEN, by=by, at=at, note=note or None)
    )


def skip(ticket: Ticket, number: int, *, at: datetime, by: str, reason: str) -> Ticket:
    """The ticket with this step skipped, and why."""
    return _step(
        ticket, number, lambda s: replace(s, state=StepState.SKIPPED, by=by, at=at, note=reason)
    )


def hand_over(ticket: Ticket, number: int, *, to: str) -> Ticket:
    """The ticket with this step in somebody's hands."""
    return _step(ticket, number, lambda s: replace(s, owner=to))


def _step(ticket: Ticket, number: int, change: Callable[[TicketStep], TicketStep]) -> Ticket:
    check_open(ticket)
    if step_of(ticket, number).state is not StepState.WAITING:
        raise MoveNotAllowed(
            "这一步已经完成或跳过；更正请写备注。",
            "This step was taken or skipped before; put a correction in a note.",
        )
    return replace(
        ticket,
        steps=tuple(change(s) if s.step.number == number else s for s in ticket.steps),
    )


def step_of(ticket: Ticket, number: int) -> TicketStep:
    """The step of that number. Raises NotFound."""
    found = next((one for one in ticket.steps if one.step.number == number), None)
    if found is None:
        last = len(ticket.steps)
        raise NotFound(f"没有第 {number} 步，共 {last} 步。", f"No step {number} of {last}.")
    return found


def move(ticket: Ticket, to: State, *, now: datetime) -> Ticket:
    """Contained, handled or open again. The end of the handling starts the clocks that wait for it."""
    if ticket.drill and ticket.state is State.CLOSED:
        raise MoveNotAllowed("演练已经结束。", "The drill has ended.")
    if to is State.CLOSED:
        raise BadInput(
            "关闭须附总结报告，请用“关闭”。", "Closing needs a closing report; use “close”."
        )
    changed = moved(ticket, to)
    if to is not State.HANDLED:
        return changed
    return replace(
        changed,
        deadlines=handling_ended(changed.deadlines, ended_at=now),
        facts={**ticket.facts, "ended_at": now.isoformat()},
    )


def close(ticket: Ticket, report: str) -> Ticket:
    """The ticket closed with its report. Raises MoveNotAllowed naming all that is still open."""
    closed = moved(ticket, State.CLOSED)
    clocks, steps = _running(ticket), [s for s in ticket.steps if s.state is StepState.WAITING]
    if clocks or steps:
        zh = "、".join([*(one.name.zh for one in clocks), *(f"第{s.step.number}步" for s in steps)])
        en = ", ".join(
            [*(one.name.en for one in clocks), *(f"step {s.step.number}" for s in steps)]
        )
        raise MoveNotAllowed(
            f"还不能关闭，未了结：{zh}。", f"It cannot be closed yet. Still open: {en}."
        )
    check_reviewed(ticket)
    return replace(closed, facts={**ticket.facts, "closing_report": report})


def _running(ticket: Ticket) -> tuple[Deadline, ...]:
    return tuple(one for one in ticket.deadlines if one.satisfied_at is None)


def check_open(ticket: Ticket) -> None:
    """Nothing while the incident may be worked on; MoveNotAllowed once it is closed."""
    if ticket.state is State.CLOSED:
        raise MoveNotAllowed(
            "事件已关闭；要继续处理请先重新打开。", "The incident is closed; reopen it first."
        )
