"""Account names people have on platforms, 账号: no standard, so the platform's word stands before.

GB/T 35273-2020 附录A counts accounts of systems to network identifiers.
"""

import re

from pii.kinds import Kind
from pii.latin_names import latin_names
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer

_PLATFORMS = (
    "抖音", "快手", "小红书", "微博", "淘宝", "京东", "闲鱼", "知乎", "B站", "哔哩哔哩", "钉钉", "飞书", "拼多多",
    "skype", "telegram", "whatsapp",
)  # fmt: skip
# A surname and a given name of two characters.
_WHOLE_NAME = 3
_SYLLABLE = re.compile("[aeiou]+")
# remaining, depending: no name in pinyin ends so.
_ENGLISH = re.compile(r"(?:nd|in|er|or|el|rt)ing(?![a-z])")
_PLATFORM = "(?:" + "|".join(_PLATFORMS) + ")"


class AccountRecognizer(BehindWordsRecognizer):
    """A handle behind a platform's name: 抖音号 lin_2020, 微博@林小满."""

    kind = Kind.ACCOUNT
    words = (
        *_PLATFORMS, "log in as", "logs in as", "logged in as", "login as", "sign in as", "signed in as", "signs in as",
        "user name", "username",
    )  # fmt: skip
    worded = (
        Shape(
            "platform",
            re.compile(
                _PLATFORM + r"(?:号|账号|帐号|id|用户名|昵称)?(?:是|为|叫)?[ ]?[:：]?[ ]?@?"
                r"(?P<n>(?=[A-Za-z0-9_\-]*[0-9_])[A-Za-z0-9_][A-Za-z0-9_\-]{4,31})(?![0-9A-Za-z@.])",
                re.IGNORECASE,
            ),
            0.8,
            "n",
        ),
        Shape(
            "as",
            re.compile(
                r"(?:(?:log(?:s|ged)?|sign(?:s|ed)?)[ -]?in as|user ?name(?: is| was| of)?)[ :]{1,3}"
                r"(?P<n>[a-z][a-z0-9]{1,20}(?:[._][a-z0-9]{1,20}){1,2}|[a-z]{3,20}\d{1,6})(?![A-Za-z0-9@_])",
                re.IGNORECASE,
            ),
            0.8,
            "n",
        ),
        Shape(
            "at",
            re.compile(_PLATFORM + r"[^\n@，。]{0,4}@(?P<n>[A-Za-z0-9_\-㐀-鿿]{2,20})"),
            0.7,
            "n",
        ),
    )
    # @zhangwj86 of a chat: a word with a figure behind it, neither a decorator nor a mailbox.
    shapes = (
        Shape(
            "mention",
            re.compile(
                r"(?<![A-Za-z0-9._%+\-@])@(?P<n>[a-zA-Z][a-zA-Z]{3,20}_?\d{2,8})(?![0-9A-Za-z.(_\-])"
            ),
            0.8,
            "n",
        ),
        # A whole name in pinyin with figures says it without a word: linxiaoman86_2, 乌明轩（wumingxuan64）.
        Shape(
            "pinyin",
            re.compile(
                r"(?<![A-Za-z0-9._%+@/\\=\-])(?<![A-Za-z0-9\"']:)(?P<n>[a-z]{7,20}(?:\d{2,4}_?\d{0,4}|_\d{1,8}))(?![0-9A-Za-z@.(/=_\-])"
            ),
            0.75,
            "n",
        ),
        # Letters alone, or with a tail of letters, behind Chinese or filling a line: 拼音 zhangwenjing, linna_hz.
        Shape(
            "spelled",
            re.compile(
                r"(?:(?<=[㐀-鿿])|(?<=[㐀-鿿][ :,;，、。；(])|(?<=[㐀-鿿][:,] )|(?<=\d[ 、])|(?<=[\n\t\ue000+@])|^)"
                r"(?P<n>[a-z]{6,18}[_-][a-z]{1,3}\d{0,4}|[a-z]{9,18})(?=[ ]{0,2}(?:[㐀-鿿，。；、,;)（(\n\t\ue000/]|$))"
            ),
            0.7,
            "n",
        ),
        Shape(
            "bracketed", re.compile(r"(?<=[㐀-鿿])[（(](?P<n>[a-z]{5,20}_?\d{2,8})[)）]"), 0.8, "n"
        ),
    )

    def check(self, value: str, shape: Shape) -> float | None:
        """In brackets behind a word or by itself only what is a person's name in pinyin."""
        if shape.name in ("pinyin", "spelled") and len(_SYLLABLE.findall(value)) < _WHOLE_NAME:
            return None
        if shape.name == "spelled" and _ENGLISH.search(value):
            return None
        told = shape.name not in ("bracketed", "pinyin", "spelled") or latin_names().is_handle(
            value
        )
        return shape.score if told else None
