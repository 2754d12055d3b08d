"""Text into what is searched: words, and pairs of neighbouring characters."""

import re
from functools import cache
from pathlib import Path

# A pair of characters, kept apart from words of two characters.
PAIR = "·"
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9][a-z0-9._+-]*", re.IGNORECASE)
_LATIN = re.compile(r"[a-z0-9]+")
_STOP_WORDS = Path(__file__).parent / "stop_words.txt"


@cache
def stop_words() -> frozenset[str]:
    """Words of asking and grammar: they say nothing about what is asked."""
    return frozenset(_STOP_WORDS.read_text(encoding="utf-8").split())


def words(text: str) -> list[str]:
    """The words of a text, by dictionary; Latin words in lower case."""
    import rjieba  # the dictionary takes a third of a second: not at import

    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            found += _LATIN.findall(run.lower())
        else:
            found += rjieba.cut(run, False)
    return found


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring Han characters, marked as pairs."""
    return [
        f"{PAIR}{run[start : start + 2]}"
        for run in _RUN.findall(text)
        if not run[0].isascii()
        for start in range(len(run) - 1)
    ]


def terms(text: str) -> list[str]:
    """Words and pairs together: what an index holds of a text."""
    stop = stop_words()
    return [word for word in words(text) if word not in stop] + pairs(text)
