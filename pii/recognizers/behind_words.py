"""Shapes that begin with a word: 支付宝13800138000, 社保卡号A12345678.

`re` cannot skip through a text to a choice of words that ignores case; it can to a choice of plain
ones. So the words are looked for first, and the shape is tried only where one stands.
"""

import re
from collections.abc import Sequence
from functools import cache

from pii.findings import Finding
from pii.recognizers.base import Shape, ShapeRecognizer


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    spellings = {s for word in words for s in (word, word.lower(), word.upper(), word.title())}
    return re.compile("|".join(re.escape(s) for s in sorted(spellings, key=len, reverse=True)))


class BehindWordsRecognizer(ShapeRecognizer):
    """Finds besides its shapes what its worded shapes match where one of its words begins."""

    words: tuple[str, ...]
    worded: Sequence[Shape] = ()

    def find(self, text: str) -> list[Finding]:
        """Both sorts of shapes."""
        found = super().find(text)
        for word in _any_of(self.words).finditer(text):
            for shape in self.worded:
                match = shape.pattern.match(text, word.start())
                score = self.check(match.group(shape.group), shape) if match else None
                if match and score is not None:
                    start, end = match.span(shape.group)
                    found.append(self.result(self.kind, start, end, score, shape.name))
        return found
