"""A draft for an incident: regulator, individuals or colleagues; people check and send it."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.app import App
from assistant.incidents.evidence import keep_file
from assistant.incidents.work_incident import seen_incident
from assistant.settings import Settings
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.drafts.filling import DraftKind, as_docx, draft


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
    """The draft filled from the ticket, a copy kept encrypted with the incident. Nothing is sent.

    Raises NotPermitted, TicketNotFound, BadInput for an element the draft does not have.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    ticket = seen_incident(app, person, ticket_id)
    officer = app.settings.officer
    # What stands there by default names nobody.
    contact = "" if officer == Settings.model_fields["officer"].default else officer
    made = draft(ticket, kind, given or {}, contact=contact)
    details = {"draft": kind.value, "missing": len(made.missing)}
    docx = as_docx(made.text, drill=ticket.drill)
    name = f"{ticket.id}-{kind.value}"
    with app.database.transaction() as session:
        kept = keep_file(app, session, ticket, docx, f"{name}.docx")
        app.ticket_store.note(
            session,
            ticket.id,
            at=app.clock(),
            person_id=person.id,
            what="incident:drafted",
            details={
                "about_zh": kind.label.zh,
                "about_en": kind.label.en,
                "draft": kind.value,
                **kept,
            },
        )
        app.append(session, person, "incident:drafted", ticket.id, details)
    return DraftedNotice(
        name=name,
        text=made.text,
        docx=docx,
        missing=made.missing,
    )
