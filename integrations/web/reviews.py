"""POST /api/reviews and below: findings listed, decided, and the proven copy."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.redaction.review_file import (
    Review,
    decide,
    drop_review,
    finish_review,
    read_review,
    start_review,
)
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from integrations.web.files import UPLOAD_FORM, RedactedFileView, file_view, wish_of
from integrations.web.uploads import Uploaded
from pii.kinds import Kind
from pii.review import Decision, Verdict

router = APIRouter(tags=["reviews"])


class PlaceView(View):
    """Where a text was found."""

    segment: int
    start: int
    end: int
    score: float
    reason: str
    where: Said


class GroupView(View):
    """Equal texts of one kind, decided together."""

    kind: Kind
    value: str
    places: tuple[PlaceView, ...]


class ReadView(View):
    """One segment of the original."""

    place: Said
    text: str
    label: str | None


class MaterialView(View):
    """The texts of the document and what was found in them."""

    segments: tuple[ReadView, ...]
    groups: tuple[GroupView, ...]


class DecisionBody(RequestBody):
    """A verdict about every place of a text."""

    verdict: Verdict
    kind: Kind
    value: str = Field(min_length=1, max_length=2000)
    new_kind: Kind | None = Field(default=None, description="For verdict change")
    reason: str = Field(default="", max_length=200)
    lasting: bool = Field(default=False, description="Becomes a rule for files to come")
    case: bool = Field(default=False, description="Becomes an eval case, with invented values")


class DecisionsBody(RequestBody):
    """Decisions; later ones replace earlier ones about the same text and kind."""

    decisions: list[DecisionBody] = Field(max_length=2500)


class DecisionView(View):
    """A decision as kept."""

    verdict: Verdict
    kind: Kind
    value: str
    new_kind: Kind | None
    lasting: bool
    case: bool


class ReviewView(View):
    """A review under way; for the one reviewing alone."""

    review_id: str = Field(examples=["V-0f3c9a6e11d2b784"])
    policy: str
    keep_until: datetime
    held_back: Said | None = Field(description="Where the copy would leak as things stand")
    material: MaterialView
    decisions: tuple[DecisionView, ...]


class FinishedView(View):
    """The copy, and how many decisions became rules."""

    file: RedactedFileView
    rules: int


@router.post("/reviews", response_model=ReviewView, status_code=201, openapi_extra=UPLOAD_FORM)
def start(desk: SignedIn, upload: Uploaded) -> Review:
    """The findings of a file. The original is kept encrypted until the review ends."""
    return start_review(
        desk.app, desk.person, upload.untrusted_data, upload.untrusted_name, wish_of(upload)
    )


@router.get("/reviews/{review_id}", response_model=ReviewView)
def read(desk: SignedIn, review_id: str) -> Review:
    """The review as it stands."""
    return read_review(desk.app, desk.person, review_id)


@router.post("/reviews/{review_id}/decisions", response_model=ReviewView)
def decisions(desk: SignedIn, review_id: str, body: DecisionsBody) -> Review:
    """The review with these decisions."""
    given = [Decision(**one.model_dump()) for one in body.decisions]
    return decide(desk.app, desk.person, review_id, given)


@router.post("/reviews/{review_id}/finish", response_model=FinishedView, status_code=201)
def finish(desk: SignedIn, review_id: str) -> FinishedView:
    """The redacted copy with the decisions applied, proven before release."""
    done = finish_review(desk.app, desk.person, review_id)
    return FinishedView(file=file_view(done.file), rules=done.rules)


@router.delete("/reviews/{review_id}", status_code=204, response_class=Response)
def drop(desk: SignedIn, review_id: str) -> Response:
    """The review ends without a copy; the original is erased."""
    drop_review(desk.app, desk.person, review_id)
    return Response(status_code=204)
