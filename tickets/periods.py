"""Periods of law in calendar days and in hours, Beijing time.

民法典 201: the first day is not counted, the period runs from the next day. 202: it ends on the
corresponding day of the last month, or on the month's last day where there is none. So a period
of one year from 2024-02-29 ends on 2025-02-28, and the first free day is 2025-03-01.

民法典 203 (a period that ends on a day off ends on the next working day) is left out on purpose:
it serves whoever must act in time, and a minimum retention period asks nobody to act.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from records.beijing import SHANGHAI

# Of a date somebody mistyped, 9999 for 1999: the calendar of the program ends before the period does.
NEVER = date(9998, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as the law writes it."""

    years: int = 0
    months: int = 0
    days: int = 0

    def last_day(self, event: date) -> date:
        """The last day of the period that an event of that day starts; NEVER where no year is left."""
        try:
            return add_months(event, self.years * 12 + self.months) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return NEVER

    @property
    def in_chinese(self) -> str:
        """For example 十年 as 10年."""
        parts = ((self.years, "年"), (self.months, "个月"), (self.days, "日"))
        return "".join(f"{number}{unit}" for number, unit in parts if number)

    @property
    def in_english(self) -> str:
        """For example 10 years."""
        parts = ((self.years, "year"), (self.months, "month"), (self.days, "day"))
        return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)


def add_months(day: date, months: int) -> date:
    """The corresponding day that many months later or earlier, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def fiscal_year_end(day: date) -> date:
    """The end of the accounting year that holds the day: the calendar year (会计法 11)."""
    return date(day.year, 12, 31)


def end_of_day(day: date) -> datetime:
    """The last second of the day in Beijing (民法典 203: the last day ends at twenty-four)."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI)


def begin_of_day(day: date) -> datetime:
    """The first moment of the day in Beijing."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)
