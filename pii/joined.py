"""Many texts read as one, with the way back: ten thousand cells cost one call of each pattern."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.normalise import BOUNDARY, Normalised, normalise
from pii.recognizers.base import Recognizer

# Kinds that a number behind 订单号 or 发票号 only looks like.
_BY_CHANCE = frozenset({
    Kind.MOBILE, Kind.BANK_CARD, Kind.LANDLINE, Kind.PASSPORT, Kind.TRAVEL_PERMIT, Kind.VIN,
    Kind.FOREIGNER_ID, Kind.CREDIT_CODE,
})  # fmt: skip


# A day, a blank and the beginning of the next number: 1990-01-02 138|0013….
_DAY_FIRST = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s+\d")


class Joined:
    """Texts joined behind a boundary no pattern crosses, normalised once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._starts: list[int] = []
        position = 0
        for text in texts:
            self._starts.append(position)
            position += len(text) + 1
        self._normalised: Normalised = normalise(texts)

    def run(self, recognizers: Iterable[Recognizer]) -> list[list[Finding]]:
        """What the recognizers find, each in the text it belongs to."""
        found: list[list[Finding]] = [[] for _ in self._starts]
        if not self._starts:
            return found
        text = self._normalised.text
        for recognizer in recognizers:
            for finding in recognizer.find(text):
                if BOUNDARY in text[finding.start : finding.end]:
                    continue
                if finding.kind in _BY_CHANCE and vocabulary().is_impersonal(text, finding.start):
                    continue
                index, placed = self._placed(finding)
                if finding.kind in _BY_CHANCE and _DAY_FIRST.match(
                    self._texts[index], placed.start, placed.end
                ):
                    continue
                found[index].append(placed)
        return found

    def _placed(self, finding: Finding) -> tuple[int, Finding]:
        """The finding in offsets of its own text, and the number of that text."""
        start, end = self._normalised.span(finding.start, finding.end)
        index = bisect_right(self._starts, start) - 1
        base = self._starts[index]
        return index, Finding(finding.kind, start - base, end - base, finding.score, finding.reason)
