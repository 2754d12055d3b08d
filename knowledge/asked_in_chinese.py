"""An English question in Chinese words and in Chinese order (asked_in_chinese.yaml, the glossary).

It is no translation and nobody is shown it: a company's Chinese rules are sought by it as by a question in
Chinese. Of several Chinese words for an English one that is taken which the rules use most.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from knowledge.glossary import found_in_english
from records.data_files import Entry, load
from records.language import Language, language_of

FILE = Path(__file__).with_suffix(".yaml")

_SENTENCE = re.compile(
    r"(?<=[.?!;:])\s+|,\s+(?=(?:what|how|who|when|can|may|do|does|must|should|is|are|which|where)\b)"
)
_OF = re.compile(r"^\s*of\s+(?:the |a |an |our |their |his |her |my |all |its )*$", re.IGNORECASE)

_WORD = re.compile(r"[a-z]{2,}")
# With a smaller share of what it says known, a question is not put in Chinese words.
_ENOUGH = 0.6

Uses = Callable[[str], int]


class _File(Entry):
    asks: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    empty: frozenset[str]


def asked_in_chinese(question: str, uses: Uses) -> str:
    """The question in Chinese words; nothing for a Chinese one, and where too few of its words are known."""
    if language_of(question) is Language.ZH:
        return ""
    if _known(question) < _ENOUGH:
        return ""
    sentences = [one for one in _SENTENCE.split(question.strip()) if one]
    return "，".join(filter(None, (_sentence(one, uses) for one in sentences)))


def _known(question: str) -> float:
    """The share of its words that say something and are known: by the others it may be of anything."""
    text = question.lower()
    for asks, _ in _asks():
        if found := asks.search(text):
            text = text[: found.start()] + " " + text[found.end() :]
            break
    told = [one for one in _WORD.findall(text) if one not in _file().empty]
    rest, place = [], 0
    for found_at, _ in found_in_english(text):
        rest.append(text[place : found_at.start])
        place = found_at.end
    unknown = [
        one for one in _WORD.findall(" ".join((*rest, text[place:]))) if one not in _file().empty
    ]
    return 1 - len(unknown) / len(told) if told else 0.0


def _sentence(sentence: str, uses: Uses) -> str:
    frame, rest = "{}", sentence
    for asks, told in _asks():
        if found := asks.search(sentence.lower()):
            frame, rest = told, sentence[: found.start()] + " " + sentence[found.end() :]
            break
    words = "".join(_words(rest, uses))
    return frame.format(words) if words else ""


def _words(text: str, uses: Uses) -> Iterator[str]:
    """Its words in Chinese, those behind of first."""
    told: list[str] = []
    place, waiting = 0, ""
    for found, many in found_in_english(text):
        between = text[place : found.start]
        word = max(many, key=uses)
        linked = "".join(zh for link, zh in _links() if link.search(between.lower()))
        if _OF.match(between) and told:
            told[-1] = f"{word}的{told[-1]}"
        else:
            told += [*([waiting] if waiting else ()), *([linked] if linked else ()), word]
            waiting = ""
        place = found.end
    yield from dict.fromkeys(told)


@cache
def _asks() -> Sequence[tuple[re.Pattern[str], str]]:
    return [(re.compile(asks), told) for asks, told in _file().asks]


@cache
def _links() -> Sequence[tuple[re.Pattern[str], str]]:
    return [(re.compile(link), told) for link, told in _file().links]


@cache
def _file() -> _File:
    return load(FILE, _File)
