"""Tickets: plain values, their states and the moves allowed between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from pydantic import JsonValue

from records.language import Bilingual
from tickets.clocks.deadlines import Deadline
from tickets.errors import MoveNotAllowed
from tickets.playbooks.data import Step


class TicketKind(StrEnum):
    """What a ticket is about."""

    INCIDENT = "incident"
    DESTRUCTION = "destruction"

    @property
    def prefix(self) -> str:
        """The letters its numbers begin with."""
        return {TicketKind.INCIDENT: "INC", TicketKind.DESTRUCTION: "DES"}[self]


class State(StrEnum):
    """The states of both kinds; each kind uses its own."""

    # incident
    OPEN = "open"
    CONTAINED = "contained"
    HANDLED = "handled"
    CLOSED = "closed"
    # destruction
    REQUESTED = "requested"
    APPRAISED = "appraised"
    NOTIFIED = "notified"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    EVIDENCED = "evidenced"
    CERTIFIED = "certified"
    REGISTERED = "registered"
    REFUSED = "refused"
    BLOCKED = "blocked"

    @property
    def label(self) -> Bilingual:
        """The state in both languages."""
        return _STATE_NAMES[self]


_STATE_NAMES = {
    State.OPEN: Bilingual("处理中", "open"),
    State.CONTAINED: Bilingual("已控制", "contained"),
    State.HANDLED: Bilingual("处置结束", "handled"),
    State.CLOSED: Bilingual("已关闭", "closed"),
    State.REQUESTED: Bilingual("已申请", "requested"),
    State.APPRAISED: Bilingual("已鉴定", "appraised"),
    State.NOTIFIED: Bilingual("已通知", "notified"),
    State.APPROVED: Bilingual("已批准", "approved"),
    State.CARRIED_OUT: Bilingual("已销毁", "carried out"),
    State.EVIDENCED: Bilingual("已留证", "evidenced"),
    State.CERTIFIED: Bilingual("已出证明", "certified"),
    State.REGISTERED: Bilingual("已登记", "registered"),
    State.REFUSED: Bilingual("已驳回", "refused"),
    State.BLOCKED: Bilingual("已暂停", "on hold"),
}

DRILL_PREFIX = "DRILL"
DRILL_MARK = Bilingual("演练", "DRILL")

Moves = Mapping[State, frozenset[State]]

INCIDENT_MOVES: Moves = MappingProxyType(
    {
        State.OPEN: frozenset({State.CONTAINED, State.HANDLED}),
        State.CONTAINED: frozenset({State.HANDLED, State.OPEN}),
        State.HANDLED: frozenset({State.CLOSED, State.OPEN}),
        State.CLOSED: frozenset({State.OPEN}),
    }
)

# A hold is taken up and lifted by destruction.place_hold and lift_hold, not by a plain move.
DESTRUCTION_MOVES: Moves = MappingProxyType(
    {
        State.REQUESTED: frozenset({State.APPRAISED, State.REFUSED}),
        State.APPRAISED: frozenset({State.NOTIFIED, State.REFUSED}),
        State.NOTIFIED: frozenset({State.APPROVED, State.REFUSED}),
        State.APPROVED: frozenset({State.CARRIED_OUT, State.REFUSED}),
        State.CARRIED_OUT: frozenset({State.EVIDENCED}),
        State.EVIDENCED: frozenset({State.CERTIFIED}),
        State.CERTIFIED: frozenset({State.REGISTERED}),
        State.REGISTERED: frozenset(),
        State.REFUSED: frozenset(),
        State.BLOCKED: frozenset({State.REFUSED}),
    }
)

MOVES: Mapping[TicketKind, Moves] = MappingProxyType(
    {TicketKind.INCIDENT: INCIDENT_MOVES, TicketKind.DESTRUCTION: DESTRUCTION_MOVES}
)

Json = JsonValue
"""What a fact or a detail may hold; pydantic's own alias, because it can write a recursive one out."""


class StepState(StrEnum):
    """How far a step of the playbook is."""

    WAITING = "waiting"
    TAKEN = "taken"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class TicketStep:
    """A playbook step on a ticket: who took or skipped it, when, with what evidence or reason."""

    step: Step
    due_at: datetime | None
    state: StepState = StepState.WAITING
    by: str | None = None
    at: datetime | None = None
    note: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Event:
    """One line of a ticket's timeline; never changed, never removed."""

    at: datetime
    person_id: str
    what: str
    details: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Approval:
    """One person's approval of one ticket."""

    person_id: str
    at: datetime


@dataclass(frozen=True)
class Ticket:
    """A ticket as a plain value. The description is redacted before it comes here."""

    id: str
    kind: TicketKind
    state: State
    title: str
    description: str
    opened_by: str
    opened_at: datetime
    facts: Mapping[str, Json] = field(default_factory=dict)
    restricted: bool = False
    deadlines: tuple[Deadline, ...] = ()
    steps: tuple[TicketStep, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def drill(self) -> bool:
        """True for an exercise: marked on everything, and nothing of it goes out.

        The number says so for good; no fact can take it away.
        """
        return self.facts.get("drill") is True or self.id.startswith(f"{DRILL_PREFIX}-")

    @property
    def participants(self) -> tuple[str, ...]:
        """Who takes part in a drill; they see it and work on it."""
        named = self.facts.get("participants")
        return tuple(str(one) for one in named) if isinstance(named, list) else ()

    @property
    def next_step(self) -> TicketStep | None:
        """The first step that waits."""
        return next((one for one in self.steps if one.state is StepState.WAITING), None)


def ticket_id(kind: TicketKind, year: int, number: int, *, drill: bool = False) -> str:
    """The number people read, such as INC-2026-0001, or DRILL-2026-0001 for an exercise."""
    return f"{DRILL_PREFIX if drill else kind.prefix}-{year}-{number:04d}"


def first_state(kind: TicketKind) -> State:
    """The state a new ticket of the kind is in."""
    return State.OPEN if kind is TicketKind.INCIDENT else State.REQUESTED


def moved(ticket: Ticket, to: State) -> Ticket:
    """The incident ticket in its new state; a destruction moves by the rules of destruction.py."""
    check_move(ticket.kind, ticket.state, to)
    return replace(ticket, state=to)


def check_move(kind: TicketKind, state: State, to: State) -> None:
    """Nothing if the move is allowed, otherwise MoveNotAllowed naming what is."""
    allowed = MOVES[kind].get(state, frozenset())
    if to in allowed:
        return
    zh = "、".join(sorted(one.label.zh for one in allowed)) or "无"
    en = ", ".join(sorted(one.label.en for one in allowed)) or "none"
    raise MoveNotAllowed(
        f"工单现在是“{state.label.zh}”，不能变为“{to.label.zh}”。允许的下一步：{zh}。",
        f"The ticket is “{state.label.en}” and cannot become “{to.label.en}”. Allowed: {en}.",
    )


def steps_of(steps: tuple[Step, ...], *, aware_at: datetime) -> tuple[TicketStep, ...]:
    """The playbook's steps with their due times, counted from the moment of awareness."""
    return tuple(TicketStep(step=one, due_at=_due(one.within, aware_at)) for one in steps)


def _due(within: timedelta | None, aware_at: datetime) -> datetime | None:
    return None if within is None else aware_at + within
