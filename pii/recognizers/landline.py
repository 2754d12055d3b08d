"""Landline of mainland China, 固定电话.

Area code (0 and two or three digits) and seven or eight digits that start with 2 to 8, optionally
an extension. Service numbers (400, 800, 95xxx, 12345) have no area code and are nobody's own.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_AREA = r"(?:10|2\d|[3-9]\d{2})"
_LOCAL = r"[2-8]\d{2,3}[- ]?\d{4}"
_EXTENSION = r"(?:(?:-|转|#| ?ext\.? ?|分机号?:?)\d{1,6})?"


class LandlineRecognizer(ShapeRecognizer):
    """A landline with its area code."""

    kind = Kind.LANDLINE
    shapes = (
        Shape(
            "area_code",
            re.compile(
                r"(?<![0-9A-Za-z.\-])(?:(?:\+|00)?86[- ]?)?(?:\(0?"
                + _AREA
                + r"\) ?|（0?"
                + _AREA
                + r"） ?|0"
                + _AREA
                + r"[- ]{1,3})"
                + _LOCAL
                + _EXTENSION
                + r"(?![0-9A-Za-z])"
            ),
            0.85,
        ),
        Shape(
            "unspaced",
            re.compile(r"(?<![0-9A-Za-z.\-_/])0" + _AREA + r"[2-8]\d{6,7}(?![0-9A-Za-z]|\.\d)"),
            0.7,
        ),
        Shape(
            "country_code",
            re.compile(
                r"(?<![0-9A-Za-z])\+86[- ]?" + _AREA + r"[- ]" + _LOCAL + r"(?![0-9A-Za-z])"
            ),
            0.85,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Unspaced: three-digit codes take eight digits, four-digit codes seven or eight."""
        if shape.name != "unspaced":
            return shape.score
        return shape.score if len(value) in (11, 12) else None
