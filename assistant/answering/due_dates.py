"""The last day of a time limit, where a question gives the day it runs from.

The day of the event itself is not counted; an end on a statutory holiday moves to the day after it
(民法典 201, 203). Working days are left out: their calendar is that of the registers.
"""

import re
from datetime import date, timedelta

from knowledge.duties import Duty
from records.language import Bilingual
from tickets.dates_in_text import find_date
from tickets.numbers_in_text import NUMBER, number
from tickets.periods import Period, add_months

_DAYS = re.compile(rf"(?P<n>{NUMBER})\s*[日天](?![起至])")
# A limit as a policy sets it: within fifteen days, twelve months in full.
_OWN_LIMIT = re.compile(
    rf"(?:(?P<full>满|期限[：:]\s*|保存|保留|存满?)\s*)?(?<![\d年])(?P<n>{NUMBER})\s*(?:个)?"
    r"(?P<unit>日|天|月|年)(?P<within>内|以内|之内)?(?![起至份\d])"
)
_MONTHS = {"月": 1, "年": 12}
_LONGEST = 100
_LONGEST_OF_DAYS = 3660
_NO_YEAR = re.compile(
    r"(?<![\d年])(?P<m>1[0-2]|0?[1-9])\s*月\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号]"
)
_HALF_A_YEAR = 183
_UNITS = {"日": "days", "天": "days", "月": "months", "年": "years"}


def due_dates(duty: Duty, question: str, today: date) -> Bilingual | None:
    """The last day of each limit in the duty, in words; None where it sets none or no day is given."""
    period = duty.period
    if period is None or period.kind != "deadline" or period.unit != "day" or period.bound != "max":
        return None
    start = _day_in(question, today)
    limits = [number(found["n"]) for found in _DAYS.finditer(duty.duty)]
    days = list(dict.fromkeys(one for one in limits if one)) or [period.number or 0]
    if start is None or period.counted_from is None:
        return None
    ends = [(one, start + timedelta(days=one)) for one in days]
    zh = "；".join(f"{one} 日的最后一天是 {end}" for one, end in ends)
    en = "; ".join(f"{one} days end on {end}" for one, end in ends)
    return Bilingual(
        f"以 {start} 为{period.counted_from.zh}计，{zh}，遇法定休假日顺延。",
        f" With {start} as the {period.counted_from.en}, {en}, or the day after a public holiday.",
    )


def own_limit_ends(rule: str, question: str, today: date) -> Bilingual | None:
    """When the first limit of a company's rule ends, counted from the one day a question gives.

    That the limit runs from that day is for the reader to say: the words say so.
    """
    start = _day_in(question, today)
    limit = next((m for m in _OWN_LIMIT.finditer(rule) if m["full"] or m["within"]), None)
    many = number(limit["n"]) if limit else None
    if start is None or limit is None or not many or many > _LONGEST:
        return None
    months = _MONTHS.get(limit["unit"])
    end = add_months(start, many * months) if months else start + timedelta(days=many)
    zh, en = f"{many} {'个' if limit['unit'] == '月' else ''}{limit['unit']}", _UNITS[limit["unit"]]
    return Bilingual(
        f"（如果从 {start} 起算，满 {zh}的日子是 {end}。）",
        f" (Counted from {start}, {many} {en} are over on {end}.)",
    )


def own_limit(rule: str) -> Period | None:
    """How long a company's rule keeps something: the first period said to be full, or kept for."""
    limit = next((m for m in _OWN_LIMIT.finditer(rule) if m["full"] and not m["within"]), None)
    many = number(limit["n"]) if limit else None
    if limit is None or not many or many > _LONGEST_OF_DAYS:
        return None
    unit = "days" if limit["unit"] in "日天" else _UNITS[limit["unit"]]
    return Period(**{unit: many})


def _day_in(question: str, today: date) -> date | None:
    """The one exact day a question gives; without a year, the one nearest to today."""
    found = find_date(question, today)
    if found is not None and not found.approximate:
        return found.day
    said = _NO_YEAR.search(question)
    if said is None:
        return None
    try:
        day = date(today.year, int(said["m"]), int(said["d"]))
        if (today - day).days > _HALF_A_YEAR:
            day = day.replace(year=today.year + 1)
    except ValueError:
        return None
    return day
