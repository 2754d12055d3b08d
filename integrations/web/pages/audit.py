"""The audit page: whether the chain holds, and the newest events."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.check_audit import verify_audit
from integrations.web.desk import SignedIn
from integrations.web.render import pages_of

router = APIRouter(include_in_schema=False)


@router.get("/audit")
def audit_page(request: Request, desk: SignedIn) -> Response:
    """For those permitted; looking is itself an event."""
    view = verify_audit(desk.app, desk.person)
    return pages_of(request).page(request, desk, "audit.html", view=view)
