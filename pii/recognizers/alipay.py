"""Alipay account, 支付宝账号: a mobile number or an e-mail address, or the user number 2088….

The first two are found as what they look like too; behind the word they are the account itself
(GB/T 45574-2025 counts financial accounts as sensitive).
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer
from pii.recognizers.mobile import RANGES

_ACCOUNT = (
    rf"(?:(?:\+?86[ -]?)?{RANGES}|[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,40}}@[A-Za-z0-9.\-]{{3,60}}[A-Za-z]"
    r"|2088\d{12})(?![0-9A-Za-z@])"
)


class AlipayRecognizer(BehindWordsRecognizer):
    """What stands behind the word and can be an account; a user number by itself."""

    kind = Kind.ALIPAY
    words = ("支付宝", "alipay")
    shapes = (
        Shape(
            "user_number", re.compile(r"(?<![0-9A-Za-z.\-_/])2088[0-9]02\d{9}(?![0-9A-Za-z.])"), 0.6
        ),
    )
    worded = (
        Shape(
            "word",
            re.compile(
                r"(?:支付宝|alipay)(?:账号|帐号|账户|号码|号|收款码?|转账|id|account)?"
                rf"(?:\s?[是为:：（(至到给]|\ ){{0,3}}(?P<n>{_ACCOUNT})",
                re.IGNORECASE,
            ),
            1.0,
            "n",
        ),
    )
