"""Bank card number, 银行卡号.

ISO/IEC 7812: issuer prefix, account, Luhn check digit. Prefix and length by scheme: UnionPay 62
(16 to 19), the older debit ranges 9558/9559 (19) and 60/68/69 (16 to 19), Visa 4 (13, 16, 19),
Mastercard 51-55 and 2221-2720 (16), American Express 34/37 (15), JCB 3528-3589 (16).
"""

import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer


def luhn_holds(number: str) -> bool:
    """Whether the last digit is the Luhn check digit of the rest."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


_ISSUERS = (
    re.compile(r"62\d{14,17}"),
    re.compile(r"955[89]\d{15}"),
    re.compile(r"6(?:0|8|9)\d{14,17}"),
    re.compile(r"4(?:\d{12}|\d{15}|\d{18})"),
    re.compile(r"5[1-5]\d{14}"),
    re.compile(r"2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12}"),
    re.compile(r"3[47]\d{13}"),
    re.compile(r"35(?:2[89]|[3-8]\d)\d{12}"),
)


def known_issuer(number: str) -> bool:
    """Whether prefix and length belong to a card scheme."""
    return any(pattern.fullmatch(number) for pattern in _ISSUERS)


def is_card_number(number: str) -> bool:
    """Whether issuer, length and check digit are a card's."""
    return len(set(number)) > 1 and known_issuer(number) and luhn_holds(number)


# 会员卡 and 社保卡 are no bank's.
SPOKEN_OF = (
    r"(?:(?<!会员)(?<!就诊)(?<!购物)(?<!储值)(?<!社保)(?<!医保)(?<!手机)卡号?|[账帐][号户]"
    r"|(?:打|汇|转|退|存|付|划|刷)款?[到至入给往])"
)
"""A word of banking: behind it a number of a card's prefix and length is one, check digit or not."""


class BankCardRecognizer(BehindWordsRecognizer):
    """13 to 19 digits of a known issuer that pass Luhn; behind a word of banking, misread ones too.

    A scanner takes one digit for another (6 for 8) or drops one, and Luhn fails.
    """

    kind = Kind.BANK_CARD
    words = ("卡", "账", "帐", "打", "汇", "转", "退", "存", "付", "划", "刷")
    shapes = (
        Shape(
            "luhn", re.compile(r"(?<![0-9A-Za-z.\-_/])[2-69]\d{12,18}(?![0-9A-Za-z]|\.\d)"), 0.95
        ),
    )
    worded = (
        Shape(
            "announced",
            re.compile(
                SPOKEN_OF + r"[^0-9A-Za-z\n，。；]{0,10}\n?[ \t]{0,4}"
                r"(?P<card>(?:6[0289]\d\d|955[89]|5[1-5]\d\d)\d{11,16})(?![0-9A-Za-z]|\.\d)"
            ),
            0.9,
            "card",
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """Issuer, length and check digit; of one that is announced the prefix is enough."""
        if len(set(value)) == 1:
            return None
        holds = shape.name == "announced" or is_card_number(value)
        return shape.score if holds else None

    def find(self, text: str) -> list[Finding]:
        """Numbers; without a check digit not behind 转单号 or 订单号."""
        return [
            one
            for one in super().find(text)
            if one.reason.endswith("luhn") or not vocabulary().is_impersonal(text, one.start)
        ]
