"""Mobile number of mainland China, 手机号.

Eleven digits in the number ranges of the MIIT numbering plan (电信网编号计划, 2017 and later
assignments), optionally after +86, 0086 or 86. Numbers of other countries as ITU-T E.164 writes them
for international use: + and the country code, nine to fifteen digits in all.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import NOT_BEFORE_DIGIT, Shape, ShapeRecognizer

RANGES = r"1(?:3\d|4[014-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])\d{8}"


_WALL = r"[ ]{0,8}[|\t│｜][ ]{0,8}"


def is_mobile(number: str) -> bool:
    """Whether eleven digits are a mobile number of the mainland."""
    return re.fullmatch(RANGES, number) is not None


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
        # 158 | 0013 | 8000, in the cells of a table pasted into text.
        Shape(
            "pieces",
            re.compile(
                rf"(?<![0-9A-Za-z.])1[3-9]\d{_WALL}\d{{4}}{_WALL}\d{{4}}"
                + NOT_BEFORE_DIGIT
                + r"(?!\.\d)"
            ),
            0.75,
        ),
        Shape(
            "bracketed",
            re.compile(
                r"(?<![0-9A-Za-z.])[(（]1[3-9]\d[)）][ -]?\d{4}[ -]?\d{4}" + NOT_BEFORE_DIGIT
            ),
            0.85,
        ),
        Shape(
            "country_code",
            re.compile(
                r"\+(?!86)(?=[1-9](?:[ ()-]{0,2}\d){8,14}(?!\d))"
                r"[1-9]\d{0,2}[ -]?(?:\(0?\d{1,4}\)[ -]?)?\d{1,5}(?:[ -]?\d{2,5}){1,4}"
                + NOT_BEFORE_DIGIT
                + r"(?!\.\d)"
            ),
            0.85,
        ),
    )
