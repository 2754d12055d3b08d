"""QQ number: five to twelve digits, the first not 0, given out by Tencent in sequence since 1999.

Any number has that shape; the word QQ must stand before it. A group's number is nobody's own.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer


class QqRecognizer(BehindWordsRecognizer):
    """A number behind the word, also with a few words between: 我的QQ就是 12345678."""

    kind = Kind.QQ
    words = ("qq", "扣扣", "企鹅号")
    worded = (
        Shape(
            "word",
            re.compile(
                r"(?<![A-Za-z])(?:qq|扣扣|企鹅号|ＱＱ)(?!\ ?(?:群|音乐|邮箱|浏览器|飞车|空间|会员|游戏))"
                r"(?:号码?|账号|帐号|number|no\.?|id)?[^0-9A-Za-z\n\ue000群]{0,8}"
                r"(?P<n>[1-9]\d{4,11})(?![0-9A-Za-z@]|\.\d|[ ]?(?:版|元|人|次|年|月|日|个|万))",
                re.IGNORECASE | re.VERBOSE,
            ),
            0.9,
            "n",
        ),
    )
    # Q 3428984554, as people write it; Q1 2024 is a quarter.
    shapes = (
        Shape(
            "letter",
            re.compile(r"(?<![A-Za-z0-9])[Qq][ ]?[:：]?[ ]?(?P<n>[1-9]\d{6,10})(?![0-9A-Za-z.])"),
            0.7,
            "n",
        ),
    )
