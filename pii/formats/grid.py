"""Which cells of a table are governed by which label: headers above, form labels to the left.

A column that no label governs may be told by its cells (`pii/formats/columns.py`).
"""

import itertools
import re
from collections.abc import Sequence

from pii.formats.columns import labels_by_shape
from pii.kinds import Kind
from pii.labels import plain_label, vocabulary
from pii.name_context import is_ordinary_word
from pii.values import value_at

_HEADER_ROWS = 15
_FEWEST_HEADS = 2
_PLAIN_WORD = re.compile(r"[A-Za-z_ ]+")


def labels_of(rows: Sequence[Sequence[str]]) -> list[list[str | None]]:
    """For each cell the label that governs it, or None."""
    headers: dict[int, str] = {}
    governed: list[list[str | None]] = []
    under_header = False
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else ()
        if _is_header(row, below) and (not headers or number < _HEADER_ROWS):
            heads = {column: text for column, text in enumerate(row) if text.strip()}
            headers = _of_two_rows(headers, heads) if under_header else heads
            governed.append([None] * len(row))
            under_header = True
            continue
        under_header = False
        governed.append([_label(row, column, headers) for column in range(len(row))])
    return labels_by_shape(rows, governed)


def _of_two_rows(above: dict[int, str], below: dict[int, str]) -> dict[int, str]:
    """The labels of two rows of headers: what the lower leaves open is the upper's, over all its columns."""
    headers = dict(above)
    group = ""
    for column in range(max((*above, *below)) + 1):
        group = above.get(column, group)
        if column in below:
            wide = column not in above or column + 1 not in above
            plain = plain_label(below[column])
            unknown = plain not in vocabulary().kinds and plain not in vocabulary().estates
            headers[column] = group if wide and unknown and _kind(group) else below[column]
    return headers


def _label(row: Sequence[str], column: int, headers: dict[int, str]) -> str | None:
    if not row[column].strip():
        return None
    if column and _kind(row[column - 1]) and not _kind(row[column]):
        return row[column - 1]
    return headers.get(column)


def _is_header(row: Sequence[str], below: Sequence[str]) -> bool:
    """Labels side by side, none followed by its value, or all of them above theirs.

    Where labels stand side by side a plain word behind one of them is a header too: `pwd, remark`.
    What may be a name is a word where the next row is below: 患者, 年龄.
    """
    if not any(_kind(text) for text in row):
        return False
    if any(_holds_value(text) for text in row):
        return False
    heads = _heads(row, below)
    if heads >= _FEWEST_HEADS:
        return True
    neighbours = list(itertools.pairwise(row))
    side_by_side = any(_kind(left) and _kind(right) for left, right in neighbours)
    for label, right in neighbours:
        kind = _kind(label)
        if kind and right.strip() and _kind(right) is None and _is_value(kind, right.strip()):
            if side_by_side and _PLAIN_WORD.fullmatch(right.strip()):
                continue
            if heads and is_ordinary_word(right.strip()):
                continue
            return False
    return True


def _heads(row: Sequence[str], below: Sequence[str]) -> int:
    """How many labels of the row have a value of theirs below, which is no label."""
    return sum(
        1
        for label, text in zip(row, below, strict=False)
        if (kind := _kind(label)) and _kind(text) is None and _is_value(kind, text.strip())
    )


def _kind(text: str) -> Kind | None:
    return vocabulary().kind_of(text) if 0 < len(text.strip()) <= 24 else None


def _is_value(kind: Kind, text: str) -> bool:
    return value_at(kind, text) == (0, len(text))


def _holds_value(text: str) -> bool:
    return "@" in text or sum(char.isdigit() for char in text) >= 5
