"""Device identity, IMEI: 3GPP TS 23.003, fifteen digits with a Luhn check digit.

One in ten numbers of fifteen digits passes Luhn, so the word IMEI must stand before it.
"""

import re

from pii.kinds import Kind
from pii.recognizers.bank_card import luhn_holds
from pii.recognizers.base import Shape, ShapeRecognizer


class ImeiRecognizer(ShapeRecognizer):
    """Fifteen digits behind the word."""

    kind = Kind.IMEI
    shapes = (
        Shape(
            "luhn",
            re.compile(
                r"(?:IMEI|串号|设备识别码)[^0-9\n\ue000]{0,8}(?P<n>\d{15})(?!\d)", re.IGNORECASE
            ),
            0.95,
            "n",
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """The Luhn digit."""
        return shape.score if luhn_holds(value) else None
