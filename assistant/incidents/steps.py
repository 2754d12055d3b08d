"""The steps of an incident: taken with evidence, skipped with a reason, handed to somebody."""

from collections.abc import Callable

from assistant.app import App
from assistant.incidents.work_incident import LONGEST_NOTE, Work, check_concerned, cleared, working
from assistant.redaction.clearing import clear_reason
from records.errors import BadInput, NotPermitted
from records.language import Bilingual
from records.people import Person, colleague
from records.permissions import Permission, allowed
from tickets.incidents.work import hand_over, skip, step_of, take
from tickets.playbooks.data import StepRole
from tickets.ticket import Ticket


def take_step(app: App, person: Person, ticket_id: str, number: int, *, note: str = "") -> Ticket:
    """The step taken; `note` names the evidence kept.

    Raises NotPermitted, TicketNotFound, NotFound, TextTooLong, MoveNotAllowed if it was done before.
    """
    app.authorise(person, Permission.TICKET_LIST)
    said = cleared(app, note) if note.strip() else ""
    with working(app, person, ticket_id, "incident:step-taken", _check_own(number)) as work:
        work.ticket = take(work.ticket, number, at=work.now, by=person.id, note=said)
        _tell(work, number, said)
    return work.ticket


def skip_step(app: App, person: Person, ticket_id: str, number: int, *, reason: str) -> Ticket:
    """The step skipped, and why. Raises as `take_step` does, ReasonMissing."""
    app.authorise(person, Permission.INCIDENT_HANDLE)
    said = clear_reason(app, reason, LONGEST_NOTE)
    with working(app, person, ticket_id, "incident:step-skipped") as work:
        work.ticket = skip(work.ticket, number, at=work.now, by=person.id, reason=said)
        _tell(work, number, said)
    return work.ticket


def hand_over_step(app: App, person: Person, ticket_id: str, number: int, *, to: str) -> Ticket:
    """The step in somebody's hands, who from now on sees this incident.

    Raises as `take_step` does, and BadInput where nobody of that number or account may work on tickets.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    with working(app, person, ticket_id, "incident:step-handed-over") as work:
        owner = colleague(work.session, to)
        if owner is None or not allowed(owner, Permission.TICKET_LIST):
            raise BadInput(
                "没有这个人，或其没有角色。请填写其人员编号或本机账号。",
                "No such person, or one without a role. Give their number or account on the machine.",
            )
        work.ticket = hand_over(work.ticket, number, to=owner.id)
        _tell(work, number, owner.id)
    return work.ticket


def _tell(work: Work, number: int, said: str) -> None:
    step = step_of(work.ticket, number).step
    work.about = Bilingual(f"第{number}步：{step.text.zh}", f"Step {number}: {step.text.en}")
    work.text, work.details, work.marks = said, {"step": number}, {"step": number}


def _check_own(number: int) -> Callable[[Ticket, Person], None]:
    def check(ticket: Ticket, person: Person) -> None:
        check_concerned(ticket, person)
        found = step_of(ticket, number)
        reporters = found.owner is None and found.step.role is StepRole.REPORTER
        own = found.owner == person.id or (reporters and ticket.opened_by == person.id)
        if not own and not allowed(person, Permission.INCIDENT_HANDLE):
            raise NotPermitted(
                "这一步由别人经办；请联系事件处置人员。",
                "This step is for somebody else; ask an incident responder.",
            )

    return check
