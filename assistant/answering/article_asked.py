"""Questions for the place in the law: 删除义务在哪一条, which article says so. They are answered by law first."""

import re
from dataclasses import replace
from enum import Enum, auto

from knowledge.mentions import find_mentions
from knowledge.sources import catalogued
from pii.cleared import ClearedText

# 走哪条路 asks for no article, 哪条短信 and 哪个法院 neither.
_ARTICLE = r"(?:哪一?条(?![路线短消流渠信记街命数评理道正])|第几条|(?:哪个|什么|啥)(?:法条|条文|条款)|条号)"
_LAW = r"哪(?:一?部|个)(?:法(?![院庭人官定])律?|条例)"
_ENGLISH = r"\b(?:which|what) (?:article|section|provision)s?\b"
_ASKED = re.compile(rf"{_ARTICLE}|{_LAW}|{_ENGLISH}|\barticle number\b", re.IGNORECASE)
# The company's own text is meant where one is named.
_OWN_TEXT = re.compile(
    r"(?:公司|内部|我们的?|咱们的?)(?:里的?)?规定|制度|手册|规程|守则|预案|章程|\b(?:policy|policies|handbook|manual|procedure)\b",
    re.I,
)
_SAID = r"(?:规定|写明?|列|要求|出处)"
# What only asks for the place: 规定在哪一条, 依据是哪部法, which article sets out.
_VERB = (
    r"(?:sets? out|sa(?:ys?|id)|governs?|covers?|provides?(?: for)?|requires?|is about|deals? with)"
)
_ASKING = re.compile(
    rf"[，,]?(?:的)?(?:是)?{_SAID}?(?:是|在|于|见|属于|依据?的?是?|根据|按照?)?(?:法律|法规)?(?:里|上|中)?的?"
    rf"(?:{_ARTICLE}|{_LAW})(?:法条|法律|条款)?(?:里|上|中)?{_SAID}?(?:的|了|过)?"
    rf"|{_ENGLISH}(?: of the law)?(?: {_VERB})?(?: that)?",
    re.IGNORECASE,
)
_LEAST = 2


class Texts(Enum):
    """In which texts something is to be found."""

    LAW = auto()
    OWN = auto()
    """The company's own."""


def place_asked(question: str) -> Texts | None:
    """Where the question is which article or passage says something: of the law, or of the company's own texts."""
    if not _ASKED.search(question):
        return None
    return Texts.OWN if _OWN_TEXT.search(question) else Texts.LAW


def what_it_is_about(question: ClearedText) -> ClearedText:
    """The question without the words that ask for the place: a table of ours may have a column of that name.

    As it is where it names a law (原来的第21条是哪条了 asks for a number), or nothing would be left.
    """
    if place_asked(question.text) is None:
        return question
    if next(find_mentions(question.text, catalogued(), None), None):
        return question
    about = _ASKING.sub("", question.text).strip(" ,，")
    left = sum(one.isalnum() for one in about)
    return replace(question, text=about) if left >= _LEAST else question
