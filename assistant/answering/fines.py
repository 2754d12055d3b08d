"""Whether a question is how much a fine is, and the words of an article that say so."""

import re

_FINE_ASKED = re.compile(
    r"罚(?:款|金)?.{0,6}(?:多少|几|多重)|(?:多少|几[万倍]).{0,3}罚|\bhow (?:much|big|high).{0,24}\b(?:fined?|penalt)",
    re.IGNORECASE,
)
_SUM = r"[\d一二三四五六七八九十百千万]+(?:元|倍)|百分之"
_AMOUNT = re.compile(rf"{_SUM}|\byuan\b|%|\btimes\b", re.IGNORECASE)
# The words of an article from its first amount to the last fine.
_FINED = re.compile(rf"[^，；。：\n]*(?:{_SUM}).*罚款", re.DOTALL)
_LONGEST_FINE = 260


def asks_fine(question: str) -> bool:
    """Whether the question is how much the fine is."""
    return bool(_FINE_ASKED.search(question))


def has_amount(text: str) -> bool:
    """Whether a text names an amount of money, or a share or multiple of one."""
    return bool(_AMOUNT.search(text))


def fine_in(article: str) -> str:
    """The words of an article that say how much the fine is, letter for letter; none where too long to tell."""
    found = _FINED.search(article)
    return found[0] if found and len(found[0]) <= _LONGEST_FINE else ""
