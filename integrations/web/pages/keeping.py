"""保存期满: what was kept long enough, and what becomes of it."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.keeping.act import destroy_kept, extend_kept, list_kept
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Form, as_day
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError
from tickets.keeping import day_after

router = APIRouter(include_in_schema=False)


@router.get("/kept")
def kept(request: Request, desk: SignedIn) -> Response:
    """What waits for this person because its period is over."""
    return _page(request, desk)


@router.post("/kept/{subject}/destroy")
def destroyed(request: Request, desk: SignedIn, subject: str) -> Response:
    """The destruction asked for: on to its ticket, or to the list where there are several."""
    try:
        tickets = destroy_kept(desk.app, desk.person, subject)
    except ProductError as error:
        return _page(request, desk, error)
    where = f"/tickets/{tickets[0].id}" if len(tickets) == 1 else "/tickets?kind=destruction"
    return RedirectResponse(where, 303)


@router.post("/kept/{subject}/extend")
def extended(request: Request, desk: SignedIn, subject: str, fields: Form) -> Response:
    """Kept on until a day, with a reason."""
    try:
        until = as_day(fields.get("until", ""))
        if until is None:
            raise BadFields("日期，例如 2026-11-23", "the date, for example 2026-11-23")
        extend_kept(desk.app, desk.person, subject, until, reason=fields.get("reason", ""))
    except ProductError as error:
        return _page(request, desk, error)
    return RedirectResponse("/kept", 303)


def _page(request: Request, desk: Desk, error: ProductError | None = None) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "kept.html",
        status=status_of(error) if error else 200,
        found=list_kept(desk.app, desk.person),
        year_on=day_after(desk.app.today(), 1),
        problem=error.message if error else None,
    )
