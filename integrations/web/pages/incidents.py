"""The forms of an incident's page; each does one thing and goes back to the page."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.correct_awareness import correct_awareness, decide_awareness
from assistant.draft_notice import draft_notice
from assistant.incident_steps import hand_over_step, skip_step, take_step
from assistant.work_incident import (
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
from integrations.web.pages.tickets import show_ticket, typed_moment
from records.errors import ProductError
from tickets.drafts import DraftKind
from tickets.fact_values import read_facts
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


def _done(request: Request, desk: Desk, ticket_id: str, act: Callable[[], object]) -> Response:
    """Back to the page; or the page with what was wrong."""
    try:
        act()
    except ProductError as error:
        return show_ticket(request, desk, ticket_id, error=error)
    return RedirectResponse(f"/tickets/{ticket_id}", 303)


def _no_choice() -> object:
    raise BadFields("下拉选项", "the choices")
