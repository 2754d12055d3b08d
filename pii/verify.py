"""The proof before release: read the copy with another library, scan it, search the originals.

Three questions, each asked of bytes that have left our own writer: does a second reader find
anything the policy would have treated; does any original value stand anywhere in what it reads;
does one stand in the raw parts of the package, with tags taken out.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pii.detect import Detector
from pii.errors import LeakFound
from pii.findings import Finding
from pii.formats.segments import Segment
from pii.kinds import Kind
from pii.occurrences import ValueIndex
from pii.policy import RedactionPolicy, Treatment
from records.language import Bilingual

_SEPARATORS = re.compile(r"(?<=\d)[ \-.](?=\d)")
_BLOCK_END = re.compile(
    r"</(?:\w+:)?(?:p|si|is|c|v|f|comment|definedName|text|tc|tr)>|<(?:\w+:)?(?:tab|br|cr)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r"=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RUNS = re.compile(
    r"(?:word/(?:document|header|footer|footnotes|endnotes|comments)|xl/(?:sharedStrings|c"
    r"omments|worksheets)|drawings/|charts/|diagrams/)"
)
_LONG_NUMBER = 11
_TELLING_DIGITS = 6


@dataclass(frozen=True)
class Original:
    """A treated value, kept only until the check is over."""

    kind: Kind
    value: str


class _Search:
    """Looks for many originals in many texts."""

    def __init__(self, originals: Iterable[Original]) -> None:
        self._plain: dict[str, Kind] = {}
        self._digits: dict[str, Kind] = {}
        for original in originals:
            self._plain.setdefault(original.value, original.kind)
            digits = re.sub(r"\D", "", original.value)
            if len(digits) >= _LONG_NUMBER and len(digits) >= len(original.value) / 2:
                self._digits.setdefault(digits, original.kind)
        self._values = ValueIndex(self._plain)
        self._numbers = ValueIndex(self._digits)

    def hit(self, text: str) -> Kind | None:
        """The kind of an original that stands in the text."""
        for _, _, value in self._values.find(text):
            return self._plain[value]
        for _, _, digits in self._numbers.find(_SEPARATORS.sub("", text)):
            return self._digits[digits]
        return None


def check(
    data: bytes,
    segments: Sequence[Segment],
    *,
    originals: Sequence[Original],
    replacements: frozenset[str],
    detector: Detector,
    policy: RedactionPolicy,
) -> None:
    """Nothing, or LeakFound with the place and the kind of what is left."""
    search = _Search(originals)
    joined = "\n".join(segment.text for segment in segments)
    if search.hit(joined):
        for segment in segments:
            _raise_if(search.hit(segment.text), segment.place)
    _check_parts(data, search)
    _check_scan(segments, replacements, detector, policy)


def _raise_if(kind: Kind | None, place: Bilingual) -> None:
    if kind is not None:
        raise LeakFound(place, kind.display)


def _check_parts(data: bytes, search: _Search) -> None:
    """Every part of a package as raw text: with runs joined, and each attribute by itself."""
    if not data.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            raw = archive.read(name).decode("utf-8", "replace")
            place = Bilingual(f"部件 {name}", f"part {name}")
            _raise_if(search.hit(name), Bilingual("部件名", "the name of a part"))
            _raise_if(search.hit(_run_text(name, raw)), place)
            values = "\n".join(a or b for a, b in _ATTRIBUTE.findall(raw))
            _raise_if(search.hit(html.unescape(values)), place)


def _run_text(name: str, raw: str) -> str:
    apart = _BLOCK_END.sub("\n", raw) if _RUNS.search(name) else _TAG.sub("\n", raw)
    return html.unescape(_TAG.sub("", apart))


def _check_scan(
    segments: Sequence[Segment],
    replacements: frozenset[str],
    detector: Detector,
    policy: RedactionPolicy,
) -> None:
    found = detector.find_all([s.text for s in segments], labels=[s.label for s in segments])
    ours = ValueIndex(replacements)
    for segment, findings in zip(segments, found, strict=True):
        treated = [
            f
            for f in findings
            if policy.treatment(f.kind, segment.text[f.start : f.end]) is not Treatment.KEEP
        ]
        if not treated:
            continue
        spans = [(start, end) for start, end, _ in ours.find(segment.text)]
        for finding in treated:
            if not _is_ours(segment.text, finding, spans) and not (
                segment.technical and finding.reason.endswith("/model")
            ):
                raise LeakFound(segment.place_at(finding.start), finding.kind.display)


def _is_ours(text: str, finding: Finding, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a finding is a stand-in of ours, with at most a little of what stands beside it."""
    inside = [
        (max(start, finding.start), min(end, finding.end))
        for start, end in spans
        if finding.start < end and start < finding.end
    ]
    if not inside:
        return False
    covered = {position for start, end in inside for position in range(start, end)}
    left = (text[i] for i in range(finding.start, finding.end) if i not in covered)
    return sum(char.isdigit() for char in left) < _TELLING_DIGITS
