"""A Chinese rule of the company's own, told to who asks in English: what of it can be said in English, and its words.

Nothing is translated freely. A period, number, post, form or list that the question asks for is read out of
the words quoted and said in English, with the words it stands in; a title only where all of it is known
(in_english.yaml, the glossary). What is not known whole is left to the quotation.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.answering.ways import is_open
from knowledge.glossary import in_chinese, listed, people_listed
from knowledge.numerals import to_number
from records.data_files import Entry, load

FILE = Path(__file__).with_suffix(".yaml")

_HAN = re.compile(r"[㐀-鿿]")
_CLAUSE = re.compile(r"[，,；;。：:！？!?\n]")
_NUMBERED = re.compile(r"^[\d.]+\s*")
_FORM = re.compile(r"(?<![A-Za-z\d-])(?:[A-Z]{1,3}|[A-Z]{2}-[A-Z])-\d{1,3}(?![\d-])")
_DATE = re.compile(r"(?P<y>\d{4})\s*(?:年|-)\s*(?P<m>\d{1,2})\s*(?:月|-)\s*(?P<d>\d{1,2})(?!\d)日?")
_AND = re.compile(r"[、，和与或及]")
_FROM = frozenset({"起算点", "起算"})
_DENIES = re.compile(r"[不没无非除]")
_LARGE = {"万": 10_000, "亿": 100_000_000}
_KEPT = re.compile(r"(?:保存|保留|留存|存放|留|存)(?:至少|不少于|满)?$")
_BY = re.compile(r"(?:由|经|报给?|找|请|告诉?|交给?|须)")
_ACTS = re.compile(
    r"^(?:两人|共同|当场|书面|都|各)*(?:同意|批准|审批|签字?|批|点头|负责|保管|见证|在场|办理|处理|操作|审核|复核|在|$)"
)
# So many facts at most are told of one rule.
_MOST_FACTS = 3


class _File(Entry):
    asks: Mapping[str, str]
    titles: Mapping[str, str]
    heads: Mapping[str, str]
    cells: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    times: tuple[str, ...]
    of: tuple[tuple[str, str, str], ...]
    before: Mapping[str, str]
    behind: Mapping[str, str]
    moments: Mapping[str, str]
    every: Mapping[str, str]
    no_posts: tuple[str, ...]


class Fact(NamedTuple):
    """Something said in English, and the Chinese clause it is read from; nothing for a row, which is quoted whole."""

    said: str
    words: str


def is_chinese(rule: str) -> bool:
    """Whether who reads English needs help with it."""
    return bool(_HAN.search(rule))


def told_in_english(question: str, title: str, rule: str, *, answers: str, exact: bool) -> str:
    """The rule for who reads English: what `answers` says of what is asked, and its words in Chinese.

    `exact` where they stand so in the section, letter for letter.
    """
    facts = "; ".join(
        f"{one.said} (“{one.words}”)" if one.words else one.said
        for one in facts_in(question, answers)
    )
    says = "it says, word for word" if exact else "it says"
    begins = f"{facts[0].upper()}{facts[1:]}. " if facts else ""
    return f"{begins}The company's rule is in Chinese ({title}); {says}: “{rule}”"


def title_in_english(name: str, heading: str) -> str:
    """《手册》4.1 销毁审批, with its title in English where every word of it is known."""
    said = _file().titles.get(told := _NUMBERED.sub("", heading)) or listed(told)
    number = heading.removesuffix(told).strip()
    return f"《{name}》{number} {told}: {said}" if said else f"《{name}》{heading}"


def facts_in(question: str, rule: str) -> Sequence[Fact]:
    """What the question asks for, as far as the rule says it and it can be said in English.

    Of several clauses those that speak most of what is asked.
    """
    if not is_open(question):
        return ()
    wanted = [kind for kind, asks in _asks().items() if asks.search(question)]
    row = _row_of(rule)
    clauses = [cell for _, cell in row] if row else [one for one in _CLAUSE.split(rule) if one]
    found = [
        (fact, place)
        for place, clause in enumerate(clauses)
        for fact in _of_clause(wanted, clause.strip(), rule)
    ]
    if row:
        return _of_row(row, {place for _, place in found}, wanted)
    asked = in_chinese(question)
    speaks = [sum(any(one in clause for one in many) for many in asked) for clause in clauses]
    most = max((speaks[place] for _, place in found), default=0)
    best = [fact for fact, place in found if speaks[place] == most]
    return best if len(best) <= _MOST_FACTS else ()


def _of_row(
    row: Sequence[tuple[str, str]], told: set[int], wanted: Sequence[str]
) -> Sequence[Fact]:
    """The cells of a row that tell what is asked, each under its head, behind what the row is about."""
    heads = [*_file().heads]
    said = {}
    for place, (head, cell) in enumerate(row):
        counts = place in told or place == 0 or (head in _FROM and "time" in wanted)
        if counts and head in heads and (in_english := _cell(head, cell)):
            said[place] = (heads.index(head), _file().heads[head].format(in_english))
    if not told & {*said}:
        return ()
    return [Fact(", ".join(words for _, words in sorted(said.values())), "")]


def _cell(head: str, cell: str) -> str:
    """A cell in English, where all of it is known."""
    if known := _file().cells.get(cell):
        return known
    figures = list(_figures(cell, f"{head}：{cell}"))
    if len(figures) == 1 and figures[0].whole:
        return figures[0].said
    return people_listed(cell) or listed(cell)


def _of_clause(wanted: Sequence[str], clause: str, rule: str) -> Iterator[Fact]:
    for kind in wanted:
        yield from _TELLING[kind](clause, rule)


class _Figure(NamedTuple):
    said: str
    is_time: bool
    begins: str
    """What of the clause stands before it."""
    ends: str
    whole: bool
    """Whether it is all of the clause."""


def _figures(clause: str, rule: str) -> Iterator[_Figure]:
    """The dates, periods and numbers of a clause, and its words for when, in English."""
    free = 0
    for found in _figure().finditer(clause):
        said = _said_of(found, clause, rule)
        if said and found.start() >= free:
            free = found.end()
            is_time = bool(found["date"] or found["word"] or found["unit"] in _file().times)
            begins, ends = clause[: found.start()], clause[found.end() :]
            yield _Figure(said, is_time, begins, ends, not begins and not ends)


def _said_of(found: re.Match[str], clause: str, rule: str) -> str:
    if found["date"]:
        day = _DATE.fullmatch(found["date"])
        return f"{day['y']}-{int(day['m']):02}-{int(day['d']):02}" if day else ""
    if found["word"]:
        return {**_file().moments, **_file().every}[found["word"]]
    amount = to_number(found["number"].replace(",", ""))
    if amount is None:
        return ""
    amount *= _LARGE.get(found["large"] or "", 1)
    unit = _unit(found["unit"], amount, (clause, rule))
    if unit is None or (found["unit"] == "次" and amount == 1):
        return ""
    told = f"{amount:,} {unit}".strip()
    before = _file().before.get(found["before"] or "", "")
    behind = _file().behind.get(found["behind"] or "", "")
    if before == "every" and amount == 1:
        return f"every {_file().units[found['unit']][0]}"
    if behind.startswith("or "):
        return f"{told} {behind}"
    if behind == "within" and found["unit"] not in _file().times:
        behind = "at most"
    at_a_time = "at a time" if found["each"] else ""
    return " ".join(filter(None, (before or behind, told, at_a_time)))


def _unit(unit: str, amount: int, said_of: Sequence[str]) -> str | None:
    """The unit in English, by what it is said of, the nearest first; None where nothing says what it counts."""
    for text in said_of:
        for about, counted, word in _file().of:
            if unit == counted and re.search(about, text):
                return word
    one, many = _file().units[unit]
    return (one if amount == 1 else many) or None


def _times(clause: str, rule: str) -> Iterator[Fact]:
    for one in _figures(clause, rule):
        if one.is_time:
            kept = "kept for " if _KEPT.search(one.begins) and one.said[0].isdigit() else ""
            yield Fact(f"{kept}{one.said}", clause)
            return


def _often_told(clause: str, rule: str) -> Iterator[Fact]:
    said = [one.said for one in _figures(clause, rule)]
    yield from (Fact(one, clause) for one in said if one.startswith(("every", "half a", "each")))


def _counts(clause: str, rule: str) -> Iterator[Fact]:
    """The first number, with how often it is meant."""
    often = next((one.said for one in _figures(clause, rule) if one.said in _often()), "")
    for one in _figures(clause, rule):
        if not one.is_time:
            yield Fact(f"{one.said} {often.replace('every', 'a')}".strip(), clause)
            return


def _posts(clause: str, _rule: str) -> Iterator[Fact]:
    """Who does it: behind 由 and before what they do, or at the beginning."""
    places = [0, *(found.end() for found in _BY.finditer(clause))]
    for begin in reversed(places):
        for end in range(len(clause), begin, -1):
            said = _posts_in(clause[begin:end])
            if said and (_ACTS.match(clause[end:]) or begin == 0):
                yield Fact(said, clause)
                return


def _posts_in(text: str) -> str:
    strangers = {*_file().no_posts}
    return "" if strangers & {*_AND.split(text)} or "本人" in text else people_listed(text)


def _forms(clause: str, _rule: str) -> Iterator[Fact]:
    if forms := _FORM.findall(clause):
        yield Fact(f"form {' and '.join(dict.fromkeys(forms))}", clause)


def _lists(clause: str, _rule: str) -> Iterator[Fact]:
    """Things told one behind the other: 只转移姓名、电话和地址."""
    if "、" not in clause or _DENIES.search(clause):
        return
    begin = clause.index("、")
    for start in range(begin):
        if said := listed(re.sub(r"[\d一二两三四五六七八九十]+[项样格]$", "", clause[start:])):
            yield Fact(said, clause)
            return


def _steps(clause: str, rule: str) -> Iterator[Fact]:
    yield from (one for one in _times(clause, rule) if re.search(r"\d", one.said))
    yield from _forms(clause, rule)


_TELLING: Mapping[str, Callable[[str, str], Iterator[Fact]]] = {
    "often": _often_told,
    "time": _times,
    "count": _counts,
    "person": _posts,
    "form": _forms,
    "list": _lists,
    "step": _steps,
}


def _row_of(rule: str) -> list[tuple[str, str]]:
    """The cells of a row with their heads; nothing for other rules."""
    cells = [one.partition("：") for one in rule.rstrip("。").split("；")]
    row = [(head, cell.strip()) for head, mark, cell in cells if mark]
    heads = _file().heads
    return row if len(row) == len(cells) > 1 and any(head in heads for head, _ in row) else []


@cache
def _figure() -> re.Pattern[str]:
    file = _file()

    def any_of(words: Mapping[str, object]) -> str:
        return "|".join(sorted(map(re.escape, words), key=len, reverse=True))

    return re.compile(
        rf"(?P<date>{_DATE.pattern})|(?P<word>{any_of({**file.moments, **file.every})})|"
        rf"(?P<each>一次)?(?:(?P<before>{any_of(file.before)})[发打收填留带录]?)?(?<![第\d.A-Za-z-])(?P<number>\d[\d,]*|[零一二两三四五六七八九十百千]+)\s*"
        rf"(?P<large>[万亿]?)\s*(?P<unit>{any_of(file.units)})(?P<behind>{any_of(file.behind)})?"
    )


@cache
def _often() -> frozenset[str]:
    return frozenset(_file().every.values())


@cache
def _asks() -> Mapping[str, re.Pattern[str]]:
    return {kind: re.compile(asks, re.IGNORECASE) for kind, asks in _file().asks.items()}


@cache
def _file() -> _File:
    return load(FILE, _File)
