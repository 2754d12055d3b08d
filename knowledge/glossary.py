"""Chinese words of companies' own rules and the English for them (glossary.yaml), read both ways."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from knowledge.phrases import Found, Phrases
from records.data_files import Entry, load
from records.language import Language, language_of

GLOSSARY = Path(__file__).with_suffix(".yaml")

_AND = re.compile(r"[、，和与或及]|以及")
Terms = Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]


class _File(Entry):
    people: Terms
    things: Terms
    acts: Terms
    events: Terms
    times: Terms
    named: Terms
    sought: Terms

    @property
    def all(self) -> dict[str, tuple[str, ...]]:
        """Every term that talk may be about."""
        return {**self.people, **self.things, **self.acts, **self.events, **self.times}


def in_chinese(question: str) -> list[tuple[str, ...]]:
    """For each thing an English question speaks of, in order, the Chinese words for it; nothing for a Chinese one."""
    if language_of(question) is Language.ZH:
        return []
    return [many for _, many in found_in_english(question)]


def found_in_english(text: str) -> Iterator[tuple[Found, tuple[str, ...]]]:
    """Where an English text speaks of something, and the Chinese words for it, those it is the first word for first.

    IT is a department, it is not.
    """
    chinese, phrases = _english()
    for found in phrases.found_in(text.lower()):
        if found.phrase != "it" or text[found.start : found.start + 2] == "IT":
            yield found, chinese[found.phrase]


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


def listed(text: str) -> str:
    """Nouns of a Chinese text, told one behind the other, in English; nothing where one of them is not known."""
    return _in_a_row(text, _nouns())


def people_listed(text: str) -> str:
    """The same of people alone."""
    return _in_a_row(text, {zh: many[0] for zh, many in _file().people.items()})


def _in_a_row(text: str, nouns: Mapping[str, str]) -> str:
    said = [_noun(one.strip(), nouns) for one in _AND.split(text)]
    if not all(said):
        return ""
    *before, last = said
    return f"{', '.join(before)} and {last}" if before else last


def _noun(text: str, nouns: Mapping[str, str]) -> str:
    """A noun, or one that tells of which sort another is: 服务 地址."""
    if text in nouns:
        return nouns[text]
    for cut_at in range(len(text) - 1, 0, -1):
        first, second = text[:cut_at].removesuffix("的"), text[cut_at:]
        if first in nouns and second in nouns:
            return f"{nouns[first]} {nouns[second]}"
    return ""


@cache
def _nouns() -> Mapping[str, str]:
    file = _file()
    groups = (file.people, file.things, file.events, file.times, file.named)
    return {zh: many[0] for group in groups for zh, many in group.items()}


@cache
def _file() -> _File:
    return load(GLOSSARY, _File)


@cache
def _english() -> tuple[dict[str, tuple[str, ...]], Phrases]:
    file = _file()
    table: dict[str, dict[str, int]] = {}
    for chinese, many in (*file.all.items(), *file.named.items(), *file.sought.items()):
        for place, one in enumerate(map(str.lower, many)):
            table.setdefault(one, {})[chinese] = place
    words = {one: tuple(sorted(many, key=many.__getitem__)) for one, many in table.items()}
    return words, Phrases(words)


@cache
def _named() -> tuple[frozenset[str], Phrases]:
    """The phrases for things, and all of them."""
    file = _file()
    return frozenset(_both((file.things, file.events))), Phrases(_both((file.all,)))


def _both(groups: Iterable[Terms]) -> set[str]:
    return {one.lower() for terms in groups for zh, many in terms.items() for one in (zh, *many)}
