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


def bare_number(words: str, number: str) -> Shape:
    """A long number behind the mere name of an insurance or fund, no amount and no telephone: 公积金163663922075."""
    return Shape(
        "bare",
        re.compile(
            rf"(?:{words})(?!报销|基数|余额|缴费|缴存|金额|合计|电话|热线|专线|局|中心|办|目录|单位)"
            rf"[^0-9A-Za-z\n\ue000。；;，,|〕\t电热专订单余额]{{0,8}}(?:，卡?号[是为:]?)?"
            rf"(?P<n>{number})(?![0-9A-Za-z]|[.,]\d|[ ]?[元万%])",
            re.IGNORECASE,
        ),
        0.85,
        "n",
    )


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
