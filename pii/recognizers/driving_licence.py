"""Driving licence, 机动车驾驶证: GA 482 gives the licence the holder's identity number as its number.

Beside it stands a file number (档案编号) of twelve digits that begins with the issuing province. Both
look like other numbers, so the word for the licence must stand before them.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer
from pii.recognizers.resident_id import checksum_holds, is_date

_LICENCE = r"(?:驾驶证|驾照|驾驶执照|driv(?:ing|er'?s?)\ licen[cs]e)"


class DrivingLicenceRecognizer(BehindWordsRecognizer):
    """The licence's number or its file number, behind the word for it."""

    kind = Kind.DRIVING_LICENCE
    words = ("驾驶证", "驾照", "驾驶执照", "driving", "driver")
    worded = (
        Shape(
            "number",
            re.compile(
                rf"{_LICENCE}(?:证号|号码|号|编号|\ ?no\.?|\ number)?[^0-9A-Za-z\n]{{0,6}}"
                r"(?P<n>\d{17}[\dX]|\d{12})(?![0-9A-Za-z])",
                re.IGNORECASE | re.VERBOSE,
            ),
            0.95,
            "n",
        ),
        Shape(
            "file_number",
            re.compile(
                rf"{_LICENCE}[^\n\ue000]{{0,40}}?(?:档案编号|file\ no\.?)[^0-9A-Za-z\n]{{0,4}}"
                r"(?P<n>\d{12})(?![0-9A-Za-z])",
                re.IGNORECASE | re.VERBOSE,
            ),
            0.95,
            "n",
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Eighteen characters are an identity number; twelve begin with a province."""
        if len(value) == 12:
            return shape.score if "11" <= value[:2] <= "65" else None
        return shape.score if is_date(value[6:14]) and checksum_holds(value) else None
