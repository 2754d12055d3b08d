"""The tickets a person may see: one's own, and those one's roles open."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.destroy_data import decision_of
from records.people import Person
from records.permissions import Permission, allowed
from tickets.dossier import dossier
from tickets.errors import TicketNotFound
from tickets.retention_facts import Decision
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
    with app.database.reading() as session:
        ticket = app.ticket_store.get(session, ticket_id)
        timeline = app.ticket_store.timeline(session, ticket.id)
    named = dossier(timeline).witness == person.id
    if not _visible(ticket, person) and not named:
        app.record(person, "permission:refused", ticket.id)
        raise TicketNotFound(ticket_id.strip()[:40])
    app.record(person, "ticket:read", ticket.id)
    return TicketView(ticket, timeline, decision_of(ticket, today=app.today()))


def visible_tickets(
    app: App, session: Session, person: Person, kind: TicketKind | None = None
) -> list[Ticket]:
    """Those of all tickets that this person may see."""
    return [one for one in app.ticket_store.list(session, kind) if _visible(one, person)]


def _visible(ticket: Ticket, person: Person) -> bool:
    return ticket.opened_by == person.id or allowed(person, _READING[ticket.kind])
