"""The review after an incident, its actions, and the closing report as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.follow_ups import finish_follow_up, open_follow_up
from assistant.incidents.pdf import closing_report, drill_report
from assistant.incidents.work_incident import LONGEST_REPORT, cleared, seen_incident, working
from assistant.tickets_view import concerned
from records.errors import BadInput, NotPermitted
from records.language import Bilingual
from records.people import Person, all_people, person_by_id
from records.permissions import Permission, allowed
from tickets.drills.data import scenario
from tickets.drills.score import score_of
from tickets.incidents.review import Action, Review, action_done, action_of, review_of, reviewed
from tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """What somebody is to do by a day."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report to save."""

    name: str
    data: bytes


def review_incident(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    happened: str,
    cause: str,
    worked: str = "",
    better: str = "",
    actions: Sequence[PlannedAction] = (),
) -> Ticket:
    """The review on record; it may be written again until the incident is closed.

    Raises NotPermitted, TicketNotFound, EmptyText, TextTooLong, MoveNotAllowed before the handling
    ended, BadInput for an owner nobody knows or a day that is over.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    happened, cause = (cleared(app, text, LONGEST_REPORT) for text in (happened, cause))
    worked, better = (
        cleared(app, text, LONGEST_REPORT) if text.strip() else "" for text in (worked, better)
    )
    texts = [cleared(app, one.text) for one in actions]
    with working(app, person, ticket_id, "incident:reviewed") as work:
        planned = []
        for one, text in zip(actions, texts, strict=True):
            _check_action(app, work.session, one)
            planned.append(Action(0, text, one.owner.strip(), one.due_on))
        review = Review(happened, cause, worked, better, by=person.id, at=work.now)
        work.ticket = reviewed(
            work.ticket,
            review,
            planned,
            lambda one: open_follow_up(app, work.session, person, work.ticket, one),
        )
        work.about = Bilingual(f"新增行动 {len(planned)} 项", f"{len(planned)} actions added")
        work.text, work.details = cause, {"actions": len(planned)}
    return work.ticket


def finish_action(app: App, person: Person, ticket_id: str, number: int, *, note: str) -> Ticket:
    """An action of the review done, with what shows it; by its owner or whoever handles incidents.

    Raises NotPermitted, TicketNotFound, NotFound, EmptyText, MoveNotAllowed where it was done before.
    """
    app.authorise(person, Permission.TICKET_LIST)
    said = cleared(app, note)

    def check(ticket: Ticket, one: Person) -> None:
        if action_of(ticket, number).owner != one.id and not allowed(
            one, Permission.INCIDENT_HANDLE
        ):
            raise NotPermitted("这项行动由别人负责。", "This action is somebody else's.")

    with working(app, person, ticket_id, "incident:action-done", check) as work:
        finish_follow_up(app, work.session, person, action_of(work.ticket, number), said)
        work.ticket = action_done(work.ticket, number, at=work.now, by=person.id, note=said)
        text = action_of(work.ticket, number).text
        work.about, work.text = Bilingual(f"{number}. {text}", f"action {number}"), said
        work.details = {"action": number}
    return work.ticket


def read_report(app: App, person: Person, ticket_id: str) -> ReportFile:
    """The closing report as it stands, or of a drill the report after it. As PDF.

    Raises NotPermitted, TicketNotFound.
    """
    app.authorise(person, Permission.TICKET_LIST)
    seen = seen_incident(app, person, ticket_id)
    if person.id not in concerned(seen) and not allowed(person, Permission.INCIDENT_READ):
        app.authorise(person, Permission.DRILL_RUN)
    with app.database.reading() as session:
        timeline = app.ticket_store.timeline(session, seen.id)
        people = all_people(session)
    if seen.drill:
        chosen = scenario(str(seen.facts["scenario"]))
        data = drill_report(seen, chosen, score_of(seen), timeline, app.clock(), people=people)
    else:
        data = closing_report(seen, timeline, review_of(seen), app.clock(), people=people)
    app.record(person, "incident:report-read", seen.id, {"size": len(data)})
    return ReportFile(f"{seen.id}-report.pdf", data)


def _check_action(app: App, session: Session, one: PlannedAction) -> None:
    if person_by_id(session, one.owner.strip()) is None:
        raise BadInput(
            "行动的负责人不存在。用 compliance people list 查看编号。",
            "The owner of an action does not exist; see: compliance people list",
        )
    if one.due_on < app.today():
        raise BadInput("行动的期限已经过去。", "The day an action is due by is over.")
