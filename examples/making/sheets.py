"""Workbooks out of marked cells, with hidden sheets, comments and numbers stored as numbers."""

import io
from collections.abc import Sequence
from datetime import date, datetime

from making.marks import MARK, Ledger
from making.packages import steady
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

_LINE = Side(style="thin", color="999999")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="DDEBDA")


class Book:
    """A workbook being written; every text passes through its ledger."""

    def __init__(self, ledger: Ledger, *, author: str) -> None:
        self.ledger = ledger
        self.workbook = Workbook()
        del self.workbook[self.workbook.sheetnames[0]]
        self.workbook.properties.creator = ledger.plain(author, "文档属性")

    def sheet(self, title: str, *, hidden: bool = False) -> Worksheet:
        sheet = self.workbook.create_sheet(self.ledger.plain(title, "工作表名"))
        sheet.sheet_state = "hidden" if hidden else "visible"
        sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 20, True
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        return sheet

    def put(self, sheet: Worksheet, where: str, marked: str | float | date) -> Cell:
        """Writes one cell: text stays text, a number a number, a date a date."""
        cell = sheet[where]
        hidden = sheet.sheet_state == "hidden" or self._column_hidden(sheet, cell)
        place = f"{'隐藏的' if hidden else ''}{sheet.title}!{where}"
        if isinstance(marked, str):
            cell.value = self.ledger.plain(marked, place)
            # A text that begins with "=" is a formula in Excel; everything else stays text.
            cell.number_format = "General" if cell.value.startswith("=") else "@"
        else:
            cell.value = marked
            cell.number_format = "yyyy-mm-dd" if isinstance(marked, date) else "General"
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = _GRID
        return cell

    def enter(self, sheet: Worksheet, where: str, marked: str) -> None:
        """Writes one cell from a row of strings: a leading `#` stores a number, `@` a date."""
        if marked.startswith("#"):
            self.number(sheet, where, marked[1:])
        elif marked.startswith("@"):
            self.day(sheet, where, marked[1:])
        else:
            self.put(sheet, where, marked)

    def number(self, sheet: Worksheet, where: str, marked: str) -> None:
        """A marked value stored as a number, as happens when a column was typed without format."""
        text = self.ledger.plain(marked, f"{sheet.title}!{where}（数字）")
        cell = self.put(sheet, where, float(text) if "." in text else int(text))
        cell.number_format = "0.0#" if "." in text else "0"

    def day(self, sheet: Worksheet, where: str, marked: str) -> None:
        """A marked date stored as a date."""
        text = self.ledger.plain(marked, f"{sheet.title}!{where}（日期）")
        self.put(sheet, where, datetime.fromisoformat(text).date())

    def comment(self, sheet: Worksheet, where: str, marked: str, *, author: str) -> None:
        place = f"{sheet.title}!{where} 批注"
        comment = Comment(self.ledger.plain(marked, place), self.ledger.plain(author, place))
        comment.width, comment.height = 320, 90
        sheet[where].comment = comment

    def table(self, sheet: Worksheet, rows: Sequence[Sequence[str]], *, top: int = 1) -> None:
        """A header row and the rows under it."""
        for line, row in enumerate(rows, start=top):
            for column, marked in enumerate(row, start=1):
                self.enter(sheet, sheet.cell(line, column).coordinate, marked)
        for cell in sheet[top]:
            cell.font, cell.fill = Font(bold=True), _HEAD
        self._fit(sheet, rows)
        sheet.freeze_panes = sheet.cell(top + 1, 1).coordinate

    def data(self) -> bytes:
        out = io.BytesIO()
        self.workbook.save(out)
        return steady(out.getvalue())

    @staticmethod
    def _column_hidden(sheet: Worksheet, cell: Cell) -> bool:
        return bool(sheet.column_dimensions[cell.column_letter].hidden)

    @staticmethod
    def _fit(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
        for column, texts in enumerate(zip(*rows, strict=True), start=1):
            longest = max(_width(MARK.sub(r"\2", text)) for text in texts)
            letter = sheet.cell(1, column).column_letter
            sheet.column_dimensions[letter].width = min(max(longest + 2, 8), 60)


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
