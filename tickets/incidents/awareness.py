"""When somebody knew, read from the report where it says so plainly.

Plain means: a day or none for today, a time of day that can be only one, and right after it (or
before it in English) a word of noticing. “今天早上9点发现” is plain, “昨晚8点丢的” says when it was
lost, “9点发现” could be morning or evening. What is not plain is asked for, never guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from records.beijing import SHANGHAI, shanghai_day
from records.language import Bilingual
from tickets.numbers_in_text import number


class AwareBy(StrEnum):
    """Where the moment of awareness comes from."""

    GIVEN = "given"
    TEXT = "text"
    FILING = "filing"
    CORRECTED = "corrected"

    @property
    def label(self) -> Bilingual:
        """In both languages, as a remark beside the time."""
        return _SOURCES[self]


_SOURCES = {
    AwareBy.GIVEN: Bilingual("报告人填写", "as stated"),
    AwareBy.CORRECTED: Bilingual("已更正，见经过", "corrected, see the timeline"),
    AwareBy.TEXT: Bilingual("取自报告文字，请核对", "read from the report: please check"),
    AwareBy.FILING: Bilingual(
        "未说明，按报告时间计；如更早知悉请更正",
        "not stated, taken as the time of filing: correct it if somebody knew earlier",
    ),
}

_N = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_NOTICED = "(?:才|就|刚|左右|许|钟|时|我们?|员工|同事|客服|，|,| )*(?:发现|得知|知悉|获悉|察觉|接到|收到|被告知)"
_ZH = re.compile(
    rf"(?:(?P<y>20\d\d)年)?(?:(?P<mo>{_N})月(?P<d>{_N})[日号])?"
    r"(?P<day>今天|今日|昨天|昨日|前天|今(?=[早晨晚])|昨(?=[晚夜]))?的?"
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晨|晚|夜)?\s*"
    rf"(?:(?P<h>{_N})点(?:(?P<half>半)|(?P<m>{_N})分?)?|(?P<hh>[01]?\d|2[0-3])[:：](?P<mm>[0-5]\d))"
    rf"{_NOTICED}"
)
_EN = re.compile(
    r"(?:noticed|discovered|found out|learned|learnt|became aware|were told|was told)"
    r"(?: (?:it|this|of it|about it))? (?:(?P<day>today|yesterday) )?at "
    r"(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))? ?(?P<part>am|pm)?\b"
    r"(?: (?P<after>today|yesterday|this morning|this afternoon))?"
)
_DAYS = {"今": 0, "昨": 1, "前": 2, "today": 0, "yesterday": 1}
_MORNING = ("凌晨", "清晨", "早上", "早晨", "上午", "早", "晨", "am")
_EVENING = ("下午", "傍晚", "晚上", "夜里", "晚", "夜", "pm")


def aware_from_text(text: str, now: datetime) -> datetime | None:
    """The one moment the text says somebody noticed; None where it is not plain or not past."""
    today = shanghai_day(now)
    found = {_chinese(match, today) for match in _ZH.finditer(text)}
    found |= {_english(match, today) for match in _EN.finditer(text.lower())}
    if len(found) != 1:
        return None
    moment = found.pop()
    return moment if moment is not None and moment <= now else None


def _chinese(match: re.Match[str], today: date) -> datetime | None:
    day = _day(match, today)
    part = match["part"]
    if match["hh"]:
        hour, minute, written_out = int(match["hh"]), int(match["mm"]), True
    else:
        hour = number(match["h"]) or 0
        minute = 30 if match["half"] else (number(match["m"]) or 0) if match["m"] else 0
        written_out = hour > 12 or hour == 0
    return _moment(day, hour, minute, part, plain=written_out)


def _day(match: re.Match[str], today: date) -> date | None:
    if not match["mo"]:
        return today - timedelta(days=_DAYS[match["day"][0]] if match["day"] else 0)
    try:
        year = int(match["y"] or today.year)
        day = date(year, number(match["mo"]) or 0, number(match["d"]) or 0)
        # 十二月三十日, told in January, was last year.
        return day if match["y"] or day <= today else day.replace(year=year - 1)
    except ValueError:
        return None


def _english(match: re.Match[str], today: date) -> datetime | None:
    named = (match["day"] or match["after"] or "today").split()[-1]
    day = today - timedelta(days=_DAYS.get(named, 0))
    part = match["part"] or {"morning": "am", "afternoon": "pm"}.get(named)
    hour, plain = int(match["h"]), bool(match["m"]) or int(match["h"]) > 12
    return _moment(day, hour, int(match["m"] or 0), part, plain=plain)


def _moment(
    day: date | None, hour: int, minute: int, part: str | None, *, plain: bool
) -> datetime | None:
    if part in _EVENING and hour < 12:
        hour += 12
    elif part in _EVENING or (part in _MORNING and hour == 12):
        # 晚上12点 may be either midnight; 下午12点 is noon to some and a mistake to others.
        return None
    elif part == "中午":
        hour += 12 if hour in (1, 2) else 0
    elif part is None and not plain:
        return None
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI).astimezone(UTC)
