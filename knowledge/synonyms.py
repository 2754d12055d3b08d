"""Everyday wording → statutory wording, as data (synonyms.yaml)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from knowledge.strict_yaml import Entry, load

SYNONYMS = Path(__file__).with_suffix(".yaml")


class _Pair(Entry):
    say: tuple[str, ...] = Field(min_length=1)
    law: tuple[str, ...] = Field(min_length=1)


class _File(Entry):
    entries: tuple[_Pair, ...]


@dataclass(frozen=True)
class Said:
    """An everyday phrase in a question, and the statutory phrases that may stand for it."""

    start: int
    end: int
    phrase: str
    law: tuple[str, ...]


def everyday(question: str) -> Iterator[Said]:
    """The everyday phrases in a question, longest first at each place, without overlap."""
    table, pattern = _table()
    for match in pattern.finditer(question.lower()):
        yield Said(match.start(), match.end(), match[0], table[match[0]])


@cache
def _table() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    table: dict[str, tuple[str, ...]] = {}
    for pair in load(SYNONYMS, _File).entries:
        for phrase in pair.say:
            table[phrase] = tuple(dict.fromkeys((*table.get(phrase, ()), *pair.law)))
    longest_first = sorted(table, key=len, reverse=True)
    bounded = (
        rf"(?<![a-z]){re.escape(phrase)}(?![a-z])" if phrase.isascii() else re.escape(phrase)
        for phrase in longest_first
    )
    return table, re.compile("|".join(bounded))
