"""A table pasted into text: a line of labels decides what stands in its columns on the next lines.

The label vocabulary is that of spreadsheets (`pii/formats/grid.py`); here the cells are separated by
commas, semicolons, tabs or upright lines, in a mail, a note or a text file.
"""

import re
from collections.abc import Iterator

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.recognizers.base import Recognizer
from pii.values import refine, value_at

_HEADER = re.compile(r"^[^\n\ue000，。；：]{5,400}$", re.MULTILINE)
_LINE = re.compile(r"\n([^\n\ue000]{1,2000})")
_FEWEST_CELLS = 3
_FEWEST_LABELS = 2
_RULE = re.compile(r"[\s|:+\-]+")


class TableInTextRecognizer(Recognizer):
    """Values below a label, in lines of as many cells."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind that has labels."""
        return tuple(Kind)

    def find(self, text: str) -> Iterator[Finding]:
        """The cells whose label says what they are."""
        done = 0
        for header in _HEADER.finditer(text):
            if header.start() < done:
                continue
            mark = max(",\t|;", key=header.group().count)
            labels = [vocabulary().kind_of(cell.strip(' "')) for cell in header.group().split(mark)]
            named = sum(kind is not None for kind in labels)
            if len(labels) < _FEWEST_CELLS or named < _FEWEST_LABELS:
                continue
            position = header.end()
            while (line := _LINE.match(text, position)) and _belongs(line.group(1), mark, labels):
                yield from _cells(line.group(1), line.start(1), mark, labels)
                position = done = line.end()


def _belongs(line: str, mark: str, labels: list[Kind | None]) -> bool:
    return line.count(mark) == len(labels) - 1 or _RULE.fullmatch(line) is not None


def _cells(line: str, start: int, mark: str, labels: list[Kind | None]) -> Iterator[Finding]:
    for kind, cell in zip(labels, line.split(mark), strict=False):
        inside = len(cell) - len(cell.lstrip(' "'))
        value = cell.strip(' "')
        # The whole cell or nothing: a comma inside quotes shifts the columns.
        if kind and value_at(kind, value) == (0, len(value)):
            exact = refine(kind, value)
            at = start + inside
            yield Finding(exact, at, at + len(value), 0.85, f"{exact.value}/column")
        start += len(cell) + 1
