"""A value found once with certainty is personal information wherever it stands in the document."""

import re
from collections.abc import Iterable, Sequence

from pii.findings import CERTAIN, Finding, resolve
from pii.kinds import Kind

_HAN = re.compile(r"[㐀-鿿]")
_NOT_SPREAD = frozenset({Kind.ORGANISATION, Kind.BIRTH_DATE, Kind.PASSWORD, Kind.COORDINATES})
_ALTERNATIVES = 2000


def spreads(kind: Kind, value: str, score: float) -> bool:
    """Whether the value is certain and particular enough to be looked for elsewhere."""
    if score < CERTAIN or kind in _NOT_SPREAD or "\n" in value:
        return False
    if _HAN.search(value):
        return len(value) >= 2
    return sum(char.isalnum() for char in value) >= 6


def everywhere(texts: Sequence[str], found: Sequence[Sequence[Finding]]) -> list[list[Finding]]:
    """The findings, and every other occurrence of a certain value in any of the texts."""
    values: dict[str, Finding] = {}
    for text, findings in zip(texts, found, strict=True):
        for finding in findings:
            value = text[finding.start : finding.end]
            if spreads(finding.kind, value, finding.score):
                values.setdefault(value, finding)
    if not values:
        return [list(findings) for findings in found]
    patterns = _patterns(values)
    return [
        _with_occurrences(text, findings, values, patterns)
        for text, findings in zip(texts, found, strict=True)
    ]


def _patterns(values: Iterable[str]) -> list[re.Pattern[str]]:
    """The longest value first; letters and digits only as whole words."""
    ordered = sorted(values, key=len, reverse=True)
    spelled = [
        re.escape(value) if _HAN.search(value)
        else rf"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])"
        for value in ordered
    ]  # fmt: skip
    return [
        re.compile("|".join(spelled[start : start + _ALTERNATIVES]))
        for start in range(0, len(spelled), _ALTERNATIVES)
    ]


def _with_occurrences(
    text: str,
    findings: Sequence[Finding],
    values: dict[str, Finding],
    patterns: Sequence[re.Pattern[str]],
) -> list[Finding]:
    more = [
        Finding(
            first.kind, match.start(), match.end(), first.score, f"{first.kind.value}/elsewhere"
        )
        for pattern in patterns
        for match in pattern.finditer(text)
        for first in [values[match.group()]]
    ]
    taken = {(finding.start, finding.end) for finding in findings}
    fresh = [finding for finding in more if (finding.start, finding.end) not in taken]
    return resolve([*findings, *fresh]) if fresh else list(findings)
