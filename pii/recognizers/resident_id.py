"""Resident identity number, 居民身份证号.

GB 11643-1999: 6 digits of region (GB/T 2260), 8 of birth date, 3 of sequence, and one check
character by ISO 7064 MOD 11-2 (X stands for 10). First-generation numbers have 15 digits: a
two-digit year of birth in the 1900s and no check character, so a word for another number before one
rejects it. Regions 81 to 83: residence_permit.py.
"""

import re
from datetime import date

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.recognizers.base import NOT_AFTER_DIGIT, NOT_BEFORE_DIGIT, Shape, ShapeRecognizer

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
_PROVINCES = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71)"
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"


def checksum_holds(number: str) -> bool:
    """Whether an 18-character number's last character is right (MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11] == number[17].upper()


def is_date(digits: str) -> bool:
    """Whether eight digits are a day of the calendar."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


_NO_PART = re.compile(r"[^0-9Xx]")
_WHOLE = re.compile(_PROVINCES + r"\d{15}[0-9Xx]")
_WALL = r"[ ]?[|/、\t│][ ]?"


def is_resident_id(number: str) -> bool:
    """Whether province, date and check character of 18 characters are right."""
    return _WHOLE.fullmatch(number) is not None and is_date(number[6:14]) and checksum_holds(number)


class ResidentIdRecognizer(ShapeRecognizer):
    """18 characters with checksum and date; 15 digits with date."""

    kind = Kind.RESIDENT_ID
    shapes = (
        Shape(
            "checksum",
            re.compile(
                NOT_AFTER_DIGIT
                + _PROVINCES
                + r"\d{4}(?:18|19|20)\d{2}"
                + _MONTH_DAY
                + r"\d{3}[0-9Xx]"
                + NOT_BEFORE_DIGIT
            ),
            1.0,
        ),
        # 330203|19800101|1234, as boxes of a form are copied.
        Shape(
            "pieces",
            re.compile(
                NOT_AFTER_DIGIT
                + _PROVINCES
                + rf"\d{{4}}{_WALL}(?:18|19|20)\d{{6}}{_WALL}\d{{3}}[0-9Xx]"
                + NOT_BEFORE_DIGIT
            ),
            1.0,
        ),
        Shape(
            "fifteen",
            re.compile(
                r"(?<![0-9A-Za-z.\-_/])" + _PROVINCES + r"\d{6}" + _MONTH_DAY + r"\d{3}"
                r"(?![0-9A-Za-z\-_/]|\.\d)"
            ),
            0.6,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Date and checksum for 18, date alone for 15."""
        if shape.name == "fifteen":
            return shape.score if is_date("19" + value[6:12]) else None
        if shape.name == "pieces":
            return shape.score if is_resident_id(_NO_PART.sub("", value)) else None
        return shape.score if is_date(value[6:14]) and checksum_holds(value) else None

    def find(self, text: str) -> list[Finding]:
        """Numbers; one of fifteen digits in ninety looks right, so not behind 订单号 or 编号."""
        return [
            finding
            for finding in super().find(text)
            if finding.score > 0.9 or not vocabulary().is_impersonal(text, finding.start)
        ]
