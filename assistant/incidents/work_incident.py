"""Work on an incident: new facts, clocks settled, notes, the end of the handling, closing.

Each verb is one transaction: ticket, one line of its timeline and an audit event, or nothing. What
people type is cleared first. Somebody who may not see an incident hears that it does not exist.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.report_incident import moment_given
from assistant.redaction.clearing import clear_reason, clear_text
from assistant.tickets_view import concerned, seen_ticket
from records.audit import Detail
from records.errors import NotFound, NotPermitted
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission, allowed
from tickets.clocks.deadlines import Outcome
from tickets.incidents.fact_values import Fact, check_facts
from tickets.incidents.work import Revision, close, move, revise, settle
from tickets.ticket import Json, State, Ticket, TicketKind

LONGEST_NOTE = 2000
LONGEST_REPORT = 20_000
_NOTHING = Bilingual("", "")


@dataclass(slots=True)
class Work:
    """One change on its way: set the ticket, what the timeline says, what the log counts."""

    session: Session
    ticket: Ticket
    now: datetime
    about: Bilingual = _NOTHING
    text: str = ""
    details: dict[str, Detail] = field(default_factory=dict)
    marks: dict[str, Json] = field(default_factory=dict)
    """What a program finds again in the line of the timeline: the clock, the step, the draft."""


def revise_incident(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    facts: Mapping[str, Fact],
    reason: str,
) -> Revision:
    """What new facts do to grade and clocks: clocks are added with reasons, none is moved.

    Raises NotPermitted, TicketNotFound, ReasonMissing, TextTooLong, MoveNotAllowed once closed, and
    BadInput for a fact nobody knows of or facts that are the old ones.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    check_facts(facts)
    said = clear_reason(app, reason, LONGEST_NOTE)
    with working(app, person, ticket_id, "incident:revised") as work:
        found = revise(work.ticket, facts, now=work.now, by=person.id)
        work.ticket, work.text = found.ticket, said
        label, names = found.grading.severity.label, found.added
        work.about = Bilingual(
            f"定级 {label.zh}" + "".join(f"；新增时限：{one.name.zh}" for one in names),
            f"grade {label.en}" + "".join(f"; clock added: {one.name.en}" for one in names),
        )
        work.details = {
            "severity": found.grading.severity.value,
            "added": len(found.added),
            "ended": len(found.ended),
        }
    return found


def settle_clock(
    app: App,
    person: Person,
    ticket_id: str,
    clock: str,
    *,
    reference: str,
    done_at: datetime | None = None,
    applies: bool = True,
) -> Ticket:
    """The clock marked as met, with its evidence; or as not applicable, with the reason.

    Raises NotPermitted, TicketNotFound, NotFound, EmptyText, TextTooLong, MoveNotAllowed where it
    ended before, BadInput for a time in the future or before awareness.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    said, at = cleared(app, reference), moment_given(done_at, app.clock())
    outcome = Outcome.DONE if applies else Outcome.NOT_APPLICABLE
    with working(app, person, ticket_id, "incident:clock-settled") as work:
        work.ticket, ended = settle(
            work.ticket, clock, outcome=outcome, at=at, by=person.id, reference=said
        )
        work.about, work.text = ended.name, said
        late = ended.due_at is not None and at > ended.due_at and applies
        work.marks = {"clock": ended.key, "outcome": outcome.value}
        work.details = {"clock": ended.key, "outcome": outcome.value, "late": late}
    return work.ticket


def note_incident(app: App, person: Person, ticket_id: str, text: str) -> Ticket:
    """A line in the timeline. The reporter and whoever was handed a step may write one too.

    Raises NotPermitted, TicketNotFound, EmptyText, TextTooLong.
    """
    app.authorise(person, Permission.TICKET_LIST)
    said = cleared(app, text)
    with working(app, person, ticket_id, "incident:noted", check_concerned) as work:
        work.text = said
    return work.ticket


def move_incident(app: App, person: Person, ticket_id: str, to: State, *, reason: str) -> Ticket:
    """The incident contained, handled or open again. Raises also MoveNotAllowed."""
    app.authorise(person, Permission.INCIDENT_HANDLE)
    said = clear_reason(app, reason, LONGEST_NOTE)
    with working(app, person, ticket_id, "incident:moved") as work:
        work.ticket = move(work.ticket, to, now=work.now)
        work.about, work.text = to.label, said
        work.details = {"state": to.value}
    return work.ticket


def close_incident(app: App, person: Person, ticket_id: str, report: str) -> Ticket:
    """The incident closed with its report; nothing may be left open. Raises also MoveNotAllowed."""
    app.authorise(person, Permission.INCIDENT_HANDLE)
    said = cleared(app, report, LONGEST_REPORT)
    with working(app, person, ticket_id, "incident:closed") as work:
        work.ticket = close(work.ticket, said)
        work.text = said
    return work.ticket


@contextmanager
def working(
    app: App,
    person: Person,
    ticket_id: str,
    action: str,
    check: Callable[[Ticket, Person], None] = lambda _ticket, _person: None,
) -> Iterator[Work]:
    """The incident held against other writers; ticket, timeline and audit written at the end."""
    seen = seen_incident(app, person, ticket_id)
    try:
        check(seen, person)
    except NotPermitted:
        app.record(person, "permission:refused", seen.id)
        raise
    with app.database.transaction() as session:
        held = app.ticket_store.get(session, seen.id, to_change=True)
        work = Work(session, held, app.clock())
        yield work
        app.ticket_store.save(session, work.ticket)
        told: dict[str, Json] = {
            "about_zh": work.about.zh,
            "about_en": work.about.en,
            "text": work.text,
        }
        app.ticket_store.note(
            session,
            held.id,
            at=work.now,
            person_id=person.id,
            what=action,
            details={name: value for name, value in told.items() if value} | work.marks,
        )
        app.append(session, person, action, held.id, work.details)


def seen_incident(app: App, person: Person, ticket_id: str) -> Ticket:
    """The incident if this person may see it; TicketNotFound, or NotFound for another kind."""
    seen = seen_ticket(app, person, ticket_id)
    if seen.kind is not TicketKind.INCIDENT:
        raise NotFound("这不是事件工单。", "This ticket is no incident.")
    return seen


def check_concerned(ticket: Ticket, person: Person) -> None:
    """Pass for whoever handles incidents, reported this one or was handed a step; else NotPermitted."""
    if person.id not in concerned(ticket) and not allowed(person, Permission.INCIDENT_HANDLE):
        raise NotPermitted(
            "只有事件处置人员、报告人和步骤经办人可以这样做。",
            "Only responders, the reporter and those who were handed a step may do this.",
        )


def cleared(app: App, text: str, limit: int = LONGEST_NOTE) -> str:
    """What somebody typed, personal data taken out."""
    return clear_text(app, text, limit).cleared.text
