"""What stands around a name, and what else it may be: neighbours, ordinary words, surnames left out."""

import re
from functools import cache

from pii.labels import vocabulary
from pii.surnames import surnames
from pii.words import near_edges

# Words before and behind a person in business prose.
_EDGE = r"\n\t\ue000、：:，,。；;“”\"<>|"


_MARK_BEFORE = re.compile(rf"(?:^|[{_EDGE}（(【\[@]|\d[ ]|\d\.)[ ]?$")
_FOLLOWS_A_PERSON = re.compile(
    rf"""$|[{_EDGE}（()）】\]]|[ ]?\d|女士|先生|老师|同学|师傅
    |称|说|表示|反映|提出|负责|处理|上门|签|来电|到场|代|收|同意|认为|要求|配合|协助|牵头|名下
    |受|已|将|因|的|在|与|和|现|于|为|未|不|核|转|接|通|询|补|离|家|对|留|当""",
    re.VERBOSE,
)
_REACH = 4


def leads(text: str, start: int) -> bool:
    """Whether what stands before `start` often stands before a person."""
    if start == 0 or _MARK_BEFORE.search(text, max(0, start - _REACH), start):
        return True
    return is_announced(text, start)


_WORD_LIKE_A_SURNAME = re.compile(
    r"(?:[我对双甲乙丙一二三多各该两己户供需买卖业主资]方|[时现前担历继新离在]任|双向|以及|班主|(?:^|[^㐀-鿿])班|健康|金融)$"
)


def ends_a_word(text: str, start: int) -> bool:
    """Whether what looks like a surname there ends a word: 对方律师, 时任主任."""
    return bool(_WORD_LIKE_A_SURNAME.search(text[max(0, start - 2) : start + 1]))


def is_announced(text: str, start: int) -> bool:
    """Whether a word that speaks of a person stands before `start`: 配偶, 由, 客户."""
    end = start - text.endswith(" ", 0, start)
    return text.endswith(surnames().words_before, max(0, start - _REACH), end)


@cache
def _usual_behind() -> re.Pattern[str]:
    """A usual surname behind what may end a word that speaks of a person, a mark or a number."""
    last = "".join(sorted({word[-1] for word in surnames().words_before}))
    return re.compile(
        rf"(?:[{last}][ ]?|[{_EDGE}]|\d{{3}})(?=(?P<begin>[{''.join(surnames().common)}][㐀-鿿])[㐀-鿿])"
    )


def announced_surnames(text: str) -> set[int]:
    """Where a surname most people have stands behind a word that speaks of a person, and begins no word."""
    return {
        match.end()
        for match in _usual_behind().finditer(text)
        if _is_word_before(text, match) and not is_ordinary_word(match["begin"])
    }


def _is_word_before(text: str, match: re.Match[str]) -> bool:
    end = match.end() - match.group().endswith(" ")
    if not "㐀" <= text[end - 1] <= "鿿":
        return True
    return text.endswith(surnames().words_before, max(0, end - _REACH), end)


def follows(text: str, end: int) -> bool:
    """Whether what begins at `end` often stands behind a person."""
    return bool(_FOLLOWS_A_PERSON.match(text, end))


def with_surname(text: str, start: int, end: int) -> int:
    """Where a name begins whose surname the model has left outside: 鲜|于泽宇, 应|泽宇."""
    known = surnames()
    if end - start > 3 or start == 0 or text[start : start + 2] in known.compound:
        return start
    if text[start - 1 : start + 1] in known.compound:
        return start - 1
    if text[max(0, start - 2) : start] in known.compound and end - start < 3:
        return start - 2
    alone = end - start == 2 and (
        text[start] not in known.single or _is_whole_behind_mark(text, start - 1, end)
    )
    if alone and text[start - 1] in known.single and leads(text, start - 1):
        return start - 1
    return start


def _is_whole_behind_mark(text: str, start: int, end: int) -> bool:
    """Whether a usual surname between a mark and a given name makes the longer name likely: ，林|海燕."""
    return (
        text[start] in surnames().common
        and (start == 0 or _MARK_BEFORE.search(text, max(0, start - _REACH), start) is not None)
        and text[start] not in "向任常"
        and not surnames().is_titled(text[start + 1 : end])
    )


# Surnames that are more often the word before a verb.
_LEADS_TO_A_VERB = frozenset("经应和向于由能可会拟")
_HAN = re.compile(r"[㐀-鿿]")


def is_apart_name(text: str, start: int, end: int) -> bool:
    """Whether a full name by the surname list stands there by itself, neither a word nor one's part."""
    if _HAN.match(text, end) or (start and _HAN.match(text, start - 1)):
        return False
    name, known = text[start:end], surnames()
    if not known.is_full_name(name) or name in known.compound or known.is_titled(name):
        return False
    if name[:2] in known.never_names or vocabulary().kind_of(name) or is_ordinary_word(name):
        return False
    if name[0] in _LEADS_TO_A_VERB and _is_verb(name[1:]):
        return False  # 经核对, 应提交
    return len(name) == 2 or name[:2] in known.compound or not is_ordinary_word(name[:2])


_GOES_ON = frozenset(("v", "vd", "vn", "d", "t", "m", "p", "f", "c"))


def goes_on(text: str) -> bool:
    """Whether the first word is what follows a person in a sentence: a verb, a time, a number; not 张三."""
    import rjieba

    tagged = rjieba.tag(text)
    return bool(tagged) and tagged[0][1] in _GOES_ON


# What stands before who does something: when, for whom.
_BEFORE_SOMEBODY = re.compile(
    r"(?:[今明昨后前当]天|[今明昨当]晚|[上下中]午|晚上|早上|夜里|周[一二三四五六日末]|[月年]底|平时|后来|随后|[给转约让替陪找跟归在等叫请托对派催问和与])$"
)


def is_between(text: str, start: int, end: int) -> bool:
    """Whether a mark or a word that leads to a person stands before, and an end or what people do behind."""
    led = leads(text, start) or _BEFORE_SOMEBODY.search(text, max(0, start - 2), start)
    return bool(led) and (follows(text, end) or goes_on(text[end : end + 4]))


# No given name holds these: 连饭都, 钱打哪.
_NOT_GIVEN = frozenset(
    "都哪打吗吧呢啊的了是不没要会能也就还很把被让给从到与或及每什怎这那些个么啦嘛"
)


def is_unexplained(text: str, start: int, end: int) -> bool:
    """Whether no word of the dictionary holds any of it but a given name: 束|宇航, 付|既|白."""
    if _NOT_GIVEN & set(text[start + 1 : end]):
        return False
    first, edges = near_edges(text, start, end)
    inside = [at for at in range(start, end + 1) if at - first in edges]
    if start not in inside or end not in inside:
        return False
    if len(inside) == end - start + 1:
        return True
    given = text[end - 2 : end]
    return (
        len(inside) == end - start
        and end - 1 not in inside
        and (surnames().is_made_of_given(given) or (end - start > 2 and is_given_word(given)))
    )


def begins_verb(text: str) -> bool:
    """Whether the first word is one for what people do: 到场, 化验; not 张三."""
    import rjieba

    tagged = rjieba.tag(text)
    return bool(tagged) and tagged[0][1] in ("v", "vd") and len(tagged[0][0]) > 1


def _is_verb(text: str) -> bool:
    import rjieba

    return rjieba.has_word(text) and [tag[:1] for _, tag in rjieba.tag(text)] == ["v"]


def is_given_word(text: str) -> bool:
    """Whether jieba's dictionary has it as a name of somebody or some place, as given names are: 宇航, 建国."""
    import rjieba

    if text in surnames().never_names:
        return False
    tagged = rjieba.tag(text)
    return (
        len(tagged) == 1
        and tagged[0][1][:2] in ("nr", "ns", "nz", "a")
        and text not in surnames().of_parents
    )


_FAMILY_PLACE = re.compile(r"[㐀-鿿]家[沱祠湾港坪村庄坝沟桥屯寨店口嘴渡堡窑岭峪院巷塘浜坡界集镇乡]")
_ENDS_A_PLACE = frozenset("镇港府井祠湾界沟庄岭坡寺庙塔村屯乡县市关口道")


def is_ordinary_word(text: str) -> bool:
    """Whether jieba's dictionary has it as a word and not as somebody's name: 常温, 程序.

    It has many places among the names: 景德镇, 王府井; 何家湾 is one without being in it.
    """
    import rjieba

    if _FAMILY_PLACE.fullmatch(text):
        return True
    if not rjieba.has_word(text):
        return False
    if len(text) > 2 and text[-1] in _ENDS_A_PLACE:
        return True
    tagged = rjieba.tag(text)
    return len(tagged) == 1 and not tagged[0][1].startswith("nr")
