"""Birth dates in prose, Chinese and English: 1967年9月3日生, 女，90年3月5号, born on 2 November 1979 (PIPL 4).

Any date has their shape, so what stands beside one decides: birth, birthday, sign of the year, age, sex.
"""

import re
from collections.abc import Iterator

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import Shape
from pii.recognizers.behind_words import BehindWordsRecognizer
from pii.values import DATE

_SAID = r"(?:(?:19|20)\d{2}|(?<!\d)\d{2})年\d{1,2}月(?:\d{1,2}[日号])?"
_WRITTEN = (
    r"(?:19|20)\d{2}(?:(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2}|\.\d{1,2}|(?:0[1-9]|1[0-2])[0-3]\d)"
)
_DAY = re.compile(rf"(?<![\d\-/.])(?:(?P<said>{_SAID})|{_WRITTEN})(?![\d\-/]|\.\d)")
_BORN = r"(?:出世|降生|生辰|诞辰)|出?生(?![效产成态活鲜日意命物长理病源怕硬动辉肖])"
_SIGN = "属[鼠牛虎兔龙蛇马羊猴鸡狗猪]"
_SEX = r"(?:[ ]?[，,、/|）)][ ]?|[ ])[男女](?![㐀-鿿])"
_AGED = r"[ ]?[，,、（(]?[ ]?(?:今年|现年|年龄|虚岁|周岁)?[ ]?\d{1,3}[周虚]?岁"
_BEHIND_SAID = re.compile(rf"[ ]?的?(?:{_BORN}|[，, ]?{_SIGN}|的人)|{_AGED}|{_SEX}")
_BEHIND_WRITTEN = re.compile(
    rf"[ ]?(?:出生|出世|降生|生辰|诞辰|生的(?=[，。])|生(?=[，。,；;）)\s]|$))|{_AGED}|{_SEX}"
)
# 女，汉族，…; 35岁（…; 我叫王芳，…的.
_BEFORE = re.compile(
    r"(?:(?<![㐀-鿿])[男女]性?[ ]?[，,、/|（(][ ]?(?:[㐀-鿿]{1,3}族[ ]?[，,、/|][ ]?)?"
    rf"|{_SIGN}[，,、 ]|\d[周虚]?岁[，,、（( ]{1, 2})$"
)
_INTRODUCED = re.compile(r"[我他她](?:叫|是)[㐀-鿿·]{2,12}[，, ]{1,2}$")
_REACH = 20
# 本月生日 above a list: the day behind each name.
_LIST = re.compile(
    r"(?P<head>[^\n\ue000。\d]{0,20}(?:生日|寿星)[^\n\ue000。]{0,30})(?P<lines>(?:\n[^\n\ue000]+)+)"
)
_LISTED = re.compile(r"\n[^\n\d]{1,14}?[ \t:：,，|]{1,3}(?P<day>\d{1,2}月\d{1,2}[日号])")
_FEWEST_LISTED = 2


class BirthDateRecognizer(BehindWordsRecognizer):
    """A date with birth beside it."""

    kind = Kind.BIRTH_DATE
    words = ("生日", "出生", "生于", "born", "dob", "d.o.b", "date of birth", "birth date", "birthdate",
             "birthday")  # fmt: skip
    worded = (
        Shape(
            "born_behind",
            re.compile(
                rf"(?:生日|出生|生于)(?!证|登记|缺陷|率|人口|医学|会|蛋糕|券|礼|当天|当月|假|派对)[^\d\n\ue000。；;，,自|〕）)\t]{{0,8}}"
                rf"(?P<day>{_SAID}|\d{{1,2}}月\d{{1,2}}[日号]|{_WRITTEN})(?![\d\-/]|\.\d)"
            ),
            0.85,
            "day",
        ),
        Shape(
            "born_en",
            re.compile(
                rf"""(?<![A-Za-z])(?i:born|dob|d\.o\.b\.?|date\ of\ birth|birth\ ?date|birthday)(?![A-Za-z])
                [^\d\n.;。；]{{0,24}}?(?<![A-Za-z\d])(?P<day>{DATE})""",
                re.VERBOSE,
            ),
            0.9,
            "day",
        ),
    )

    def find(self, text: str) -> list[Finding]:
        """Dates behind a word of birth, and before or behind what says whose they are."""
        found = super().find(text)
        found += [self.result(self.kind, *span, 0.85, "born_behind") for span in _listed(text)]
        for date in _DAY.finditer(text):
            start, end = date.span()
            behind = _BEHIND_SAID if date["said"] else _BEHIND_WRITTEN
            if (
                behind.match(text, end)
                or _BEFORE.search(text, max(0, start - _REACH), start)
                or (
                    text.startswith("的", end)
                    and _INTRODUCED.search(text, max(0, start - _REACH), start)
                )
            ):
                found.append(self.result(self.kind, start, end, 0.9, "born"))
        return found


def _listed(text: str) -> Iterator[tuple[int, int]]:
    """The days behind names in the lines below a heading of birthdays."""
    if "生日" not in text and "寿星" not in text:
        return
    for block in _LIST.finditer(text):
        days = [day.span("day") for day in _LISTED.finditer(text, *block.span("lines"))]
        if len(days) >= _FEWEST_LISTED:
            yield from days
