"""Unified social credit code, 统一社会信用代码.

GB 32100-2015: registering authority, category, six digits of region, nine characters of
organisation code (GB 11714) and a check character by ISO 7064 MOD 31-3 over 31 characters; the
letters I, O, S, V and Z are not used.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import NOT_AFTER_DIGIT, NOT_BEFORE_DIGIT, Shape, ShapeRecognizer

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def checksum_holds(code: str) -> bool:
    """Whether the eighteenth character is right."""
    total = sum(CHARACTERS.index(char) * pow(3, i, 31) for i, char in enumerate(code[:17]))
    return CHARACTERS[(31 - total % 31) % 31] == code[17]


def organisation_code_holds(code: str) -> bool:
    """Whether a nine-character organisation code is right (GB 11714, MOD 11)."""
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in code[:8]]
    total = sum(v * w for v, w in zip(values, ORGANISATION_WEIGHTS, strict=True))
    return code[8] == "0123456789X0"[(11 - total % 11) % 11]


class CreditCodeRecognizer(ShapeRecognizer):
    """Eighteen characters that pass the check."""

    kind = Kind.CREDIT_CODE
    shapes = (
        Shape(
            "checksum",
            re.compile(
                NOT_AFTER_DIGIT
                + r"[1-9A-HJNY][1-9A-Z](?:1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12])\d{4}"
                r"[0-9A-HJ-NPQRTUWXY]{10}" + NOT_BEFORE_DIGIT,
                re.IGNORECASE,
            ),
            0.97,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """All in the alphabet, and the check character right."""
        code = value.upper()
        if any(char not in CHARACTERS for char in code):
            return None
        # One order number of eighteen digits in 31 passes the outer check, one in 341 both.
        inner = not code[:17].isdigit() or organisation_code_holds(code[8:17])
        return shape.score if inner and checksum_holds(code) else None
