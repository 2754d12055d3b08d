"""Surname and title, 高律师, 赵工, 王总, 李女士: the way business letters name people.

The name model misses these. A title of two characters stands after any usual surname; a title of
one (总, 工) only where the neighbours cannot make it part of a longer word (总结, 工作).
"""

import re
from typing import Any

from presidio_analyzer import RecognizerResult

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer
from pii.surnames import surnames

_BEFORE_SHORT = (
    r"(?:^|(?<=[^㐀-鿿])|(?<=[给由和与请是的跟对及让叫找问经、致告诉替把被随同])|(?<=(?:联系|"
    r"通知|询问|提醒|告知|转告|拜访|邀请|陪同|安排|委托)))"
)
_AFTER_SHORT = (
    r"(?=$|[^㐀-鿿]|[说看听办做想写定批您好的和与在请要已是让也会将问给到把回去来今明昨就不都"
    r"负确同提反签发有对])(?!的?来说)"
)
_NOT_A_SURNAME = re.compile(
    r"(?:[我对双甲乙丙一二三多各该两己]方|[时现前担历继新离在]任|双向|以及)$"
)


# Before a form of address nearly every surname is one; before 经理 or 主任 many are not.
_COURTESY = "先生|女士|小姐|太太|夫人"
_UNSAFE_BEFORE_COURTESY = "于向和时从都同别后有由来位全连老公的给与对叫找能会如"


def _shapes() -> tuple[Shape, ...]:
    known = surnames()
    one = (
        "(?:" + "|".join(sorted(known.compound)) + "|[" + "".join(sorted(known.before_title)) + "])"
    )
    single = known.single - frozenset(_UNSAFE_BEFORE_COURTESY)
    any_one = "(?:" + "|".join(sorted(known.compound)) + "|[" + "".join(sorted(single)) + "])"
    long = "|".join(known.long_titles)
    short = "|".join(known.short_titles)
    latin = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? (?P<latin>[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})"
    return (
        Shape("surname_title", re.compile(rf"(?<![{'老小大'}]){one}(?:{long})(?!们)"), 0.85),
        Shape(
            "surname_short_title",
            re.compile(_BEFORE_SHORT + one + f"(?:{short})" + _AFTER_SHORT),
            0.8,
        ),
        Shape("courtesy", re.compile(rf"{any_one}(?:{_COURTESY})(?!们)"), 0.85),
        Shape("familiar", re.compile(rf"{_BEFORE_SHORT}[老小]{one}{_AFTER_SHORT}"), 0.6),
        Shape("dotted", re.compile(r"(?<![㐀-鿿·])[㐀-鿿]{1,5}(?:·[㐀-鿿]{2,5}){1,3}"), 0.85),
        Shape(
            "dotted_inside",
            re.compile(
                r"(?![人户与和由系是为向对给请本])[㐀-鿿]{2,5}(?:·(?:(?![与和的说等在是为及向])[㐀-鿿]){2,5}){1,3}"
            ),
            0.65,
        ),
        Shape("latin_title", re.compile(latin), 0.85, "latin"),
    )


class TitledNameRecognizer(ShapeRecognizer):
    """A surname with the title that follows it."""

    kind = Kind.PERSON_NAME

    def __init__(self) -> None:
        super().__init__()
        self.shapes = _shapes()

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Titles after a surname that is one here, not the end of another word."""
        return [
            result
            for result in super().analyze(text, entities, nlp_artifacts)
            if not _NOT_A_SURNAME.search(text[max(0, result.start - 2) : result.start + 1])
        ]
