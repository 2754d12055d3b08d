"""How well questions are answered, and how the set-up stands."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.operations.check_setup import check_setup
from assistant.questions.read_quality import read_quality
from assistant.registers.yearly_review import Share
from integrations.web.desk import SignedIn
from integrations.web.render import pages_of

router = APIRouter(include_in_schema=False)


@router.get("/quality")
def quality_page(request: Request, desk: SignedIn) -> Response:
    """The last weeks in plots, and what was measured of this release."""
    quality = read_quality(desk.app, desk.person)
    return pages_of(request).page(
        request,
        desk,
        "quality.html",
        quality=quality,
        labels=[f"{week.monday:%m-%d}" for week in quality.weeks],
        shares=[Share(one.label, count) for one, count in quality.outcomes.items()],
    )


@router.get("/setup")
def setup_page(request: Request, desk: SignedIn) -> Response:
    """What is configured, what is missing, what would be better; no model is asked."""
    parts = check_setup(desk.app, desk.person)
    return pages_of(request).page(request, desk, "setup.html", parts=parts)
