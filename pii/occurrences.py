"""Where any of many values stands in a text, in time linear in the text.

A pattern of all values would try them one after another at every character: with a thousand
customers that is slower than the name model. Values are indexed by their first two characters.
"""

import re
from collections.abc import Iterable, Iterator

_HAN = re.compile(r"[㐀-鿿]")


class ValueIndex:
    """Values to look for. Those without Chinese count only as whole words."""

    def __init__(self, values: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for value in sorted(set(values), key=len, reverse=True):
            if value:
                self._by_start.setdefault(value[:2], []).append(value)
        firsts = "".join(re.escape(char) for char in sorted({s[0] for s in self._by_start}))
        # A value without Chinese begins where no letter or digit stands before.
        self._first = re.compile(rf"[{firsts}]") if firsts else None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every occurrence as (start, end, value), the longest first, none overlapping."""
        if self._first is None:
            return
        position = 0
        for match in self._first.finditer(text):
            start = match.start()
            if start < position:
                continue
            for value in self._candidates(text, start):
                if text.startswith(value, start) and _stands_alone(value, text, start):
                    position = start + len(value)
                    yield start, position, value
                    break

    def _candidates(self, text: str, start: int) -> list[str]:
        pair = text[start : start + 2]
        return self._by_start.get(pair, []) + (
            self._by_start.get(pair[0], []) if len(pair) > 1 else []
        )


def _stands_alone(value: str, text: str, start: int) -> bool:
    if _HAN.search(value):
        return True
    end = start + len(value)
    return not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]))


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
