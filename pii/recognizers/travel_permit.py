"""Permits for travel between the mainland, Hong Kong, Macau and Taiwan, 通行证.

Entry-exit administration formats: 港澳居民来往内地通行证 H or M and 8 or 10 digits;
往来港澳通行证 C and 8 digits, C, a letter and 7 digits, or W and 8 digits;
往来台湾通行证 T or L and 8 digits;
台湾居民来往大陆通行证 8 digits. No check digit: the permit's name must stand before the number.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer

_NAME = (
    r"(?:通行证|回乡证|台胞证|permit)(?:证件)?(?:号码|号|编号|number|no\.?)?[^0-9A-Za-z\n"
    r"\ue000]{0,8}"
)


class TravelPermitRecognizer(BehindWordsRecognizer):
    """A permit number behind the permit's name."""

    kind = Kind.TRAVEL_PERMIT
    words = ("通行证", "回乡证", "台胞证", "permit")
    shapes = (
        Shape(
            "home_return", re.compile(r"(?<![0-9A-Za-z\-_/.])[HM]\d{10}(?![0-9A-Za-z]|\.\d)"), 0.7
        ),
    )
    worded = (
        Shape(
            "permit_name",
            re.compile(
                _NAME + r"(?P<number>[HM]\d{8}(?:\d{2})?|C[A-Z]\d{7}|[CWTL]\d{8}|\d{8}|\d{10})"
                r"(?![0-9A-Za-z])",
                re.IGNORECASE,
            ),
            0.9,
            "number",
        ),
    )
