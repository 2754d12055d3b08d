"""Kahoot's spreadsheet: the columns and limits that its own quiz template states."""

import io
from datetime import UTC, datetime

from openpyxl import Workbook

from assistant.quizzes.exports.sheet import Exported, LeftOut, Sheet
from assistant.quizzes.items import Item, ItemKind
from records.language import Bilingual

QUESTION_LIMIT, ANSWER_LIMIT, MOST_ANSWERS = 120, 75, 4
TIME_LIMITS = (5, 10, 20, 30, 60, 90, 120, 240)
HEADER_ROW = 8
HEADERS = (
    f"Question - max {QUESTION_LIMIT} characters",
    *(f"Answer {n} - max {ANSWER_LIMIT} characters" for n in range(1, MOST_ANSWERS + 1)),
    f"Time limit (sec) – {', '.join(map(str, TIME_LIMITS[:-1]))}, or {TIME_LIMITS[-1]} secs",
    "Correct answer(s) - choose at least one",
)
# Seconds for reading aloud and choosing, by the characters on the screen.
_SECONDS_A_CHARACTER, _SECONDS_TO_THINK = 0.25, 15
_DAY = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def kahoot(sheet: Sheet) -> Exported:
    """The sheet; an item longer than a screen takes is left out by name."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Sheet1"
    page["B2"] = "Quiz template"
    page["B3"] = sheet.rules.title
    for column, header in enumerate(HEADERS, start=2):
        page.cell(HEADER_ROW, column, header)
    left_out, row = [], HEADER_ROW
    for number, item in sheet.items:
        if reason := _too_long(item):
            left_out.append(LeftOut(number, reason))
            continue
        row += 1
        page.cell(row, 1, row - HEADER_ROW)
        for column, value in enumerate(_cells(item), start=2):
            cell = page.cell(row, column, value)
            if isinstance(value, str):
                # A text that begins with "=" is a text.
                cell.data_type = "s"
    book.properties.created = book.properties.modified = _DAY
    out = io.BytesIO()
    book.save(out)
    return Exported(sheet.file_name("xlsx"), out.getvalue(), tuple(left_out))


def seconds_for(item: Item) -> int:
    """The shortest time Kahoot offers in which the item can be read and answered."""
    length = len(item.stem) + sum(len(one.text) for one in item.options)
    needed = _SECONDS_TO_THINK + _SECONDS_A_CHARACTER * length
    return next((one for one in TIME_LIMITS if one >= needed), TIME_LIMITS[-1])


def _cells(item: Item) -> list[str | int | None]:
    texts: list[str | int | None] = [one.text for one in item.options]
    texts += [None] * (MOST_ANSWERS - len(texts))
    right = ",".join(str(place + 1) for place in sorted(item.key))
    return [item.stem, *texts, seconds_for(item), right]


def _too_long(item: Item) -> Bilingual | None:
    if len(item.stem) > QUESTION_LIMIT:
        n = len(item.stem)
        return Bilingual(
            f"题干 {n} 字，Kahoot 最多 {QUESTION_LIMIT} 字",
            f"the question has {n} characters, Kahoot takes {QUESTION_LIMIT}",
        )
    if item.kind is not ItemKind.TRUE_FALSE and len(item.options) > MOST_ANSWERS:
        return Bilingual(
            f"选项超过 {MOST_ANSWERS} 个", f"there are more than {MOST_ANSWERS} answers"
        )
    longest = max(len(one.text) for one in item.options)
    if longest > ANSWER_LIMIT:
        return Bilingual(
            f"选项 {longest} 字，Kahoot 最多 {ANSWER_LIMIT} 字",
            f"an answer has {longest} characters, Kahoot takes {ANSWER_LIMIT}",
        )
    return None
