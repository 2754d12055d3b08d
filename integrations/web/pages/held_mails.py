"""待核对邮件: mails about incidents that opened no ticket, why, and a ticket from one after all."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.incidents.mail_reports import HELD_FOR, held_mails, release_mail
from integrations.web.desk import Desk, SignedIn
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError

router = APIRouter(include_in_schema=False)


@router.get("/incidents/mails")
def mails(request: Request, desk: SignedIn) -> Response:
    """Those that wait, newest first."""
    return _page(request, desk)


@router.post("/incidents/mails/{number}/release")
def released(request: Request, desk: SignedIn, number: int) -> Response:
    """The ticket a held mail opens, in this responder's name."""
    try:
        done = release_mail(desk.app, desk.person, number)
    except ProductError as error:
        return _page(request, desk, error)
    return RedirectResponse(f"/tickets/{done.ticket_id}?new=true", 303)


def _page(request: Request, desk: Desk, error: ProductError | None = None) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "held_mails.html",
        status=status_of(error) if error else 200,
        mails=held_mails(desk.app, desk.person),
        held_for=HELD_FOR,
        problem=error.message if error else None,
    )
