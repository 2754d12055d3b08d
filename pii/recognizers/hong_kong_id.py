"""Identity cards of Hong Kong, Macau and Taiwan, which people there show beside their permits.

Hong Kong: one or two letters, six digits and a check character in brackets (MOD 11, A stands for
10; the letters count 10 to 35, a missing one 36). Taiwan: a letter, 1 or 2 (8, 9 for foreigners) and
eight digits, MOD 10. Macau: seven digits and one more in brackets, without a published check.
Half of what they need is a word: without brackets a number counts only behind one.
"""

import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer

_WORD = (
    r"(?:身份[证證](?:[^0-9A-Za-z\n]{0,2}(?:号码|號碼|号|號))?|HKID|ID\ ?(?:card|no)\.?)"
    r"[^0-9A-Za-z\n\ue000]{0,8}"
)
_BRACKET = re.compile(r"\([0-9Aa]\)")
_BEFORE_BRACKET = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}\d{6}$")
# The two digits of each letter in Taiwan's scheme, in the order of the alphabet.
_TAIWAN = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29,
         32, 30, 31, 33),
        strict=True,
    )
)  # fmt: skip


def hong_kong_holds(number: str) -> bool:
    """Whether the check character is right: A123456(3)."""
    plain = re.sub(r"[()]", "", number).upper()
    letters, digits, last = plain[:-7], plain[-7:-1], plain[-1]
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters]
    values += [int(digit) for digit in digits] + [10 if last == "A" else int(last)]
    return sum(v * w for v, w in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def taiwan_holds(number: str) -> bool:
    """Whether the last digit is right: A123456789."""
    first = _TAIWAN[number[0].upper()]
    values = [first // 10, first % 10, *(int(digit) for digit in number[1:])]
    return (
        sum(v * w for v, w in zip(values, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


class HongKongIdRecognizer(BehindWordsRecognizer):
    """Hong Kong and Taiwan numbers with their check, Macau's behind the word."""

    kind = Kind.RESIDENT_ID
    words = ("身份", "HKID", "ID card", "ID no", "IDcard")
    worded = (
        Shape(
            "hong_kong",
            re.compile(rf"{_WORD}(?P<n>[A-Z]{{1,2}}\d{{6}}[0-9A])(?![0-9A-Za-z])", re.I | re.X),
            0.9,
            "n",
        ),
        Shape(
            "taiwan",
            re.compile(rf"{_WORD}(?P<n>[A-Z][1289]\d{{8}})(?![0-9A-Za-z])", re.I | re.X),
            0.9,
            "n",
        ),
        Shape("macau", re.compile(rf"{_WORD}(?P<n>[1578]\d{{6}}\(\d\))", re.I | re.X), 0.9, "n"),
    )

    def find(self, text: str) -> list[Finding]:
        """Behind the word, and with the check character in brackets anywhere."""
        found = super().find(text)
        for bracket in _BRACKET.finditer(text):
            number = _BEFORE_BRACKET.search(text, max(0, bracket.start() - 9), bracket.start())
            if number and hong_kong_holds(text[number.start() : bracket.end()]):
                place = number.start(), bracket.end()
                found.append(self.result(self.kind, *place, 0.9, "hong_kong"))
        return found

    def check(self, value: str, shape: Shape) -> float | None:
        """The check character, where there is one."""
        holds = {"hong_kong": hong_kong_holds, "taiwan": taiwan_holds}.get(shape.name)
        return shape.score if holds is None or holds(value) else None
