"""Chinese words of companies' own rules and the English for them (glossary.yaml), read both ways."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, NamedTuple

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
    "个工作日": "working day", "工作日": "working day", "周岁": "year of age", "周年": "year",
    "年": "year", "个月": "month", "周": "week",
    "星期": "week", "个星期": "week", "日": "day", "天": "day", "小时": "hour", "个小时": "hour", "分钟": "minute",
    "人": "person", "名": "person", "份": "copy", "次": "time", "条": "item", "项": "item", "元": "yuan", "倍": "times",
    "平方毫米": "mm²", "毫米": "mm", "级": "level", "章": "chapter",
}  # fmt: skip
_MANY = {
    "year of age": "years of age",
    "person": "people",
    "copy": "copies",
    "yuan": "yuan",
    "times": "times",
    "mm²": "mm²",
    "mm": "mm",
}
_FIGURE = re.compile(
    r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号])?|百分之(?P<percent>[\d零一二两三四五六七八九十]+)|"
    r"(?<![A-Za-z]-)(?<![\d.])(?P<nth>第\s*)?(?P<number>\d[\d,.]*|[零一二两三四五六七八九十百千]+)\s*(?P<large>[万亿]?)余?\s*"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?!级)(?P<within>以?内)?"
)
_LARGE = {"万": 10_000, "亿": 100_000_000}
_NTH = {"item": "art."}
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_MARKS = str.maketrans(dict.fromkeys('（）()“”"《》〈〉—…·'))
_CLAUSES = re.compile(r"[：；，。、！？｜\n]|[:;!?](?!\d)")
_CLOSING = '）)”"'
_DENIES = re.compile(r"[不没未无勿别莫]")
_ACCORDING, _DONE_ACCORDING = "according to", frozenset({"handle", "do", "carry out", "deal with"})
_WANTED = "must"
Terms = Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]


class _File(Entry):
    people: Terms
    things: Terms
    acts: Terms
    events: Terms
    times: Terms
    grammar: Mapping[str, str]
    said_first: Mapping[str, str]
    modal: tuple[str, ...]
    links: tuple[str, ...]

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
    """What a Chinese rule speaks of, its terms in order with their English; nothing where too little is known.

    It is no sentence and does not look like one: terms stand apart, and the clauses of the rule by semicolons.
    """
    told, known = [], 0
    for clause in _CLAUSES.split(rule):
        pieces = list(_pieces(clause))
        known += sum(piece.known for piece in pieces)
        told.append(_in_order(pieces, is_condition=clause.rstrip(_CLOSING).endswith("的")))
    chinese = len(_HAN.findall(rule))
    if not chinese or known < ENOUGH * chinese:
        return ""
    heads = _CLAUSES.findall(rule)
    return _together(told, heads)


def _together(told: Sequence[str], marks: Sequence[str]) -> str:
    """The clauses behind each other: a head before what it heads, the others apart."""
    whole = ""
    for clause, mark in zip(told, (*marks, ""), strict=True):
        if clause:
            whole += clause + (
                ": " if mark in ":：" and mark else " · " if mark in "、，,和" else "; "
            )
    return whole.rstrip(" ;:·")


class _Sort(StrEnum):
    """What a piece of a rule is to an English reader."""

    NOUN = "noun"
    VERB = "verb"
    MODAL = "modal"
    """must, may, not: belongs to what follows."""
    LINK = "link"
    """by, to, with: nothing by itself."""
    BEHIND = "behind"
    """后, 前, 时: English says it first."""
    WORD = "word"
    UNKNOWN = "unknown"


_BEGIN = frozenset({_Sort.VERB, _Sort.MODAL})
_SAYS = frozenset({_Sort.NOUN, _Sort.VERB, _Sort.MODAL, _Sort.WORD})


class _Piece(NamedTuple):
    said: str
    sort: _Sort
    known: int
    """How many characters of Chinese are known by it."""


_LEFT_OUT = _Piece("…", _Sort.WORD, 0)


def _pieces(clause: str) -> Iterator[_Piece]:
    place = 0
    for figure in _FIGURE.finditer(clause):
        yield from _glossed(clause[place : figure.start()])
        yield _Piece(_in_figures(figure), _Sort.NOUN, len(_HAN.findall(figure[0])))
        place = figure.end()
    yield from _glossed(clause[place:])


def _glossed(text: str) -> Iterator[_Piece]:
    """Pieces of a text in English."""
    words, phrases = _glosses()
    place = 0
    for found in phrases.found_in(text):
        yield from _singly(text[place : found.start])
        yield _Piece(words[found.phrase], _sort(found.phrase), len(found.phrase))
        place = found.end
    yield from _singly(text[place:])


def _singly(text: str) -> Iterator[_Piece]:
    """What no longer phrase covers, by words of the dictionary: 交 is hand in, but not in 交通."""
    words, _ = _glosses()
    for word in re.findall(r"[㐀-鿿]+|[^㐀-鿿]+", text):
        for one in cut(word) if _HAN.match(word) else (word,):
            if one in words:
                yield _Piece(words[one], _sort(one), len(one))
            elif not _HAN.match(one):
                yield _Piece(one.translate(_NO_MARKS).strip(), _Sort.WORD, 0)
            else:
                if _DENIES.search(one):
                    # What is denied is not known; that it is denied must not be lost.
                    yield _Piece("not", _Sort.MODAL, 0)
                yield _Piece("", _Sort.UNKNOWN, 0)


def _in_order(pieces: Sequence[_Piece], *, is_condition: bool) -> str:
    """The terms of one clause, apart where they do not belong together."""
    terms: list[list[_Piece]] = [[]]
    ordered = _verb_first([one for one in pieces if one.said or one.sort is _Sort.UNKNOWN])
    for piece, behind in zip(ordered, (*ordered[1:], None), strict=False):
        term = terms[-1]
        if piece.said == _WANTED and behind and behind.sort is _Sort.NOUN:
            # 要 before a thing is no must.
            terms.append([])
        elif piece.sort is _Sort.UNKNOWN:
            if term and term[-1].sort is _Sort.MODAL:
                # 不直接销毁: what is denied may come behind what is not known.
                term.append(_LEFT_OUT)
            elif not (term and term[-1] is _LEFT_OUT):
                terms.append([])
        elif piece.sort is _Sort.BEHIND:
            if term and term[0].sort is not _Sort.BEHIND:
                term.insert(0, piece)
                terms.append([])
        elif piece.sort in _BEGIN and term and term[-1].sort is _Sort.NOUN:
            terms.append([piece])
        else:
            term.append(piece)
    said = " · ".join(filter(None, map(_term, terms)))
    return f"where {said}" if said and is_condition else said


def _verb_first(pieces: list[_Piece]) -> list[_Piece]:
    """按泄露处理: handle according to leak."""
    begin = next((n for n, one in enumerate(pieces) if one.said == _ACCORDING), None)
    if begin is None or pieces[-1].said not in _DONE_ACCORDING or begin == len(pieces) - 1:
        return pieces
    return [*pieces[:begin], pieces[-1], *pieces[begin:-1]]


def _term(pieces: list[_Piece]) -> str:
    """One term in English, without links that lead nowhere; nothing where it says nothing."""
    while pieces and pieces[-1].sort is _Sort.LINK:
        pieces = pieces[:-1]
    if pieces and pieces[-1].sort is _Sort.MODAL:
        pieces = [*pieces, _LEFT_OUT]
    if not any(one.sort in _SAYS for one in pieces):
        return ""
    return re.sub(r"\s+([)%])", r"\1", " ".join(one.said for one in pieces)).strip()


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
    amount = _in_full(value, figure["large"])
    if figure["nth"]:
        return f"{_NTH.get(unit, unit)} {amount}"
    if unit == "year" and _YEAR.fullmatch(amount):
        return amount
    if unit == "level":
        return f"level {amount}"
    several = unit if amount == "1" else _MANY.get(unit, f"{unit}s")
    return f"{'within ' if figure['within'] else ''}{amount} {several}"


def _in_full(value: int | str, large: str) -> str:
    """5 万: 50,000."""
    times = _LARGE.get(large, 1)
    if times == 1:
        return str(value)
    try:
        return f"{int(value) * times:,}"
    except ValueError:
        return f"{value} × {times:,}"


@cache
def _glosses() -> tuple[dict[str, str], Phrases]:
    file = _file()
    words = {zh: many[0] for zh, many in file.all.items()}
    words |= {**file.grammar, **file.said_first}
    return words, Phrases(word for word in words if len(word) > 1)


@cache
def _sort_of() -> dict[str, _Sort]:
    file = _file()
    nouns = {
        zh: _Sort.NOUN
        for group in (file.people, file.things, file.events, file.times)
        for zh in group
    }
    return (
        dict.fromkeys(file.grammar, _Sort.WORD)
        | nouns
        | dict.fromkeys(file.acts, _Sort.VERB)
        | dict.fromkeys(file.links, _Sort.LINK)
        | dict.fromkeys(file.modal, _Sort.MODAL)
        | dict.fromkeys(file.said_first, _Sort.BEHIND)
    )


def _sort(word: str) -> _Sort:
    return _sort_of().get(word, _Sort.WORD)


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
