"""Chinese words of companies' own rules and the English for them (glossary.yaml), read both ways."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from knowledge.numerals import to_number
from knowledge.phrases import Found, Phrases
from knowledge.tokens import cut
from records.data_files import Entry, load
from records.language import Language, language_of

GLOSSARY = Path(__file__).with_suffix(".yaml")

# With less of its characters known a rule gets no gloss.
ENOUGH = 0.6
_HAN = re.compile(r"[㐀-鿿]")
_UNITS = {
    "个工作日": "working day", "工作日": "working day", "周年": "year", "年": "year", "个月": "month", "周": "week",
    "星期": "week", "个星期": "week", "日": "day", "天": "day", "小时": "hour", "个小时": "hour", "分钟": "minute",
    "人": "person", "名": "person", "份": "copy", "次": "time", "条": "item", "项": "item", "元": "yuan", "倍": "times",
    "平方毫米": "mm²", "毫米": "mm", "级": "level",
}  # fmt: skip
_MANY = {
    "person": "people",
    "copy": "copies",
    "yuan": "yuan",
    "times": "times",
    "mm²": "mm²",
    "mm": "mm",
}
_FIGURE = re.compile(
    r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号])?|百分之(?P<percent>[\d零一二两三四五六七八九十]+)|"
    r"(?P<number>\d[\d,.]*|[零一二两三四五六七八九十百千]+)\s*(?P<large>[万亿]?)余?\s*"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?!级)(?P<within>以?内)?"
)
_LARGE = {"万": "0,000", "亿": "00 million", "": ""}
_MARKS = str.maketrans("：；，。、（）“”《》！？｜", ':;,.,()""""!?;')

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


def gloss(rule: str) -> str:
    """A Chinese rule word by word in English, what is not known left out as …; nothing where too little is known."""
    pieces, known, place = [], 0, 0
    for figure in _FIGURE.finditer(rule):
        for said, is_known in _glossed(rule[place : figure.start()]):
            pieces.append(said)
            known += is_known
        pieces.append(_in_figures(figure))
        known += len(_HAN.findall(figure[0]))
        place = figure.end()
    for said, is_known in _glossed(rule[place:]):
        pieces.append(said)
        known += is_known
    chinese = len(_HAN.findall(rule))
    if not chinese or known < ENOUGH * chinese:
        return ""
    told = re.sub(r"(?:…\s*)+", "… ", " ".join(filter(None, pieces)))
    return re.sub(r"\s+", " ", re.sub(r"\s+([:;,.)!?])", r"\1", told.replace("( ", "("))).strip()


def _glossed(text: str) -> Iterator[tuple[str, int]]:
    """Pieces of a text in English, each with how many characters of Chinese are known by it."""
    words, phrases = _glosses()
    place = 0
    for found in phrases.found_in(text):
        yield from _singly(text[place : found.start])
        yield words[found.phrase], len(found.phrase)
        place = found.end
    yield from _singly(text[place:])


def _singly(text: str) -> Iterator[tuple[str, int]]:
    """What no longer phrase covers, by words of the dictionary: 交 is hand in, but not in 交通."""
    words, _ = _glosses()
    for word in re.findall(r"[㐀-鿿]+|[^㐀-鿿]+", text):
        for one in cut(word) if _HAN.match(word) else (word,):
            if _HAN.match(one):
                yield words.get(one, "…"), len(one) * (one in words)
            else:
                yield one.translate(_MARKS), 0


def _in_figures(figure: re.Match[str]) -> str:
    if figure["y"]:
        return "-".join(
            filter(
                None,
                (
                    figure["y"],
                    figure["m"].zfill(2),
                    (figure["d"] or "").zfill(2) if figure["d"] else "",
                ),
            )
        )
    if figure["percent"]:
        return f"{to_number(figure['percent']) or figure['percent']}%"
    value = to_number(figure["number"]) or figure["number"]
    unit = _UNITS[figure["unit"]]
    amount = f"{value}{_LARGE[figure['large']]}"
    if unit == "level":
        return f"level {amount}"
    several = unit if amount == "1" else _MANY.get(unit, f"{unit}s")
    return f"{'within ' if figure['within'] else ''}{amount} {several}"


@cache
def _glosses() -> tuple[dict[str, str], Phrases]:
    words = {zh: many[0] for zh, many in _file().all.items()} | dict(_file().grammar)
    return words, Phrases(word for word in words if len(word) > 1)


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
