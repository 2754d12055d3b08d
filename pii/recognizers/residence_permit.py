"""Residence permit of Hong Kong, Macau and Taiwan residents, 港澳台居民居住证.

港澳台居民居住证申领发放办法 (国办发〔2018〕81号): eighteen characters as in GB 11643, the region being
810000 for Hong Kong, 820000 for Macau and 830000 for Taiwan. Counted as an identity number.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import NOT_AFTER_DIGIT, NOT_BEFORE_DIGIT, Shape, ShapeRecognizer
from pii.recognizers.resident_id import checksum_holds, is_date


class ResidencePermitRecognizer(ShapeRecognizer):
    """Eighteen characters of the three regions, with date and check character."""

    kind = Kind.RESIDENT_ID
    shapes = (
        Shape(
            "residence_permit",
            re.compile(
                NOT_AFTER_DIGIT + r"8[123]0000(?:19|20)\d{2}\d{4}\d{3}[0-9Xx]" + NOT_BEFORE_DIGIT
            ),
            1.0,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Date and checksum."""
        return shape.score if is_date(value[6:14]) and checksum_holds(value) else None
