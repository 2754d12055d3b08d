"""Which cells of a table are governed by which label: headers above, form labels to the left."""

import itertools
import re
from collections.abc import Sequence

from pii.kinds import Kind
from pii.labels import vocabulary
from pii.values import value_at

_HEADER_ROWS = 15
_PLAIN_WORD = re.compile(r"[A-Za-z_ ]+")


def labels_of(rows: Sequence[Sequence[str]]) -> list[list[str | None]]:
    """For each cell the label that governs it, or None."""
    headers: dict[int, str] = {}
    governed: list[list[str | None]] = []
    for number, row in enumerate(rows):
        if _is_header(row) and (not headers or number < _HEADER_ROWS):
            headers = {column: text for column, text in enumerate(row) if text.strip()}
            governed.append([None] * len(row))
            continue
        governed.append([_label(row, column, headers) for column in range(len(row))])
    return governed


def _label(row: Sequence[str], column: int, headers: dict[int, str]) -> str | None:
    if not row[column].strip():
        return None
    if column and _kind(row[column - 1]) and not _kind(row[column]):
        return row[column - 1]
    return headers.get(column)


def _is_header(row: Sequence[str]) -> bool:
    """Labels side by side, none followed by its value.

    Where labels stand side by side a plain word behind one of them is a header too: `pwd, remark`.
    """
    if not any(_kind(text) for text in row):
        return False
    neighbours = list(itertools.pairwise(row))
    side_by_side = any(_kind(left) and _kind(right) for left, right in neighbours)
    for label, right in neighbours:
        kind = _kind(label)
        if kind and right.strip() and _kind(right) is None and _is_value(kind, right.strip()):
            if side_by_side and _PLAIN_WORD.fullmatch(right.strip()):
                continue
            return False
    return not any(_holds_value(text) for text in row)


def _kind(text: str) -> Kind | None:
    return vocabulary().kind_of(text) if 0 < len(text.strip()) <= 24 else None


def _is_value(kind: Kind, text: str) -> bool:
    return value_at(kind, text) == (0, len(text))


def _holds_value(text: str) -> bool:
    return "@" in text or sum(char.isdigit() for char in text) >= 5
