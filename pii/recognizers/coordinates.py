"""Coordinates of a place, 经纬度: ISO 6709.

Decimal degrees of at least four places (about ten metres), or degrees, minutes and seconds.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_DEGREES = r"\d{1,3}\.\d{4,12}°?"


class CoordinatesRecognizer(ShapeRecognizer):
    """A pair of degrees."""

    kind = Kind.COORDINATES
    shapes = (
        Shape(
            "decimal",
            re.compile(
                r"(?<![0-9A-Za-z.])(?P<a>[-]?"
                + _DEGREES
                + r")(?: ?[EWNSewns东西南北])?[,，、 ]{1,2}"
                r"[-]?" + _DEGREES + r"(?: ?[EWNSewns])?(?![0-9A-Za-z]|\.\d)"
            ),
            0.8,
        ),
        Shape(
            "named",
            re.compile(
                r"[东西]经 ?\d{1,3}(?:\.\d+)?°?(?:\d{1,2}[′'分])?(?:\d{1,2}(?:\.\d+)?[″\""
                r"秒])?[,，、; ]{0,2}"
                r"[南北]纬 ?\d{1,3}(?:\.\d+)?°?(?:\d{1,2}[′'分])?(?:\d{1,2}(?:\.\d+)?[″\"秒])?"
            ),
            0.9,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Both numbers within the globe, and not two amounts."""
        if shape.name == "named":
            return shape.score
        first, second = (abs(float(n)) for n in re.findall(r"-?\d+\.\d+", value))
        fits = max(first, second) <= 180 and min(first, second) <= 90
        return shape.score if fits and max(first, second) > 1 else None
