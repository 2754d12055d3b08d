"""What waits for one person: clocks that run, steps in their hands, approvals, questions, exams."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assistant.answering import handovers
from assistant.answering.handovers import Handover
from assistant.app import App
from assistant.keeping.periods import kept_for
from assistant.registers.entry_access import ShownEntry, in_words
from assistant.tickets_view import visible_tickets
from assistant.training.take_quiz import MyQuiz, quizzes_of
from records.people import Person, all_people
from records.permissions import Permission, allowed
from tickets.clocks.deadlines import Deadline
from tickets.destruction.dossier import dossier
from tickets.keeping import Kept
from tickets.notices.data import APPROVERS, missing, notice_rules, overdue
from tickets.notices.records import KeptNotice, NoticeState
from tickets.playbooks.data import StepRole
from tickets.registers.clocks import open_clocks
from tickets.registers.entries import may_see
from tickets.registers.entry import RegisterEntry
from tickets.registers.kinds import Kind
from tickets.ticket import State, StepState, Ticket, TicketKind, TicketStep

# What of the registers is due within this time belongs into the message of the day.
SOON = timedelta(days=7)
_ENDED = frozenset({State.CLOSED, State.REGISTERED, State.REFUSED})


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock of an incident this person sees."""

    ticket: Ticket
    clock: Deadline


@dataclass(frozen=True, slots=True)
class EntryClock:
    """A clock of a register entry in this person's hands; nothing that is sealed is in it."""

    shown: ShownEntry
    clock: Deadline

    def is_soon(self, now: datetime) -> bool:
        """Late, due within a week, or to be done promptly."""
        return self.clock.due_at is None or self.clock.due_at <= now + SOON


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
    entries: tuple[EntryClock, ...] = ()
    entry_approvals: tuple[ShownEntry, ...] = ()
    exams: tuple[MyQuiz, ...] = ()
    kept: tuple[Kept, ...] = ()
    notices: tuple[KeptNotice, ...] = ()
    """Drafts of notices to clients that lack nothing but approval, this person's among others."""

    @property
    def waits(self) -> bool:
        """Whether anything waits for this person to do something, however long there is for it."""
        tickets = (self.clocks, self.steps, self.approvals, self.to_witness, self.to_answer)
        return any(
            (*tickets, self.entries, self.entry_approvals, self.exams, self.kept, self.notices)
        )

    def of_today(self, now: datetime) -> "MyWork":
        """The same without what has time: for the message of the day."""
        return replace(
            self,
            entries=tuple(one for one in self.entries if one.is_soon(now)),
            exams=tuple(one for one in self.exams if one.due_at and one.due_at <= now + SOON),
        )


def my_work(app: App, person: Person) -> MyWork:
    """What waits for this person, and what they wait for. Raises NotPermitted."""
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.transaction() as session:
        found = work_of(app, session, person, drills=True)
        counts = {"clocks": len(found.clocks), "approvals": len(found.approvals)}
        counts |= {"entries": len(found.entries), "kept": len(found.kept)}
        app.append(session, person, "work:read", "own", counts)
    return found


def work_of(
    app: App,
    session: Session,
    person: Person,
    *,
    drills: bool = False,
    entries: Sequence[RegisterEntry] | None = None,
    over: Sequence[Kept] | None = None,
) -> MyWork:
    """The same within a transaction, for a message that nobody asked for: nothing of a drill goes out.

    `entries` and `over`: what `open_entries` and `periods_over` gave, where it is asked for many
    people at once.
    """
    seen = [one for one in visible_tickets(app, session, person) if drills or not one.drill]
    open_ones = [one for one in seen if one.state not in _ENDED]
    answers = allowed(person, Permission.HANDOVER_REPLY)
    registers = allowed(person, Permission.REGISTER_USE)
    found = (open_entries(app, session) if entries is None else entries) if registers else ()
    mine = _seen_entries(app, session, person, found)
    return MyWork(
        clocks=_clocks(open_ones, person),
        steps=_steps(open_ones, person),
        approvals=tuple(one for one in open_ones if may_approve(one, person)),
        to_witness=_to_witness(app, session, person),
        to_answer=handovers.waiting(session) if answers else (),
        own_tickets=tuple(one for one in open_ones if one.opened_by == person.id),
        own_questions=handovers.of_person(session, person.id),
        entries=_entry_clocks(mine, person),
        entry_approvals=tuple(one for one in mine if _may_approve_entry(one, person)),
        exams=_exams(app, session, person),
        kept=kept_for(app, session, person, over),
        notices=tuple(_notices(app, session, person)),
    )


def open_entries(app: App, session: Session) -> tuple[RegisterEntry, ...]:
    """Every register entry that is not closed yet."""
    found = app.entries.list(session, app.kinds)
    return tuple(one for one in found if not _is_final(app.kinds[one.kind], one))


def _is_final(kind: Kind, entry: RegisterEntry) -> bool:
    state = kind.state(entry.state)
    return state is None or state.final


def _seen_entries(
    app: App, session: Session, person: Person, entries: Sequence[RegisterEntry]
) -> tuple[ShownEntry, ...]:
    """Those this person may see, without what is sealed in them."""
    kinds = app.kinds
    seen = [
        one
        for one in entries
        if may_see(kinds[one.kind], one, person_id=person.id, roles=person.roles)
    ]
    names = {one.id: one.name for one in all_people(session)} if seen else {}
    return tuple(in_words(kinds[one.kind], one, sealed=False, names=names) for one in seen)


def _entry_clocks(entries: Sequence[ShownEntry], person: Person) -> tuple[EntryClock, ...]:
    """Running clocks of what this person works on, owns or opened, the soonest first.

    Those are whom the reminders go to; an administrator or auditor sees more, and it is not theirs.
    """
    found = [
        EntryClock(one, clock)
        for one in entries
        if _is_own(one, person)
        for clock in open_clocks(one.entry.deadlines)
    ]
    return tuple(sorted(found, key=lambda one: one.clock.due_at or one.clock.started_at))


def _is_own(shown: ShownEntry, person: Person) -> bool:
    kind, entry = shown.kind, shown.entry
    owner = entry.values.get(kind.owner) if kind.owner else None
    return person.id in (entry.opened_by, owner) or bool(person.roles & set(kind.works))


def _may_approve_entry(shown: ShownEntry, person: Person) -> bool:
    gate, entry = shown.kind.gate(shown.entry.state), shown.entry
    if gate is None or gate.approvals is None:
        return False
    had_a_part = {entry.opened_by, *(one.person_id for one in entry.approvals)}
    return person.id not in had_a_part and bool(person.roles & set(gate.approvals.by))


def _notices(app: App, session: Session, person: Person) -> Iterator[KeptNotice]:
    if not allowed(person, Permission.NOTICE_APPROVE):
        return
    for one in app.notices.listed(session):
        had_a_part = {*one.writers, *(approval.person_id for approval in one.approvals)}
        waits = one.state is NoticeState.DRAFT and len(one.approvals) < APPROVERS
        if not waits or person.id in had_a_part:
            continue
        rules, people = notice_rules(one.wish.kind), app.notices.addressees(session, one.id)
        late = overdue(rules, one.wish.given, people, today=app.today())
        if not (missing(rules, one.wish.given, people) or late):
            yield one


def _exams(app: App, session: Session, person: Person) -> tuple[MyQuiz, ...]:
    """What is assigned to this person and not passed yet, while there is an attempt left."""
    if not allowed(person, Permission.QUIZ_TAKE):
        return ()
    found = quizzes_of(app, session, person)
    open_ones = [one for one in found if not (one.best and one.best.passed)]
    return tuple(one for one in open_ones if one.left or one.running)


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
