"""The past date a sentence speaks of: "2023年5月", "三年前", "去年底", "two months ago".

A vague date becomes the last day it can mean (2023年5月 is 2023-05-31): a later start gives a
later end, and nothing is destroyed too early. A duration counts only with a word of the past
(前, 了, ago): "保存三年" is a period, not a date.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tickets.numbers_in_text import NUMBER, number
from tickets.periods import add_months

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_FULL = (
    re.compile(r"(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<y>(?:19|20)\d\d)"),
    re.compile(rf"\b{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)"),
)
_MONTH_OF_YEAR = (
    re.compile(r"(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/](?P<m>\d{1,2})(?![-/\d])"),
    re.compile(rf"\b{_MONTH},? (?P<y>(?:19|20)\d\d)"),
)
_NEAR_YEAR = re.compile(
    r"(?P<year>大前年|前年|去年|今年)(?:的)?(?:(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月份?)?"
)
_COUNT = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_NEAR_DAY = re.compile(
    rf"(?P<year>大前年|前年|去年|今年)\s*的?\s*(?P<m>{_COUNT})\s*月\s*(?P<d>{_COUNT})\s*[日号]"
)
_NEAR_YEARS = {"大前年": 3, "前年": 2, "去年": 1, "今年": 0}
_YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年(?!前)|\b(?:in|since) (?P<e>(?:19|20)\d\d)\b")
_AGO_ZH = re.compile(
    rf"(?P<n>{NUMBER}|半)\s*(?P<unit>个?半?月|年半?|天|日|周|个?星期)(?:多|来)?\s*"
    r"(?:以前|之前|前|了|有余)"
)
_AGO_FULL_ZH = re.compile(rf"(?:已|已经|满|过了|超过)\s*(?P<n>{NUMBER})\s*(?P<unit>个月|年半?)")
_AGO_EN = re.compile(
    rf"(?P<n>{NUMBER}|half a)\s+(?P<unit>year|month|week|day)s?\s+(?:ago|back|earlier)"
    rf"|(?:for|over|more than)\s+(?P<n2>{NUMBER})\s+(?P<unit2>year|month|week|day)s?"
    r"(?!\s+(?:must|to))"
)
_WORDS = {
    "昨天": 1, "前天": 2, "今天": 0, "刚刚": 0, "刚才": 0, "yesterday": 1, "today": 0,
    "上周": 7, "last week": 7,
}  # fmt: skip


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
            day = _exact(match)
            return FoundDate(day, approximate=False) if day else None
    if match := _NEAR_DAY.search(low):
        day = _near_day(match, today)
        return FoundDate(day, approximate=False) if day else None
    day = _month(low) or _near_year(low, today) or _ago(low, today) or _word(low, today)
    day = day or _year(low)
    return FoundDate(day, approximate=True) if day else None


_SPOKEN = (*_FULL, _NEAR_DAY, *_MONTH_OF_YEAR, _NEAR_YEAR, _AGO_ZH, _AGO_FULL_ZH, _AGO_EN, _YEAR)


def date_spans(text: str) -> list[tuple[int, int]]:
    """Where a text speaks of past dates, in order; of forms that overlap, the most exact."""
    found: list[tuple[int, int]] = []
    for pattern in _SPOKEN:
        for match in pattern.finditer(text.lower()):
            if not any(start < match.end() and match.start() < end for start, end in found):
                found.append(match.span())
    return sorted(found)


def _exact(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["y"]), _month_number(match), int(match["d"]))
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
    return _MONTHS.index(groups["name"]) + 1 if groups.get("name") else int(groups["m"])


def _month(text: str) -> date | None:
    for pattern in _MONTH_OF_YEAR:
        if (match := pattern.search(text)) and 1 <= _month_number(match) <= 12:
            return _month_end(int(match["y"]), _month_number(match))
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
    if "last year" in text:
        return date(today.year - 1, 12, 31)
    if "上个月" in text or "last month" in text:
        return today.replace(day=1) - timedelta(days=1)
    return None


def _ago(text: str, today: date) -> date | None:
    if match := _AGO_ZH.search(text) or _AGO_FULL_ZH.search(text):
        return _back(today, match["n"], match["unit"])
    if match := _AGO_EN.search(text):
        return _back(today, match["n"] or match["n2"], match["unit"] or match["unit2"])
    return None


def _back(today: date, count: str, unit: str) -> date | None:
    half = count in ("半", "half a")
    amount = 0 if half else number(count)
    if amount is None or amount > 200:
        return None
    if "年" in unit or unit == "year":
        months = amount * 12 + (6 if half or "半" in unit else 0)
        return add_months(today, -months)
    if "月" in unit or unit == "month":
        # 半个月 and 两个半月: the half month is left out, so the date is the later one.
        return add_months(today, -amount)
    days = 7 if "周" in unit or "星期" in unit or unit == "week" else 1
    return today - timedelta(days=amount * days)


def _word(text: str, today: date) -> date | None:
    return next((today - timedelta(days=n) for word, n in _WORDS.items() if word in text), None)


def _year(text: str) -> date | None:
    match = _YEAR.search(text)
    return date(int(match["y"] or match["e"]), 12, 31) if match else None
