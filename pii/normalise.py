"""One normalisation for every recognizer, with the way back to the original offsets.

What only looks different (full width, characters without width) is folded in place. What is written
apart, in words, in a coding or misread by a scanner gets a further reading, appended after the text
behind a boundary no pattern crosses; each character of a reading maps back to what it was read from.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pii.escapes import base64_text, escaped
from pii.folding import BOUNDARY, INVISIBLE, fold
from pii.readings import Reading, Stretch, joined, misread, misread_cards, spoken, unwrapped

__all__ = ["BOUNDARY", "Normalised", "normalise"]

# In this order, each over the text and the readings before it: a number may be spoken in groups,
# written apart in a decoded text, or misread and written apart.
_STAGES: tuple[Callable[[str], Iterator[Reading]], ...] = (
    base64_text, escaped, unwrapped, spoken, joined, misread, misread_cards,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text and, as runs of characters, where each came from.

    A run of width 0 is unbroken: its characters answer to as many original ones. In any other run
    every character answers to the same original stretch, as wide as that.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    widths: tuple[int, ...]
    body: int
    """Length of the text proper; behind it stand the readings."""

    def origin(self, index: int) -> int:
        """The original offset at which a normalised character begins."""
        return _origin(self, index)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a normalised one."""
        return _span(self, start, end)


class _Runs(Protocol):
    @property
    def starts(self) -> Sequence[int]: ...
    @property
    def origins(self) -> Sequence[int]: ...
    @property
    def widths(self) -> Sequence[int]: ...


def _origin(runs: _Runs, index: int) -> int:
    run = bisect_right(runs.starts, index) - 1
    return runs.origins[run] + (0 if runs.widths[run] else index - runs.starts[run])


def _span(runs: _Runs, start: int, end: int) -> tuple[int, int]:
    last = bisect_right(runs.starts, end - 1) - 1
    width = runs.widths[last] or end - runs.starts[last]
    return _origin(runs, start), runs.origins[last] + width


class _Builder:
    """The normalised text while it grows."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.widths: list[int] = []
        self.length = 0

    def add(self, piece: str, origin: int, width: int = 0) -> None:
        if not piece:
            return
        self.pieces.append(piece)
        self.starts.append(self.length)
        self.origins.append(origin)
        self.widths.append(width)
        self.length += len(piece)

    def add_reading(self, text: str, reading: Reading) -> None:
        """A reading of the text built so far."""
        self.add(BOUNDARY, 0)
        for stretch in reading:
            words = text[stretch.start : stretch.end] if stretch.words is None else stretch.words
            if len(words) == stretch.end - stretch.start:
                self._add_aligned(words, stretch)
            else:
                start, end = _span(self, stretch.start, stretch.end)
                self.add(words, start, end - start)

    def _add_aligned(self, words: str, stretch: Stretch) -> None:
        """Cut wherever a run ends: an invisible character was taken out, or an escape decoded."""
        run = bisect_right(self.starts, stretch.start) - 1
        position = stretch.start
        while position < stretch.end:
            end = self.starts[run + 1] if run + 1 < len(self.starts) else self.length
            end = min(end, stretch.end)
            inside = 0 if self.widths[run] else position - self.starts[run]
            piece = words[position - stretch.start : end - stretch.start]
            self.add(piece, self.origins[run] + inside, self.widths[run])
            position, run = end, run + 1

    def text(self) -> str:
        return "".join(self.pieces)


def normalise(texts: Sequence[str]) -> Normalised:
    """Texts as recognizers read them: one after another, a boundary between, readings behind.

    Original offsets count the texts joined by one character each.
    """
    built = _Builder()
    folded = BOUNDARY.join(fold(text) for text in texts)
    position = 0
    for hidden in INVISIBLE.finditer(folded):
        built.add(folded[position : hidden.start()], position)
        position = hidden.end()
    built.add(folded[position:], position)
    body = built.length
    text = built.text()
    for stage in _STAGES:
        before = built.length
        for reading in stage(text):
            built.add_reading(text, reading)
        if built.length > before:
            text = built.text()
    return Normalised(
        text, tuple(built.starts) or (0,), tuple(built.origins) or (0,),
        tuple(built.widths) or (0,), body,
    )  # fmt: skip
