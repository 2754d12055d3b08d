"""What a stretch of text says of itself: whether it is made as a name is, and how likely it is one."""

import re

from pii.labels import vocabulary
from pii.latin_names import latin_names
from pii.name_context import is_ordinary_word
from pii.surnames import surnames

NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}(?:·[㐀-鿿]{1,10}){1,4}")
_RUN_OF_TWO = re.compile(r"[㐀-鿿]{4,6}")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ ·][A-Z][a-z]+){1,3}")
# 壹万贰(仟叁佰元整), 长|江厅.
_NUMERALS_OR_ROOM = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元整]+|.[厅室馆]|第五[章条款项节编期届批次号名个家年月日周组队层楼栋单]"
)
# 万一她, 郭那里, 萧山店: what no given name holds.
_IN_NO_NAME = re.compile(r"[她他它你您们吗吧呢啊嘛了店厂]$|^[^阿].都$|那[里边儿么]|这[里边儿么]")
# Surnames that nearly always are a little word.
_WORDS_TOO = frozenset("但从由因与及或若")
_ROLE = re.compile(r".?.?(?:经理|主任|律师|老师|总监|董事|客户|用户|先生|女士|医生|人员|专员|代表)")


def is_full(name: str) -> bool:
    """Whether it is surname and given name; 鲜于 alone is a surname, not 鲜 with a given name."""
    return surnames().is_full_name(name) and name not in surnames().compound


def are_two(run: str) -> bool:
    """Whether it is two full names without a mark between: 罗静|韶爱华."""
    return _RUN_OF_TWO.fullmatch(run) is not None and any(
        all(is_full(name) and not is_ordinary_word(name) for name in (run[:at], run[at:]))
        for at in (2, 3)
    )


def is_doubtful(name: str) -> bool:
    """Whether it begins with a word that is seldom a surname, so that one model is not enough: 从小学, 但须先."""
    known = surnames()
    seldom = name[:1] in _WORDS_TOO and name[:2] not in known.compound
    return seldom and len(name) in (2, 3) and not known.is_titled(name)


def score_of(name: str) -> float | None:
    """How likely it is a name, 0 to 1; None where something speaks against it."""
    known = surnames()
    # 户|籍地址: what ends in a label is the label.
    if name in known.never_names or vocabulary().kind_of(name):
        return None
    if _IN_NO_NAME.search(name):
        return None
    if known.is_titled(name):
        return 0.8
    if _ROLE.fullmatch(name) or _NUMERALS_OR_ROOM.fullmatch(name):
        return None
    if _LATIN.fullmatch(name):
        words = re.split("[ ·]", name)
        return 0.7 if all(latin_names().may_be_name(word) for word in words) else None
    if not NAME.fullmatch(name):
        return None
    if "·" in name or known.is_full_name(name):
        return 0.85
    # 万望海涵: four characters that end in a word are no surname and given name.
    return None if len(name) > 3 and is_ordinary_word(name[-2:]) else 0.6
