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
