"""Whether a question is how heavy a penalty is, a fine or prison, and the words of an article that say so."""

import re
from enum import StrEnum

_FINE_ASKED = re.compile(
    r"罚(?:款|金)?.{0,6}(?:多少|几|多重)|(?:多少|几[万倍]).{0,3}罚|"
    r"\b(?:how (?:much|big|high)|maximum|highest|biggest).{0,24}\b(?:fined?|penalt)",
    re.IGNORECASE,
)
_PRISON_ASKED = re.compile(
    r"坐牢|判(?:刑|几年|多久|多少年)|蹲(?:牢|几年)|几年牢|\b(?:jail|prison|imprison)", re.IGNORECASE
)
_SUM = r"[\d一二三四五六七八九十百千万]+(?:元|倍)|百分之"
_AMOUNT = re.compile(rf"{_SUM}|\byuan\b|%|\btimes\b", re.IGNORECASE)
# The words of an article from its first amount to the last fine; the sentence of a term of years.
_FINED = re.compile(rf"[^，；。：\n]*(?:{_SUM}).*罚款", re.DOTALL)
_IMPRISONED = re.compile(r"[^。\n]*(?:有期徒刑|拘役)[^。\n]*")
_LONGEST = 260


class Penalty(StrEnum):
    """What a question may be after."""

    FINE = "fine"
    PRISON = "prison"


def penalty_asked(question: str) -> Penalty | None:
    """Which penalty's size the question is about, if any."""
    if _FINE_ASKED.search(question):
        return Penalty.FINE
    return Penalty.PRISON if _PRISON_ASKED.search(question) else None


def tells(penalty: Penalty, text: str) -> bool:
    """Whether a text of ours tells how heavy the penalty is."""
    if penalty is Penalty.FINE:
        return "罚" in text and bool(_AMOUNT.search(text))
    return bool(_IMPRISONED.search(text))


def penalty_in(penalty: Penalty, article: str) -> str:
    """The words of an article that say how heavy it is, letter for letter; none where too long to tell."""
    found = (_FINED if penalty is Penalty.FINE else _IMPRISONED).search(article)
    return found[0].strip() if found and len(found[0].strip()) <= _LONGEST else ""
