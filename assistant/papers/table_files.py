"""Tables people hand in, csv or xlsx, read row by row; tables given back, safe to open."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import load_workbook

from records.errors import BadInput
from tickets.retention.table import Cell

MOST_COLUMNS = 200
_LARGEST_UNPACKED = 500 * 1024 * 1024
# Characters a sheet cannot hold.
ILLEGAL = dict.fromkeys(n for n in range(32) if chr(n) not in "\t\n\r")


def table_rows(data: bytes, name: str, *, most: int) -> Iterator[Sequence[Cell]]:
    """The rows of a csv or of the first sheet of an xlsx. Raises BadInput for anything else."""
    found = _xlsx_rows(data) if name.lower().endswith((".xlsx", ".xlsm")) else _csv_rows(data)
    for number, row in enumerate(found):
        if number > most:
            raise BadInput(
                f"超过 {most:,} 行，请拆分。", f"More than {most:,} rows; split the table."
            )
        yield tuple(row)[:MOST_COLUMNS]


def _csv_rows(data: bytes) -> Iterator[Sequence[Cell]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _no_table()
    if "\0" in text:
        raise _no_table()
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error as error:
        raise _no_table() from error


def _xlsx_rows(data: bytes) -> Iterator[Sequence[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _LARGEST_UNPACKED:
                raise _no_table()
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield tuple(row)
    except BadInput:
        raise
    except Exception as error:
        # Whatever the library trips over in a hostile file, it is no table.
        raise _no_table() from error


def csv_file(lines: Iterable[Sequence[Cell]]) -> bytes:
    """A csv as spreadsheets read it, no cell of which is a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([inert(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def inert(cell: Cell) -> Cell:
    """Text that a spreadsheet takes as text (CWE-1236)."""
    runs = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if runs else cell


def _no_table() -> BadInput:
    return BadInput(
        "不是能读的 csv 或 xlsx 表格。请另存为 .xlsx 或 UTF-8 的 .csv。",
        "Not a csv or xlsx table that can be read. Save it as .xlsx or as .csv in UTF-8.",
    )
