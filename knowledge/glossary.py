"""Chinese words of companies' own rules and the English for them (glossary.yaml), read both ways."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from knowledge.phrases import Found, Phrases
from records.data_files import Entry, load
from records.language import Language, language_of

GLOSSARY = Path(__file__).with_suffix(".yaml")

Terms = Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]


class _File(Entry):
    people: Terms
    things: Terms
    acts: Terms
    events: Terms
    times: Terms
    grammar: Mapping[str, str]

    @property
    def all(self) -> dict[str, tuple[str, ...]]:
        """Every term but those of grammar."""
        return {**self.people, **self.things, **self.acts, **self.events, **self.times}


def in_chinese(question: str) -> list[tuple[str, ...]]:
    """For each thing an English question speaks of, in order, the Chinese words for it; nothing for a Chinese one."""
    if language_of(question) is Language.ZH:
        return []
    chinese, phrases = _english()
    return [chinese[found.phrase] for found in phrases.found_in(question.lower())]


def things_in(text: str) -> list[Found]:
    """Where a text, in lower case, names records, other things, or what happened: what talk is about."""
    things, phrases = _named()
    return [found for found in phrases.found_in(text) if found.phrase in things]


def without_people_and_acts(text: str) -> str:
    """The text, in lower case, less whom it names, what they do and when: any talk speaks of these."""
    things, phrases = _named()
    return phrases.replaced(text, lambda phrase: phrase if phrase in things else " ")


def without_names(text: str) -> str:
    """The text, in lower case, less everything of the glossary."""
    return _named()[1].replaced(text, lambda _phrase: " ")


@cache
def _file() -> _File:
    return load(GLOSSARY, _File)


@cache
def _english() -> tuple[dict[str, tuple[str, ...]], Phrases]:
    table: dict[str, tuple[str, ...]] = {}
    for chinese, many in _file().all.items():
        for one in map(str.lower, many):
            table[one] = (*table.get(one, ()), chinese)
    return table, Phrases(table)


@cache
def _named() -> tuple[frozenset[str], Phrases]:
    """The phrases for things, and all of them."""
    file = _file()
    return frozenset(_both((file.things, file.events))), Phrases(_both((file.all,)))


def _both(groups: Iterable[Terms]) -> set[str]:
    return {one.lower() for terms in groups for zh, many in terms.items() for one in (zh, *many)}
