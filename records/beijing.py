"""Beijing time, in which every date of the product is meant and shown."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_day(moment: datetime) -> date:
    """The day it is in Beijing at that moment."""
    return moment.astimezone(SHANGHAI).date()


def to_the_second(moment: datetime) -> str:
    """The moment as programs read it, in Beijing: 2026-11-27T08:05:30+08:00."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def to_the_minute(moment: datetime) -> str:
    """The moment as people read it, in Beijing: 2026-11-27 08:05."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
