"""Further readings of a text, for identifiers that are written so that no pattern sees them.

Nothing is replaced in the text itself: two numbers side by side would melt into one, and a date
would stop being one. Each reading is a row of stretches of the text, some copied and some put in
other words; `normalise` appends them behind a boundary and knows the way back.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pii.dense_numbers import possible_numbers
from pii.folding import BOUNDARY


class Stretch(NamedTuple):
    """A stretch of the text, and what it reads as; None copies it.

    Words as long as the stretch answer to it character by character, others as a whole.
    """

    start: int
    end: int
    words: str | None = None


Reading = Sequence[Stretch]

# Groups of a written-apart number. A group of letters alone is a word, except the X of an ID.
_GROUP = r"(?:[A-Z]{0,2}\d[0-9A-Z]*|[Xx](?![A-Za-z]))"
_GAP = r"(?: ?[-./_·] ?| {1,2}|[ \t]?-?\r?\n[ \t]{0,8})"
_APART = re.compile(rf"(?<![0-9A-Za-z])\d[0-9A-Z]*(?:{_GAP}{_GROUP})+(?![0-9A-Za-z])")
_ONE_GROUP = re.compile(r"[0-9A-Za-z]+")
_SHORTEST, _LONGEST = 11, 23
_LEFT_CONTEXT = 16
_DENSE = 8
"""Groups in a row up to which every stretch is read: two mobile numbers side by side."""
_EDGE = re.compile(r"\n|  ")
_GLUED = re.compile(r"[A-Za-z0-9][!#$%&*+/@\\^_~\-]$")


def joined(text: str) -> Iterator[Reading]:
    """Neighbouring groups of digits as one number: 138 0013 8000, over a line's end too."""
    for match in _APART.finditer(text):
        groups = [
            Stretch(match.start() + g.start(), match.start() + g.end())
            for g in _ONE_GROUP.finditer(match.group())
        ]
        if len(groups) > _DENSE:
            yield from _in_row(text, groups)
            continue
        for first in range(len(groups)):
            yield from _from_group(text, groups, first)
    yield from _codes_apart(text)


def _in_row(text: str, groups: Sequence[Stretch]) -> Iterator[Reading]:
    """What can be one number in a long row: by its form, alone in its line, or behind a label."""
    yield from _from_group(text, groups, 0)
    chosen = set(possible_numbers([text[g.start : g.end] for g in groups]))
    edges = [
        number
        for number, (a, b) in enumerate(itertools.pairwise(groups), start=1)
        if _EDGE.search(text, a.end, b.start)
    ]
    chosen |= set(itertools.pairwise([0, *edges, len(groups)]))
    for first, last in sorted(chosen):
        run = groups[first:last]
        fits = _SHORTEST <= sum(g.end - g.start for g in run) <= _LONGEST
        if first and len(run) > 1 and fits and _plausible(text, run):
            yield [*_left_context(text, run[0].start), *run]


# Codes with letters in them, of 17 or 18 characters: chassis numbers, credit codes.
_CODE_APART = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Z]{2,16}(?:(?:[ -]|-?\r?\n[ \t]{0,8})[0-9A-Z]{1,16}){1,4}"
    r"(?![0-9A-Za-z])"
)
_CODE_LENGTHS = (17, 18)


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _codes_apart(text: str) -> Iterator[Reading]:
    for match in _CODE_APART.finditer(text):
        token = match.group()
        if sum(char.isdigit() for char in token) < 5 or token.isdigit():
            continue
        # 粤A78436 13800138000 is a plate and a telephone, not seventeen characters of a chassis number.
        if text[match.start() - 1 : match.start()] in _PROVINCES and match.start():
            continue
        groups = [
            Stretch(match.start() + g.start(), match.start() + g.end())
            for g in _ONE_GROUP.finditer(token)
        ]
        for first, last in itertools.combinations(range(len(groups) + 1), 2):
            run = groups[first:last]
            if len(run) > 1 and sum(g.end - g.start for g in run) in _CODE_LENGTHS:
                yield [*_left_context(text, run[0].start), *run]


def _from_group(text: str, groups: Sequence[Stretch], first: int) -> Iterator[Reading]:
    length = groups[first].end - groups[first].start
    for last in range(first + 1, len(groups)):
        length += groups[last].end - groups[last].start
        if length > _LONGEST:
            return
        if length >= _SHORTEST and _plausible(text, groups[first : last + 1]):
            yield [*_left_context(text, groups[first].start), *groups[first : last + 1]]


def _left_context(text: str, start: int) -> list[Stretch]:
    """The label before the number, if what stands there is one: `卡号：`, never other digits."""
    if _GLUED.search(text, max(0, start - 2), start):
        return []  # the end of a longer word: Maple@1234 2024-01-15 is no password of twelve digits
    floor = max(0, start - _LEFT_CONTEXT)
    position = start
    while position > floor and not (
        text[position - 1].isdigit() or text[position - 1] in "\n" + BOUNDARY
    ):
        position -= 1
    return [Stretch(position, start)] if position < start else []


def _plausible(text: str, groups: Sequence[Stretch]) -> bool:
    """Whether people write one number in such groups: 3-4-4, digit by digit; not 12 3 45."""
    sizes = [group.end - group.start for group in groups]
    gaps = {text[a.end : b.start].strip(" \t\r") for a, b in itertools.pairwise(groups)}
    if "." in gaps and (len(gaps) > 1 or max(sizes) <= 3 or sizes[-1] <= 2):
        return False  # a version, or an amount: 41761396839.02
    if all(size == 1 for size in sizes):
        return True
    tail = 1 if text[groups[-1].start] in "Xx" else 2
    broken = any("\n" in gap for gap in gaps)
    return all(size >= (1 if broken else 2) for size in sizes[:-1]) and sizes[-1] >= tail


# A line that was full, not ended: long, and without a mark before its end or a label after it.
_WRAPPED = re.compile(r"(?<=[㐀-鿿0-9A-Za-z])\r?\n(?=[㐀-鿿0-9A-Za-z])")
_FULL_LINE = 24
_BEFORE_WRAP, _AFTER_WRAP = 24, 32
_BEGUN = re.compile(r"[A-Za-z][\w.+]*\Z", re.ASCII)


def unwrapped(text: str) -> Iterator[Reading]:
    """Words on both sides of a line's end as one: 清\n风里14号楼 of a scanned or printed page."""
    for match in _WRAPPED.finditer(text):
        line = match.start() - 1 - text.rfind("\n", 0, match.start())
        if line < _FULL_LINE:
            continue
        left = max(match.start() - min(line, _BEFORE_WRAP), 0)
        begun = _BEGUN.search(text, max(0, left - _BEFORE_WRAP), left)
        left = begun.start() if begun else left
        end = text.find("\n", match.end(), match.end() + _AFTER_WRAP)
        right = min(len(text), match.end() + _AFTER_WRAP) if end < 0 else end
        boundary = text.find(BOUNDARY, left, right)
        if boundary < 0:
            yield [Stretch(left, match.start()), Stretch(match.end(), right)]


# Spoken and written digits, 洞幺拐勾 of the telephone among them; each row is one digit.
_NUMERALS = (
    "零〇○洞⓪⁰₀", "一壹幺弌①❶➀➊⑴⒈¹₁", "二贰貳两②❷➁➋⑵⒉²₂", "三叁參③❸➂➌⑶⒊³₃", "四肆④❹➃➍⑷⒋⁴₄",
    "五伍⑤❺➄➎⑸⒌⁵₅", "六陆陸⑥❻➅➏⑹⒍⁶₆", "七柒拐⑦❼➆➐⑺⒎⁷₇", "八捌⑧❽➇➑⑻⒏⁸₈", "九玖勾⑨❾➈➒⑼⒐⁹₉",
)  # fmt: skip
_DIGIT_OF = {ord(char): str(digit) for digit, row in enumerate(_NUMERALS) for char in row}
_GAPS_AS_SPACE = {ord(mark): " " for mark in "、，,"}
_WORD = "[" + "".join(chr(code) for code in _DIGIT_OF) + "]"
_ANY_DIGIT = "[0-9" + _WORD[1:]
# From the first numeral on, and back over the digits before it; 7 is a local telephone number.
_SPOKEN = re.compile(rf"{_ANY_DIGIT}(?:[ 、，,.\-]?{_ANY_DIGIT}){{6,40}}[Xx]?")
_HAS_WORD = re.compile(_WORD)


def spoken(text: str) -> Iterator[Reading]:
    """Digits in words as figures: 一三八零零…, 幺三八, 壹叁捌, ①③⑧."""
    position = 0
    while word := _HAS_WORD.search(text, position):
        start = word.start()
        while start > position and text[start - 1] in "0123456789":
            start -= 1
        match = _SPOKEN.match(text, start)
        if match is None:
            position = word.end()
            continue
        # 62591264…8一并: one numeral behind figures is the next word's.
        if not _HAS_WORD.search(text, *_trimmed(text, start, match.end())):
            position = match.end()
            continue
        for first, last in _ends(text, start, match.end()):
            words = text[first:last].translate(_DIGIT_OF).translate(_GAPS_AS_SPACE)
            yield [*_left_context(text, first), Stretch(first, last, words)]
        position = match.end()


def _ends(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The run of numerals, and without a 一 that belongs to its neighbour: 周一…, …一下."""
    first, last = _trimmed(text, start, end)
    yield from itertools.product({start, first}, {end, last})


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    first = start + (text[start] == "一" and text[start - 1 : start] > "㐀")
    last = end - (text[end - 1] == "一" and text[end : end + 1] > "㐀")
    return first, last


# What a scanner reads for a digit. Only readings whose check digit holds, or with a word for a
# telephone before them, come of these, so an article number keeps its letters.
_AS_DIGITS = str.maketrans("OoQDlIi|SsBbZz×ⅩХх", "00001111558822XXXX")
_AS_CREDIT_CODE = str.maketrans("OoIil|SsZz", "0011115522")  # GB 32100 knows no I, O, S, V, Z
_AS_VIN = str.maketrans("OoQqIil|", "00001111")  # ISO 3779 knows no I, O, Q
_MISREAD = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9]{0,18}[A-Za-z|×ⅩХх])[0-9A-Za-z|]{10,18}[0-9A-Za-z|×ⅩХх]"
    r"(?![0-9A-Za-z])"
)
_TELEPHONE = re.compile(r"(?:手机|电话|联系方式|号码|mobile|phone|tel|cell)[^0-9\n]{0,6}$", re.I)
_MOST_MISREAD = 6
_FEWEST_DIGITS = 5


def misread(text: str) -> Iterator[Reading]:
    """Long numbers with letters a scanner takes for digits: O/0, l/I/1, S/5, B/8, Z/2."""
    for match in _MISREAD.finditer(text):
        token = match.group()
        digits = sum(char.isdigit() for char in token)
        if digits < _FEWEST_DIGITS:
            continue
        left = _left_context(text, match.start())
        before = text[left[0].start : match.start()] if left else ""
        for words in _corrected(token, digits, bool(_TELEPHONE.search(before))):
            yield [*left, Stretch(match.start(), match.end(), words)]


# In a number of a bank, groups of it and all a scanner makes of digits.
_CARD_SIGN = "[0-9OoQDlIi|SsBbZzGgqATt?&]"
_CARD_MISREAD = re.compile(
    r"(?:卡号?|[账帐][号户]|[打汇转退存付划刷]款?[到至入给往])[^0-9A-Za-z\n，。；&]{0,10}\n?[ \t]{0,4}"
    rf"(?P<card>(?=[0-9]{{0,19}}[A-Za-z|?& ]){_CARD_SIGN}(?:[ ]?{_CARD_SIGN}){{14,18}})(?![0-9A-Za-z])"
)
_CARD_DIGITS = str.maketrans("OoQDlIi|SsBbZzGgqATt?&", "0000111155862269947778")
_FEWEST_CARD_DIGITS = 9


def misread_cards(text: str) -> Iterator[Reading]:
    """Card numbers behind a word of banking with letters and marks for digits: 62I7 O000 …8&.

    More letters than elsewhere, since the word says what stands there.
    """
    for match in _CARD_MISREAD.finditer(text):
        start, end = match.span("card")
        token = match["card"].replace(" ", "")
        if sum(char.isdigit() for char in token) >= _FEWEST_CARD_DIGITS:
            yield [
                Stretch(match.start(), start),
                Stretch(start, end, token.translate(_CARD_DIGITS)),
            ]


def _corrected(token: str, digits: int, behind_telephone: bool) -> Iterator[str]:
    length = len(token)
    few = digits >= length - _MOST_MISREAD
    words = {token}
    if few and (16 <= length <= 19 or (length == 11 and behind_telephone)):
        number = token.translate(_AS_DIGITS)
        if number[:-1].isdigit() and number[-1] in "0123456789Xx":
            words.add(number)
    if table := {18: _AS_CREDIT_CODE, 17: _AS_VIN}.get(length):
        words.add(token.translate(table))
    yield from sorted(words - {token})
