"""The past date a sentence speaks of: "2023年5月", "22年3月", "三年前", "去年底", "two months ago".

A vague date becomes the last day it can mean (2023年5月 is 2023-05-31): a later start gives a
later end, and nothing is destroyed too early. A duration counts only with a word of the past
(前, 了, ago): "保存三年" is a period, not a date. What may be either ("20年的凭证") or may be later than
it sounds ("快三年了") is no date: it is asked for.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tickets.numbers_in_text import NUMBER, number
from tickets.periods import add_months

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_ZERO_TO_NINE = "零一二三四五六七八九"
_LONG = rf"(?:(?<!\d)(?:19|20)\d\d|[一二][九零〇○][{_ZERO_TO_NINE}〇○]{{2}})"
# 22年3月, 二二年三月: what follows tells that no length of time is meant.
_SHORT = rf"(?:(?<![\d.])\d\d|(?<![{_ZERO_TO_NINE}〇○十百])[{_ZERO_TO_NINE}〇○]{{2}})"
_COUNT = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_Y, _M, _D = rf"(?P<y>{_LONG}|{_SHORT})", rf"(?P<m>{_COUNT})", rf"(?P<d>{_COUNT})"
_FULL = (
    re.compile(rf"{_Y}\s*年\s*{_M}\s*月\s*{_D}\s*[日号]"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<y>(?:19|20)\d\d)"),
    re.compile(rf"\b{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)"),
)
_MONTH_OF_YEAR = (
    re.compile(rf"{_Y}\s*年的?\s*{_M}\s*月"),
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})(?![-/.\d])"),
    re.compile(rf"\b{_MONTH},? (?:of )?(?P<y>(?:19|20)\d\d|['’]\d\d\b)"),
)
_NEAR_YEAR = re.compile(
    r"(?P<year>大前年|前年|去年|上一?年(?!度)|今年)(?:的)?"
    r"(?:(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月份?)?"
)
_NEAR_DAY = re.compile(rf"(?P<year>大前年|前年|去年|今年)\s*的?\s*{_M}\s*月\s*{_D}\s*[日号]")
_NEAR_YEARS = {"大前年": 3, "前年": 2, "去年": 1, "上年": 1, "上一年": 1, "今年": 0}
_YEAR = re.compile(
    rf"(?P<y>{_LONG})\s*年(?!前)|\b(?:in|since) (?P<e>(?:19|20)\d\d)\b"
    # 22年就走了, 98年的病历; 存了22年 is a length of time, and 20年的凭证 may be.
    r"|(?<![\d.第近约满过有存留管了作好快])(?<!至少)(?<!不到)(?<!多于)(?<!少于)(?<!大概)(?<!差不多)(?<!超过)(?:"
    r"(?P<s>\d\d)\s*年(?=[底末初春夏秋冬就解终结离销停不散走退注签办买入上下]|到期|年[底末初]|[一二三四]季)"
    r"|(?P<o>[5-9]\d)\s*年(?=的))"
)
_FEW = rf"(?<![{_ZERO_TO_NINE}两十百])(?P<n>{NUMBER}|半)"
_NOT_QUITE = (
    r"(?<!快)(?<!快要)(?<!将近)(?<!接近)(?<!不到)(?<!不足)(?<!没到)(?<!不满)(?<!未满)(?<!没满)"
)
_AGO_ZH = re.compile(
    rf"{_NOT_QUITE}{_FEW}\s*(?P<unit>个?半?月|年半?|天|日|周|个?星期|个?礼拜)(?:多|来)?\s*"
    r"(?:以前|之前|前|了|有余)"
)
_AGO_FULL_ZH = re.compile(
    rf"(?:已|已经|(?<![未没不要需得须])满|过了|超过){_NOT_QUITE}\s*(?P<n>{NUMBER})\s*(?P<unit>个月|年半?)"
)
_AGO_EN = re.compile(
    rf"(?<!almost )(?<!nearly )(?<!under )(?P<n>{NUMBER}|half a)\s+"
    r"(?P<unit>year|month|week|day)s?\s+(?:ago|back|earlier)"
    rf"|(?:for|over|more than)\s+(?P<n2>{NUMBER})\s+(?P<unit2>year|month|week|day)s?"
    r"(?!\s+(?:must|to))"
)
# 上上个月 is two months before this one; what stands before another word within it comes first.
_NEAR_MONTH = re.compile(
    r"(?P<two>上上个?月|month before last)|(?P<one>上个?月|last month)|(?P<this>这个月|本月|this month)"
)
_NEAR_YEAR_EN = re.compile(r"(?P<two>year before last)|(?P<one>last year)|(?P<this>this year)")
_BACK = {"two": 2, "one": 1, "this": 0}
_WORDS = {
    "昨天": 1, "大前天": 3, "前天": 2, "今天": 0, "刚刚": 0, "刚才": 0, "yesterday": 1, "today": 0,
    "上上周": 14, "上周": 7, "上星期": 7, "上礼拜": 7, "last week": 7,
}  # fmt: skip
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_EITHER = re.compile(r"[两一二三四五六七八九]{2}")
# A year told by itself, where a year was asked for.
_TOLD = re.compile(r"(?P<y>(?:19|20)?\d\d)\s*(?:年度?|年的)?")
# A year so far ahead of this one is one of the last century.
_AHEAD = 10


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day read from words; approximate unless the day itself was written."""

    day: date
    approximate: bool


def find_date(text: str, today: date) -> FoundDate | None:
    """The date the text speaks of, the most exact form first."""
    low = text.lower()
    for pattern in _FULL:
        if match := pattern.search(low):
            # The 45th of the 13th month is a slip: nothing is counted from it.
            day = _exact(match, today)
            return FoundDate(day, approximate=False) if day else None
    if match := _NEAR_DAY.search(low):
        day = _near_day(match, today)
        return FoundDate(day, approximate=False) if day else None
    day = _month(low, today) or _near_year(low, today) or _ago(low, today) or _word(low, today)
    day = day or _year(low, today)
    return FoundDate(day, approximate=True) if day else None


_SPOKEN = (
    *_FULL, _NEAR_DAY, *_MONTH_OF_YEAR, _NEAR_YEAR, _AGO_ZH, _AGO_FULL_ZH, _AGO_EN, _YEAR,
    _NEAR_MONTH, _NEAR_YEAR_EN, _WORD,
)  # fmt: skip


def date_spans(text: str) -> list[tuple[int, int]]:
    """Where a text speaks of past dates, in order; of forms that overlap, the most exact."""
    found: list[tuple[int, int]] = []
    for pattern in _SPOKEN:
        for match in pattern.finditer(text.lower()):
            if not any(start < match.end() and match.start() < end for start, end in found):
                found.append(match.span())
    return sorted(found)


def years_named(text: str, today: date) -> set[int]:
    """The years that a text gives by their number."""
    return {
        year
        for pattern in (*_FULL, *_MONTH_OF_YEAR, _YEAR)
        for match in pattern.finditer(text.lower())
        if (year := _year_of(match, today))
    }


def year_told(text: str, today: date) -> int | None:
    """The year that the whole of a text is: 2015, 15年, 2015年度; None where it says more."""
    match = _TOLD.fullmatch(text.strip())
    return _year_of(match, today) if match else None


def _year_of(match: re.Match[str], today: date) -> int | None:
    """A year in four figures or two, in Chinese ones too; None where two are of no near year."""
    groups = match.groupdict()
    said = next((groups[name] for name in ("y", "e", "s", "o") if groups.get(name)), "")
    figures = "".join(
        str(_ZERO_TO_NINE.index(c)) if c in _ZERO_TO_NINE else c
        for c in re.sub("[〇○]", "零", said)
    ).lstrip("'’")
    if len(figures) != 2:
        return int(figures) if figures else None
    year = today.year // 100 * 100 + int(figures)
    return year if year <= today.year + _AHEAD else year - 100


def _exact(match: re.Match[str], today: date) -> date | None:
    try:
        year, day = _year_of(match, today), number(match["d"])
        return date(year or 0, _month_number(match), day or 0)
    except ValueError:
        return None


def _near_day(match: re.Match[str], today: date) -> date | None:
    """去年3月15日, 今年三月十五号."""
    month, day = number(match["m"]), number(match["d"])
    try:
        return date(today.year - _NEAR_YEARS[match["year"]], month or 0, day or 0)
    except ValueError:
        return None


def _month_number(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return _MONTHS.index(groups["name"]) + 1 if groups.get("name") else number(groups["m"]) or 0


def _month(text: str, today: date) -> date | None:
    for pattern in _MONTH_OF_YEAR:
        if (match := pattern.search(text)) and 1 <= _month_number(match) <= 12:
            year = _year_of(match, today)
            return _month_end(year, _month_number(match)) if year else None
    return None


def _month_end(year: int, month: int) -> date:
    return add_months(date(year, month, 1), 1) - timedelta(days=1)


def _near_year(text: str, today: date) -> date | None:
    """去年五月, 去年底, 去年, last year: the last day meant, never after today."""
    if match := _NEAR_YEAR.search(text):
        year = today.year - _NEAR_YEARS[match["year"]]
        month = number(match["m"]) if match["m"] else None
        end = _month_end(year, month) if month and month <= 12 else date(year, 12, 31)
        return min(end, today)
    if match := _NEAR_YEAR_EN.search(text):
        return min(date(today.year - _BACK[str(match.lastgroup)], 12, 31), today)
    if match := _NEAR_MONTH.search(text):
        before = add_months(today.replace(day=1), -_BACK[str(match.lastgroup)])
        return min(_month_end(before.year, before.month), today)
    return None


def _ago(text: str, today: date) -> date | None:
    if match := _AGO_ZH.search(text) or _AGO_FULL_ZH.search(text):
        return _back(today, match["n"], match["unit"])
    if match := _AGO_EN.search(text):
        return _back(today, match["n"] or match["n2"], match["unit"] or match["unit2"])
    return None


def _back(today: date, count: str, unit: str) -> date | None:
    half = count in ("半", "half a")
    # 三四年前: the nearer of the two.
    amount = 0 if half else number(count[:1] if _EITHER.fullmatch(count) else count)
    if amount is None or amount > 200:
        return None
    if "年" in unit or unit == "year":
        months = amount * 12 + (6 if half or "半" in unit else 0)
        return add_months(today, -months)
    if "月" in unit or unit == "month":
        # 半个月 and 两个半月: the half month is left out, so the date is the later one.
        return add_months(today, -amount)
    days = 7 if unit[-1] in "周期拜" or unit == "week" else 1
    return today - timedelta(days=amount * days)


def _word(text: str, today: date) -> date | None:
    match = _WORD.search(text)
    return today - timedelta(days=_WORDS[match[0]]) if match else None


def _year(text: str, today: date) -> date | None:
    match = _YEAR.search(text)
    year = _year_of(match, today) if match else None
    return date(year, 12, 31) if year else None
