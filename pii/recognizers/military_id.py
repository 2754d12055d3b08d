"""Officer's and soldier's cards of the armed forces, 军官证号.

The form in use on civil papers: one character of the issuing arm, 字第, six to eight digits, 号.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer


class MilitaryIdRecognizer(ShapeRecognizer):
    """军字第1234567号 and its relatives."""

    kind = Kind.MILITARY_ID
    shapes = (
        Shape(
            "arm",
            re.compile(
                r"(?:[军兵士文职南北沈兰成济广海空参政后装武东西中火](?:官|兵|职)?)字第? ?"
                r"\d{6,8}(?:号|(?!\d))"
            ),
            0.9,
        ),
    )
