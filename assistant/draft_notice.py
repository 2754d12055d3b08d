"""A draft for an incident: regulator, individuals or colleagues; people check and send it."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.app import App
from assistant.work_incident import seen_incident
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.drafts import DraftKind, as_docx, draft


@dataclass(frozen=True, slots=True)
class DraftedNotice:
    """The draft as text and as Word, and the elements still missing."""

    name: str
    text: str
    docx: bytes
    missing: tuple[Bilingual, ...]


def draft_notice(
    app: App,
    person: Person,
    ticket_id: str,
    kind: DraftKind,
    *,
    given: Mapping[str, str] | None = None,
) -> DraftedNotice:
    """The draft filled from the ticket; it is not kept, and nothing is sent.

    Raises NotPermitted, TicketNotFound, BadInput for an element the draft does not have.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    ticket = seen_incident(app, person, ticket_id)
    made = draft(ticket, kind, given or {})
    details = {"draft": kind.value, "missing": len(made.missing)}
    with app.database.transaction() as session:
        app.ticket_store.note(
            session,
            ticket.id,
            at=app.clock(),
            person_id=person.id,
            what="incident:drafted",
            details={"about_zh": kind.label.zh, "about_en": kind.label.en},
        )
        app.append(session, person, "incident:drafted", ticket.id, details)
    return DraftedNotice(
        name=f"{ticket.id}-{kind.value}",
        text=made.text,
        docx=as_docx(made.text, drill=ticket.drill),
        missing=made.missing,
    )
