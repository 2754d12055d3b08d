"""Person and organisation names as two models read them, weighed with what we know of names.

Our own model reads every sentence. What it is sure of stands; where it is not, LAC reads the sentence
too. The two err apart: measured on sentences written by hand, what one invents lies far behind in the
other's readings, and what both came close to is a name.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from pii.findings import Finding
from pii.firm_names import names_a_firm, patterns
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.latin_names import latin_names
from pii.name_context import (
    announced_surnames,
    ends_a_word,
    follows,
    goes_on,
    is_announced,
    is_apart_name,
    is_between,
    is_ordinary_word,
    is_unexplained,
    leads,
    with_surname,
)
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
_NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}(?:·[㐀-鿿]{1,10}){1,4}")
_HAN = re.compile(r"[㐀-鿿]")
_RUN_OF_TWO = re.compile(r"[㐀-鿿]{4,6}")
_SIDE_BY_SIDE = 0.7
_MARK = re.compile(r"[^\w·]")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ ·][A-Z][a-z]+){1,3}")
_BEHIND = "现曾系已于向与和住称说因将被把为是的等"
_BEHIND_A_TITLE = _BEHIND + "啊呀吧呢嘛吗看听办做想写定批您好请要让也会问给到去来转带"
# 壹万贰(仟叁佰元整), 长|江厅.
_NUMERALS_OR_ROOM = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元整]+|.[厅室馆]|第五[章条款项节编期届批次号名个家年月日周组队层楼栋单]"
)
# 万一她, 郭那里, 萧山店: what no given name holds.
_PRONOUN = re.compile(r"[她他它你您们吗吧呢啊嘛了店厂]$|^[^阿].都$|那[里边儿么]|这[里边儿么]")
# 2019年，任主任: who holds the post stands elsewhere.
_SERVES = re.compile(r"(?:(?<=年，)|(?<=[年月日曾历现并兼改升]))任")
# Surnames that nearly always are a little word.
_WORDS_TOO = frozenset("但从由因与及或若")
_ROLE = re.compile(r".?.?(?:经理|主任|律师|老师|总监|董事|客户|用户|先生|女士|医生|人员|专员|代表)")

# In units of each model's scores; chosen by evals/training/check.py and the tuned half of the
# business documents.
SURE = -4.3
"""Ahead of every other reading by this much, a full name that is no ordinary word needs no second
opinion."""
_WORTH_ASKING = 2.0
_BOTH_NEAR = 4.5
_TOGETHER = 5.5
_THEIRS = 7.0
_STANDS_ALONE = -2.5
_ANNOUNCED, _ANNOUNCED_AND_FOLLOWED = -1.5, 0.0
_FENCED = 0.5
_UNEXPLAINED, _UNSAFE, _BETWEEN = 0.0, -1.5, 7.0
"""Where the dictionary has no word for any of it: our model alone, the same from what is rarely a surname, and both."""
_SETTLED = -6.0
"""So far ahead, a name is not made longer by the next character."""
_AWAITED = 8.5
"""Both together, of a full name behind a word that leads to one."""
_GIVEN, _GIVEN_WORD = 5.5, 3.0
"""A given name alone, by LAC; one that is a word, too."""
_FIRM = -2.0
_NEARLY = 6.0
_FAR = 9.0


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
        unsure = [n for n, tagged in enumerate(first) if _is_unsure(texts[n], tagged, edges[n])]
        second = dict(zip(unsure, self._second.names([texts[n] for n in unsure]), strict=True))
        found: list[Finding] = []
        for number, (start, _) in enumerate(pieces):
            theirs = second.get(number, ())
            sound = {(one.start, one.end) for one in theirs if one.tag == "PER"}
            people = _people(
                texts[number],
                _unbroken(first[number], edges[number], sound),
                _unbroken(theirs, edges[number], sound),
            )
            ours = (
                one
                for one in first[number]
                if one.tag == "ORG"
                and one.behind <= _FIRM
                and {one.start, one.end} <= edges[number]
            )
            for one in (*ours, *(o for o in theirs if _ends_as_firm(texts[number], o))):
                if one.tag == "ORG" and names_a_firm(texts[number][one.start : one.end]):
                    at = (start + one.start, start + one.end)
                    found.append(_finding(Kind.ORGANISATION, *at, 0.6))
            for one in people:
                found.extend(_person(text, start + one.start, start + one.end))
        return found


def _ends_as_firm(text: str, one: Tagged) -> bool:
    """Whether a reading ends in a trade, a form or a shop: LAC reads firms in words for goods and trips."""
    name = text[one.start : one.end]
    return any(
        ending.search(name)
        for ending in (patterns().trade_at_end, patterns().form_at_end, patterns().shop_at_end)
    )


def _unbroken(
    tagged: Iterable[Tagged], edges: frozenset[int], sound: Container[tuple[int, int]] = ()
) -> list[Tagged]:
    """Without people cut out of words, 常说明 of 异常说明, where LAC does not read the same person.

    A sure one may end in what begins a word: 吴建国|家的.
    """
    return [
        one
        for one in tagged
        if one.tag == "ORG"
        or (one.start in edges and (one.end in edges or one.behind <= _ANNOUNCED))
        or (one.start, one.end) in sound
    ]


def _bare(text: str, tagged: Iterable[Tagged]) -> list[Tagged]:
    """The readings without a mark that was read as the last character of a person: 张涛）."""
    return [
        replace(one, end=one.end - 1)
        if one.tag == "PER" and one.end - one.start > 2 and _MARK.match(text, one.end - 1)
        else one
        for one in tagged
    ]


def _is_sure(text: str, one: Tagged, tagged: Iterable[Tagged]) -> bool:
    """Whether a reading needs no second opinion: a full name, no word, and no longer name near."""
    if one.tag != "PER":
        return False
    name = text[one.start : one.end]
    # 陈经理: a surname and a title say it themselves.
    titled = surnames().is_titled(name)
    if one.behind > (0 if titled else SURE) and not _is_announced(text, one):
        return False
    likely = titled or _is_full(name) or "·" in name
    return (
        likely
        and not _is_doubtful(name)
        and not is_ordinary_word(name)
        and (
            titled
            or not any(
                other.start == one.start and one.end < other.end <= one.start + 3
                for other in tagged
                if other.tag == "MAYBE" and other.behind <= _TOGETHER
            )
        )
    )


def _is_unsure(text: str, tagged: Sequence[Tagged], edges: frozenset[int]) -> bool:
    """Whether any reading worth asking about is not settled by a sure one."""
    sure = [one for one in _unbroken(tagged, edges) if _is_sure(text, one, tagged)]
    covered = {at for one in sure for at in range(one.start, one.end)}
    return bool(announced_surnames(text) - covered) or any(
        not any(one.meets(other) for other in sure)
        for one in tagged
        if one.tag == "PER"
        or (
            one.tag == "MAYBE"
            and (
                one.behind <= _WORTH_ASKING or _is_usual(text, one) or _is_given_between(text, one)
            )
        )
    )


def _is_given_between(text: str, one: Tagged) -> bool:
    """Whether it is made as given names are and stands where one may: LAC knows these."""
    name = text[one.start : one.end]
    return surnames().is_made_of_given(name) and is_between(text, one.start, one.end)


def _is_usual(text: str, one: Tagged) -> bool:
    """Whether it begins with a surname most people have, and as no word does: LAC knows these."""
    known, begin = surnames(), text[one.start : one.start + 2]
    if (
        one.behind <= _NEARLY
        and _is_full(text[one.start : one.end])
        and is_announced(text, one.start)
    ):
        return True
    if begin[:1] not in known.common and begin not in known.compound:
        return False
    return begin not in known.never_names and (
        begin in known.compound or not is_ordinary_word(begin)
    )


def _people(text: str, first: Sequence[Tagged], second: Sequence[Tagged]) -> list[Tagged]:
    """The stretches that are people by what both models say, none meeting another."""
    kept = [one for one in first if _is_sure(text, one, first)]
    for one in _candidates(text, first, second, kept):
        if not any(one.meets(other) for other in kept):
            kept.append(one)
    return [_whole(text, one, [*first, *second]) for one in kept]


def _whole(text: str, one: Tagged, read: Iterable[Tagged]) -> Tagged:
    """The name with its last character, where a model nearly read it and it begins no word: 管可|儿行."""
    longer = Tagged("PER", one.start, one.end + 1)
    end, name = one.end, text[one.start : one.end + 1]
    settled = any(
        (other.start, other.end, other.tag) == (one.start, one.end, "PER")
        and other.behind <= _SETTLED
        for other in read
    )
    near = not settled and any(
        (other.start, other.end) == (longer.start, longer.end) and other.behind <= _NEARLY
        for other in read
    )
    if end == len(text) or not _NAME.fullmatch(name):
        return one
    if not _is_full(name) or not _is_full(name[:-1]):
        return one
    if is_apart_name(text, one.start, end + 1):
        return longer
    if not near or follows(text, end):
        return one
    return one if is_ordinary_word(text[end : end + 2]) else longer


def _candidates(
    text: str, first: Sequence[Tagged], second: Sequence[Tagged], kept: Sequence[Tagged]
) -> list[Tagged]:
    """Stretches that both models came close to, or one of them is sure of; the likeliest first.

    None that meets one of `kept`.
    """
    ours = {(one.start, one.end): one for one in reversed(first) if one.tag != "ORG"}
    theirs = {(one.start, one.end): one for one in reversed(second) if one.tag != "ORG"}
    usual: set[int] = set()
    if second:
        usual = {one.start for one in first if one.tag != "ORG" and _is_usual(text, one)}
        usual |= announced_surnames(text)
    ranked = []
    for start, end in ours.keys() | theirs.keys():
        mine, other = ours.get((start, end)), theirs.get((start, end))
        at = Tagged("PER", start, end)
        if any(at.meets(one) for one in kept):
            continue
        read = other is not None and (other.tag == "PER" or end - start == 2)
        if _is_doubtful(text[start:end]) and not read:
            continue
        compound = _is_compound(text, mine, other)
        # Most that only came close: nothing below could speak for them.
        if mine and mine.tag == "MAYBE" and other is None and not compound:
            continue
        full = _is_full(text[start:end])
        together = sum(max(one.behind, 0) if one else _FAR for one in (mine, other))
        announced = full and _is_announced(text, mine)
        told = _is_told(text, at, mine, other)
        if (
            compound
            or announced
            or told
            or _counts(text[start:end], mine, other, full)
            or _is_theirs(at, other, first)
            or ((start in usual or is_apart_name(text, start, end)) and _is_known(text, other))
            or _is_awaited(text, mine, other)
        ):
            votes = sum(1 for one in (mine, other) if one and one.tag == "PER")
            # A name too short by a character leaks one; too long hides one more.
            ahead = bool(mine and mine.tag == "PER" and mine.behind <= _STANDS_ALONE)
            strong = ahead or compound or announced or told
            length = end - start if strong or together <= _TOGETHER else 0
            ranked.append(((not (full or strong), -length, -votes, together), at))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _counts(name: str, mine: Tagged | None, other: Tagged | None, full: bool) -> bool:
    """Whether both models came close to a stretch, or ours is far ahead with it."""
    alone = mine and mine.tag == "PER" and mine.behind <= _STANDS_ALONE
    if alone and not is_ordinary_word(name):
        return _name_score(name) is not None
    if mine is None or other is None:
        return False
    if full and other.tag == "PER" and not is_ordinary_word(name):
        return mine.behind <= _THEIRS
    if mine.tag == "PER" or other.tag == "PER":
        return max(mine.behind, other.behind) <= _BOTH_NEAR
    return full and mine.behind + other.behind <= _TOGETHER


def _is_doubtful(name: str) -> bool:
    """Whether it begins with a word that is seldom a surname, so that one model is not enough: 从小学, 但须先."""
    known = surnames()
    seldom = name[:1] in _WORDS_TOO and name[:2] not in known.compound
    return seldom and len(name) in (2, 3) and not known.is_titled(name)


def _is_told(text: str, at: Tagged, mine: Tagged | None, other: Tagged | None) -> bool:
    """Whether no word explains what one model reads as a name, and what stands around it allows one.

    付既白 as our model reads it, 周砚 as LAC does; a given name alone only between a mark or a word that
    leads to a person and what a person does.
    """
    if mine is None:
        return False
    name = text[at.start : at.end]
    if at.end - at.start > 3 and _are_two(name):
        return (
            mine.tag == "PER"
            and mine.behind <= _UNEXPLAINED
            and any(
                is_unexplained(text, at.start, cut) and is_unexplained(text, cut, at.end)
                for cut in (at.start + 2, at.start + 3)
                if _is_full(text[at.start : cut]) and _is_full(text[cut : at.end])
            )
        )
    if at.end - at.start > 3 or not is_unexplained(text, at.start, at.end):
        return False
    if _is_full(name) and not surnames().is_titled(name):
        theirs = other is not None and other.tag == "PER" and mine.behind <= _FAR
        if at.end - at.start == 3:
            safe = name[0] in surnames().before_title or name[:2] in surnames().compound
            return theirs or mine.behind <= (_UNEXPLAINED if safe else _UNSAFE)
        between = is_between(text, at.start, at.end)
        return between and (theirs or mine.behind <= _UNEXPLAINED or _near(mine, other, _BETWEEN))
    most = _GIVEN_WORD if is_ordinary_word(name) else _GIVEN
    return (
        surnames().is_made_of_given(name)
        and other is not None
        and other.behind <= most
        and is_between(text, at.start, at.end)
    )


def _near(mine: Tagged, other: Tagged | None, most: float) -> bool:
    """Whether both models came within so much of it together, ours ahead counting as level."""
    return other is not None and max(mine.behind, 0) + max(other.behind, 0) <= most


def _is_full(name: str) -> bool:
    """Whether it is surname and given name; 鲜于 alone is a surname, not 鲜 with a given name."""
    return surnames().is_full_name(name) and name not in surnames().compound


def _is_announced(text: str, mine: Tagged | None) -> bool:
    """Whether our model reads a person where a word before it, better still one behind, says so."""
    if mine is None or mine.tag != "PER":
        return False
    fenced = mine.end - mine.start > 2 and is_apart_name(text, mine.start, mine.end)
    if fenced and mine.behind <= _FENCED:
        return True
    if not is_announced(text, mine.start):
        return False
    needed = _ANNOUNCED_AND_FOLLOWED if follows(text, mine.end) else _ANNOUNCED
    return mine.behind <= needed and not is_ordinary_word(text[mine.start : mine.end])


def _is_awaited(text: str, mine: Tagged | None, other: Tagged | None) -> bool:
    """Whether both models came near to a full name where a word before it leads to one: 登记人|金禾苗."""
    if mine is None or mine.end - mine.start != 3 or not _near(mine, other, _AWAITED):
        return False
    name = text[mine.start : mine.end]
    usual = name[0] in surnames().common and not is_ordinary_word(name[:2])
    return usual and not is_ordinary_word(name) and is_announced(text, mine.start)


def _is_compound(text: str, mine: Tagged | None, other: Tagged | None) -> bool:
    """Whether a compound surname begins it where a person may stand: LAC does not know them."""
    if mine is None or mine.behind > (_NEARLY if other and other.behind < 1 else _WORTH_ASKING):
        return False
    name = text[mine.start : mine.end]
    compound = name[:2] in surnames().compound and 2 < len(name) < 5
    return compound and leads(text, mine.start)


def _is_theirs(at: Tagged, other: Tagged | None, first: Sequence[Tagged]) -> bool:
    """Whether LAC reads a person where ours does, with other edges."""
    both = (one for one in first if one.tag == "PER")
    return bool(other and other.tag == "PER") and any(at.meets(one) for one in both)


def _is_known(text: str, other: Tagged | None) -> bool:
    """Whether LAC reads a full name of three or four characters, no word at its end either."""
    if other is None or other.tag != "PER" or other.end - other.start < 3:
        return False
    name = text[other.start : other.end]
    return _is_full(name) and not is_ordinary_word(name)


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
    if ends_a_word(text, start) and _is_full(text[start + 1 : end + 1]):
        start, end = start + 1, end + 1
    # 和 that joins nothing is the name's: 石清和（, 石清和到场.
    if (
        text[end : end + 1] == "和"
        and _is_full(text[start : end + 1])
        and (not _HAN.match(text, end + 1) or goes_on(text[end + 1 : end + 5]))
    ):
        end += 1
    if known.is_titled(text[start:end]) and (
        ends_a_word(text, start) or _SERVES.match(text, start)
    ):
        return
    score = _name_score(text[start:end])
    if score is None and _are_two(text[start:end]):
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


def _are_two(run: str) -> bool:
    """Whether it is two full names without a mark between: 罗静|韶爱华."""
    return _RUN_OF_TWO.fullmatch(run) is not None and any(
        all(_is_full(name) and not is_ordinary_word(name) for name in (run[:at], run[at:]))
        for at in (2, 3)
    )


def _name_score(name: str) -> float | None:
    known = surnames()
    # 户|籍地址: what ends in a label is the label.
    if name in known.never_names or vocabulary().kind_of(name):
        return None
    if _PRONOUN.search(name):
        return None
    if known.is_titled(name):
        return 0.8
    if _ROLE.fullmatch(name) or _NUMERALS_OR_ROOM.fullmatch(name):
        return None
    if _LATIN.fullmatch(name):
        words = re.split("[ ·]", name)
        return 0.7 if all(latin_names().may_be_name(word) for word in words) else None
    if not _NAME.fullmatch(name):
        return None
    if "·" in name or known.is_full_name(name):
        return 0.85
    # 万望海涵: four characters that end in a word are no surname and given name.
    return None if len(name) > 3 and is_ordinary_word(name[-2:]) else 0.6


def _finding(kind: Kind, start: int, end: int, score: float) -> Finding:
    return Finding(kind, start, end, score, f"{kind.value}/{MODEL}")
