"""The forms of an incident's page; each does one thing and goes back to the page."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.draft_notice import draft_notice
from assistant.incident_steps import hand_over_step, skip_step, take_step
from assistant.work_incident import (
    Fact,
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
from integrations.web.pages.tickets import YES_NO, show_ticket, typed_moment, typed_number
from records.errors import ProductError
from tickets.drafts import DraftKind
from tickets.incident_facts import IncidentKind
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
            facts=_facts(fields),
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


def _facts(fields: Mapping[str, str]) -> dict[str, Fact]:
    """What was changed on the form."""
    found: dict[str, Fact] = {}
    if (kind := fields.get("kind", "")) in set(IncidentKind):
        found["kind"] = IncidentKind(kind)
    if fields.get("people", "").strip():
        found["people"] = typed_number(fields["people"])
    for name, value in fields.items():
        if name not in ("kind", "people", "reason") and value in ("yes", "no"):
            found[name] = YES_NO[value]
    return found


def _no_choice() -> object:
    raise BadFields("下拉选项", "the choices")
