"""Social security number, 社会保障号码.

社会保险法 art. 58: everybody's number is the identity number. The card (社会保障卡) carries besides a
number of its own, a letter and eight digits or nine digits, and regions keep numbers of eight to
twelve digits. Without the word such a number is any number.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer, bare_number


class SocialSecurityRecognizer(BehindWordsRecognizer):
    """A number behind the word, also with a few words between: 社保卡的卡号现为A12345678."""

    kind = Kind.SOCIAL_SECURITY
    words = ("社保", "社会保障", "社会保险", "养老保险")
    worded = (
        Shape(
            "word",
            re.compile(
                r"(?:社保|社会保障|社会保险|养老保险)[㐀-鿿]{0,4}?"
                r"(?:卡号|编号|号码|号|账号|电脑号)[^0-9A-Za-z\n\ue000。；;]{0,8}"
                r"(?P<n>[A-Z]\d{8}|\d{8,12}|\d{17}[\dX])(?![0-9A-Za-z]|\.\d|[ ]?元)",
                re.IGNORECASE,
            ),
            0.95,
            "n",
        ),
        bare_number("社保卡?|社会保障卡?|社会保险|养老保险", r"[A-Z]\d{8}|\d{8,12}|\d{17}[\dX]"),
    )
