"""The shape our recognizers share: plain patterns, an optional check, a reason in each result.

Presidio's own PatternRecognizer builds an explanation object for each match and compiles through
the `regex` module; measured on business text, plain `re` is about three times as fast, so we
subclass EntityRecognizer and keep its contract.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from pii.kinds import Kind

LANGUAGE = "zh"
REASON = "reason"
# \b and \w treat Chinese characters as letters, so 邮箱a@b.cn谢谢 would never match: lookarounds.
NOT_AFTER_DIGIT = r"(?<![0-9A-Za-z])"
NOT_BEFORE_DIGIT = r"(?![0-9A-Za-z])"
PLAIN_NUMBER_START = r"(?<![0-9A-Za-z.\-_/])"


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern, the score of a match, and the group that is the finding (0 = all of it)."""

    name: str
    pattern: re.Pattern[str]
    score: float
    group: int | str = 0


class ShapeRecognizer(EntityRecognizer):
    """Finds what its shapes match and its check accepts."""

    kind: Kind
    shapes: Sequence[Shape] = ()

    def __init__(self) -> None:
        super().__init__(
            supported_entities=[self.kind.value],
            supported_language=LANGUAGE,
            name=type(self).__name__,
        )

    def load(self) -> None:
        """Nothing to load: patterns are compiled with the module."""

    def check(self, value: str, shape: Shape) -> float | None:
        """The score of a matched value, or None to reject it."""
        return shape.score

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Presidio's entry point."""
        found = []
        for shape in self.shapes:
            for match in shape.pattern.finditer(text):
                score = self.check(match.group(shape.group), shape)
                if score is not None:
                    start, end = match.span(shape.group)
                    found.append(self.result(self.kind, start, end, score, shape.name))
        return found

    def result(
        self, kind: Kind, start: int, end: int, score: float, reason: str
    ) -> RecognizerResult:
        """A Presidio result that carries our reason."""
        return RecognizerResult(
            kind.value,
            start,
            end,
            score,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                REASON: reason,
            },
        )
