"""The store: plain tickets in and out of the database, numbers per year, an append-only timeline.

Every method takes the caller's session, so a ticket, its timeline and the audit event share one
transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tickets.clocks.deadlines import CountedFrom, Deadline
from tickets.errors import SamePerson, TicketNotFound
from tickets.reminders import Reminder, Sent, Stage
from tickets.rows import deadline_of, deadline_row, step_of, step_row
from tickets.tables import (
    ApprovalRow,
    CounterRow,
    DeadlineRow,
    EventRow,
    RequestRow,
    SentRow,
    StepRow,
    TicketRow,
)
from tickets.ticket import (
    DRILL_PREFIX,
    Approval,
    Event,
    Json,
    State,
    Ticket,
    TicketKind,
    ticket_id,
)


class TicketStore:
    """Tickets as plain values; it holds nothing, so one serves everybody."""

    def next_number(
        self, session: Session, kind: TicketKind, year: int, *, drill: bool = False
    ) -> str:
        """The next free id, such as INC-2026-0001; two at once never get the same."""
        counted = "drill" if drill else kind.value
        return ticket_id(kind, year, take_number(session, counted, year), drill=drill)

    def save(self, session: Session, ticket: Ticket) -> None:
        """The ticket written, new or changed. Approvals and timeline have their own verbs.

        Deadlines are only added and satisfied: one that runs is neither moved nor dropped here.
        """
        session.merge(_ticket_row(ticket))
        session.flush()
        self.save_deadlines(session, ticket.id, ticket.deadlines)
        session.execute(delete(StepRow).where(StepRow.ticket_id == ticket.id))
        session.add_all(step_row(ticket.id, one) for one in ticket.steps)
        session.flush()

    def save_deadlines(
        self, session: Session, ticket_number: str, deadlines: Sequence[Deadline]
    ) -> None:
        """New deadlines added, others satisfied; none is moved or dropped."""
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.ticket_id == ticket_number))
        running = {(row.clock_id, row.conditional, row.series): row for row in rows}
        for one in deadlines:
            key = (one.id, one.conditional, one.series)
            row = running.get(key)
            if row is None:
                row = running[key] = deadline_row(ticket_number, len(running), one)
                session.add(row)
                continue
            row.satisfied_at, row.satisfied_by = one.satisfied_at, one.satisfied_by
            row.outcome = one.outcome.value if one.outcome else None
            row.reference = one.reference
            if row.due_at is None and one.counted_from is CountedFrom.HANDLING_ENDED:
                row.due_at, row.started_at = one.due_at, one.started_at

    def get(self, session: Session, ticket_number: str, *, to_change: bool = False) -> Ticket:
        """The ticket under that number, or TicketNotFound; `to_change` makes other writers wait."""
        row = session.get(TicketRow, ticket_number.strip().upper(), with_for_update=to_change)
        if row is None or row.kind not in set(TicketKind):  # a register entry is read elsewhere
            raise TicketNotFound(ticket_number.strip()[:40])
        return _ticket(session, row)

    def of_request(self, session: Session, key: str) -> Ticket | None:
        """The ticket this request opened before, or None."""
        row = session.get(RequestRow, key)
        return self.get(session, row.ticket_id) if row else None

    def request_of(self, session: Session, key: str) -> str | None:
        """The number of what this request opened before, of whatever kind."""
        row = session.get(RequestRow, key)
        return row.ticket_id if row else None

    def remember_request(self, session: Session, key: str, ticket_number: str) -> None:
        """That this request opened this ticket; the database takes each request once."""
        session.add(RequestRow(key=key, ticket_id=ticket_number))
        session.flush()

    def list(
        self, session: Session, kind: TicketKind | None = None, state: State | None = None
    ) -> tuple[Ticket, ...]:
        """The tickets, newest first."""
        kinds = list(TicketKind) if kind is None else [kind]
        query = select(TicketRow).where(TicketRow.kind.in_(kinds))
        query = query.order_by(TicketRow.opened_at.desc(), TicketRow.id.desc())
        if state is not None:
            query = query.where(TicketRow.state == state.value)
        return tuple(_ticket(session, row) for row in session.scalars(query))

    def with_open_deadlines(self, session: Session, kind: TicketKind) -> tuple[str, ...]:
        """The numbers of the tickets that still have a deadline to meet."""
        query = (
            select(DeadlineRow.ticket_id)
            .join(TicketRow, TicketRow.id == DeadlineRow.ticket_id)
            .where(DeadlineRow.satisfied_at.is_(None), TicketRow.kind == kind.value)
            .distinct()
        )
        return tuple(sorted(session.scalars(query)))

    def running_drills(self, session: Session) -> tuple[str, ...]:
        """The numbers of the drills that have not ended."""
        query = select(TicketRow.id).where(
            TicketRow.id.startswith(f"{DRILL_PREFIX}-"), TicketRow.state != State.CLOSED.value
        )
        return tuple(sorted(session.scalars(query)))

    def note(
        self,
        session: Session,
        ticket_number: str,
        *,
        at: datetime,
        person_id: str,
        what: str,
        details: Mapping[str, Json] | None = None,
    ) -> None:
        """One more line in the timeline. There is no way to change or remove one."""
        session.add(
            EventRow(
                ticket_id=ticket_number,
                at=at,
                person_id=person_id,
                what=what,
                details=dict(details or {}),
            )
        )
        session.flush()

    def timeline(self, session: Session, ticket_number: str) -> tuple[Event, ...]:
        """The timeline in the order it was written."""
        query = select(EventRow).where(EventRow.ticket_id == ticket_number).order_by(EventRow.id)
        return tuple(
            Event(at=row.at, person_id=row.person_id, what=row.what, details=row.details)
            for row in session.scalars(query)
        )

    def approve(
        self, session: Session, ticket_number: str, *, person_id: str, at: datetime
    ) -> None:
        """One approval written; a second by the same person is SamePerson, by the database."""
        try:
            with session.begin_nested():
                session.add(ApprovalRow(ticket_id=ticket_number, person_id=person_id, at=at))
        except IntegrityError as error:
            raise SamePerson(
                "申请人不能批准，一个人也只能批准一次。请另一位批准人处理。",
                "A requester cannot approve, and nobody approves twice. Ask somebody else.",
            ) from error

    def keep_approvals(
        self, session: Session, ticket_number: str, approvers: Sequence[str], *, at: datetime
    ) -> None:
        """The approvals as they now count: further ones added, or all withdrawn and given anew."""
        query = select(ApprovalRow.person_id).where(ApprovalRow.ticket_id == ticket_number)
        before = list(session.scalars(query.order_by(ApprovalRow.id)))
        fresh = list(approvers)
        if fresh[: len(before)] == before:
            fresh = fresh[len(before) :]
        else:
            self.withdraw_approvals(session, ticket_number)
        for person_id in fresh:
            self.approve(session, ticket_number, person_id=person_id, at=at)

    def withdraw_approvals(self, session: Session, ticket_number: str) -> None:
        """Every approval withdrawn, after a hold or a changed decision; the timeline keeps them."""
        session.execute(delete(ApprovalRow).where(ApprovalRow.ticket_id == ticket_number))

    def sent(self, session: Session, ticket_number: str) -> tuple[Sent, ...]:
        """The reminders of the ticket that went out."""
        query = select(SentRow).where(SentRow.ticket_id == ticket_number).order_by(SentRow.id)
        return tuple(
            Sent(row.ticket_id, row.deadline_id, Stage(row.stage)) for row in session.scalars(query)
        )

    def mark_sent(self, session: Session, reminder: Reminder, *, at: datetime) -> bool:
        """True if the reminder is recorded now, False if it already was: then do not send."""
        try:
            with session.begin_nested():
                session.add(
                    SentRow(
                        ticket_id=reminder.ticket_id,
                        deadline_id=reminder.deadline.key,
                        stage=reminder.stage.value,
                        at=at,
                    )
                )
        except IntegrityError:
            return False
        return True


def take_number(session: Session, kind: str, year: int) -> int:
    """The next free number of that kind and year; two at once never get the same."""
    taken = _raise_counter(session, kind, year)
    if taken is None:
        try:
            with session.begin_nested():
                session.add(CounterRow(kind=kind, year=year, last=1))
            taken = 1
        except IntegrityError:  # another transaction made the row first
            taken = _raise_counter(session, kind, year) or 1
    return taken


def _raise_counter(session: Session, kind: str, year: int) -> int | None:
    # One statement both raises and reads: a read before the write could be stale.
    return session.scalar(
        update(CounterRow)
        .where(CounterRow.kind == kind, CounterRow.year == year)
        .values(last=CounterRow.last + 1)
        .returning(CounterRow.last)
        .execution_options(synchronize_session=False)
    )


def _ticket_row(ticket: Ticket) -> TicketRow:
    return TicketRow(
        id=ticket.id,
        kind=ticket.kind.value,
        state=ticket.state.value,
        title=ticket.title,
        description=ticket.description,
        facts=dict(ticket.facts),
        opened_by=ticket.opened_by,
        opened_at=ticket.opened_at,
        restricted=ticket.restricted,
    )


def _ticket(session: Session, row: TicketRow) -> Ticket:
    deadlines = session.scalars(
        select(DeadlineRow).where(DeadlineRow.ticket_id == row.id).order_by(DeadlineRow.position)
    )
    steps = session.scalars(
        select(StepRow).where(StepRow.ticket_id == row.id).order_by(StepRow.number)
    )
    approvals = session.scalars(
        select(ApprovalRow).where(ApprovalRow.ticket_id == row.id).order_by(ApprovalRow.id)
    )
    return Ticket(
        id=row.id,
        kind=TicketKind(row.kind),
        state=State(row.state),
        title=row.title,
        description=row.description,
        facts=row.facts,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        restricted=row.restricted,
        deadlines=tuple(deadline_of(one) for one in deadlines),
        steps=tuple(step_of(one) for one in steps),
        approvals=tuple(Approval(one.person_id, one.at) for one in approvals),
    )
