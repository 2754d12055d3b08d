"""A value found once with certainty is personal information wherever it stands in the document."""

import re
from collections.abc import Sequence

from pii.findings import CERTAIN, Finding, resolve
from pii.kinds import Kind
from pii.occurrences import ValueIndex

_HAN = re.compile(r"[㐀-鿿]")
_NOT_SPREAD = frozenset({Kind.ORGANISATION, Kind.BIRTH_DATE, Kind.PASSWORD, Kind.COORDINATES})


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
    index = ValueIndex(values)
    return [
        _with_occurrences(text, findings, values, index)
        for text, findings in zip(texts, found, strict=True)
    ]


def _with_occurrences(
    text: str, findings: Sequence[Finding], values: dict[str, Finding], index: ValueIndex
) -> list[Finding]:
    taken = {(finding.start, finding.end) for finding in findings}
    fresh = [
        Finding(values[v].kind, start, end, values[v].score, f"{values[v].kind.value}/elsewhere")
        for start, end, v in index.find(text)
        if (start, end) not in taken
    ]
    return resolve([*findings, *fresh]) if fresh else list(findings)
