"""Tables with drawn lines: which characters stand in which ruled rectangle."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A character in an upright frame, y downwards; `source` says where it is stored."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    source: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` across its direction, from `low` to `high` along it."""

    at: float
    low: float
    high: float


Cell = tuple[float, float, float, float]


def ruled_cells(
    marks: Sequence[Mark], horizontals: Sequence[Rule], verticals: Sequence[Rule]
) -> dict[Cell | None, list[Mark]]:
    """Marks by the ruled rectangle they stand in."""
    across, upright = _Rules(horizontals), _Rules(verticals)
    cells: dict[Cell | None, list[Mark]] = {}
    for mark in marks:
        x, y = (mark.x0 + mark.x1) / 2, (mark.y0 + mark.y1) / 2
        sides = (*upright.around(x, y), *across.around(y, x))
        left, right, top, bottom = sides
        cell = (
            (left, right, top, bottom)
            if left is not None and right is not None and top is not None and bottom is not None
            else None
        )
        cells.setdefault(cell, []).append(mark)
    return cells


class _Rules:
    """Parallel rules, for the nearest on either side of a point."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = sorted(_merged(rules), key=lambda r: r.at)[:2000]
        self._at = [rule.at for rule in self._rules]

    def around(self, at: float, along: float) -> tuple[float | None, float | None]:
        middle = bisect_right(self._at, at)
        before = (r.at for r in reversed(self._rules[:middle]) if r.low <= along <= r.high)
        after = (r.at for r in self._rules[middle:] if r.low <= along <= r.high)
        return next(before, None), next(after, None)


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules drawn in pieces, cell by cell, as one; places that differ by a hair as the same."""
    beside: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if not beside or rule.at - beside[-1][0].at >= 2.5:
            beside.append([])
        beside[-1].append(rule)
    return [one for group in beside for one in _end_to_end(group)]


def _end_to_end(rules: Sequence[Rule]) -> list[Rule]:
    """Rules of one place: those that touch as one, those further along by themselves."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda r: r.low):
        last = merged[-1] if merged else None
        if last and rule.low <= last.high + 3:
            merged[-1] = Rule(last.at, last.low, max(last.high, rule.high + 1))
        else:
            merged.append(Rule(rule.at, rule.low - 1, rule.high + 1))
    return merged


def tables_of(cells: list[Cell | None]) -> list[list[Cell]]:
    """Cells that hang together from top to bottom."""
    tables: list[list[Cell]] = []
    bottom = -1e9
    for cell in sorted((c for c in cells if c), key=lambda c: (c[2], c[0])):
        if cell[2] > bottom + 3:
            tables.append([])
        tables[-1].append(cell)
        bottom = max(bottom, cell[3])
    return tables
