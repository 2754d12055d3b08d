"""A client file in, a redacted copy of the same format and its report out."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pii.case import Case
from pii.detect import Detector
from pii.errors import TooLarge, UnreadableDocument
from pii.formats.opening import (
    AS_THEY_ARE,
    STANDARD_LIMITS,
    Budget,
    Format,
    Limits,
    Opening,
    PageWishes,
    suffix_of_copy,
)
from pii.formats.registry import FORMATS, checked_format
from pii.formats.segments import Opened, Segment
from pii.left_over import Left, known_from, left_over
from pii.policy import Pictures, RedactionPolicy, Treatment
from pii.propagate import Known, is_whole_firm, spreads
from pii.redact import Treated, redact_all, survey
from pii.report import RedactionReport
from pii.report_lines import report_of
from pii.timed_detector import TimedDetector
from pii.verify import Original, check
from records.errors import ProductError
from records.language import Bilingual

_MORE_ROUNDS = 2
_NAME_PLACE = Bilingual("文件名", "file name")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u202a-\u202e\u2066-\u2069]")


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

    `observe` is shown every segment with what was found in it, before a copy is written; more than
    once, the last time what holds, where the copy shows what the original hid.
    """
    form = checked_format(untrusted_data, untrusted_name, limits)
    ends_at = time.monotonic() + limits.seconds
    case = case or Case()
    also: list[Known] = []
    for last in (*[False] * _MORE_ROUNDS, True):
        # A format may write its document once only: each round opens it anew.
        time_left = replace(limits, seconds=ends_at - time.monotonic())
        opening = Opening(
            FORMATS, Budget(time_left), policy.pictures, tuple(passwords), pages=pages
        )
        made = _round(
            untrusted_data,
            _stem(untrusted_name),
            form,
            opening,
            limits,
            detector=TimedDetector(detector, opening.budget),
            policy=policy,
            case=case,
            also=also,
            observe=observe,
        )
        seen = {one.value for one in also}
        fresh = [k for k in known_from(made.left, made.texts) if k.value not in seen]
        if last or not fresh:
            break
        also += fresh
    check(
        made.data,
        made.read_again,
        originals=_originals(made.texts, made.treated, policy, made.case),
        left=made.left,
        budget=Budget(limits),
    )
    name = _safe_name(made.treated[-1].text) + suffix_of_copy(untrusted_name, FORMATS)
    report = report_of(
        name=name,
        form=form,
        policy=policy,
        opened=made.opened,
        segments=made.segments,
        treated=made.treated,
        data=made.data,
    )
    return RedactedDocument(made.data, name, report)


@dataclass(frozen=True)
class _Made:
    """A copy nobody has checked yet, how it came about, and what a scan of it still finds."""

    opened: Opened
    segments: Sequence[Segment]
    treated: Sequence[Treated]
    case: Case
    data: bytes
    read_again: Sequence[Segment]
    left: Sequence[Left]

    @property
    def texts(self) -> list[str]:
        """The texts of the original, the name of the file last."""
        return [segment.text for segment in self.segments]


def _round(
    untrusted_data: bytes,
    stem: str,
    form: Format,
    opening: Opening,
    limits: Limits,
    *,
    detector: Detector,
    policy: RedactionPolicy,
    case: Case,
    also: Sequence[Known],
    observe: Callable[[Sequence[Segment], Sequence[Treated]], None] | None,
) -> _Made:
    with _nothing_unforeseen():
        opened = form.open(untrusted_data, opening)
        # The file name is one more segment: 张三_合同.docx tells as much as the text.
        segments = [*opened.segments, Segment(_NAME_PLACE, stem)]
    treated = redact_all(
        [s.text for s in segments],
        [s.label for s in segments],
        detector=detector,
        policy=policy,
        case=case,
        technical=[s.technical for s in segments],
        also=also,
    )
    if observe is not None:
        observe(segments, treated)
    with _nothing_unforeseen():
        data = opened.write([t.edits for t in treated[:-1]])
    again = _read_again(form, data, Opening(FORMATS, Budget(limits), pages=opening.pages))
    replacements = frozenset(edit.text for t in treated for edit in t.edits)
    left = left_over(again, replacements, detector, policy)
    return _Made(opened, segments, treated, case, data, again, left)


def open_document(
    untrusted_data: bytes, untrusted_name: str, limits: Limits = STANDARD_LIMITS
) -> Opened:
    """A document taken apart; its pictures are put back blank."""
    form = checked_format(untrusted_data, untrusted_name, limits)
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
    form = checked_format(untrusted_data, untrusted_name, limits)
    with _nothing_unforeseen():
        segments = form.open(untrusted_data, opening).segments
    survey(
        [*(s.text for s in segments), _stem(untrusted_name)],
        [*(s.label for s in segments), None],
        TimedDetector(detector, opening.budget),
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


def _stem(untrusted_name: str) -> str:
    name = PurePosixPath(untrusted_name.replace("\\", "/")).name
    return PurePosixPath(_UNSAFE.sub("_", name)).stem[:120]


def _safe_name(text: str) -> str:
    cleaned = _UNSAFE.sub("x", text).strip(" .")
    return (cleaned or "document") + ".redacted"


def _read_again(form: Format, data: bytes, opening: Opening) -> list[Segment]:
    try:
        return form.read_again(data, opening)
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
            certain = finding.kind, value, finding.score
            if treatment is not Treatment.KEEP and (spreads(*certain) or is_whole_firm(*certain)):
                found.setdefault(value, Original(finding.kind, value))
    return list(found.values())
