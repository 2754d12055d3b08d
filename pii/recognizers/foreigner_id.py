"""Foreign permanent resident ID, 外国人永久居留身份证号.

Until 2023 three letters of nationality and twelve digits; since then ("five-star card") eighteen
characters that begin with 9 and otherwise follow GB 11643 with the same check character.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import NOT_AFTER_DIGIT, NOT_BEFORE_DIGIT, Shape, ShapeRecognizer
from pii.recognizers.resident_id import checksum_holds, is_date


class ForeignerIdRecognizer(ShapeRecognizer):
    """Old and new card numbers."""

    kind = Kind.FOREIGNER_ID
    shapes = (
        Shape(
            "checksum",
            re.compile(NOT_AFTER_DIGIT + r"9\d{5}(?:19|20)\d{9}[0-9Xx]" + NOT_BEFORE_DIGIT),
            0.98,
        ),
        Shape(
            "three_letters", re.compile(r"(?<![0-9A-Za-z\-_])[A-Z]{3}\d{12}(?![0-9A-Za-z])"), 0.75
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """New numbers carry a date and a checksum; old ones a two-digit year, month and day."""
        if shape.name == "checksum":
            return shape.score if is_date(value[6:14]) and checksum_holds(value) else None
        return shape.score if is_date("19" + value[7:13]) else None
