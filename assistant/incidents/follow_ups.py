"""Actions of a review are entries of the register of remedial actions: owner, day, check by another."""

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.registers.entry_access import acting_as, kind_named
from assistant.registers.work_register import Change, opened_in, read_values, write_change
from records.people import Person
from tickets.incidents.review import Action
from tickets.registers import entries
from tickets.ticket import Ticket

KIND = "action"


def open_follow_up(
    app: App, session: Session, person: Person, ticket: Ticket, action: Action
) -> str:
    """The number of a new entry for an action of this incident's (or drill's) review."""
    values = {
        "what": action.text,
        "source": "drill" if ticket.drill else "incident",
        "ticket": ticket.id,
        "owner": action.owner,
        "due_on": action.due_on.isoformat(),
    }
    kind = kind_named(app, KIND)
    return opened_in(app, session, person, kind, read_values(app, session, kind, values)).id


def finish_follow_up(app: App, session: Session, person: Person, action: Action, note: str) -> None:
    """The entry goes on to its check, unless somebody moved it in the register before."""
    if not action.entry:
        return
    kind = kind_named(app, KIND)
    entry = app.entries.get(session, action.entry, to_change=True)
    if entry.state != kind.first.id:
        return
    acting = acting_as(app, session, person)
    filled = entries.amended(kind, entry, {"done_how": note}, {}, acting, reason=note)
    after = entries.moved(kind, filled, "done", acting, reason="")
    details = {"from": entry.state, "to": after.state, "text": note}
    write_change(app, session, person, kind, "entry:moved", Change(after, details, {"to": "done"}))
