"""WeChat's own ids: `wxid_` and what the service makes up, until people choose another name.

A chosen id is six to twenty letters, digits, _ and -, a letter first: the word before it decides, or a
word of looking somebody up where the text has spoken of WeChat. Letters alone count where they are a
person's name in pinyin.
"""

import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.latin_names import latin_names
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer

_HANDLE = (
    r"(?P<n>[A-Za-z_][A-Za-z0-9_.\-]{4,30}[A-Za-z0-9_])(?![0-9A-Za-z@_]|[ ]?[(（]?\d+(?:\.\d+)+)"
)
_PRODUCT = r"支付|群|公众|小程序|转账|红包|版|扫|朋友圈|付款|收款|平台|客服"
_PRODUCT += r"|[ ]?(?:pay|groups?|work|app|mini|official|scan)"
_SPOKEN_OF = re.compile("微信|wechat|weixin|薇信", re.IGNORECASE)
_REACH = 160
_MARKED = re.compile(r"[\d_]|[a-z]-[a-z]")


class WechatRecognizer(BehindWordsRecognizer):
    """An id as WeChat gives it, or behind the word for one."""

    kind = Kind.WECHAT
    shapes = (
        Shape("wxid", re.compile(r"(?<![0-9A-Za-z_])wxid_[0-9a-z]{8,24}(?![0-9A-Za-z_])"), 0.9),
    )
    words = (
        "微信",
        "薇信",
        "wechat",
        "WeChat",
        "weixin",
        "WeiXin",
        "VX",
        "WX",
        "V:",
        "搜",
        "我的号",
        "我号",
        "加我",
        "微我",
        "微号",
        "➕V",
        "+V",
        "绿泡泡",
        "绿信",
        "威信",
        "徽信",
    )
    worded = (
        Shape(
            "word",
            re.compile(
                rf"(?<![A-Za-z])(?:微信|薇信|威信|徽信|绿泡泡|绿信|微我|微号|wechat|weixin|vx|wx|v:|[➕+]v)(?!{_PRODUCT})"
                rf"(?:账号|帐号|号码?|[ ]?id|名)?[^0-9A-Za-z\n\ue000。；;]{{0,10}}"
                rf"(?:(?:is|id|me|no|at|name)[ :]{{1,3}}){{0,2}}{_HANDLE}",
                re.IGNORECASE,
            ),
            0.85,
            "n",
        ),
        Shape(
            "looked_up",
            re.compile(rf"(?:搜索?|我的?号码?|加我)[^0-9A-Za-z\n\ue000。；;]{{0,6}}{_HANDLE}"),
            0.8,
            "n",
        ),
    )

    def find(self, text: str) -> list[Finding]:
        """Without what is looked up elsewhere than on WeChat."""
        return [
            one
            for one in super().find(text)
            if not one.reason.endswith("looked_up")
            or _SPOKEN_OF.search(text, max(0, one.start - _REACH), one.start)
        ]

    def check(self, value: str, shape: Shape) -> float | None:
        """Whether it has a digit or a joint, or is a name in pinyin."""
        return shape.score if _MARKED.search(value) or latin_names().is_handle(value) else None
