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
_OF_YEAR = r"的(?:老?人(?!民|员|大|力|事|工)|老[太头汉伯奶大]|大[妈爷]|姑娘|小伙|孩子|妇女|男[的子人]|女[的子人])"
_BEHIND_SAID = re.compile(
    rf"[ ]?的?(?:{_BORN}|[，, ]?{_SIGN})|[ ]?{_OF_YEAR}|{_AGED}|{_SEX}|[ ]?(?:来到世上|落地|报的户口)"
)
_BEHIND_WRITTEN = re.compile(
    rf"[ ]?(?:出生|出世|降生|生辰|诞辰|{_OF_YEAR}|生的(?=[，。])|生(?=[，。,；;）)\s]|$))|{_AGED}|{_SEX}"
)
# 9月16日过生, 阴历11月8号: a day without year, where somebody has or had a birthday.
_DAY_OF_YEAR = re.compile(
    r"(?<![\d年])(?P<moon>(?:阴|农|旧|公|阳|新)历)?[ ]?(?P<day>(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9])[日号])"
    r"(?P<has>[ ]?(?:过生|过寿|做寿|办寿|庆生|大寿|生日|生辰|整寿|满月|百日宴|周岁))?"
)
_BIRTHDAY = re.compile("生日|过生|过寿|做寿|办寿|庆生|大寿|整寿|寿星|寿辰")
_BIRTHDAY_REACH = 80
# What an identity card says, and a pension is reckoned by.
_ON_PAPER = re.compile(
    r"(?:身份证|户口[本簿页]?|户籍|证件|档案|出生证)(?:上|里)?"
    r"(?:写的?|登的?|记的?|填的?|印的?|显示)?(?:的)?[是为:： ]{0,2}$"
    r"|(?:退休|年龄|岁数|工龄).{0,3}[按依照][ ]?$"
)
# Whose birth is spoken of: the dates behind it, of people old enough, that nothing else claims.
_BIRTH = re.compile(
    r"出生(?!证|登记|缺陷|率|人口|医学|地|医院)|生日(?!蛋糕|券|礼|会|假|派对|当)|生辰|年纪|岁数|属相|哪年生|多大年"
)
_TOPIC_REACH = 60
_LAST_YEAR_OF_ADULTS = 2012
_OF_SOMETHING_ELSE = re.compile(
    r"[ ]?(?:起|止|至|到|前|后|以[前后来]|之[前后]|间|签|订|成立|设立|注册|开户|开业"
    r"|办理|入职|参加|毕业|结婚|离婚|去世|死亡|签发|发证|生效|施行|发布|修[订正])"
)
_TO_THAT_DAY = re.compile(r"(?:自|从|至|到|于|在|截止|期限|[\d日号][ ]?[-—~～])[ ]?$")
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
        found += [self.result(self.kind, *span, 0.8, "birthday") for span in _birthdays(text)]
        spoken_of = _BIRTH.search(text) is not None
        for date in _DAY.finditer(text):
            start, end = date.span()
            if _ON_PAPER.search(text, max(0, start - _REACH), start) or (
                spoken_of and _is_birth_spoken_of(text, date)
            ):
                found.append(self.result(self.kind, start, end, 0.8, "born"))
                continue
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


def _birthdays(text: str) -> Iterator[tuple[int, int]]:
    """Days without a year that somebody celebrates, or of the moon's year where one is celebrated."""
    if not _BIRTHDAY.search(text):
        return
    for day in _DAY_OF_YEAR.finditer(text):
        near = max(0, day.start() - _BIRTHDAY_REACH), day.end() + _BIRTHDAY_REACH
        if day["has"] or (day["moon"] and _BIRTHDAY.search(text, *near)):
            yield day.span("day")


def _is_birth_spoken_of(text: str, date: re.Match[str]) -> bool:
    """Whether births are the topic and the year is one that grown people are born in."""
    start, end = date.span()
    year = re.match(r"\d+", date.group())
    number = int(year.group()[:4]) if year else 0
    if number >= 100 and number > _LAST_YEAR_OF_ADULTS:
        return False
    line = text.rfind("\n", 0, start) + 1
    return (
        _BIRTH.search(text, max(line, start - _TOPIC_REACH), start) is not None
        and not _OF_SOMETHING_ELSE.match(text, end)
        and not _TO_THAT_DAY.search(text, max(0, start - 4), start)
    )
