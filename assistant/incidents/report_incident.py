"""Something happened: a ticket with its grade, every clock that runs, and what to do first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from assistant.app import App
from assistant.redaction.clearing import clear_text, kinds_masked
from records.audit import Detail
from records.beijing import SHANGHAI
from records.errors import BadInput
from records.language import Language, language_of
from records.people import Person
from records.permissions import Permission
from tickets.clocks.deadlines import start
from tickets.incidents.awareness import AwareBy, aware_from_text
from tickets.incidents.fact_values import Fact, check_facts
from tickets.incidents.grade import Grading, IncidentFacts, facts_from_text, grade
from tickets.playbooks.data import Playbook, choose
from tickets.ticket import Ticket, TicketKind, first_state, steps_of
from tickets.ticket_facts import grading_as_facts, incident_as_facts

LONGEST_DESCRIPTION = 8000
TITLE_LENGTH = 40
# Clocks of two computers differ a little; more is a mistake in the time given.
CLOCK_SKEW = timedelta(minutes=5)
LONGEST_AGO = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """The new ticket, why it is graded so, and the playbook it follows."""

    ticket: Ticket
    grading: Grading
    playbook: Playbook
    masked: tuple[str, ...]
    language: Language


def report_incident(
    app: App,
    person: Person,
    description: str,
    *,
    aware_at: datetime | None = None,
    said_at: datetime | None = None,
    people: int | None = None,
    sensitive: bool | None = None,
    critical_infrastructure: bool = False,
    facts: Mapping[str, Fact] | None = None,
    language: Language | None = None,
    key: str | None = None,
    place: str = "",
) -> IncidentReport:
    """A restricted ticket, its description redacted. Clocks run from awareness, not from filing.

    A request handed in again under the same `key` gets the ticket it opened the first time. `place`:
    the thread of a chat that it was reported in (see marked_messages.py).

    What is given counts for more than what is read from the text, the time included; `facts` are
    further ones, as the grading asks for them. `said_at`: when the report was written where it came as a
    message or a mail: days in the text are counted from it, and so is the clock where nothing is stated.

    Raises NotPermitted, EmptyText, TextTooLong, BadInput for a moment of awareness in the future
    or a fact that cannot be.
    """
    app.authorise(person, Permission.INCIDENT_REPORT)
    redaction = clear_text(app, description, LONGEST_DESCRIPTION)
    spoken = language or language_of(description)
    now = app.clock()
    said = moment_given(said_at, now)
    read_at = None if aware_at else aware_from_text(redaction.cleared.text, said)
    aware = moment_given(aware_at or read_at or said, now)
    source = AwareBy.GIVEN if aware_at else AwareBy.TEXT if read_at else AwareBy.FILING
    given: dict[str, Fact] = {"people": people, "sensitive": sensitive, **(facts or {})}
    if critical_infrastructure:
        given["critical_infrastructure"] = True
    known = _known(redaction.cleared.text, given)
    grading, playbook = grade(known), choose(known)
    ticket = Ticket(
        id="",
        kind=TicketKind.INCIDENT,
        state=first_state(TicketKind.INCIDENT),
        title=f"{playbook.name.pick(spoken)}：{shortened(redaction.cleared.text)}",
        description=redaction.cleared.text,
        opened_by=person.id,
        opened_at=now,
        facts={
            **incident_as_facts(known),
            **grading_as_facts(grading),
            "playbook": playbook.id,
            "aware_at": aware.isoformat(),
            "aware_by": source.value,
        },
        restricted=True,
        deadlines=start(known, grading.severity, aware_at=aware),
        steps=steps_of(playbook.steps, aware_at=aware),
    )
    opened = open_ticket(
        app,
        person,
        ticket,
        action="incident:reported",
        details={"severity": grading.severity.value, "deadlines": len(ticket.deadlines)},
        key=key,
        place=place,
    )
    masked = kinds_masked(redaction.findings, spoken)
    return IncidentReport(opened, grading, playbook, masked, spoken)


def open_ticket(
    app: App,
    person: Person,
    ticket: Ticket,
    *,
    action: str,
    details: dict[str, Detail],
    key: str | None,
    place: str = "",
) -> Ticket:
    """The ticket with its number: row, first line of the timeline and audit event, or nothing."""
    year = ticket.opened_at.astimezone(SHANGHAI).year
    with app.database.transaction() as session:
        if key and (known := app.ticket_store.of_request(session, key)):
            app.append(session, person, "ticket:repeated", known.id)
            return known
        number = app.ticket_store.next_number(session, ticket.kind, year, drill=ticket.drill)
        opened = replace(ticket, id=number)
        app.ticket_store.save(session, opened)
        if key:
            app.ticket_store.remember_request(session, key, number)
        if place:
            app.ticket_store.remember_request(session, thread_key(place, number), number)
        app.ticket_store.note(
            session, number, at=ticket.opened_at, person_id=person.id, what="opened"
        )
        app.append(session, person, action, number, details)
    return opened


def thread_key(place: str, ticket_id: str) -> str:
    """What remembers that a ticket was opened in a thread of a chat."""
    return f"thread:{place}#{ticket_id}"


def _known(text: str, given: Mapping[str, Fact]) -> IncidentFacts:
    """What the text says, and over it what was given; None leaves what was read."""
    stated = {name: value for name, value in given.items() if value is not None}
    check_facts(stated)
    return replace(facts_from_text(text), **stated)  # type: ignore[arg-type]  # checked above


def moment_given(aware_at: datetime | None, now: datetime) -> datetime:
    """The moment in UTC; now if none was given. Raises BadInput for the future and long ago."""
    if aware_at is None:
        return now
    if aware_at.tzinfo is None:
        aware_at = aware_at.replace(tzinfo=SHANGHAI)
    if aware_at < now - LONGEST_AGO:
        raise BadInput(
            "知悉时间太早了，请核对年份。",
            "The moment of awareness is too long ago; check the year.",
        )
    if aware_at > now + CLOCK_SKEW:
        raise BadInput(
            "知悉时间不能晚于现在。请按北京时间填写实际知悉的时刻。",
            "The moment of awareness cannot be in the future. Give it in Beijing time.",
        )
    return min(aware_at, now).astimezone(UTC)


def shortened(text: str) -> str:
    """One line that fits a list."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"
