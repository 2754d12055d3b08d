"""Paths of a page: straight lines, which rule tables, and how many curves, which may be letters."""

import itertools
import math
from typing import Any

from pii.formats.pdf_shown import Shown

_THIN = 3.0
_MOST_LINES = 20_000


class Paths:
    """The path under construction. Who follows the stream says where a point lies on the page."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self._path: list[list[tuple[float, float]]] = []

    def point(self, x: Any, y: Any) -> tuple[float, float]:
        """A point of the stream on the page."""
        raise NotImplementedError

    def start_path(self, _: int, operands: Any) -> None:
        self._path.append([self.point(*operands)])

    def line_to(self, _: int, operands: Any) -> None:
        if self._path:
            self._path[-1].append(self.point(*operands))

    def curve(self, _: int, __: Any) -> None:
        self.shown.curves += 1

    def rectangle(self, _: int, operands: Any) -> None:
        x, y, w, h = (float(v) for v in operands)
        corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y))
        self._path.append([self.point(*corner) for corner in corners])

    def close(self, _: int, __: Any) -> None:
        if self._path:
            self._path[-1].append(self._path[-1][0])

    def stroke(self, _: int, __: Any) -> None:
        for path in self._path:
            for (x0, y0), (x1, y1) in itertools.pairwise(path):
                self._rule(x0, y0, x1, y1)
        self._path = []

    def fill(self, _: int, __: Any) -> None:
        for path in self._path:
            xs, ys = [p[0] for p in path], [p[1] for p in path]
            self._rule(min(xs), min(ys), max(xs), max(ys))
        self._path = []

    def forget(self, _: int, __: Any) -> None:
        self._path = []

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        long = math.hypot(x1 - x0, y1 - y0) > 2 * _THIN
        if long and min(abs(x1 - x0), abs(y1 - y0)) < _THIN and len(self.shown.lines) < _MOST_LINES:
            self.shown.lines.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
