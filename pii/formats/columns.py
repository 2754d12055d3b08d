"""What the cells of a column say where no label does: lists without a header, columns of an unknown one.

Only in a table of people: one column is of names by nearly all its cells, another has numbers or
addresses of mail that are somebody's. Beside them a column of nothing but handles is one of accounts,
and one of nothing but days long past one of birth dates.
"""

import re
from collections.abc import Callable, Sequence

from pii.formats.pieces import label_pieces
from pii.labels import BY_CELLS, plain_label, vocabulary
from pii.latin_names import latin_names
from pii.name_context import is_ordinary_word
from pii.surnames import surnames
from pii.values import DATE

_FEWEST_ROWS = 2
_MOST_LOOKED_AT = 200
_MOST = 0.7
_NAME, _ACCOUNT, _BORN = f"姓名{BY_CELLS}", f"账号{BY_CELLS}", f"出生日期{BY_CELLS}"
_HAN_NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}(?:·[㐀-鿿]{1,10}){1,4}")
_HANDLE = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]{5,29}")
_MARKED = re.compile(r"[A-Za-z]{3,}[A-Za-z_\-]*[\d_\-]")
_DAY = re.compile(DATE, re.VERBOSE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_LATEST_BIRTH, _USUALLY_BORN_BEFORE = "2012", "2000"
_YEARS_APART = 15
"""Days of a firm's papers rarely lie so far apart, and all so long ago."""
_OF_SOMEBODY = re.compile(
    r"(?:\+?86)?[ -]?1[3-9]\d(?:[ -]?\d){8}|\d{17}[\dXx]|[^\s@]+@[^\s@]+\.\w+"
)
# What a firm pays into and what somebody is insured by: only long numbers below are somebody's.
_INSURED = {
    "医保": "医保号",
    "社保": "社保号",
    "公积金": "公积金账号",
    "医疗保险": "医保号",
    "养老保险": "社保号",
}
_LONG_NUMBER = re.compile(r"[A-Z]{0,3}\d{8,20}")

_Column = list[tuple[int, str]]


def labels_by_shape(
    rows: Sequence[Sequence[str]], governed: list[list[str | None]]
) -> list[list[str | None]]:
    """The labels, and one for the cells of each column that its cells tell. Changes `governed`."""
    label_pieces(rows, governed)
    columns = _columns(rows)
    for at, column in enumerate(columns):
        insured = _INSURED.get(plain_label(column[0][1])) if column else None
        for number, cell in column if insured else ():
            if _LONG_NUMBER.fullmatch(cell):
                governed[number][at] = insured
    if not any(_are(_is_somebodys, column, _MOST) for column in columns):
        return governed
    free = [
        [one for one in column if _is_free(governed[one[0]][at])]
        for at, column in enumerate(columns)
    ]
    names = {at for at, column in enumerate(free) if _are(_is_name, column, _MOST)}
    named = names or any(
        label and plain_label(label) == plain_label(_NAME) for row in governed for label in row
    )
    for at, column in enumerate(free):
        label, holds = (_NAME, _is_name) if at in names else _told(column)
        for number, cell in column if named else ():
            if label and holds(cell):
                governed[number][at] = label
    return governed


def _columns(rows: Sequence[Sequence[str]]) -> list[_Column]:
    """The cells with text of each column, each with its row."""
    columns: list[_Column] = [[] for _ in range(max(map(len, rows), default=0))]
    for number, row in enumerate(rows):
        for at, text in enumerate(row):
            if cell := text.strip():
                columns[at].append((number, cell))
    return columns


def _is_free(label: str | None) -> bool:
    """Whether no label that we know, be it of nobody, governs a cell."""
    if label is None:
        return True
    known = vocabulary()
    return known.kind_of(label) is None and plain_label(label) not in known.kinds


def _are(holds: Callable[[str], bool], column: _Column, share: float) -> bool:
    """Whether that share of the cells holds, but for the first, which may be a header."""
    cells = [cell for number, cell in column[: _MOST_LOOKED_AT + 1] if number or holds(cell)]
    return len(set(cells)) >= _FEWEST_ROWS and sum(map(holds, cells)) >= share * len(cells)


def _told(column: _Column) -> tuple[str | None, Callable[[str], bool]]:
    """The label that the cells of a column give it, if any, and which of them it governs."""
    if _are(_is_handle, column, 1):
        return _ACCOUNT, _is_handle
    if _are(_is_day, column, 1):
        years = sorted(found.group() for _, cell in column if (found := _YEAR.search(cell)))
        if years and years[-1] <= _LATEST_BIRTH:
            apart = int(years[-1]) - int(years[0]) >= _YEARS_APART
            if apart or years[len(years) // 2] < _USUALLY_BORN_BEFORE:
                return _BORN, _is_day
    return None, _is_day


def _is_somebodys(cell: str) -> bool:
    return _OF_SOMEBODY.fullmatch(cell) is not None


def _is_name(cell: str) -> bool:
    if not _HAN_NAME.fullmatch(cell):
        words = cell.split()
        return len(words) > 1 and cell.isascii() and words[0] in latin_names().given
    return "·" in cell or (surnames().is_full_name(cell) and not is_ordinary_word(cell))


def _is_handle(cell: str) -> bool:
    return _HANDLE.fullmatch(cell) is not None and (
        _MARKED.match(cell) is not None or latin_names().is_handle(cell)
    )


def _is_day(cell: str) -> bool:
    return _DAY.fullmatch(cell) is not None
