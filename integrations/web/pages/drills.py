"""Drills: begin one from a scenario, end and score it; the work itself is on its ticket's page."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.incidents.drills import end_drill, list_drills, list_scenarios, start_drill
from integrations.web.desk import Desk, SignedIn
from integrations.web.forms import Fields
from integrations.web.pages.tickets import show_ticket
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError
from records.permissions import Permission, allowed

router = APIRouter(include_in_schema=False)


@router.get("/drills")
def drills(request: Request, desk: SignedIn) -> Response:
    """The drills this person may see, and the scenarios for whoever may begin one."""
    return _page(request, desk)


@router.post("/drills")
def begin(request: Request, desk: SignedIn, fields: Fields) -> Response:
    """A drill begun; on to its ticket."""
    scenario = str(fields.get("scenario", ""))
    joining = [str(one) for one in fields.getlist("participants") if one]
    try:
        found = start_drill(desk.app, desk.person, scenario, joining)
    except ProductError as error:
        return _page(request, desk, scenario, joining, error)
    return RedirectResponse(f"/tickets/{found.ticket.id}", 303)


@router.post("/tickets/{ticket_id}/drill/end")
def end(request: Request, desk: SignedIn, ticket_id: str) -> Response:
    """The drill ended and scored."""
    try:
        end_drill(desk.app, desk.person, ticket_id)
    except ProductError as error:
        return show_ticket(request, desk, ticket_id, error=error)
    return RedirectResponse(f"/tickets/{ticket_id}", 303)


def _page(
    request: Request,
    desk: Desk,
    scenario: str = "",
    joining: Sequence[str] = (),
    error: ProductError | None = None,
) -> Response:
    runs = allowed(desk.person, Permission.DRILL_RUN)
    return pages_of(request).page(
        request,
        desk,
        "drills.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        chosen=scenario,
        joining=joining or (desk.person.id,),
        tickets=list_drills(desk.app, desk.person),
        scenarios=list_scenarios(desk.app, desk.person) if runs else (),
    )
