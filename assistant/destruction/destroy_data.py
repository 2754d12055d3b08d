"""A request to destroy records: a ticket with the earliest lawful date, or why not yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.report_incident import open_ticket, shortened
from assistant.redaction.clearing import clear_text, kinds_masked
from records.errors import BadInput
from records.language import Language, language_of
from records.people import Person
from records.permissions import Permission
from tickets.destruction.order import request
from tickets.retention.decision import decide, record_facts_from_text
from tickets.retention.facts import Decision, HolderType, RecordFacts, RecordKind, StartEvent
from tickets.ticket import State, Ticket, TicketKind

LONGEST_DESCRIPTION = 4000

RECORD_FACTS = TypeAdapter(RecordFacts)


@dataclass(frozen=True, slots=True)
class DestructionRequest:
    """The new ticket, and what may be done with the records today."""

    ticket: Ticket
    decision: Decision
    masked: tuple[str, ...]
    language: Language


def request_destruction(
    app: App,
    person: Person,
    description: str,
    *,
    record_kind: RecordKind | None = None,
    holder: HolderType | None = None,
    dates: Mapping[StartEvent, date] | None = None,
    hold: bool = False,
    dispute: bool = False,
    language: Language | None = None,
    key: str | None = None,
) -> DestructionRequest:
    """A destruction ticket. Nothing is destroyed: that takes appraisal, notice and two approvers.

    What is given counts for more than what is read from the text. A request handed in again under
    the same `key` gets the ticket it opened the first time. Raises NotPermitted, EmptyText,
    TextTooLong, or BadInput when the kind of record cannot be told.
    """
    app.authorise(person, Permission.DESTRUCTION_REQUEST)
    redaction = clear_text(app, description, LONGEST_DESCRIPTION)
    spoken = language or language_of(description)
    facts = _facts(redaction.cleared.text, record_kind, app.today())
    facts = replace(
        facts,
        holder=holder or facts.holder or app.settings.holder,
        dates={**facts.dates, **(dates or {})},
        hold=facts.hold or hold,
        dispute=facts.dispute or dispute,
    )
    text = redaction.cleared.text
    opened, decision = open_destruction(app, person, facts, text, key=key)
    return DestructionRequest(opened, decision, kinds_masked(redaction.findings, spoken), spoken)


def open_destruction(
    app: App,
    person: Person,
    facts: RecordFacts,
    description: str,
    *,
    key: str | None,
    own: str = "",
    closing: str = "",
) -> tuple[Ticket, Decision]:
    """The ticket for records of these facts, with what may be done with them today.

    `description` holds no personal data. `own`: records of this product by their number, which the
    program empties itself when the destruction is carried out. `closing`: the project whose clients'
    records these are.
    """
    decision = decide(facts, today=app.today())
    ticket = Ticket(
        id="",
        kind=TicketKind.DESTRUCTION,
        state=request(person.id, decision).state,
        title=shortened(description),
        description=description,
        opened_by=person.id,
        opened_at=app.clock(),
        facts={
            "record": RECORD_FACTS.dump_python(facts, mode="json"),
            "status": decision.status.value,
            "earliest": decision.earliest.isoformat() if decision.earliest else None,
            "latest": decision.latest.isoformat() if decision.latest else None,
            **({"own": own} if own else {}),
            **({"closing": closing} if closing else {}),
        },
    )
    opened = open_ticket(
        app,
        person,
        ticket,
        action="destruction:requested",
        details={"status": decision.status.value, "record": facts.kind.value},
        key=key,
    )
    return opened, decision


def free_key(app: App, session: Session, stem: str) -> tuple[str, str]:
    """The key of a request for the same records, and the ticket it opened if it is still in hand.

    One that was refused leaves the next request a key of its own.
    """
    key, number = stem, 1
    while (ticket := app.ticket_store.of_request(session, key)) and ticket.state is State.REFUSED:
        number += 1
        key = f"{stem}:{number}"
    return key, ticket.id if ticket else ""


def decision_of(ticket: Ticket, *, today: date) -> Decision | None:
    """What may be done today with the records of a destruction ticket, worked out anew."""
    return decide(facts_of(ticket), today=today) if ticket.facts.get("record") else None


def facts_of(ticket: Ticket) -> RecordFacts:
    """The facts of the record a destruction ticket speaks of."""
    return RECORD_FACTS.validate_python(ticket.facts.get("record"))


def _facts(text: str, record_kind: RecordKind | None, today: date) -> RecordFacts:
    read = record_facts_from_text(f"销毁：{text}", today=today)
    if record_kind is not None:
        return replace(read, kind=record_kind) if read else RecordFacts(kind=record_kind)
    if read is None:
        raise BadInput(
            "看不出要销毁的是哪类资料。请写明，例如：2021年解约客户的身份证复印件86份。",
            "It is not clear which records these are. Say so, for example: "
            "86 ID copies of clients whose contracts ended in 2021.",
        )
    return read
