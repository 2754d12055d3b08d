"""The forms of an incident's page; each does one thing and goes back to the page."""

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.incidents.bundle import export_incident
from assistant.incidents.correct_awareness import correct_awareness, decide_awareness
from assistant.incidents.describe_incident import describe_incident
from assistant.incidents.draft_notice import draft_notice
from assistant.incidents.evidence import add_incident_evidence
from assistant.incidents.review_incident import (
    PlannedAction,
    finish_action,
    read_report,
    review_incident,
)
from assistant.incidents.steps import hand_over_step, skip_step, take_step
from assistant.incidents.work_incident import (
    close_incident,
    move_incident,
    note_incident,
    revise_incident,
    settle_clock,
)
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.pages.tickets import ACTION_ROWS, show_ticket, typed_moment
from integrations.web.uploads import Uploaded
from records.errors import ProductError
from tickets.drafts.filling import DESCRIBED, DraftKind
from tickets.incidents.fact_values import read_facts
from tickets.ticket import State

router = APIRouter(include_in_schema=False)


@router.post("/tickets/{ticket_id}/facts")
def facts(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """New facts."""
    return _done(
        request,
        desk,
        ticket_id,
        lambda: revise_incident(
            desk.app,
            desk.person,
            ticket_id,
            facts=read_facts(fields),
            reason=fields.get("reason", ""),
        ),
    )


@router.post("/tickets/{ticket_id}/description")
def description(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """What reports and notices must say."""
    said = {name: fields[name] for name in DESCRIBED if name in fields}
    return _done(
        request,
        desk,
        ticket_id,
        lambda: describe_incident(desk.app, desk.person, ticket_id, described_as=said),
    )


@router.post("/tickets/{ticket_id}/clocks/{key}")
def clock(request: Request, desk: SignedIn, ticket_id: str, key: str, fields: Form) -> Response:
    """A clock met, or set aside."""
    return _done(
        request,
        desk,
        ticket_id,
        lambda: settle_clock(
            desk.app,
            desk.person,
            ticket_id,
            key,
            reference=fields.get("reference", ""),
            done_at=typed_moment(fields.get("done_at", "")),
            applies=fields.get("outcome") != "not_applicable",
        ),
    )


@router.post("/tickets/{ticket_id}/steps/{number}")
def step(request: Request, desk: SignedIn, ticket_id: str, number: int, fields: Form) -> Response:
    """A step taken, skipped or handed over."""
    app, person, said = desk.app, desk.person, fields.get("said", "")
    choices: dict[str, Callable[[], object]] = {
        "take": lambda: take_step(app, person, ticket_id, number, note=said),
        "skip": lambda: skip_step(app, person, ticket_id, number, reason=said),
        "hand_over": lambda: hand_over_step(app, person, ticket_id, number, to=said),
    }
    return _done(request, desk, ticket_id, choices.get(fields.get("what", ""), _no_choice))


@router.post("/tickets/{ticket_id}/awareness")
def awareness(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """The moment of awareness corrected."""

    def act() -> object:
        moment = typed_moment(fields.get("aware_at", ""))
        if moment is None:
            raise BadFields("更正后的知悉时间", "the corrected moment of awareness")
        reason = fields.get("reason", "")
        return correct_awareness(desk.app, desk.person, ticket_id, aware_at=moment, reason=reason)

    return _done(request, desk, ticket_id, act)


@router.post("/tickets/{ticket_id}/awareness/decision")
def awareness_decision(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """The second person's decision on a later moment."""
    approve, reason = fields.get("decision") == "approve", fields.get("reason", "")
    return _done(
        request,
        desk,
        ticket_id,
        lambda: decide_awareness(desk.app, desk.person, ticket_id, approve=approve, reason=reason),
    )


@router.post("/tickets/{ticket_id}/notes")
def note(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """A line in the timeline."""
    text = fields.get("text", "")
    return _done(
        request, desk, ticket_id, lambda: note_incident(desk.app, desk.person, ticket_id, text)
    )


@router.post("/tickets/{ticket_id}/state")
def state(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """Contained, handled, open again; or closed with a report."""
    to, said = fields.get("state", ""), fields.get("reason", "")

    def act() -> object:
        if to not in set(State):
            _no_choice()
        if to == State.CLOSED:
            return close_incident(desk.app, desk.person, ticket_id, said)
        return move_incident(desk.app, desk.person, ticket_id, State(to), reason=said)

    return _done(request, desk, ticket_id, act)


@router.get("/tickets/{ticket_id}/drafts/{kind}")
def draft_file(desk: SignedIn, ticket_id: str, kind: DraftKind) -> Response:
    """A draft as a Word document to save; what is missing stands in it as such."""
    made = draft_notice(desk.app, desk.person, ticket_id, kind)
    return attachment(f"{made.name}.docx", made.docx)


@router.post("/tickets/{ticket_id}/evidence")
def evidence(request: Request, desk: SignedIn, ticket_id: str, upload: Uploaded) -> Response:
    """A file of evidence."""
    what, data = upload.fields.get("what", ""), upload.untrusted_data
    return _done(
        request,
        desk,
        ticket_id,
        lambda: add_incident_evidence(desk.app, desk.person, ticket_id, data, what=what),
    )


@router.post("/tickets/{ticket_id}/review")
def review(request: Request, desk: SignedIn, ticket_id: str, fields: Form) -> Response:
    """The review after the incident."""
    said = {name: fields.get(name, "") for name in ("happened", "cause", "worked", "better")}
    return _done(
        request,
        desk,
        ticket_id,
        lambda: review_incident(desk.app, desk.person, ticket_id, **said, actions=_planned(fields)),
    )


@router.post("/tickets/{ticket_id}/actions/{number}")
def action(request: Request, desk: SignedIn, ticket_id: str, number: int, fields: Form) -> Response:
    """An action of the review done."""
    note = fields.get("note", "")
    return _done(
        request,
        desk,
        ticket_id,
        lambda: finish_action(desk.app, desk.person, ticket_id, number, note=note),
    )


@router.get("/tickets/{ticket_id}/report.pdf")
def report(desk: SignedIn, ticket_id: str) -> Response:
    """The closing report, or of a drill the report after it."""
    found = read_report(desk.app, desk.person, ticket_id)
    return attachment(found.name, found.data)


@router.post("/tickets/{ticket_id}/bundle")
def bundle(desk: SignedIn, ticket_id: str) -> Response:
    """The signed bundle of everything on record."""
    made = export_incident(desk.app, desk.person, ticket_id)
    return attachment(made.name, made.data)


def _planned(fields: Mapping[str, str]) -> list[PlannedAction]:
    """The actions of the form, of as many rows as it has; a row left empty is none."""
    found = []
    for row in range(1, ACTION_ROWS + 1):
        text, owner, day = (
            fields.get(f"{name}-{row}", "").strip() for name in ("action", "owner", "due")
        )
        if not (text or day):
            continue
        try:
            found.append(PlannedAction(text, owner, date.fromisoformat(day)))
        except ValueError:
            raise BadFields("行动的期限", "the day an action is due by") from None
    return found


def _done(request: Request, desk: Desk, ticket_id: str, act: Callable[[], object]) -> Response:
    """Back to the page; or the page with what was wrong."""
    try:
        act()
    except ProductError as error:
        return show_ticket(request, desk, ticket_id, error=error)
    return RedirectResponse(f"/tickets/{ticket_id}", 303)


def _no_choice() -> object:
    raise BadFields("下拉选项", "the choices")
