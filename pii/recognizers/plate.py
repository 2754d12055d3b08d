"""Vehicle number plate, 车牌号.

GA 36-2018: province character, a letter for the issuing office, five characters without I and O
(the last may be 挂学警港澳); new-energy plates have six, with D or F (or A B C E G H J K) first
for small vehicles and last for large ones. Embassy plates: six digits and 使 or 领; those of
consulates end in 领. Armed police: WJ, a province, five characters.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_SERIAL = (
    r"(?:[DFABCEGHJKdfabceghjk][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DFABCEGHJKdfabceghjk]|"
    r"[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳领])"
)


class PlateRecognizer(ShapeRecognizer):
    """Ordinary, new-energy and embassy plates."""

    kind = Kind.PLATE
    shapes = (
        Shape(
            "plate",
            re.compile(
                _PROVINCE + r"[A-HJ-NP-Za-hj-np-z] ?[·.\- ]? ?" + _SERIAL + r"(?![0-9A-Za-z])"
            ),
            0.9,
        ),
        Shape(
            "armed_police",
            re.compile(
                rf"(?<![0-9A-Za-z])WJ ?[·.\- ]?{_PROVINCE} ?[·.\- ]?\d{{4}}[0-9A-Z](?![0-9A-Za-z])"
            ),
            0.85,
        ),
        Shape(
            "embassy", re.compile(r"(?<![0-9A-Za-z])(?:\d{6}[使领]|[使]\d{6})(?![0-9馆事])"), 0.7
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """At least two digits: 京ABCDEF is a name, not a plate."""
        return shape.score if sum(char.isdigit() for char in value) >= 2 else None
