"""A table in, the same table with its decisions out, readable by others and inert."""

import csv
import io

import pytest
from openpyxl import Workbook, load_workbook

from assistant.app import App
from assistant.destruction.decide_retention import RESULT_COLUMNS, decide_table, table_file
from records.errors import BadInput
from records.people import Person

TABLE = (
    "编号,资料种类,单位类型,解约日期\n"
    "1,身份证件复印件,一般公司,2021-06-30\n"
    "2,反洗钱客户身份资料,financial,2020-06-30\n"
    "=1+1,身份证件复印件,一般公司,不记得\n"
)


def xlsx(text: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(text)):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TABLE.encode(), "a.csv"),
        (TABLE.encode("gb18030"), "a.csv"),
        (TABLE.replace(",", ";").encode("utf-8-sig"), "a.csv"),
        (xlsx(TABLE), "a.xlsx"),
    ],
    ids=["utf-8", "gb18030", "semicolons", "xlsx"],
)
def test_every_row_is_there_with_its_decision_or_its_error(
    app: App, employee: Person, data: bytes, name: str
) -> None:
    decided = decide_table(app, employee, data, name)
    assert decided.counts == {"must_delete": 1, "not_yet": 1, "error": 1}
    book = load_workbook(io.BytesIO(table_file(decided, xlsx=True)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][4:] == RESULT_COLUMNS
    assert rows[2][6] == "2030-07-01"
    assert "反洗钱" in str(rows[2][9])
    assert "解约日期" in str(rows[3][-1])


def test_no_cell_of_the_result_is_a_formula(app: App, employee: Person) -> None:
    decided = decide_table(app, employee, TABLE.encode(), "a.csv")
    book = load_workbook(io.BytesIO(table_file(decided, xlsx=True)))
    assert book.worksheets[0].cell(4, 1).data_type == "s"
    text = table_file(decided, xlsx=False).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[3][0] == "'=1+1"


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "a.csv"), (b"\0\1", "a.csv"), (b"PK\3\4", "a.xlsx"), (b"x", "a.xlsx")]
)
def test_what_is_no_table_is_refused(app: App, employee: Person, data: bytes, name: str) -> None:
    with pytest.raises(BadInput):
        decide_table(app, employee, data, name)
