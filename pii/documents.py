"""A client file in, a redacted copy of the same format and its report out."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any

from pii.case import Case
from pii.detect import Detector
from pii.errors import TooLarge, UnreadableDocument
from pii.findings import Finding
from pii.formats.calendar_text import open_calendar
from pii.formats.docx import open_docx, read_docx_again
from pii.formats.html_second import read_html_again
from pii.formats.html_text import open_html
from pii.formats.json_text import (
    open_json,
    open_json_lines,
    read_json_again,
    read_json_lines_again,
)
from pii.formats.mail import open_mail, read_mail_again
from pii.formats.markdown import open_markdown
from pii.formats.opening import (
    AS_THEY_ARE,
    STANDARD_LIMITS,
    Budget,
    Format,
    Limits,
    Opening,
    PageWishes,
    format_of,
    suffix_of,
)
from pii.formats.package import OFFICE
from pii.formats.plain import open_plain, read_plain_again
from pii.formats.pptx import open_pptx, read_pptx_again
from pii.formats.segments import Opened, Segment
from pii.formats.table import open_csv, open_tsv, read_csv_again, read_tsv_again
from pii.formats.xlsx import open_xlsx, read_xlsx_again
from pii.formats.xml_text import open_xml, read_xml_again
from pii.formats.zip_files import open_zip, read_zip_again
from pii.policy import Pictures, RedactionPolicy, Treatment
from pii.propagate import spreads
from pii.redact import Treated, redact_all, survey
from pii.report import RedactionReport, ReportLine
from pii.verify import Original, check
from records.errors import ProductError
from records.language import Bilingual

_NAME_PLACE = Bilingual("文件名", "file name")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u202a-\u202e\u2066-\u2069]")
_SLICE = 200_000


def _picture(*begins: bytes) -> Format:
    return Format(
        "picture",
        _later("image", "open_image"),
        _later("image", "read_image_again"),
        "OpenCV, rapidocr",
        begins,
    )


def _later(module: str, name: str) -> Any:
    """A function of a format whose libraries take a second to load, loaded at first use."""

    def call(data: bytes, opening: Opening) -> Any:
        return getattr(import_module(f"pii.formats.{module}"), name)(data, opening)

    return call


FORMATS: dict[str, Format] = {
    ".txt": Format("text", open_plain, read_plain_again, "str.splitlines"),
    ".md": Format("markdown", open_markdown, read_plain_again, "str.splitlines"),
    ".csv": Format("csv", open_csv, read_csv_again, "csv"),
    ".tsv": Format("tsv", open_tsv, read_tsv_again, "csv"),
    ".json": Format("json", open_json, read_json_again, "json"),
    ".jsonl": Format("jsonl", open_json_lines, read_json_lines_again, "json"),
    ".ndjson": Format("jsonl", open_json_lines, read_json_lines_again, "json"),
    ".xml": Format("xml", open_xml, read_xml_again, "xml.etree"),
    ".html": Format("html", open_html, read_html_again, "html5lib"),
    ".htm": Format("html", open_html, read_html_again, "html5lib"),
    ".ics": Format("calendar", open_calendar, read_plain_again, "str.splitlines"),
    ".vcf": Format("address card", open_calendar, read_plain_again, "str.splitlines"),
    ".eml": Format("mail", open_mail, read_mail_again, "email.policy.default"),
    ".zip": Format("zip", open_zip, read_zip_again, "zipfile", (b"PK",)),
    ".pdf": Format(
        "pdf",
        _later("pdf", "open_pdf"),
        _later("pdf_second", "read_pdf_again"),
        "PDFium, pikepdf",
        (b"%PDF",),
    ),
    ".png": _picture(b"\x89PNG"),
    ".jpg": _picture(b"\xff\xd8\xff"),
    ".jpeg": _picture(b"\xff\xd8\xff"),
    ".tif": _picture(b"II*\x00", b"MM\x00*"),
    ".tiff": _picture(b"II*\x00", b"MM\x00*"),
    ".gif": _picture(b"GIF8"),
    ".bmp": _picture(b"BM"),
    ".webp": _picture(b"RIFF"),
    ".docx": Format("docx", open_docx, read_docx_again, "python-docx, zipfile", OFFICE),
    ".xlsx": Format("xlsx", open_xlsx, read_xlsx_again, "openpyxl, zipfile", OFFICE),
    ".pptx": Format("pptx", open_pptx, read_pptx_again, "python-pptx, zipfile", OFFICE),
}
SUFFIXES = frozenset(FORMATS)


@dataclass(frozen=True)
class RedactedDocument:
    """A copy that passed the check, a name that says nothing, and the report."""

    data: bytes
    name: str
    report: RedactionReport


def redact_document(
    untrusted_data: bytes,
    untrusted_name: str,
    detector: Detector,
    policy: RedactionPolicy,
    case: Case | None = None,
    *,
    passwords: Sequence[str] = (),
    limits: Limits = STANDARD_LIMITS,
    pages: PageWishes = AS_THEY_ARE,
    observe: Callable[[Sequence[Segment], Sequence[Treated]], None] | None = None,
) -> RedactedDocument:
    """The redacted copy, released only if a second reading finds nothing left in it.

    `observe` is shown every segment with what was found in it, before the copy is written.
    """
    opening = Opening(
        FORMATS,
        Budget(limits),
        policy.pictures,
        tuple(passwords),
        pages=pages,
    )
    form = _format_of(untrusted_data, untrusted_name, limits)
    timed = _Timed(detector, opening.budget)
    with _nothing_unforeseen():
        opened = form.open(untrusted_data, opening)
        segments = list(opened.segments)
    case = case or Case()
    # The file name is one more segment: 张三_合同.docx tells as much as the text.
    stem = _stem(untrusted_name)
    treated = redact_all(
        [*(s.text for s in segments), stem],
        [*(s.label for s in segments), None],
        detector=timed,
        policy=policy,
        case=case,
        technical=[*(s.technical for s in segments), False],
    )
    places = [*segments, Segment(_NAME_PLACE, stem)]
    if observe is not None:
        observe(places, treated)
    with _nothing_unforeseen():
        data = opened.write([t.edits for t in treated[:-1]])
    check(
        data,
        _read_again(form, data, limits, pages),
        originals=_originals([*(s.text for s in segments), stem], treated, policy, case),
        replacements=frozenset(edit.text for t in treated for edit in t.edits),
        detector=timed,
        policy=policy,
        budget=Budget(limits),
    )
    name = _safe_name(treated[-1].text) + suffix_of(untrusted_name)
    return RedactedDocument(
        data,
        name,
        _report(
            name=name,
            form=form,
            policy=policy,
            opened=opened,
            segments=places,
            treated=treated,
            data=data,
        ),
    )


def open_document(
    untrusted_data: bytes, untrusted_name: str, limits: Limits = STANDARD_LIMITS
) -> Opened:
    """A document taken apart; its pictures are put back blank."""
    form = _format_of(untrusted_data, untrusted_name, limits)
    return form.open(untrusted_data, Opening(FORMATS, Budget(limits), Pictures.BLANK))


def survey_document(
    untrusted_data: bytes,
    untrusted_name: str,
    detector: Detector,
    case: Case,
    *,
    passwords: Sequence[str] = (),
    limits: Limits = STANDARD_LIMITS,
) -> None:
    """Let a case learn what is certain in a document, before any document of it is written.

    Nobody knows beforehand which of many files says in full whom the others only mention.
    """
    opening = Opening(FORMATS, Budget(limits), passwords=tuple(passwords))
    form = _format_of(untrusted_data, untrusted_name, limits)
    with _nothing_unforeseen():
        segments = form.open(untrusted_data, opening).segments
    survey(
        [*(s.text for s in segments), _stem(untrusted_name)],
        [*(s.label for s in segments), None],
        _Timed(detector, opening.budget),
        case,
    )


@contextmanager
def _nothing_unforeseen() -> Iterator[None]:
    """A hostile file may trip a library in any way: it is refused, and the batch goes on."""
    try:
        yield
    except ProductError:
        raise
    except (RecursionError, MemoryError) as error:
        raise TooLarge(
            "文件过大或嵌套过深，未作处理。请拆分后重试。",
            "The file is too large or nested too deeply; it was not processed. Split it and retry.",
        ) from error
    except Exception as error:
        raise UnreadableDocument(
            "文件已损坏，无法完整读取，未作处理。请用原来的程序打开并重新保存后重试。",
            "The file is damaged and cannot be read in full; it was not processed. Open it in its "
            "own program, save it again and retry.",
        ) from error


class _Timed:
    """The detector in slices, so that one file cannot hold up a batch for ever."""

    def __init__(self, detector: Detector, budget: Budget) -> None:
        self._detector = detector
        self._budget = budget

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return self.find_all([text], labels=[label])[0]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        given = labels or [None] * len(texts)
        found: list[list[Finding]] = []
        for part in _slices(texts):
            self._budget.tick()
            found += self._detector.find_all(texts[part], labels=given[part])
        return found


def _slices(texts: Sequence[str]) -> Iterator[slice]:
    """Neighbouring texts of some length together; at least one slice."""
    start = size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= _SLICE:
            yield slice(start, number + 1)
            start, size = number + 1, 0
    if start < len(texts) or not texts:
        yield slice(start, len(texts))


def _format_of(untrusted_data: bytes, untrusted_name: str, limits: Limits) -> Format:
    if len(untrusted_data) > limits.size:
        raise TooLarge(
            "文件超过 50 MB，请拆分后重试。", "The file is over 50 MB; split it and retry."
        )
    if suffix_of(untrusted_name) in FORMATS and not untrusted_data.strip(b"\xef\xbb\xbf \r\n\t"):
        raise UnreadableDocument("文件是空的。", "The file is empty.")
    return format_of(untrusted_data, untrusted_name, FORMATS)


def _stem(untrusted_name: str) -> str:
    name = PurePosixPath(untrusted_name.replace("\\", "/")).name
    return PurePosixPath(_UNSAFE.sub("_", name)).stem[:120]


def _safe_name(text: str) -> str:
    cleaned = _UNSAFE.sub("x", text).strip(" .")
    return (cleaned or "document") + ".redacted"


def _read_again(form: Format, data: bytes, limits: Limits, pages: PageWishes) -> list[Segment]:
    try:
        return form.read_again(data, Opening(FORMATS, Budget(limits), pages=pages))
    except TooLarge:
        raise
    except Exception as error:
        # Whatever the second library trips over, a copy nobody could check is not released.
        raise UnreadableDocument(
            "脱敏后的文件无法被第二个程序读取，未放行。原文件可能已损坏。",
            "A second program could not read the redacted copy, so it was not released. "
            "The original may be damaged.",
        ) from error


def _originals(
    texts: Sequence[str], treated: Sequence[Treated], policy: RedactionPolicy, case: Case
) -> list[Original]:
    """The values that must not stand anywhere in the copy: those of the file and of its case."""
    found = {
        one.value: Original(one.kind, one.value)
        for one in case.known
        if policy.treatment(one.kind, one.value) is not Treatment.KEEP
    }
    for text, one in zip(texts, treated, strict=True):
        for finding in one.findings:
            value = text[finding.start : finding.end]
            treatment = policy.treatment(finding.kind, value)
            if treatment is not Treatment.KEEP and spreads(finding.kind, value, finding.score):
                found.setdefault(value, Original(finding.kind, value))
    return list(found.values())


def _report(
    *,
    name: str,
    form: Format,
    policy: RedactionPolicy,
    opened: Opened,
    segments: Sequence[Segment],
    treated: Sequence[Treated],
    data: bytes,
) -> RedactionReport:
    lines = [
        line
        for number, (segment, one) in enumerate(zip(segments, treated, strict=True))
        for line in _lines(number, segment, one, policy)
    ]
    counts = Counter(line.kind for line in lines)
    return RedactionReport(
        document=name,
        format=form.name,
        policy=policy.name,
        about=policy.about,
        lines=tuple(lines),
        counts=dict(counts.most_common()),
        removed=tuple(opened.removed),
        checked_by=form.checked_by,
        redacted_sha256=hashlib.sha256(data).hexdigest(),
        segments=tuple((s.whole_place.zh, t.text) for s, t in zip(segments, treated, strict=True)),
    )


def _lines(
    number: int, segment: Segment, one: Treated, policy: RedactionPolicy
) -> list[ReportLine]:
    lines = []
    shift = 0
    texts = {edit.start: edit.text for edit in one.edits}
    for finding in one.findings:
        original = segment.text[finding.start : finding.end]
        treatment = policy.treatment(finding.kind, original)
        start = finding.start + shift
        length = len(texts.get(finding.start, original))
        shift += length - (finding.end - finding.start)
        lines.append(
            ReportLine(
                segment.place_at(finding.start),
                finding.kind,
                treatment,
                finding.score,
                finding.reason,
                start,
                start + length,
                number,
            )
        )
    return lines
