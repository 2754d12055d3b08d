"""The flaws an item or a quiz may have, so that the best-informed and not the test-wise do well.

After the guidelines collected by Haladyna, Downing and Rodriguez, "A Review of Multiple-Choice
Item-Writing Guidelines for Classroom Assessment", Applied Measurement in Education 15(3), 2002:
one right answer (20), place of the key varied (21), options in order (22), independent and not
overlapping (23), alike in content and grammar (24), of one length (25), no "all of the above" (26),
worded positively (18), no clue to the key (28: same words, grammar, absolute words).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.answering.figures import Figure, figures
from assistant.quizzes.flaw_names import Flaw, Found
from assistant.quizzes.grounds import figures_near
from assistant.quizzes.items import LETTERS, Item, ItemKind, MadeFrom, likeness, plain
from assistant.quizzes.sizes import Span, same, span
from knowledge.duties import Duties
from records.language import Language

# A key this much longer than every wrong answer stands out.
LONGER, LONGER_BY = 1.35, 3
# Two stems this alike, with the same key, ask the same.
SAME_STEM = 0.7
# In a quiz of this many single-choice items, no place may hold more than this share of the keys.
ENOUGH, MOST_IN_ONE_PLACE = 8, 0.5
_ALL = re.compile(
    r"以上[都皆均]|以上答案|上述[都皆均]|[都皆均](?:对|不对|正确|不正确)$|"
    r"\b(?:all|none|both|neither) of the (?:above|following)",
    re.IGNORECASE,
)
_DOUBLE = re.compile(
    r"不得不|不能不|不是不|并非不|不会不|未必不|无不|没有[^，。]{0,6}不得不|"
    r"\bnot\s+un\w+|\bnot\s+(?:\w+\s+)?not\b|\bcannot\s+not\b|\bnever\s+not\b",
    re.IGNORECASE,
)
_NEGATIVE_ASK = re.compile(
    r"(?:错误|不正确|不属于|不符合|不包括|不需要|不必)的?(?:是|有|一项|哪)|\b(?:not|except)\b[^.?]*\?$",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"[不没无未非勿]|\b(?:no|not|never|without)\b", re.IGNORECASE)
_ABSOLUTE = re.compile(
    r"一律|绝对|永远|从来|任何情况|\b(?:always|never|under any)\b", re.IGNORECASE
)
_FIGURE = re.compile(
    r"[0-9〇零一二两三四五六七八九十百千万亿,.%至到~–-]+\s*(?:个?工作日|个?月|周?年|日|天|个?小时|分钟|人|元|条|次)?|"
    r"至少|至多|最多|最少|不少于|不超过|不低于|以上|以内|以下|"
    r"(?:at (?:least|most)|up to|within|no(?:t)? (?:less|more) than|or (?:more|less))|"
    r"(?:working days?|years?|months?|weeks?|days?|hours?|to)\b",
    re.IGNORECASE,
)
_LITTLE_ELSE = 2
_UNIT_ASKED = re.compile(
    r"多少(个?[年月日天]|个工作日|小时|个月|元|人|条)|几(年|个月|日|天|小时|人)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_LATIN = re.compile(r"[A-Za-z]{5,}")
# Words every legal question is made of; they point nowhere.
_EMPTY_WORDS = frozenset(
    [
        "应当",
        "可以",
        "不得",
        "必须",
        "需要",
        "进行",
        "处理",
        "客户",
        "信息",
        "个人",
        "公司",
        "资料",
        "法律",
        "规定",
        "下列",
        "哪一",
        "一项",
        "正确",
        "不能",
        "不行",
        "能不",
        "行不",
        "怎么",
        "什么",
        "之前",
        "之后",
        "以后",
        "可能",
        "已经",
        "没有",
        "其他",
        "有关",
        "部门",
        "主管",
        "通知",
        "告知",
        "保存",
        "期限",
        "做法",
    ]
)


def flaws_of(item: Item, duties: Duties) -> tuple[Found, ...]:
    """Everything wrong with one item by itself."""
    if _is_empty(item):
        return (Found(Flaw.EMPTY),)
    checks = (
        *(_key_count(item), _reasons(item), _same_options(item), _all_of_the_above(item)),
        *(_double_negative(item), _longest_key(item), _grammar(item), _repeated_words(item)),
        *(_absolute(item), _numbers(item), _also_true(item, duties)),
    )
    return tuple(found for one in checks for found in one)


def flaws_of_quiz(items: Sequence[Item]) -> tuple[Found, ...]:
    """What is wrong with items together: asked twice, or the key too often in one place."""
    found = [
        Found(Flaw.DUPLICATE, f"{i + 1}, {j + 1}")
        for j, later in enumerate(items)
        for i, earlier in enumerate(items[:j])
        if is_duplicate(earlier, later)
    ]
    for kind, share in ((ItemKind.SINGLE, MOST_IN_ONE_PLACE), (ItemKind.TRUE_FALSE, 0.75)):
        places = Counter(item.letters for item in items if item.kind is kind)
        if sum(places.values()) >= ENOUGH:
            place, times = places.most_common(1)[0]
            if times > share * sum(places.values()):
                found.append(Found(Flaw.KEY_PLACES, place))
    return tuple(found)


def is_duplicate(one: Item, other: Item) -> bool:
    """Whether both ask the same and have the same answer."""
    if one.language is not other.language or one.kind is not other.kind:
        return False
    if plain(one.stem) == plain(other.stem) and one.kind is not ItemKind.MULTIPLE:
        return True
    keys = [{plain(o.text) for o in item.options if o.right} for item in (one, other)]
    return keys[0] == keys[1] and likeness(one.stem, other.stem) >= SAME_STEM


def _is_empty(item: Item) -> bool:
    texts = (item.stem, item.rationale, *(one.text for one in item.options))
    return len(item.options) < 2 or not all(text.strip() for text in texts)


def _key_count(item: Item) -> list[Found]:
    right = len(item.key)
    several = item.kind is ItemKind.MULTIPLE
    good = 2 <= right < len(item.options) if several else right == 1
    return [] if good else [Found(Flaw.KEY_COUNT, item.letters)]


def _reasons(item: Item) -> list[Found]:
    return [
        Found(Flaw.NO_REASON, letter)
        for letter, one in zip(LETTERS, item.options, strict=False)
        if not one.why.strip()
    ]


def _same_options(item: Item) -> list[Found]:
    texts = [plain(one.text) for one in item.options]
    return [Found(Flaw.SAME_OPTIONS)] if len(set(texts)) < len(texts) else []


def _all_of_the_above(item: Item) -> list[Found]:
    return [Found(Flaw.ALL_OF_THE_ABOVE) for one in item.options if _ALL.search(one.text)][:1]


def _double_negative(item: Item) -> list[Found]:
    negative = _NEGATIVE_ASK.search(item.stem)
    options = [] if item.kind is ItemKind.TRUE_FALSE else [one.text for one in item.options]
    if any(_DOUBLE.search(text) for text in (item.stem, *options)):
        return [Found(Flaw.DOUBLE_NEGATIVE)]
    if negative and any(_NEGATION.search(text) for text in options):
        return [Found(Flaw.DOUBLE_NEGATIVE)]
    return []


def _longest_key(item: Item) -> list[Found]:
    right = [len(one.text) for one in item.options if one.right]
    wrong = [len(one.text) for one in item.options if not one.right]
    if item.kind is ItemKind.TRUE_FALSE or not right or not wrong:
        return []
    # Of several keys the shortest must stand out too, or their length tells nothing.
    stands_out, least = min(right), LONGER_BY * (3 if item.language is Language.EN else 1)
    if stands_out > LONGER * max(wrong) and stands_out - max(wrong) >= least:
        return [Found(Flaw.LONGEST_KEY, item.letters)]
    return []


def _grammar(item: Item) -> list[Found]:
    if item.kind is ItemKind.TRUE_FALSE:
        return []
    asked = _UNIT_ASKED.search(item.stem)
    if asked:
        unit = (asked[1] or asked[2]).removeprefix("个")
        fits = [unit in one.text for one in item.options]
    elif item.language is Language.EN and re.search(r"\b(?:an?)\s*(?:_+|:|$)", item.stem):
        wants = bool(re.search(r"\ban\s*(?:_+|:|$)", item.stem))
        fits = [one.text[:1].lower() in "aeiou" for one in item.options]
        fits = fits if wants else [not one for one in fits]
    else:
        return []
    if all(fits):
        return []
    return [Found(Flaw.GRAMMAR)]


def _repeated_words(item: Item) -> list[Found]:
    if item.kind is not ItemKind.SINGLE:
        return []
    stem = _content_words(item.stem)
    right = set().union(*(_content_words(one.text) for one in item.options if one.right))
    wrong = set().union(*(_content_words(one.text) for one in item.options if not one.right))
    clues = sorted((stem & right) - wrong)
    return [Found(Flaw.REPEATED_WORDS, clues[0])] if clues else []


def _content_words(text: str) -> set[str]:
    han = {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}
    return (han - _EMPTY_WORDS) | {word.lower() for word in _LATIN.findall(text)}


def _absolute(item: Item) -> list[Found]:
    if item.kind is ItemKind.TRUE_FALSE:
        return []
    right = any(_ABSOLUTE.search(one.text) for one in item.options if one.right)
    wrong = sum(bool(_ABSOLUTE.search(one.text)) for one in item.options if not one.right)
    return [Found(Flaw.ABSOLUTE_WORD)] if wrong > 1 and not right else []


def _numbers(item: Item) -> list[Found]:
    """Options that are periods: all of them, in order, none within another."""
    if item.kind is not ItemKind.SINGLE:
        return []
    spans = [span(one.text) if _is_period(one.text) else None for one in item.options]
    numbers = [one for one in spans if one]
    if not numbers:
        return []
    if len(numbers) < len(spans) or len({one.measure for one in numbers}) > 1:
        return [Found(Flaw.MIXED_KINDS)]
    found = []
    if any(_overlap(a, b) for i, a in enumerate(numbers) for b in numbers[:i]):
        found.append(Found(Flaw.OVERLAP))
    lows = [one.low for one in numbers]
    if lows not in (sorted(lows), sorted(lows, reverse=True)):
        found.append(Found(Flaw.UNORDERED))
    return found


def _is_period(text: str) -> bool:
    """Whether an option is a figure and little else, not a sentence that has one."""
    return bool(figures(text)) and len(plain(_FIGURE.sub("", text))) <= _LITTLE_ELSE


def _overlap(one: Span, other: Span) -> bool:
    return one.low <= other.high * 1.02 and other.low <= one.high * 1.02


def _also_true(item: Item, duties: Duties) -> list[Found]:
    """A wrong period that this duty or a rival names, or a wrong party that it binds as well."""
    if item.kind is not ItemKind.SINGLE:
        return []
    own = [duties[key] for key in item.duties if key in duties]
    bound = {name for duty in own for name in duty.binds}
    right = {f for one in item.options if one.right for f in figures(one.text)}
    named = figures_near(own, duties) - figures(item.stem) - right
    if item.made_from is MadeFrom.PERIOD:
        named |= {f for cite in item.cites for f in figures(cite.words)} - right
    return [
        Found(Flaw.ALSO_TRUE, letter)
        for letter, one in zip(LETTERS, item.options, strict=False)
        if not one.right
        and (one.text in bound or (_is_period(one.text) and _any_same(figures(one.text), named)))
    ]


def _any_same(said: Iterable[Figure], named: Iterable[Figure]) -> bool:
    return any(same(a, b) for a in said for b in named)
