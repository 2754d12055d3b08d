"""Periods compared whatever their unit: 十二个月 is 一年, 24 小时 is one day."""

import re
from fractions import Fraction
from typing import NamedTuple

from assistant.answering.figures import Figure, figures
from knowledge.numerals import to_chinese
from records.language import Language

_HOURS = {
    "分钟": Fraction(1, 60),
    "小时": Fraction(1),
    "日": Fraction(24),
    "周": Fraction(168),
    "月": Fraction(720),
    "年": Fraction(8640),
}
# A year of 360 days and one of 365 are the same answer to somebody choosing between options.
_NEARLY = 0.02
_ZH = {"year": "年", "month": "个月", "day": "日", "workday": "个工作日", "hour": "小时"}
_EN = {"year": "year", "month": "month", "day": "day", "workday": "working day", "hour": "hour"}
_SPOKEN = {"year": "年", "month": "月", "day": "日", "workday": "工作日", "hour": "小时"}
UNITS = tuple(_ZH)
_AT_LEAST = re.compile(r"至少|不少于|不低于|以上|at least|or more|not less", re.IGNORECASE)
_AT_MOST = re.compile(r"至多|最多|不超过|以内|以下|at most|up to|within|or less", re.IGNORECASE)


class Span(NamedTuple):
    """What an option with numbers covers, of one measure."""

    measure: str
    low: float
    high: float


def measured(figure: Figure) -> tuple[str, Fraction] | None:
    """A figure by what it measures: periods in hours, anything else by its own unit."""
    if isinstance(figure.amount, str):
        return None
    if figure.unit in _HOURS:
        return "hours", figure.amount * _HOURS[figure.unit]
    return figure.unit, figure.amount


def same(one: Figure, other: Figure) -> bool:
    """Whether two figures say the same."""
    a, b = measured(one), measured(other)
    if a is None or b is None:
        return one == other
    return a[0] == b[0] and abs(a[1] - b[1]) <= max(a[1], b[1]) * Fraction(_NEARLY)


def figure_of(number: int, unit: str) -> Figure:
    """The figure of a duty's period."""
    return Figure(Fraction(number), _SPOKEN[unit])


def in_words(number: int, unit: str, language: Language) -> str:
    """A period as an option says it: 三年, 30 working days."""
    if language is Language.EN:
        return f"{number} {_EN[unit]}{'' if number == 1 else 's'}"
    return f"{in_chinese(number)}{_ZH[unit]}"


def in_chinese(number: int) -> str:
    """A number as statutes write it; two of something is 两."""
    return "两" if number == 2 else to_chinese(number)


def span(text: str) -> Span | None:
    """What a text with one or two figures covers; None where it has none."""
    found = [m for m in (measured(f) for f in figures(text)) if m]
    if not found or len({m[0] for m in found}) > 1:
        return None
    sizes = sorted(float(m[1]) for m in found)
    if len(sizes) == 1 and _AT_LEAST.search(text):
        return Span(found[0][0], sizes[0], float("inf"))
    if len(sizes) == 1 and _AT_MOST.search(text):
        return Span(found[0][0], 0.0, sizes[0])
    return Span(found[0][0], sizes[0], sizes[-1])
