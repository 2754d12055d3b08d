"""A finding, and which findings stand when several claim the same characters."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pii.kinds import Kind

CERTAIN = 0.8
"""From this score a value is certain enough to be looked for everywhere else in the document."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of text that is personal information. Offsets are in the text that was given."""

    kind: Kind
    start: int
    end: int
    score: float
    reason: str


# A whole address beats the name of a road's hero inside it; an organisation yields to everyone,
# because policies keep organisations and a kept span must never cover a person.
_WHOLE = {Kind.ADDRESS: 1, Kind.ORGANISATION: -1}


def resolve(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that do not overlap, in order: the surest first, then the longest."""
    ranked = sorted(
        findings,
        key=lambda f: (-_WHOLE.get(f.kind, 0), -round(f.score, 1), f.start - f.end, f.start),
    )
    taken = _Taken()
    kept: list[Finding] = []
    lost: list[Finding] = []
    for finding in ranked:
        (kept if taken.claim(finding) else lost).append(finding)
    for finding in lost:
        if finding.kind is Kind.PERSON_NAME and finding.score >= _LIKELY:
            kept += taken.before(finding)
            # A name known from elsewhere ends where it ends; a reading may have run on.
            if finding.reason.endswith("/elsewhere"):
                kept += taken.behind(finding)
    return sorted(kept, key=lambda finding: finding.start)


_LIKELY, _REST = 0.7, 0.6
"""From this score what the finding it yields to leaves of it is treated, too: 思 of 思齐, beside 齐教练."""
_MOST_BEFORE = 2


class _Taken:
    """Spans claimed so far, as a sorted list of edges."""

    def __init__(self) -> None:
        self._spans: dict[int, list[Finding]] = {}

    def claim(self, finding: Finding) -> bool:
        # Buckets of 64 characters keep this linear in the length of the text.
        if self._meeting(finding):
            return False
        for bucket in _buckets(finding):
            self._spans.setdefault(bucket, []).append(finding)
        return True

    def _meeting(self, finding: Finding) -> list[Finding]:
        return [
            other
            for bucket in _buckets(finding)
            for other in self._spans.get(bucket, ())
            if finding.start < other.end and other.start < finding.end
        ]

    def before(self, finding: Finding) -> list[Finding]:
        """The character or two of a finding before those that claimed the rest of it."""
        end = min(other.start for other in self._meeting(finding))
        if not 0 < end - finding.start <= _MOST_BEFORE:
            return []
        part = replace(finding, end=end, score=_REST)
        return [part] if self.claim(part) else []

    def behind(self, finding: Finding) -> list[Finding]:
        """The character or two of a finding behind those that claimed the rest of it."""
        start = max(other.end for other in self._meeting(finding))
        if not 0 < finding.end - start <= _MOST_BEFORE:
            return []
        part = replace(finding, start=start, score=_REST)
        return [part] if self.claim(part) else []


def _buckets(finding: Finding) -> range:
    return range(finding.start >> 6, ((finding.end - 1) >> 6) + 1)
