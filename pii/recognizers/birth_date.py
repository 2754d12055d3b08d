"""Birth dates in prose, Chinese and English: 1967年9月3日生, born on 2 November 1979 (PIPL 4)."""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer
from pii.values import DATE

_CHINESE = re.compile(
    r"(?P<day>(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?)(?=出?生(?!效|产|成|态|活|鲜|日))"
)
# 妻子王芳，1962-12-15生，教师
_NUMERIC = re.compile(
    r"(?<![\d\-/.])(?P<day>(?:19|20)\d{2}(?:([-/.])\d{1,2}\2\d{1,2}|\.\d{1,2}))[ ]?(?:出生|生(?=[，。,；;）)\s]|$))"
)
_ENGLISH = re.compile(
    rf"""(?<![A-Za-z])(?i:born|dob|d\.o\.b\.?|date\ of\ birth|birth\ ?date|birthday)(?![A-Za-z])
    [^\d\n.;。；]{{0,24}}?(?<![A-Za-z\d])(?P<day>{DATE})""",
    re.VERBOSE,
)


class BirthDateRecognizer(ShapeRecognizer):
    """A date with birth beside it."""

    kind = Kind.BIRTH_DATE
    shapes = (
        Shape("born", _CHINESE, 0.9, "day"),
        Shape("born_numeric", _NUMERIC, 0.9, "day"),
        Shape("born_en", _ENGLISH, 0.9, "day"),
    )
