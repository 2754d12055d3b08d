"""The redaction page: a file in, its copy out, with every finding beside the text."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.redaction.list_policies import list_policies
from assistant.redaction.redacted_copies import fetch_redacted, fetch_report
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.files import redact_upload_of
from integrations.web.limits import UPLOAD_BYTES
from integrations.web.marking import Numbered
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from pii.formats.registry import SUFFIXES
from pii.kinds import Kind
from pii.report import RedactionReport
from pii.report_page import report_page
from records.errors import ProductError
from records.language import Bilingual

router = APIRouter(include_in_schema=False)

# A page with more findings than this is of no use to a reader; the report has them all.
SHOWN_LINES = 1000
SHOWN_SEGMENTS = 400


# Cells of one table row are read as one line: 第2行第3列, 第1个工作表B7.
_CELL = re.compile(r"(?P<row>.*第\d+行)第\d+列|(?P<sheet>.*工作表)[A-Z]{1,3}(?P<number>\d+)")

_PLACES = tuple(
    (re.compile(zh), en)
    for zh, en in (
        (r"第(\d+)个工作表", r"sheet \1 "),
        (r"第(\d+)行", r"row \1"),
        (r"第(\d+)段", r", paragraph \1"),
        ("文件名", "file name"),
        ("^正文", "body"),
        ("文件属性", "properties"),
        ("^部件", "part"),
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of redacted text with its numbered places."""

    text: str
    lines: tuple[Numbered, ...]


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """A paragraph, or the cells of one row."""

    place: Bilingual
    parts: tuple[Part, ...]


class ReportFile(StrEnum):
    """The forms a report is saved in."""

    READABLE = "report.html"
    JSON = "report.json"
    SUMMARY = "summary.json"


@router.get("/redact")
def redact_page(request: Request, desk: SignedIn) -> Response:
    """The upload form."""
    return upload_page(request, desk)


@router.post("/redact")
def redact_upload(request: Request, desk: SignedIn, upload: Uploaded) -> Response:
    """On to the result, or what is said when the file is refused."""
    try:
        done = redact_upload_of(desk, upload)
    except ProductError as error:
        return upload_page(request, desk, status=status_of(error), problem=error.message)
    return RedirectResponse(f"/redacted/{done.file_id}/report", 303)


@router.get("/redact/policies")
def policies_page(request: Request, desk: SignedIn) -> Response:
    """What each policy does with every kind, for whom, and by which articles."""
    listed = list_policies(desk.app, desk.person)
    return pages_of(request).page(request, desk, "policies.html", listed=listed, kinds=tuple(Kind))


@router.get("/redacted/{file_id}")
def redacted_copy(desk: SignedIn, file_id: str) -> Response:
    """The copy to save."""
    name, data = fetch_redacted(desk.app, desk.person, file_id)
    return attachment(name, data)


@router.get("/redacted/{file_id}/report")
def result_page(request: Request, desk: SignedIn, file_id: str, rules: int = 0) -> Response:
    """The released copy with every finding beside the text; how many rules a review made."""
    kept = fetch_report(desk.app, desk.person, file_id)
    report = kept.report
    numbered = tuple(Numbered(n, line) for n, line in enumerate(report.lines[:SHOWN_LINES], 1))
    return pages_of(request).page(
        request,
        desk,
        "redacted.html",
        kept=kept,
        rules=rules,
        report=report,
        numbered=numbered,
        segments=_segments(report, numbered)[:SHOWN_SEGMENTS],
        hidden=max(0, len(report.lines) - SHOWN_LINES),
    )


@router.get("/redacted/{file_id}/{part}")
def report_part(desk: SignedIn, file_id: str, part: ReportFile) -> Response:
    """The report to save: for people, for programs, or signed."""
    kept = fetch_report(desk.app, desk.person, file_id)
    if part is ReportFile.READABLE:
        text = report_page(kept.report)
    else:
        text = kept.report.to_json() if part is ReportFile.JSON else kept.summary
    return attachment(f"{kept.report.document}.{part.value}", text.encode())


def upload_page(
    request: Request, desk: Desk, *, status: int = 200, problem: Bilingual | None = None
) -> Response:
    """The form that takes a file, with what was wrong with the last one."""
    return pages_of(request).page(
        request,
        desk,
        "redact.html",
        status=status,
        problem=problem,
        suffixes=sorted(SUFFIXES),
        limit=UPLOAD_BYTES,
        review_minutes=desk.app.settings.review_minutes,
        policies=list_policies(desk.app, desk.person),
    )


def _segments(report: RedactionReport, numbered: tuple[Numbered, ...]) -> list[ShownSegment]:
    """The text in order, each piece with its own lines; pieces without text are left out."""
    by_segment: dict[int, list[Numbered]] = {}
    for one in numbered:
        by_segment.setdefault(one.line.segment, []).append(one)
    pieces = [
        (_row_or_place(place), Part(text, tuple(by_segment.get(index, ()))))
        for index, (place, text) in enumerate(report.segments)
        if text.strip()
    ]
    return [
        ShownSegment(_in_english(place), tuple(part for _, part in parts))
        for place, parts in groupby(pieces, key=lambda piece: piece[0])
    ]


def _row_or_place(place: str) -> str:
    cell = _CELL.fullmatch(place)
    if cell is None:
        return place
    return cell["row"] or f"{cell['sheet']}第{cell['number']}行"


def _in_english(place: str) -> Bilingual:
    """The place in both languages: the report names its segments in Chinese only."""
    english = place
    for pattern, words in _PLACES:
        english = pattern.sub(words, english)
    return Bilingual(place, english)
