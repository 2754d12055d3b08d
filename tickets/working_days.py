"""Working days: Monday to Friday, corrected by the days off and make-up days the company enters.

国务院办公厅 publishes the days off for one year at a time, so none are shipped. A year nobody entered
is counted by weekends alone, and whoever counts is told so (`Counted.sure`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pydantic import Field

from records.data_files import BadDataFile, Entry, line_of, load


class YearOf(Entry):
    """The days off and make-up working days of one year, with where they were published."""

    year: int = Field(ge=2020, le=2100)
    source: str = Field(min_length=4)
    days_off: tuple[date, ...] = Field(min_length=1)
    working: tuple[date, ...] = ()


class CalendarFile(Entry):
    """The company's calendar."""

    years: tuple[YearOf, ...] = Field(min_length=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked."""

    years: Mapping[int, YearOf] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether people work that day, as far as is known."""
        known = self.years.get(day.year)
        if known and day in known.working:
            return True
        return day.weekday() < 5 and not (known and day in known.days_off)


@dataclass(frozen=True, slots=True)
class Counted:
    """The last day of a count; not sure where a year's days off were not entered."""

    last_day: date
    sure: bool


def after(start: date, days: int, calendar: WorkCalendar) -> Counted:
    """That many working days after a day, which itself is not counted (民法典 201)."""
    day, left, sure = start, days, True
    while left:
        day += timedelta(days=1)
        sure = sure and day.year in calendar.years
        left -= calendar.is_working(day)
    return Counted(day, sure)


def load_calendar(path: Path) -> WorkCalendar:
    """The calendar of a file; without one, weekends alone. Raises BadDataFile."""
    if not path.exists():
        return WorkCalendar()
    years: dict[int, YearOf] = {}
    for n, one in enumerate(load(path, CalendarFile).years):
        for name in ("days_off", "working"):
            for i, day in enumerate(getattr(one, name)):
                if day.year != one.year:
                    line = line_of(path, ("years", n, name, i))
                    raise BadDataFile(path, f"{day} is not in {one.year}", line=line)
        years[one.year] = one
    return WorkCalendar(years)
