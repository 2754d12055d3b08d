"""How people write a place in an instrument, as patterns, and what each says: 第13至15条, art. 47(1).

Everything is matched on text whose full-width digits and letters were narrowed one for one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.numerals import article_label, to_chinese, to_number
from knowledge.traditional import simplified

_N = r"(?:[0-9]+|[〇零一二两三四五六七八九十百千]+)"
_AND = r"(?:、|，|,|/|和|及|与|或|以及|\band\b|\bor\b|&)"
_TO = r"(?:至|到|—+|–|-|~|～|\bto\b|\bthrough\b)"
_JOIN = rf"\s*(?:{_AND}|{_TO})\s*"
_BRANCH = (
    r"(?:\s*之\s*(?:[一二三四五六七八九十]+|[0-9]+(?![0-9款项条]))"
    r"|\s*[（(]\s*之\s*(?:[一二三四五六七八九十]+|[0-9]+)\s*[）)])"
)
# 第13、14条: numbers share one 条; each with its own 条 is a place of its own.
_NUMBERS = rf"{_N}{_BRANCH}?(?:{_JOIN}第?\s*{_N}{_BRANCH}?)*?"
_PARAGRAPHS = rf"第\s*{_N}(?:{_JOIN}第?\s*{_N})*\s*款"
_BOXED = rf"第?\s*[（(]?\s*{_N}\s*[）)]?"
_ITEMS = rf"{_BOXED}(?:{_JOIN}{_BOXED})*\s*项"
_BOX = rf"[（(]\s*{_N}\s*[）)]"
# (二)、(三): no comma between, which would begin a list of the writer's own.
_LOOSE = rf"{_BOX}(?:\s*(?:[、和及与或]|{_TO})\s*{_BOX})*"
_PART = rf"(?:{_PARAGRAPHS}|{_ITEMS}|第?\s*{_N}\s*目)"
# 四十七条一款, said without 第; 两款 counts paragraphs, and 三款产品 things.
_SAID = rf"(?!两){_N}(?:{_JOIN}{_N})*\s*款(?!\s*(?:产品|软件|应用|手机|游戏|系统|app))"
_TAIL = (
    rf"(?:\s*(?:的)?\s*(?:(?:{_AND}|{_TO})\s*)?{_PART}|\s*{_SAID}|\s*{_LOOSE}(?!\s*[^\s\W\d_]?项))*"
)
# "500条信息" is a count. The line above it: no digits, year or number sign straight before.
_COUNT = r"(?!\s*(?:信息|记录|数据|以上|以下|规定|建议|消息|短信|客户|手机号|隐私|个人信息))"
_EN_NUMBER = r"[0-9]{1,4}(?:\s*bis\b)?"
_EN_BOX = r"[（(]\s*(?:[0-9]{1,3}|[a-z]|[ivx]{2,4}|[一二三四五六七八九十]{1,3})\s*[）)]"
_EN_WORD = r"(?:para(?:graph|\.)?|par\.?|abs\.|item|point|lit\.|letter|sub-?paragraph)"
_EN_PARTS = (
    rf"(?:\s*{_EN_BOX}|,?\s+{_EN_WORD}\s*\(?[0-9a-z]{{1,3}}\b\)?){{0,3}}"
    # 13(1)(2)-(7), 6(1)(a), (c) and (f): more of what was named last.
    rf"(?:,?{_JOIN}{_EN_BOX})*"
)
_EN_BEFORE = (
    r"(?:(?:item|point|sub-?paragraph)\s*\(?(?P<enitem>[0-9a-z]{1,3})\)?\s*(?:of|,)\s*)?"
    r"(?:para(?:graph|\.)?\s*\(?(?P<enpara>[0-9]{1,2})\)?\s*(?:of|,)\s*)?"
)
PLACE = re.compile(
    # 第四十七第一款: 条 left out, which is meant all the same.
    rf"第\s*(?P<zh>{_NUMBERS})\s*(?:条|(?=第\s*{_N}\s*款))(?P<zhbranch>{_BRANCH})?(?P<zhtail>{_TAIL})"
    rf"|(?<![0-9.年月号第有共计])(?P<bare>{_NUMBERS})\s*条(?P<barebranch>{_BRANCH})?{_COUNT}(?P<baretail>{_TAIL})"
    rf"|(?P<same>(?:该|此|同|本|上述|前述)条)(?P<sametail>{_TAIL})"
    rf"|{_EN_BEFORE}(?:\b(?:articles?|arts?\.?|sections?|sec\.)\s*|(?<![\w'’])(?:ss?\.|ss\b)\s*|§§?\s*)"
    rf"(?P<en>{_EN_NUMBER}{_EN_PARTS}(?:,?{_JOIN}{_EN_NUMBER}{_EN_PARTS})*)"
    # 5.4 of a standard; "PIPL 47", "个保法47": only straight after the instrument's name.
    rf"|(?<![0-9.])(?:第\s*)?(?P<decimal>[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{1,4}})(?![0-9])(?:\s*[条节款])?"
    rf"|(?<![0-9.])(?P<plain>[0-9]{{1,4}}(?:\s*[（(](?:[0-9]{{1,3}}|[a-z]|[一二三四五六七八九十]{{1,3}})[）)]){{0,2}})(?P<plainbranch>之[一二三四五六七八九])?(?![0-9a-z%]|\s*-?\s*(?:[年月日号版%天万人个]|小时|(?:hour|day|month|year|percent|people)s?\b|[0-9]))",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    rf"(?P<to>{_TO}\s*)?(?:(?P<paragraphs>{_PARAGRAPHS}|{_SAID})|(?P<items>{_ITEMS})"
    rf"|第?\s*{_N}\s*目|(?P<loose>{_LOOSE}))"
)
_UNIT = re.compile(
    rf"(?P<join>{_AND}|{_TO})?\s*第?\s*[（(]?\s*(?P<n>{_N})\s*[）)]?(?P<b>{_BRANCH})?", re.I
)
_RANGE = re.compile(_TO, re.IGNORECASE)
_EN_UNIT = re.compile(
    rf"(?P<join>,?{_JOIN})?\s*(?P<n>[0-9]{{1,4}})(?P<bis>\s*bis\b)?(?P<parts>{_EN_PARTS})",
    re.IGNORECASE,
)
_EN_PART = re.compile(
    rf"(?P<join>,?{_JOIN})?[（(]\s*(?P<box>[0-9a-z一二三四五六七八九十]{{1,3}})\s*[）)]"
    rf"|{_EN_WORD}\s*\(?(?P<word>[0-9a-z]{{1,3}})",
    re.IGNORECASE,
)
# What may stand between one place and the next: 第五十五条、五十六条.
JOINED = re.compile(rf"\s*(?:、|和|及|与|或|以及|{_TO})\s*", re.IGNORECASE)
LONGEST_RANGE = 30


@dataclass(frozen=True)
class Place:
    """One article, paragraph or item as written, before it is known of which instrument."""

    article: str
    paragraph: int | None = None
    item: int | None = None


def narrowed(text: str) -> str:
    """The text with full-width digits and letters as ASCII, 條 and 項 as 条 and 项, every position kept."""
    return simplified(text.translate(_NARROW))


_NARROW = {
    code: code - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
}


def chinese_places(numbers: str, branch: str | None, tail: str) -> list[Place]:
    """第13至15条, 第四十七条第一款第（二）项: the tail belongs to the last article."""
    labels = _labels(numbers)
    if not labels:
        return []
    if branch:
        last = article_label(f"第{labels[-1]}条{branch}")
        if last is None:
            return []
        labels[-1] = last
    *others, last_label = labels
    return [*(Place(label) for label in others), *tail_places(last_label, tail)]


def tail_places(article: str, tail: str) -> list[Place]:
    """The article with each paragraph and item its tail names; itself where there is no tail."""
    parts: list[tuple[int | None, int | None]] = []
    open_paragraph: int | None = None
    pending = False
    for element in _ELEMENT.finditer(tail):
        if element["paragraphs"]:
            numbers = _counts(element["paragraphs"])
            before = parts[-1][0] if parts and element["to"] else None
            parts += [(n, None) for n in _filled(before, numbers)]
            open_paragraph, pending = (numbers[-1] if numbers else None), bool(numbers)
        elif element["items"]:
            if pending:
                parts.pop()
            before = parts[-1][1] if parts and element["to"] else None
            parts += [(open_paragraph, n) for n in _filled(before, _counts(element["items"]))]
            pending = False
        elif element["loose"]:
            parts, open_paragraph, pending = _loose(
                element["loose"], parts, open_paragraph, pending
            )
    return [Place(article, *part) for part in parts] or [Place(article)]


def _filled(before: int | None, numbers: list[int]) -> list[int]:
    """第（一）项至第（三）项: the numbers with those between."""
    if before is None or not numbers or not 0 < numbers[0] - before <= LONGEST_RANGE:
        return numbers
    return [*range(before + 1, numbers[0]), *numbers]


def _loose(
    box: str, parts: list[tuple[int | None, int | None]], paragraph: int | None, pending: bool
) -> tuple[list[tuple[int | None, int | None]], int | None, bool]:
    """第十三条（三） is an item as statutes count them; 第47条(1) is a paragraph as English does."""
    numbers = _counts(box)
    if not numbers:
        return parts, paragraph, pending
    arabic = box.strip("（( ")[0].isdecimal()
    if arabic and paragraph is None:
        return [*parts, *((one, None) for one in numbers)], numbers[-1], True
    kept = parts[:-1] if pending else parts
    return [*kept, *((paragraph, one) for one in numbers)], paragraph, False


def english_places(
    written: str, paragraph: str | None = None, item: str | None = None
) -> list[Place]:
    """47(1)(b), 13-15, 253-1 (a branch, because it does not rise), 13, 14 and 15."""
    places: list[Place] = []
    for unit in _EN_UNIT.finditer(written):
        number = int(unit["n"])
        joined_by_range = bool(unit["join"] and _RANGE.search(unit["join"]))
        label = f"{number}之一" if unit["bis"] else str(number)
        if joined_by_range and places and places[-1].article.isdecimal():
            first = int(places[-1].article)
            if number <= first:
                places[-1] = Place(f"{first}之{to_chinese(number)}") if number else places[-1]
                continue
            places += [Place(label) for label in between(first, number)]
        places += [Place(label, *part) for part in _english_parts(unit["parts"])]
    if len(places) == 1 and (paragraph or item):
        named = (_ordinal(paragraph), _ordinal(item))
        return [Place(places[0].article, named[0] or places[0].paragraph, named[1])]
    return places


def _english_parts(written: str) -> list[tuple[int | None, int | None]]:
    """(1)(2)-(4), para. 1 lit. f: paragraph and item; what is joined stands beside the last named."""
    parts: list[list[int | None]] = [[]]
    for found in _EN_PART.finditer(written):
        number, last = _ordinal(found["box"] or found["word"]), parts[-1]
        if found["join"] and last:
            before = last[-1] if _RANGE.search(found["join"]) else None
            parts += [[*last[:-1], one] for one in _filled(before, [number] if number else [])]
        else:
            last.append(number)
    return [(part[0] if part else None, part[1] if len(part) > 1 else None) for part in parts]


def _ordinal(written: str | None) -> int | None:
    """1 for 1, 一 and a; what is none of them is no part."""
    if not written:
        return None
    if not written.isascii() or written.isdecimal():
        return to_number(written) or None
    return ord(written.lower()) - ord("a") + 1 if len(written) == 1 else None


def _labels(numbers: str) -> list[str]:
    labels: list[str] = []
    for joined, number, branch in _units(numbers):
        label = article_label(f"第{number}条{branch or ''}")
        if label is None:
            return []
        if joined and labels and labels[-1].isdecimal() and label.isdecimal():
            if int(label) <= int(labels[-1]):
                # 第253-1条 is how some write 第二百五十三条之一.
                labels[-1] = f"{labels[-1]}之{to_chinese(int(label))}" if int(label) else labels[-1]
                continue
            labels += between(int(labels[-1]), int(label))
        labels.append(label)
    return labels


def _counts(written: str) -> list[int]:
    found: list[int] = []
    for joined, number, _ in _units(written):
        value = to_number(number)
        if value is None or value == 0:
            return []
        if joined and found and 0 < value - found[-1] <= LONGEST_RANGE:
            found += range(found[-1] + 1, value)
        found.append(value)
    return found


def _units(written: str) -> Iterator[tuple[bool, str, str | None]]:
    """Each number, whether it ends a range that the one before began, and its 之."""
    for unit in _UNIT.finditer(written):
        joined = bool(unit["join"] and _RANGE.fullmatch(unit["join"]))
        yield joined, unit["n"], unit["b"]


def between(first: int, last: int) -> list[str]:
    """The articles between two; none where the range is too long to be meant."""
    inner = range(first + 1, last)
    return [str(number) for number in inner] if len(inner) <= LONGEST_RANGE else []
