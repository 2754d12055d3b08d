"""Housing fund account, 住房公积金账号: 住房公积金管理条例 art. 13, one account for every employee.

The centres number them themselves, nine to twenty digits. A firm's own account (单位公积金账号) is
not personal.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer, bare_number


class HousingFundRecognizer(BehindWordsRecognizer):
    """A number behind the word for one."""

    kind = Kind.HOUSING_FUND
    words = ("公积金",)
    worded = (
        Shape(
            "word",
            re.compile(
                r"(?<!单位)(?<!单位住房)公积金(?:个人|联名)?(?:卡|账户|帐户)?(?:的)?"
                r"(?:账号|帐号|卡号|编号|号码|号|账户)"
                r"[^0-9A-Za-z\n\ue000。；;]{0,8}(?P<n>\d{9,20})(?![0-9A-Za-z]|\.\d|[ ]?元)"
            ),
            0.95,
            "n",
        ),
        bare_number(r"(?<!单位)(?<!单位住房)公积金", r"\d{9,20}"),
    )
