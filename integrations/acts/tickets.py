"""A ticket shown, with what the person may do with it now."""

from dataclasses import replace

from assistant.app import App
from assistant.tickets_view import read_ticket
from integrations.acts.destructions import destruction_presses
from integrations.acts.incidents import incident_presses
from integrations.acts.model import Act, Wish
from integrations.replies import Press, Reply, ticket_reply
from records.people import Person
from tickets.retention.facts import Decision
from tickets.ticket import Ticket


def presses_of(
    ticket: Ticket, person: Person, decision: Decision | None = None
) -> tuple[Press, ...]:
    """What this person may do with the ticket now, whatever its kind."""
    return (*incident_presses(ticket, person), *destruction_presses(ticket, person, decision))


def _show(app: App, person: Person, wish: Wish) -> Reply:
    view = read_ticket(app, person, wish.subject)
    reply = ticket_reply(view, language=person.language, now=app.clock())
    return replace(reply, presses=presses_of(view.ticket, person, view.decision))


ACTS = {"show": Act(_show)}
