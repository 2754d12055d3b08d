"""What waits for one person: clocks that run, steps in their hands, approvals, questions."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assistant.answering import handovers
from assistant.answering.handovers import Handover
from assistant.app import App
from assistant.tickets_view import visible_tickets
from records.people import Person
from records.permissions import Permission, allowed
from tickets.deadlines import Deadline
from tickets.dossier import dossier
from tickets.playbooks import StepRole
from tickets.ticket import State, StepState, Ticket, TicketKind, TicketStep

_ENDED = frozenset({State.CLOSED, State.REGISTERED, State.REFUSED})


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock of an incident this person sees."""

    ticket: Ticket
    clock: Deadline


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step that is in this person's hands."""

    ticket: Ticket
    step: TicketStep


@dataclass(frozen=True, slots=True)
class MyWork:
    """Everything that waits, the most pressing first; and what this person opened and asked."""

    clocks: tuple[RunningClock, ...]
    steps: tuple[OwnStep, ...]
    approvals: tuple[Ticket, ...]
    to_witness: tuple[Ticket, ...]
    to_answer: tuple[Handover, ...]
    own_tickets: tuple[Ticket, ...]
    own_questions: tuple[Handover, ...]

    @property
    def pressing(self) -> bool:
        """Whether anything waits for this person to do something."""
        return bool(
            self.clocks or self.steps or self.approvals or self.to_witness or self.to_answer
        )


def my_work(app: App, person: Person) -> MyWork:
    """What waits for this person, and what they wait for. Raises NotPermitted."""
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.transaction() as session:
        found = work_of(app, session, person, drills=True)
        counts = {"clocks": len(found.clocks), "approvals": len(found.approvals)}
        app.append(session, person, "work:read", "own", counts)
    return found


def work_of(app: App, session: Session, person: Person, *, drills: bool = False) -> MyWork:
    """The same within a transaction, for a message that nobody asked for: nothing of a drill goes out."""
    seen = [one for one in visible_tickets(app, session, person) if drills or not one.drill]
    open_ones = [one for one in seen if one.state not in _ENDED]
    answers = allowed(person, Permission.HANDOVER_REPLY)
    return MyWork(
        clocks=_clocks(open_ones, person),
        steps=_steps(open_ones, person),
        approvals=tuple(one for one in open_ones if may_approve(one, person)),
        to_witness=_to_witness(app, session, person),
        to_answer=handovers.waiting(session) if answers else (),
        own_tickets=tuple(one for one in open_ones if one.opened_by == person.id),
        own_questions=handovers.of_person(session, person.id),
    )


def _to_witness(app: App, session: Session, person: Person) -> tuple[Ticket, ...]:
    """Whoever executes names the witness, who need not see destructions otherwise."""
    carried_out = [
        one
        for one in app.ticket_store.list(session, TicketKind.DESTRUCTION)
        if one.state is State.CARRIED_OUT
    ]
    told = {one.id: dossier(app.ticket_store.timeline(session, one.id)) for one in carried_out}
    return tuple(
        one
        for one in carried_out
        if told[one.id].witness == person.id and told[one.id].witnessed_at is None
    )


def may_approve(ticket: Ticket, person: Person) -> bool:
    """Whether a destruction waits for this person's approval. The rules are asked again when it is given."""
    if ticket.kind is not TicketKind.DESTRUCTION or ticket.state is not State.NOTIFIED:
        return False
    had_a_part = {ticket.opened_by, *(one.person_id for one in ticket.approvals)}
    return person.id not in had_a_part and allowed(person, Permission.DESTRUCTION_APPROVE)


def _clocks(tickets: list[Ticket], person: Person) -> tuple[RunningClock, ...]:
    """Running clocks by their time; those that say “at once” first. For who handles or reported it."""
    found = [
        RunningClock(ticket, clock)
        for ticket in tickets
        if ticket.opened_by == person.id or allowed(person, Permission.INCIDENT_HANDLE)
        for clock in ticket.deadlines
        if clock.satisfied_at is None and not clock.awaits_end
    ]
    return tuple(sorted(found, key=lambda one: one.clock.due_at or one.clock.started_at))


def _steps(tickets: list[Ticket], person: Person) -> tuple[OwnStep, ...]:
    return tuple(
        OwnStep(ticket, step)
        for ticket in tickets
        for step in ticket.steps
        if step.state is StepState.WAITING and is_own_step(ticket, step, person)
    )


def is_own_step(ticket: Ticket, step: TicketStep, person: Person) -> bool:
    """Whether the step was handed to this person, or is the reporter's and they reported it."""
    reporters = step.owner is None and step.step.role is StepRole.REPORTER
    return step.owner == person.id or (reporters and ticket.opened_by == person.id)
