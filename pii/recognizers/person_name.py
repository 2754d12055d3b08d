"""Person and organisation names in running text, as two models read them (`pii/name_readings.py`)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pii.findings import Finding
from pii.firm_names import names_a_firm, patterns
from pii.kinds import Kind
from pii.name_context import ends_a_word, goes_on, with_surname
from pii.name_readings import is_unsure, people_in, unbroken
from pii.name_shapes import are_two, is_full, score_of
from pii.recognizers.base import Recognizer
from pii.sentence_reader import SentenceReader, Tagged
from pii.sentences import sentences
from pii.surnames import surnames
from pii.words import word_edges

MODEL = "model"
# What follows makes it a place, a firm or a thing: 中山路, 王府井, 李宁公司.
_NOT_A_PERSON_BEFORE = re.compile(
    r"(?:路|街|大道|镇|村|县|市|区|省|乡|湾|山|河|桥|银行|公司|集团|大学|医院|中学|小学|法"
    r"院|厂|店|牌|杯|奖|条例|办法|法|学校|实验[小中学]|美术馆|博物馆|纪念馆|图书馆|故居|广场|机场)"
)
_HAN = re.compile(r"[㐀-鿿]")
_SIDE_BY_SIDE = 0.7
_MARK = re.compile(r"[^\w·]")
_BEHIND = "现曾系已于向与和住称说因将被把为是的等"
_BEHIND_A_TITLE = _BEHIND + "啊呀吧呢嘛吗看听办做想写定批您好请要让也会问给到去来转带"
# 2019年，任主任: who holds the post stands elsewhere.
_SERVES = re.compile(r"(?:(?<=年，)|(?<=[年月日曾历现并兼改升]))任")
# How far ahead our model must be with a firm, chosen as the thresholds of people are.
_FIRM = -2.0


class PersonNameRecognizer(Recognizer):
    """Names in running text."""

    def __init__(self, first: SentenceReader, second: SentenceReader) -> None:
        self._first = first
        self._second = second

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """People, and the organisations that a policy keeps."""
        return (Kind.PERSON_NAME, Kind.ORGANISATION)

    def find(self, text: str) -> list[Finding]:
        """Names and organisations, sentence by sentence, in two batched calls."""
        pieces = sentences(text)
        texts = [text[start:end] for start, end in pieces]
        first = [
            _bare(one, read) for one, read in zip(texts, self._first.names(texts), strict=True)
        ]
        edges = [word_edges(one) for one in texts]
        unsure = [n for n, tagged in enumerate(first) if is_unsure(texts[n], tagged, edges[n])]
        second = dict(zip(unsure, self._second.names([texts[n] for n in unsure]), strict=True))
        found: list[Finding] = []
        for number, (start, _) in enumerate(pieces):
            theirs = second.get(number, ())
            sound = {(one.start, one.end) for one in theirs if one.tag == "PER"}
            people = people_in(
                texts[number],
                unbroken(first[number], edges[number], sound),
                unbroken(theirs, edges[number], sound),
            )
            for one in _firms(texts[number], first[number], theirs, edges[number]):
                at = (start + one.start, start + one.end)
                found.append(_finding(Kind.ORGANISATION, *at, 0.6))
            for one in people:
                found.extend(_person(text, start + one.start, start + one.end))
        return found


def _firms(
    text: str, first: Iterable[Tagged], second: Iterable[Tagged], edges: frozenset[int]
) -> Iterator[Tagged]:
    """The firms our model is sure of, whole words, and those LAC reads in what ends as a firm does."""
    ours = (one for one in first if one.behind <= _FIRM and {one.start, one.end} <= edges)
    for one in (*ours, *(one for one in second if _ends_as_firm(text, one))):
        if one.tag == "ORG" and names_a_firm(text[one.start : one.end]):
            yield one


def _ends_as_firm(text: str, one: Tagged) -> bool:
    """Whether a reading ends in a trade, a form or a shop: LAC reads firms in words for goods and trips."""
    name = text[one.start : one.end]
    return any(
        ending.search(name)
        for ending in (patterns().trade_at_end, patterns().form_at_end, patterns().shop_at_end)
    )


def _bare(text: str, tagged: Iterable[Tagged]) -> list[Tagged]:
    """The readings without a mark that was read as the last character of a person: 张涛）."""
    return [
        replace(one, end=one.end - 1)
        if one.tag == "PER" and one.end - one.start > 2 and _MARK.match(text, one.end - 1)
        else one
        for one in tagged
    ]


def _person(text: str, start: int, end: int) -> Iterator[Finding]:
    """The name itself, if nothing speaks against it."""
    while start < end and text[start] == " ":
        start += 1
    while start < end and text[end - 1] == " ":
        end -= 1
    # A model takes the little word behind a name with it: 朱强平现(住), 李娜已(签), 赵工看(过).
    known = surnames()
    last, rest = text[end - 1 : end], text[start : end - 1]
    if end - start > 2 and (
        (last in _BEHIND and not known.is_full_name(text[start:end]))
        or (last in _BEHIND_A_TITLE and known.is_titled(rest))
    ):
        end -= 1
    start = with_surname(text, start, end)
    # 客户方|梁雪梅.
    if ends_a_word(text, start) and is_full(text[start + 1 : end + 1]):
        start, end = start + 1, end + 1
    # 和 that joins nothing is the name's: 石清和（, 石清和到场.
    if (
        text[end : end + 1] == "和"
        and is_full(text[start : end + 1])
        and (not _HAN.match(text, end + 1) or goes_on(text[end + 1 : end + 5]))
    ):
        end += 1
    if known.is_titled(text[start:end]) and (
        ends_a_word(text, start) or _SERVES.match(text, start)
    ):
        return
    score = score_of(text[start:end])
    if score is None and are_two(text[start:end]):
        score = _SIDE_BY_SIDE
    # 小赵|押的车: whose surname was read with the next word.
    if (
        end - start == 2
        and start
        and text[start - 1] in "老小"
        and known.begins_usually(text[start:end])
    ):
        start -= 1
    if score is not None and not _NOT_A_PERSON_BEFORE.match(text, end):
        yield _finding(Kind.PERSON_NAME, start, end, score)


def _finding(kind: Kind, start: int, end: int, score: float) -> Finding:
    return Finding(kind, start, end, score, f"{kind.value}/{MODEL}")
