"""The shape our recognizers share: text in, findings out.

A recognizer reads normalised text (`pii/normalise.py`), needs nothing but `re`, and says in each
finding what it saw. Presidio sees the same objects through `pii/presidio.py`; its own
PatternRecognizer builds an explanation object for each match and costs seconds to import.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pii.findings import Finding
from pii.kinds import Kind

# \b and \w treat Chinese characters as letters, so 邮箱a@b.cn谢谢 would never match: lookarounds.
NOT_AFTER_DIGIT = r"(?<![0-9A-Za-z])"
NOT_BEFORE_DIGIT = r"(?![0-9A-Za-z])"
PLAIN_NUMBER_START = r"(?<![0-9A-Za-z.\-_/])"


class Recognizer(ABC):
    """Finds personal information of some kinds in normalised text."""

    @property
    @abstractmethod
    def kinds(self) -> tuple[Kind, ...]:
        """What it may find."""

    @abstractmethod
    def find(self, text: str) -> Iterable[Finding]:
        """Findings with offsets in this text; they may overlap."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern, the score of a match, and the group that is the finding (0 = all of it)."""

    name: str
    pattern: re.Pattern[str]
    score: float
    group: int | str = 0


# (?<![set])x… at the beginning of a pattern.
_GUARDED = re.compile(
    r"\(\?<!(\[(?:\\.|[^\]\\])+\])\)(\[(?:\\.|[^\]\\])+\]|\\d|[A-Za-z0-9])(?![*+?{|])"
)


@cache
def quick(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same pattern with its first character before the guard: `re` then skips to that character.

    A guarded 8 is tried at every position of a text, an 8 with the guard behind it at every 8.
    """
    guard = _GUARDED.match(pattern.pattern)
    if guard is None or pattern.flags & re.IGNORECASE or "|" in _top_level(pattern.pattern):
        return pattern
    body = pattern.pattern[guard.end() :]
    return re.compile(f"{guard.group(2)}(?<!{guard.group(1)}.){body}", pattern.flags)


def _top_level(pattern: str) -> str:
    """The pattern without what stands in groups, classes and escapes."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern)
    while (shorter := re.sub(r"\([^()]*\)", "", plain)) != plain:
        plain = shorter
    return plain


class ShapeRecognizer(Recognizer):
    """Finds what its shapes match and its check accepts."""

    kind: Kind
    shapes: Sequence[Shape] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The one kind."""
        return (self.kind,)

    def check(self, value: str, shape: Shape) -> float | None:
        """The score of a matched value, or None to reject it."""
        return shape.score

    def find(self, text: str) -> list[Finding]:
        """Everything that any shape matches."""
        found = []
        for shape in self.shapes:
            for match in quick(shape.pattern).finditer(text):
                score = self.check(match.group(shape.group), shape)
                if score is not None:
                    start, end = match.span(shape.group)
                    found.append(self.result(self.kind, start, end, score, shape.name))
        return found

    def result(self, kind: Kind, start: int, end: int, score: float, reason: str) -> Finding:
        """A finding whose reason names the kind and the evidence."""
        return Finding(kind, start, end, score, f"{kind.value}/{reason}")
