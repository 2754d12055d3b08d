"""The review page: findings beside the text, decided in groups; then the proven copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from assistant.redaction.review_file import (
    Review,
    decide,
    drop_review,
    finish_review,
    read_review,
    start_review,
)
from integrations.web.desk import Desk, SignedIn
from integrations.web.files import wish_of
from integrations.web.marking import MarkedPlace, reviewed_segment
from integrations.web.pages.redact import upload_page
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from pii.kinds import Kind
from pii.review import Decision, Group, Verdict, around
from pii.rules import key_of
from records.errors import NotFound, ProductError
from records.language import Bilingual

router = APIRouter(include_in_schema=False)

MOST_FIELDS = 12_000
SHOWN_PLACES = 5


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with the reviewer's decision and the words around its first places."""

    number: int
    group: Group
    decision: Decision | None
    samples: tuple[tuple[Bilingual, tuple[str, str, str]], ...]

    @property
    def rejected(self) -> bool:
        """Whether the reviewer lets the text stay."""
        return self.decision is not None and self.decision.verdict is Verdict.REJECT

    @property
    def kind(self) -> Kind:
        """The kind as decided."""
        changed = self.decision.new_kind if self.decision else None
        return changed or self.group.kind


async def read_decisions(request: Request, _desk: SignedIn) -> dict[str, str]:
    """The fields of the form, of which a long document has thousands."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(read_decisions)]


@router.post("/reviews")
def review_upload(request: Request, desk: SignedIn, upload: Uploaded) -> Response:
    """To the review of the file, or the upload form with what is wrong."""
    try:
        review = start_review(
            desk.app, desk.person, upload.untrusted_data, upload.untrusted_name, wish_of(upload)
        )
    except ProductError as error:
        return upload_page(request, desk, status=status_of(error), problem=error.message)
    if review.held_back is not None:
        return _page(request, desk, review, problem=review.held_back)
    return RedirectResponse(f"/reviews/{review.review_id}", 303)


@router.get("/reviews/{review_id}")
def review_page(request: Request, desk: SignedIn, review_id: str) -> Response:
    """The review as it stands, for the one reviewing."""
    return _page(request, desk, read_review(desk.app, desk.person, review_id))


@router.post("/reviews/{review_id}")
def review_decided(request: Request, desk: SignedIn, review_id: str, fields: Fields) -> Response:
    """Decisions saved; then the copy, the page again, or the upload form."""
    if fields.get("do") == "drop":
        drop_review(desk.app, desk.person, review_id)
        return RedirectResponse("/redact", 303)
    review = read_review(desk.app, desk.person, review_id)
    try:
        review = decide(desk.app, desk.person, review_id, _decisions(review, fields))
        if fields.get("do") == "finish":
            done = finish_review(desk.app, desk.person, review_id)
            return RedirectResponse(f"/redacted/{done.file.file_id}/report?rules={done.rules}", 303)
    except NotFound:
        raise
    except ProductError as error:
        return _page(request, desk, review, status=status_of(error), problem=error.message)
    return RedirectResponse(f"/reviews/{review_id}", 303)


def _decisions(review: Review, fields: Mapping[str, str]) -> list[Decision]:
    """What the form says about each group, the texts already added, and the one added now."""
    reason = fields.get("reason", "").strip()
    found = []
    for number, group in enumerate(review.material.groups):
        kind = _kind(fields.get(f"kind-{number}", "")) or group.kind
        verdict = Verdict.REJECT if fields.get(f"verdict-{number}") == "reject" else Verdict.ACCEPT
        if verdict is Verdict.ACCEPT and kind is not group.kind:
            verdict = Verdict.CHANGE
        found.append(
            Decision(
                verdict,
                group.kind,
                group.value,
                kind if verdict is Verdict.CHANGE else None,
                reason,
                lasting=f"keep-{number}" in fields and verdict is not Verdict.ACCEPT,
                case=f"case-{number}" in fields,
            )
        )
    text, kind_added = fields.get("add-text", "").strip(), _kind(fields.get("add-kind", ""))
    if text and kind_added:
        found.append(
            Decision(
                Verdict.ADD,
                kind_added,
                text,
                reason=reason,
                lasting="add-keep" in fields,
                case="add-case" in fields,
            )
        )
    for number, added in enumerate(_added(review)):
        if f"undo-{number}" in fields:
            found.append(Decision(Verdict.ACCEPT, added.kind, added.value))
    return found


def _kind(text: str) -> Kind | None:
    return Kind(text) if text in set(Kind) else None


def _added(review: Review) -> list[Decision]:
    return [one for one in review.decisions if one.verdict is Verdict.ADD]


def _page(
    request: Request,
    desk: Desk,
    review: Review,
    *,
    status: int = 200,
    problem: Bilingual | None = None,
) -> Response:
    groups = _shown(review)
    return pages_of(request).page(
        request,
        desk,
        "review.html",
        status=status,
        review=review,
        groups=[(kind, list(some)) for kind, some in groupby(groups, lambda one: one.group.kind)],
        total=len(groups),
        added=_added(review),
        segments=_marked(review, groups),
        kinds=tuple(Kind),
        problem=problem,
    )


def _shown(review: Review) -> list[ShownGroup]:
    decisions = {(one.kind, key_of(one.value)): one for one in review.decisions}
    read = review.material.segments
    return [
        ShownGroup(
            number,
            group,
            decisions.get((group.kind, key_of(group.value))),
            tuple(
                (p.where, around(read[p.segment], p.start, p.end))
                for p in group.places[:SHOWN_PLACES]
            ),
        )
        for number, group in enumerate(review.material.groups)
    ]


def _marked(review: Review, groups: list[ShownGroup]) -> list[tuple[Bilingual, object]]:
    """Each segment with text, its places marked and linked to their groups."""
    places: dict[int, list[MarkedPlace]] = {}
    for shown in groups:
        for place in shown.group.places:
            places.setdefault(place.segment, []).append(
                MarkedPlace(place.start, place.end, shown.number, stays=shown.rejected)
            )
    for number, read in enumerate(review.material.segments):
        for added in _added(review):
            at = read.text.find(added.value)
            while at >= 0:
                places.setdefault(number, []).append(
                    MarkedPlace(at, at + len(added.value), None, stays=False)
                )
                at = read.text.find(added.value, at + len(added.value))
    return [
        (read.place, reviewed_segment(read.text, places.get(number, ())))
        for number, read in enumerate(review.material.segments)
        if read.text.strip()
    ]
