"""Messages of a chat put on the timeline of the incident that was reported in their thread.

Each goes there once, whoever marks it: personal data taken out, with who wrote and who marked it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from assistant.app import App
from assistant.incidents.report_incident import thread_key
from assistant.incidents.work_incident import check_concerned, cleared, working
from records.beijing import to_the_minute
from records.errors import Conflict
from records.language import Bilingual
from records.people import Person, person_by_account
from records.permissions import Permission
from tickets.tables import RequestRow, TicketRow
from tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message: its own key, the place of its thread, its text, whose account wrote it and when."""

    key: str
    place: str
    text: str = field(repr=False)
    account: str
    written_at: datetime


class AlreadyNoted(Conflict):
    """The message stands on the timeline."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(
            f"这条消息已在 {ticket_id} 的时间线上，不重复记。",
            f"This message is on the timeline of {ticket_id} already.",
        )


def is_followed(app: App, place: str) -> bool:
    """Whether an incident was reported there: in the thread, or anywhere in a channel it begins with."""
    with app.database.reading() as session:
        begun = RequestRow.key.startswith(f"thread:{place}", autoescape=True)
        return session.scalar(select(RequestRow.key).where(begun).limit(1)) is not None


def note_message(app: App, person: Person, chat: str, message: ChatMessage) -> Ticket:
    """The message as a line of the timeline; of several incidents of a thread the last one's.

    Raises NotPermitted, TicketNotFound, EmptyText, TextTooLong, AlreadyNoted.
    """
    app.authorise(person, Permission.TICKET_LIST)
    said = cleared(app, message.text)
    begun = RequestRow.key.startswith(thread_key(message.place, ""), autoescape=True)
    query = select(TicketRow.id).join(RequestRow, RequestRow.ticket_id == TicketRow.id).where(begun)
    with app.database.reading() as session:
        ticket_id = session.scalar(query.order_by(TicketRow.opened_at.desc()).limit(1)) or ""
        writer = person_by_account(session, chat, message.account)
    with working(app, person, ticket_id, "incident:noted", check_concerned) as work:
        if app.ticket_store.request_of(work.session, message.key):
            raise AlreadyNoted(work.ticket.id)
        app.ticket_store.remember_request(work.session, message.key, work.ticket.id)
        at = to_the_minute(message.written_at)
        who = Bilingual(writer.id, writer.id) if writer else Bilingual("未登记的成员", "a member")
        work.about = Bilingual(f"{who.zh} 的消息，{at}", f"message of {who.en}, {at}")
        work.text = said
        work.marks = {"written_at": message.written_at.isoformat()}
    return work.ticket
