"""Text into what is searched: words, and pairs of neighbouring characters."""

import re
from functools import cache
from pathlib import Path

# A pair of characters, kept apart from words of two characters.
PAIR = "·"
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9][a-z0-9._+-]*", re.IGNORECASE)
_LATIN = re.compile(r"[a-z0-9]+")
_HEADING_NUMBER = re.compile(r"第[零〇一二三四五六七八九十百千]+(?:分编|[编章节])")
_STOP_WORDS = Path(__file__).parent / "stop_words.txt"


@cache
def stop_words() -> frozenset[str]:
    """Words of asking and grammar: they say nothing about what is asked."""
    return frozenset(_STOP_WORDS.read_text(encoding="utf-8").split())


def words(text: str) -> list[str]:
    """The words of a text, by dictionary; Latin words in lower case."""
    found: list[str] = []
    for run in _RUN.findall(text):
        found += _LATIN.findall(run.lower()) if run[0].isascii() else cut(run)
    return found


def cut(text: str) -> list[str]:
    """The text in pieces that make it up: words of the dictionary, and what stands between."""
    import rjieba  # the dictionary takes a third of a second: not at import

    pieces: list[str] = rjieba.cut(text, False)
    return pieces


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


def asking_terms(question: str) -> list[str]:
    """Words and pairs of a question; pairs do not reach across a word that asks (怎么, 能不能)."""
    stop = stop_words()
    found = words(question)
    told = "".join(word if word not in stop else " " for word in found)
    return [word for word in found if word not in stop] + pairs(told)


def heading_words(heading: str) -> str:
    """Titles of part, chapter and section without numbers; 总 则, spaced in print, is one word."""
    titles = _HEADING_NUMBER.split(heading)
    return " ".join("".join(title.split()) for title in titles if title.strip())
