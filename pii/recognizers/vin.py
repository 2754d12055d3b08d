"""Vehicle identification number, 车架号.

GB 16735-2019 (ISO 3779): seventeen characters without I, O and Q; the ninth is a check digit over
the rest, 0 to 9 or X.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)) | {
    digit: digit for digit in "0123456789"
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def checksum_holds(vin: str) -> bool:
    """Whether the ninth character is right."""
    total = sum(int(_VALUES[char]) * weight for char, weight in zip(vin, _WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == vin[8]


class VinRecognizer(ShapeRecognizer):
    """Seventeen characters that pass the check and hold both letters and digits."""

    kind = Kind.VIN
    shapes = (
        Shape(
            "checksum",
            re.compile(
                r"(?<![0-9A-Za-z])(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}(?![0-9A-Za-z])",
                re.IGNORECASE,
            ),
            0.95,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """The check digit, and some digits in the serial."""
        vin = value.upper()
        return shape.score if vin[-3:].isdigit() and checksum_holds(vin) else None
