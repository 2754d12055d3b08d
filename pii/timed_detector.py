"""The detector in slices, so that one file cannot hold up a batch for ever."""

from collections.abc import Iterator, Sequence

from pii.detect import Detector
from pii.findings import Finding
from pii.formats.opening import Budget

_SLICE = 200_000


class TimedDetector:
    """Looks at the clock between slices of the texts."""

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
