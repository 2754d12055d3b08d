"""The audit page: who did what, found by person, subject, action and day; the chain checked on demand."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.operations.check_audit import verify_audit
from assistant.operations.read_audit import event_names, read_audit
from integrations.web.desk import SignedIn
from integrations.web.forms import as_day
from integrations.web.render import pages_of

router = APIRouter(include_in_schema=False)


@router.get("/audit")
def audit_page(
    request: Request,
    desk: SignedIn,
    person: str = "",
    subject: str = "",
    action: str = "",
    since: str = "",
    until: str = "",
    before: int | None = None,
) -> Response:
    """For those permitted; looking is itself an event."""
    trail = read_audit(
        desk.app,
        desk.person,
        person_id=person,
        subject=subject,
        action=action,
        since=as_day(since),
        until=as_day(until),
        before=before,
    )
    asked = {"person": person, "subject": subject, "action": action, "since": since, "until": until}
    return pages_of(request).page(
        request,
        desk,
        "audit.html",
        trail=trail,
        asked=asked,
        names=event_names(),
    )


@router.get("/audit/chain")
def chain_page(request: Request, desk: SignedIn) -> Response:
    """Every event checked in order: a moment where there are many."""
    view = verify_audit(desk.app, desk.person)
    return pages_of(request).page(request, desk, "audit_chain.html", view=view)
