"""A workbook of rules: each visible sheet under its name, each row a line."""

from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from knowledge.errors import PolicyTooLarge, UnreadablePolicy
from knowledge.reading.documents import LARGEST_FILE, Reading
from knowledge.sections import Line

LARGEST_UNPACKED = 200 * 1024 * 1024
_MOST_CELLS = 200_000


def read_xlsx(path: Path) -> Reading:
    """The visible cells of a workbook; hidden sheets, rows and columns are left out and counted."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > LARGEST_UNPACKED:
                raise PolicyTooLarge(LARGEST_FILE)
        book = load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise UnreadablePolicy from error
    lines: list[Line] = []
    hidden: list[str] = []
    cells = 0
    for sheet in book.worksheets:
        cells += (sheet.max_row or 0) * (sheet.max_column or 0)
        if cells > _MOST_CELLS:
            raise PolicyTooLarge(LARGEST_FILE)
        rows = [(_row(sheet, row), _is_hidden(sheet, row)) for row in sheet.iter_rows()]
        unseen = sheet.sheet_state != "visible"
        hidden += [text for (text, _), gone in rows if text and (gone or unseen)]
        hidden += [left_out for (_, left_out), _ in rows if left_out and not unseen]
        if not unseen:
            lines.append(Line(sheet.title, 1))
            lines += [Line(text) for (text, _), gone in rows if text and not gone]
    return Reading(tuple(lines), tuple(hidden))


def _is_hidden(sheet: Any, row: tuple[Any, ...]) -> bool:
    return bool(sheet.row_dimensions[row[0].row].hidden) if row else False


def _row(sheet: Any, row: tuple[Any, ...]) -> tuple[str, str]:
    """The row as read, and what of it stands in hidden columns."""
    seen: list[str] = []
    unseen: list[str] = []
    for cell in row:
        if cell.value is None:
            continue
        letter = getattr(cell, "column_letter", "")
        gone = bool(letter and sheet.column_dimensions[letter].hidden)
        (unseen if gone else seen).append(str(cell.value).strip())
    first, *others = seen or [""]
    # "3.1 客户档案 ｜ 三年": a number in the first cell opens a section of its own.
    # 可见范围｜审批人 stays a row of a table, as what a file says of itself is read from one.
    glue = " " if first[:1].isdigit() else "｜"
    return glue.join(filter(None, (first, "｜".join(others)))), "｜".join(unseen)
