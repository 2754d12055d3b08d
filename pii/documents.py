"""A client file in, a redacted copy of the same format and its report out."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pii.case import Case
from pii.detect import Detector
from pii.errors import TooLarge, UnknownFormat, UnreadableDocument
from pii.formats.docx import open_docx, read_docx_again
from pii.formats.markdown import open_markdown
from pii.formats.plain import open_plain, read_plain_again
from pii.formats.segments import Opened, Segment
from pii.formats.table import open_csv, open_tsv, read_csv_again, read_tsv_again
from pii.formats.xlsx import open_xlsx, read_xlsx_again
from pii.policy import Pictures, RedactionPolicy, Treatment
from pii.propagate import spreads
from pii.redact import Treated, redact_all, survey
from pii.report import RedactionReport, ReportLine
from pii.verify import Original, check
from records.language import Bilingual

LARGEST = 50 * 1024 * 1024
_NAME_PLACE = Bilingual("文件名", "file name")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Format:
    """How a format is opened and, by another library, read again."""

    name: str
    open: Callable[[bytes, Pictures], Opened]
    read_again: Callable[[bytes], list[Segment]]
    checked_by: str


FORMATS: dict[str, Format] = {
    ".txt": Format("text", lambda d, _: open_plain(d), read_plain_again, "str.splitlines"),
    ".md": Format("markdown", lambda d, _: open_markdown(d), read_plain_again, "str.splitlines"),
    ".csv": Format("csv", lambda d, _: open_csv(d), read_csv_again, "csv"),
    ".tsv": Format("tsv", lambda d, _: open_tsv(d), read_tsv_again, "csv"),
    ".docx": Format("docx", open_docx, read_docx_again, "python-docx, zipfile"),
    ".xlsx": Format("xlsx", open_xlsx, read_xlsx_again, "openpyxl, zipfile"),
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
) -> RedactedDocument:
    """The redacted copy, released only if a second reading finds nothing left in it."""
    suffix, form = _format_of(untrusted_data, untrusted_name)
    opened = form.open(untrusted_data, policy.pictures)
    segments = list(opened.segments)
    case = case or Case()
    # The file name is one more segment: 张三_合同.docx tells as much as the text.
    stem = _stem(untrusted_name)
    treated = redact_all(
        [*(s.text for s in segments), stem],
        [*(s.label for s in segments), None],
        detector=detector,
        policy=policy,
        case=case,
        technical=[*(s.technical for s in segments), False],
    )
    data = opened.write([t.edits for t in treated[:-1]])
    again = _read_again(form, data)
    check(
        data,
        again,
        originals=_originals([*(s.text for s in segments), stem], treated, policy, case),
        replacements=frozenset(edit.text for t in treated for edit in t.edits),
        detector=detector,
        policy=policy,
    )
    name = _safe_name(treated[-1].text) + suffix
    places = [*segments, Segment(_NAME_PLACE, stem)]
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
            original=untrusted_data,
            data=data,
        ),
    )


def survey_document(
    untrusted_data: bytes,
    untrusted_name: str,
    detector: Detector,
    policy: RedactionPolicy,
    case: Case,
) -> None:
    """Let a case learn what is certain in a document, before any document of it is written.

    Nobody knows beforehand which of many files says in full whom the others only mention.
    """
    _, form = _format_of(untrusted_data, untrusted_name)
    segments = form.open(untrusted_data, policy.pictures).segments
    survey(
        [*(s.text for s in segments), _stem(untrusted_name)],
        [*(s.label for s in segments), None],
        detector,
        case,
    )


def _format_of(untrusted_data: bytes, untrusted_name: str) -> tuple[str, Format]:
    suffix = PurePosixPath(untrusted_name.replace("\\", "/")).suffix.lower()
    form = FORMATS.get(suffix)
    known = "、".join(sorted(FORMATS))
    if form is None:
        raise UnknownFormat(
            f"不支持的文件类型“{suffix or '（无后缀）'}”。目前支持：{known}。",
            f"Files of type “{suffix or '(none)'}” are not supported. Supported: {known}.",
        )
    if len(untrusted_data) > LARGEST:
        raise TooLarge(
            "文件超过 50 MB，请拆分后重试。", "The file is over 50 MB; split it and retry."
        )
    if not untrusted_data.strip(b"\xef\xbb\xbf \r\n\t"):
        raise UnreadableDocument("文件是空的。", "The file is empty.")
    if suffix in (".txt", ".md", ".csv", ".tsv") and untrusted_data.startswith(
        (
            b"PK\x03\x04",
            b"%PDF",
            b"\xd0\xcf\x11\xe0",
            b"\x89PNG",
            b"\xff\xd8\xff",
            b"Rar!",
            b"\x1f\x8b",
        )
    ):
        raise UnknownFormat(
            f"文件内容与后缀“{suffix}”不符。请改回正确的后缀后重试。",
            (
                f"The content does not match the suffix “{suffix}”. Restore the right suffix a"
                f"nd retry."
            ),
        )
    return suffix, form


def _stem(untrusted_name: str) -> str:
    name = PurePosixPath(untrusted_name.replace("\\", "/")).name
    return PurePosixPath(_UNSAFE.sub("_", name)).stem[:120]


def _safe_name(text: str) -> str:
    cleaned = _UNSAFE.sub("x", text).strip(" .")
    return (cleaned or "document") + ".redacted"


def _read_again(form: Format, data: bytes) -> list[Segment]:
    try:
        return form.read_again(data)
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
    original: bytes,
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
        lines=tuple(lines),
        counts=dict(counts.most_common()),
        removed=tuple(opened.removed),
        checked_by=form.checked_by,
        original_sha256=hashlib.sha256(original).hexdigest(),
        redacted_sha256=hashlib.sha256(data).hexdigest(),
        segments=tuple((s.place.zh, t.text) for s, t in zip(segments, treated, strict=True)),
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
