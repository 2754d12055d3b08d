"""An incident graded step by step, before it is reported or while more becomes known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.app import App
from assistant.incidents.work_incident import seen_incident
from records.people import Person
from records.permissions import Permission
from tickets.clocks.deadlines import Deadline, start
from tickets.incidents.awareness_correction import aware_at
from tickets.incidents.fact_values import Fact, check_facts
from tickets.incidents.grade import Grading, IncidentFacts, IncidentKind, grade, questions
from tickets.incidents.grading_data import Question
from tickets.ticket_facts import incident_of


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade of the facts known, the clocks that would run from awareness, and what may be asked."""

    facts: IncidentFacts
    grading: Grading
    clocks: tuple[Deadline, ...]
    questions: Mapping[str, Question]


def grade_incident(
    app: App, person: Person, *, facts: Mapping[str, Fact], ticket_id: str = ""
) -> Graded:
    """What these facts give, over those of the incident if one is named. Nothing is changed.

    Raises NotPermitted, TicketNotFound, BadInput for a fact that cannot be.
    """
    app.authorise(person, Permission.INCIDENT_REPORT)
    check_facts(facts)
    known, since = IncidentFacts(IncidentKind.OTHER), app.clock()
    if ticket_id:
        ticket = seen_incident(app, person, ticket_id)
        known, since = incident_of(ticket.facts), aware_at(ticket)
    known = replace(known, **facts)  # type: ignore[arg-type]  # checked above
    found = grade(known)
    app.record(person, "incident:graded", ticket_id or "draft", {"severity": found.severity.value})
    clocks = start(known, found.severity, aware_at=since)
    return Graded(known, found, clocks, questions(known))
