"""Everyday wording → statutory wording, as data (synonyms.yaml)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from knowledge.phrases import Phrases
from records.data_files import Entry, load

SYNONYMS = Path(__file__).with_suffix(".yaml")


class _Pair(Entry):
    say: tuple[str, ...] = Field(min_length=1)
    law: tuple[str, ...] = Field(min_length=1)


class _File(Entry):
    subject: tuple[str, ...] = Field(min_length=1)
    elsewhere: tuple[str, ...] = Field(min_length=1)
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
    table, phrases = _table()
    for found in phrases.found_in(question.lower()):
        yield Said(found.start, found.end, found.phrase, table[found.phrase])


def on_subject(question: str) -> bool:
    """Whether the question names anything the product is about; twice, where it names other matters too."""
    low = question.lower()
    subject, elsewhere = _subject()
    named = {found[0] for found in subject.finditer(low)}
    return len(named) > (1 if elsewhere.search(low) else 0)


def on_other_matters(question: str) -> bool:
    """Whether the question names what an office also asks about, and nothing the product is about."""
    return not on_subject(question) and bool(_subject()[1].search(question.lower()))


@cache
def _subject() -> tuple[re.Pattern[str], re.Pattern[str]]:
    file = load(SYNONYMS, _File)
    subject, elsewhere = ("|".join(map(bounded, words)) for words in (file.subject, file.elsewhere))
    return re.compile(subject), re.compile(elsewhere)


def bounded(phrase: str) -> str:
    """English as whole words in any ending, Chinese anywhere."""
    escaped = re.escape(phrase)
    return (
        rf"(?<![a-z]){escaped}(?=(?:s|es|d|ed|r|ing|ring|red)?(?![a-z]))"
        if phrase.isascii()
        else escaped
    )


@cache
def _table() -> tuple[dict[str, tuple[str, ...]], Phrases]:
    table: dict[str, tuple[str, ...]] = {}
    for pair in load(SYNONYMS, _File).entries:
        for phrase in pair.say:
            table[phrase] = tuple(dict.fromkeys((*table.get(phrase, ()), *pair.law)))
    return table, Phrases(table)
