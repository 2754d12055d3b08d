"""Surname and title, 高律师, 赵工, 王总, 李女士: the way business letters name people.

A name model misses these. A title of two characters stands after any usual surname; a title of
one (总, 工) only where the neighbours cannot make it part of a longer word (总结, 工作). We look
for the title first: every third character begins some surname, titles are rare.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import ShapeRecognizer
from pii.recognizers.latin_name import WORD
from pii.surnames import surnames

_BEFORE_SHORT = re.compile(
    r"(?:^|(?<=[^㐀-鿿])|(?<=[给由和与请是的跟对及让叫找问经、致告诉替把被随同])|(?<=(?:联系|"
    r"通知|询问|提醒|告知|转告|拜访|邀请|陪同|安排|委托)))"
)
_AFTER_SHORT = re.compile(
    r"(?=$|[^㐀-鿿]|[说看听办做想写定批您好的和与在请要已是让也会将问给到把回去来今明昨就不都"
    r"负确同提反签发有对])(?!的?来说)"
)
_NOT_A_SURNAME = re.compile(
    r"(?:[我对双甲乙丙一二三多各该两己]方|[时现前担历继新离在]任|双向|以及)$"
)
# Before a form of address nearly every surname is one; before 经理 or 主任 many are not.
_COURTESY = ("先生", "女士", "小姐", "太太", "夫人")
_UNSAFE_BEFORE_COURTESY = "于向和时从都同别后有由来位全连老公的给与对叫找能会如"
_FAMILIAR = re.compile("[老小](?=[㐀-鿿])")
_LATIN = re.compile(rf"(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? (?P<latin>{WORD}(?: {WORD}){{0,2}})")
# 买买提·艾力 standing alone, and in the middle of a sentence.
_DOTTED = (
    ("dotted", re.compile(r"(?<![㐀-鿿·])[㐀-鿿]{1,5}(?:·[㐀-鿿]{2,5}){1,3}"), 0.85),
    (
        "dotted_inside",
        re.compile(
            r"(?![人户与和由系是为向对给请本])[㐀-鿿]{2,5}(?:·(?:(?![与和的说等在是为及向])[㐀-鿿]){2,5}){1,3}"
        ),
        0.65,
    ),
)
_LEFT_OF_DOT, _RIGHT_OF_DOT = 5, 20


class TitledNameRecognizer(ShapeRecognizer):
    """A surname with the title that follows it."""

    kind = Kind.PERSON_NAME

    def __init__(self) -> None:
        known = surnames()
        self._compound = known.compound
        self._safe = known.before_title
        self._courteous = known.single - frozenset(_UNSAFE_BEFORE_COURTESY)
        self._long = re.compile(f"(?:{_one_of(known.long_titles)})(?!们)")
        self._short = re.compile(f"[{''.join(known.short_titles)}]")
        self._polite = re.compile(f"(?:{_one_of(_COURTESY)})(?!们)")

    def find(self, text: str) -> list[Finding]:
        """Titles after a surname that is one here, not the end of another word."""
        found = [
            *self._titled(text, "surname_title", self._long, self._safe, 0.85, _not_familiar),
            *self._titled(text, "surname_short_title", self._short, self._safe, 0.8, _apart),
            *self._titled(text, "courtesy", self._polite, self._courteous, 0.85, _anywhere),
            *self._familiar(text),
            *_dotted(text),
            *(_named(*match.span("latin"), 0.85, "latin_title") for match in _LATIN.finditer(text)),
        ]
        return [
            one
            for one in found
            if not _NOT_A_SURNAME.search(text[max(0, one.start - 2) : one.start + 1])
        ]

    def _titled(
        self,
        text: str,
        name: str,
        title: re.Pattern[str],
        singles: frozenset[str],
        score: float,
        stands: Callable[[str, int, int], bool],
    ) -> Iterator[Finding]:
        for match in title.finditer(text):
            start = self._surname_before(text, match.start(), singles)
            if start is not None and stands(text, start, match.end()):
                yield _named(start, match.end(), score, name)

    def _surname_before(self, text: str, end: int, singles: frozenset[str]) -> int | None:
        for length in (4, 2):
            if text[max(0, end - length) : end] in self._compound:
                return end - length
        return end - 1 if text[max(0, end - 1) : end] in singles else None

    def _familiar(self, text: str) -> Iterator[Finding]:
        """老周, 小林."""
        for match in _FAMILIAR.finditer(text):
            start = match.end()
            known = text[start : start + 2] in self._compound
            end = start + 2 if known else start + 1
            if (known or text[start] in self._safe) and _apart(text, match.start(), end):
                yield _named(match.start(), end, 0.6, "familiar")


def _one_of(words: Iterable[str]) -> str:
    """The words, longest first, so that 总经理 is not read as 总."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _named(start: int, end: int, score: float, name: str) -> Finding:
    return Finding(Kind.PERSON_NAME, start, end, score, f"{Kind.PERSON_NAME.value}/{name}")


def _anywhere(text: str, start: int, end: int) -> bool:
    return True


def _not_familiar(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] not in ("老", "小", "大")


def _apart(text: str, start: int, end: int) -> bool:
    """Whether neither neighbour makes the two characters part of a longer word."""
    return bool(_BEFORE_SHORT.match(text, start) and _AFTER_SHORT.match(text, end))


def _dotted(text: str) -> Iterator[Finding]:
    for name, pattern, score in _DOTTED:
        done = 0
        dot = text.find("·")
        while dot >= 0:
            match = pattern.search(text, max(done, dot - _LEFT_OF_DOT), dot + _RIGHT_OF_DOT)
            if match:
                done = match.end()
                yield _named(*match.span(), score, name)
            dot = text.find("·", max(done, dot + 1))
