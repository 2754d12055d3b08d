"""One normalisation for every recognizer, with the way back to the original offsets.

Three things hide a number from a pattern: full-width forms (１３８), characters without width
between digits, and separators (138 0013 8000, or a line break). The first two are folded in place.
Separators cannot simply be deleted (two numbers side by side would melt into one, and a date would
stop being one), so each joined reading is appended after the text, behind a boundary no pattern
crosses, and maps back to the characters it was read from.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BOUNDARY = "\ue000"
"""Private-use character that no recognizer matches: between segments and joined readings."""

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+"
)
_DASHES = "‐‑‒–—−﹣－"
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
    "\u205f\u3000"
)


def _fold_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    # These carry sentence structure in Chinese; folding them would hide clause ends.
    for mark in "，；！？（）":
        del table[ord(mark)]
    table |= {ord(dash): "-" for dash in _DASHES} | {ord(space): " " for space in _SPACES}
    table |= {code: chr(ord("0") + code - 0x2460 + 1) for code in range(0x2460, 0x2469)}
    table |= {0x1D7CE + n: str(n % 10) for n in range(50)}
    table |= {0x0660 + n: str(n) for n in range(10)}
    table |= {
        ord("﹕"): ":",
        ord("∶"): ":",
        ord("•"): "·",
        ord("・"): "·",
        ord("‧"): "·",
        ord("⋅"): "·",
    }
    return table | {ord(BOUNDARY): "\ue0ff"}


_FOLD = _fold_table()

# Groups of a written-apart number. A group of letters alone is a word, except the X of an ID.
_GROUP = r"(?:[A-Z]{0,2}\d[0-9A-Z]*|[Xx](?![A-Za-z]))"
_GAP = r"(?: ?[-.] ?| {1,2}|[ \t]?\r?\n[ \t]?)"
_APART = re.compile(rf"(?<![0-9A-Za-z])\d[0-9A-Z]*(?:{_GAP}{_GROUP})+(?![0-9A-Za-z])")
_ONE_GROUP = re.compile(r"[0-9A-Za-z]+")
_SHORTEST, _LONGEST = 11, 23
_LEFT_CONTEXT = 16


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text and, as runs of unbroken characters, where each came from."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    body: int
    """Length of the text proper; behind it stand the joined readings."""

    def origin(self, index: int) -> int:
        """The original offset of one normalised character."""
        run = bisect_right(self.starts, index) - 1
        return self.origins[run] + index - self.starts[run]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a normalised one."""
        return self.origin(start), self.origin(end - 1) + 1


class _Builder:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.length = 0

    def add(self, piece: str, origin: int) -> None:
        if not piece:
            return
        self.pieces.append(piece)
        self.starts.append(self.length)
        self.origins.append(origin)
        self.length += len(piece)


def normalise(texts: Sequence[str]) -> Normalised:
    """Texts as recognizers read them: one after another, a boundary between, readings behind.

    Original offsets count the texts joined by one character each.
    """
    built = _Builder()
    # NUL stands for the boundary while folding, because a boundary inside a text is folded away.
    folded = "\0".join(text.replace("\0", " ") for text in texts).translate(_FOLD)
    folded = folded.replace("\0", BOUNDARY)
    position = 0
    for hidden in _INVISIBLE.finditer(folded):
        built.add(folded[position : hidden.start()], position)
        position = hidden.end()
    built.add(folded[position:], position)
    body = "".join(built.pieces)
    visible = Normalised(body, tuple(built.starts), tuple(built.origins), len(body))
    for reading in _joined_readings(body):
        built.add(BOUNDARY, 0)
        for start, end in reading:
            for piece_start, piece_end in _unbroken(visible, start, end):
                built.add(body[piece_start:piece_end], visible.origin(piece_start))
    whole = "".join(built.pieces)
    return Normalised(whole, tuple(built.starts) or (0,), tuple(built.origins) or (0,), len(body))


def _unbroken(visible: Normalised, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch cut wherever an invisible character was taken out."""
    first = bisect_right(visible.starts, start)
    last = bisect_right(visible.starts, end - 1)
    cuts = [start, *visible.starts[first:last], end]
    yield from itertools.pairwise(cuts)


def _joined_readings(body: str) -> Iterator[list[tuple[int, int]]]:
    """Each way to read neighbouring groups of digits as one number, as spans of the body."""
    for match in _APART.finditer(body):
        groups = [
            (match.start() + g.start(), match.start() + g.end())
            for g in _ONE_GROUP.finditer(match.group())
        ]
        for first in range(len(groups)):
            yield from _readings_from(body, groups, first)


def _readings_from(
    body: str, groups: Sequence[tuple[int, int]], first: int
) -> Iterator[list[tuple[int, int]]]:
    left = _left_context(body, groups[first][0])
    length = groups[first][1] - groups[first][0]
    for last in range(first + 1, len(groups)):
        length += groups[last][1] - groups[last][0]
        if length > _LONGEST:
            return
        if length >= _SHORTEST and _plausible(body, groups[first : last + 1]):
            yield (
                [left, *groups[first : last + 1]]
                if left[0] < left[1]
                else list(groups[first : last + 1])
            )


def _left_context(body: str, start: int) -> tuple[int, int]:
    """The label before the number, if what stands there is one: `卡号：`, never other digits."""
    floor = max(0, start - _LEFT_CONTEXT)
    position = start
    while position > floor and not (
        body[position - 1].isdigit() or body[position - 1] in "\n" + BOUNDARY
    ):
        position -= 1
    return position, start


def _plausible(body: str, groups: Sequence[tuple[int, int]]) -> bool:
    """Whether people write one number in such groups: 3-4-4, digit by digit; not 12 3 45."""
    sizes = [end - start for start, end in groups]
    gaps = {body[a[1] : b[0]].strip(" \t\r") for a, b in itertools.pairwise(groups)}
    if "." in gaps and (len(gaps) > 1 or max(sizes) <= 3):
        return False
    if all(size == 1 for size in sizes):
        return True
    tail = 1 if body[groups[-1][0]] in "Xx" else 2
    broken = "\n" in gaps
    return all(size >= (1 if broken else 2) for size in sizes[:-1]) and sizes[-1] >= tail
