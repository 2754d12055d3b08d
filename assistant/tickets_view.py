"""The tickets a person may see: one's own, and those one's roles open."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.destruction.destroy_data import decision_of
from records.people import Person
from records.permissions import Permission, allowed
from tickets.destruction.dossier import dossier
from tickets.errors import TicketNotFound
from tickets.incidents.review import review_of
from tickets.retention.facts import Decision
from tickets.ticket import Event, Ticket, TicketKind

_READING = {
    TicketKind.INCIDENT: Permission.INCIDENT_READ,
    TicketKind.DESTRUCTION: Permission.DESTRUCTION_READ,
}


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket, what happened to it, and for a destruction what may be done today."""

    ticket: Ticket
    timeline: tuple[Event, ...]
    decision: Decision | None


def list_tickets(app: App, person: Person, kind: TicketKind | None = None) -> list[Ticket]:
    """The tickets this person may see, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.reading() as session:
        tickets = visible_tickets(app, session, person, kind)
    app.record(person, "ticket:listed", kind.value if kind else "all", {"tickets": len(tickets)})
    return tickets


def read_ticket(app: App, person: Person, ticket_id: str) -> TicketView:
    """One ticket. Raises NotPermitted, TicketNotFound; somebody else's reads as not found."""
    app.authorise(person, Permission.TICKET_LIST)
    ticket = seen_ticket(app, person, ticket_id)
    with app.database.reading() as session:
        timeline = app.ticket_store.timeline(session, ticket.id)
    app.record(person, "ticket:read", ticket.id)
    return TicketView(ticket, timeline, decision_of(ticket, today=app.today()))


def seen_ticket(app: App, person: Person, ticket_id: str) -> Ticket:
    """The ticket if this person may see it; otherwise TicketNotFound, with the refusal on record."""
    with app.database.reading() as session:
        ticket = app.ticket_store.get(session, ticket_id)
        timeline = app.ticket_store.timeline(session, ticket.id)
    # A witness must see what they are to confirm.
    named = ticket.kind is TicketKind.DESTRUCTION and dossier(timeline).witness == person.id
    if not named and not may_see(ticket, person):
        app.record(person, "permission:refused", ticket.id)
        raise TicketNotFound(ticket_id.strip()[:40])
    return ticket


def visible_tickets(
    app: App, session: Session, person: Person, kind: TicketKind | None = None
) -> list[Ticket]:
    """Those of all tickets that this person may see."""
    return [one for one in app.ticket_store.list(session, kind) if may_see(one, person)]


def may_see(ticket: Ticket, person: Person) -> bool:
    """Whoever opened it, was handed a step of it or takes part, and the roles that read its kind."""
    if person.id in concerned(ticket) or allowed(person, _READING[ticket.kind]):
        return True
    return ticket.drill and allowed(person, Permission.DRILL_RUN)


def concerned(ticket: Ticket) -> frozenset[str | None]:
    """Whoever opened the ticket, was handed a step or an action of it, or takes part in the drill."""
    owners = [one.owner for one in ticket.steps]
    if review := review_of(ticket):
        owners += [one.owner for one in review.actions]
    return frozenset({ticket.opened_by, *owners, *ticket.participants})
