"""MAC address, MAC地址: IEEE 802 EUI-48, six octets in hexadecimal."""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer


class MacAddressRecognizer(ShapeRecognizer):
    """Six octets with one separator throughout."""

    kind = Kind.MAC_ADDRESS
    shapes = (
        Shape(
            "eui48",
            re.compile(
                r"(?<![0-9A-Za-z:\-])[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
                r"(?![0-9A-Za-z:\-])"
            ),
            0.95,
        ),
        Shape(
            "dotted",
            re.compile(r"(?<![0-9A-Za-z.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Za-z.])"),
            0.6,
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Dotted quads of digits alone are amounts or codes."""
        if shape.name == "dotted" and not any(char.isalpha() for char in value):
            return None
        return shape.score
