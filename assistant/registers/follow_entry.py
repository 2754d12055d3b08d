"""What is done with a remedial action in the register shows in the review it came from."""

from sqlalchemy.orm import Session

from assistant.app import App
from records.people import Person
from tickets.incidents.review import action_followed
from tickets.registers.entry import RegisterEntry
from tickets.ticket import TicketKind

KIND = "action"
_OPEN, _DROPPED = "open", "dropped"


def follow_entry(app: App, session: Session, person: Person, entry: RegisterEntry) -> None:
    """The incident's action is done once its entry is, and open again where the check sent it back.

    One that was dropped ends as well, and says so.
    """
    number = entry.values.get("ticket")
    if entry.kind != KIND or not number:
        return
    known = app.entries.linked(session, [str(number)]).get(str(number))
    if known is None or known[0] != TicketKind.INCIDENT:
        return
    ticket = app.ticket_store.get(session, str(number), to_change=True)
    done = entry.state != _OPEN
    note = str(entry.values.get("done_how") or "")
    if entry.state == _DROPPED:
        note = "已取消，不再需要 / dropped, no longer needed"
    at = app.clock()
    followed = action_followed(ticket, entry.id, done=done, at=at, by=person.id, note=note)
    if followed is ticket:
        return
    action = "incident:action-done" if done else "incident:action-reopened"
    app.ticket_store.save(session, followed)
    app.ticket_store.note(
        session, ticket.id, at=at, person_id=person.id, what=action,
        details={"about_zh": entry.id, "about_en": entry.id, "text": note},
    )  # fmt: skip
    app.append(session, person, action, ticket.id, {"entry": entry.id})
