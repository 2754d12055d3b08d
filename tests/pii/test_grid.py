"""Which rows are headers, and which cells a label governs."""

import pytest

from pii.formats.grid import labels_of


@pytest.mark.parametrize(
    "header",
    [
        ["old_id", "cust_name", "tel", "login", "pwd", "remark"],
        ["姓名", "密码", "remark"],
        ["姓名", "手机号", "备注"],
    ],
)
def test_a_plain_word_beside_labels_is_a_header_too(header: list[str]) -> None:
    row = ["x1"] * len(header)
    assert labels_of([header, row]) == [[None] * len(header), header]


@pytest.mark.parametrize(
    "row",
    [
        ["用户名", "lin_home88", "备注", "老客户"],
        ["姓名", "Zhang Wei", "地址", "幸福里3号"],
    ],
)
def test_a_form_row_governs_its_own_values(row: list[str]) -> None:
    assert labels_of([row])[0][1] == row[0]


def test_labels_above_their_values_are_a_header_though_a_word_beside_may_be_a_name() -> None:
    header = ["患者", "年龄", "住院号"]
    assert labels_of([header, ["艾丽", "45", "20240188"]])[1] == header
    parts = ["收件人", "省市区", "电话"]
    assert labels_of([parts, ["艾丽", "云南省昆明市", "13800138000"]])[1] == parts


def test_columns_without_a_header_are_told_by_their_cells() -> None:
    rows = [
        ["艾丽", "采购", "aili_02", "ali@example.org", "1985-03-05"],
        ["高明远", "财务", "gaomingyuan", "gao@example.org", "1979-11-20"],
        ["欧阳若兰", "前台", "ouyang-rl", "oy@example.org", "2001-02-03"],
    ]
    assert labels_of(rows) == [["姓名（整列）", None, "账号（整列）", None, "出生日期（整列）"]] * 3


@pytest.mark.parametrize(
    "rows",
    [
        # Nobody's: no column of people's numbers, or days that are no birthdays.
        [["何首乌", "2kg", "2001-02-03"], ["金银花", "1kg", "1999-01-01"]],
        [["艾丽", "13800138000", "2024-03-05"], ["高明远", "13900139000", "2023-01-02"]],
    ],
)
def test_days_of_things_are_no_birthdays(rows: list[list[str]]) -> None:
    assert not any("出生" in (label or "") for row in labels_of(rows) for label in row)


def test_only_long_numbers_below_the_name_of_an_insurance_are_somebodys() -> None:
    rows = [
        ["姓名", "医保", "公积金"],
        ["艾丽", "A123456789", "1200.00"],
        ["高明远", "自费", "900"],
    ]
    assert labels_of(rows)[1:] == [["姓名", "医保号", "公积金"], ["姓名", "医保", "公积金"]]
