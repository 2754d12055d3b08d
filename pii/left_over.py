"""What a scan of the copy finds that the scan of the original did not.

The name model reads words by what stands beside them, and another library joins lines in another
way; so the copy may show what the original hid. It is looked up in the original, to be treated in
one more round. What stands nowhere in it blocks the copy.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pii.detect import Detector
from pii.findings import Finding
from pii.formats.segments import Segment
from pii.kinds import Kind
from pii.occurrences import ValueIndex
from pii.policy import RedactionPolicy, Treatment
from pii.propagate import Known, without_brands
from records.language import Bilingual

_TELLING_DIGITS = 6
_SPACE = re.compile(r"\s+")
_WORTH = re.compile(r"\w[\w\W]*\w|[㐀-鿿]")


@dataclass(frozen=True)
class Left:
    """A finding in the copy that is no stand-in of ours."""

    place: Bilingual
    kind: Kind
    score: float
    texts: tuple[str, ...] = field(repr=False)
    """What of it is not ours."""


def left_over(
    segments: Sequence[Segment],
    replacements: frozenset[str],
    detector: Detector,
    policy: RedactionPolicy,
) -> list[Left]:
    """Everything in the second reading that the policy would have treated."""
    read = [segment.text for segment in segments]
    # A brand that the policy keeps in a firm's name on one line is nobody on the next.
    found = without_brands(read, detector.find_all(read, labels=[s.label for s in segments]))
    ours = ValueIndex(replacements)
    left = []
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
            inside = _inside(finding, spans)
            technical = segment.technical and finding.reason.endswith("/model")
            if not technical and not _is_ours(segment.text, finding, inside):
                texts = tuple(_not_ours(segment.text, finding, inside))
                place = segment.place_at(finding.start)
                left.append(Left(place, finding.kind, finding.score, texts))
    return left


def known_from(left: Sequence[Left], texts: Sequence[str]) -> list[Known]:
    """The same values as they are spelled in the texts of the original, breaks of lines apart."""
    found: dict[str, Known] = {}
    for one in left:
        for value in one.texts:
            pattern = re.compile(r"\s*".join(map(re.escape, _SPACE.sub("", value))))
            for text in texts:
                for match in pattern.finditer(text):
                    spelled = match.group()
                    found.setdefault(spelled, Known(one.kind, spelled, one.score))
    return list(found.values())


def _inside(finding: Finding, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        (max(start, finding.start), min(end, finding.end))
        for start, end in spans
        if finding.start < end and start < finding.end
    ]


def _is_ours(text: str, finding: Finding, inside: Sequence[tuple[int, int]]) -> bool:
    """Whether a finding is a stand-in of ours, with at most a little of what stands beside it."""
    if not inside:
        return False
    rest = "".join(_pieces(text, finding, inside))
    return sum(char.isdigit() for char in rest) < _TELLING_DIGITS


def _pieces(text: str, finding: Finding, inside: Sequence[tuple[int, int]]) -> Iterator[str]:
    position = finding.start
    for start, end in sorted(inside):
        yield text[position:start]
        position = max(position, end)
    yield text[position : finding.end]


def _not_ours(text: str, finding: Finding, inside: Sequence[tuple[int, int]]) -> Iterator[str]:
    for piece in _pieces(text, finding, inside):
        if worth := _WORTH.search(piece):
            yield worth.group()
