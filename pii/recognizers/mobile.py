"""Mobile number of mainland China, 手机号.

Eleven digits in the number ranges of the MIIT numbering plan (电信网编号计划, 2017 and later
assignments), optionally after +86, 0086 or 86.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import NOT_BEFORE_DIGIT, Shape, ShapeRecognizer

RANGES = r"1(?:3\d|4[014-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])\d{8}"


class MobileRecognizer(ShapeRecognizer):
    """A mobile number, with or without the country code."""

    kind = Kind.MOBILE
    shapes = (
        Shape(
            "range",
            re.compile(
                r"(?<![0-9A-Za-z.])(?:\(?(?:\+|00)?86\)?[- ]?)?"
                + RANGES
                + NOT_BEFORE_DIGIT
                + r"(?!\.\d)"
            ),
            0.9,
        ),
    )
