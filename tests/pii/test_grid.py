"""Which rows are headers, and which cells a label governs."""

import pytest

from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.formats.grid import labels_of
from pii.policy import load_policy


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


_PIECES = "手机（分格）"


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        # Two columns of them, or one that a label tells; a label over its blank neighbours.
        ([["艾丽", "138", "0013", "8000"], ["高远", "159", "0013", "8001"]], [None, *[_PIECES] * 3]),
        ([["姓名", "电话", "", ""], ["艾丽", "138", "0013", "8000"]], ["姓名", *[_PIECES] * 3]),
        ([["手机", *"13800138000"]], [None, *[_PIECES] * 11]),
        ([["姓名", "号码前段", "号码后段"], ["艾丽", "138", "00138000"], ["高远", "139", "00138001"]],
         ["姓名", _PIECES, _PIECES]),
        # A check character tells itself.
        ([["110101", "19900307", "7379"]], ["身份证号（分格）"] * 3),
        # Estate and door, whatever they look like.
        ([["姓名", "小区", "门牌"], ["艾丽", "听雪苑", "501"]], ["姓名", "地址（分格）", "地址（分格）"]),
    ],
)  # fmt: skip
def test_values_in_pieces_over_cells_are_joined(
    rows: list[list[str]], labels: list[str | None]
) -> None:
    assert labels_of(rows)[-1] == labels


@pytest.mark.parametrize(
    "rows",
    [
        [["货号", "数量", "发票号"], ["A1", "138", "00138000"], ["A2", "139", "00138001"]],
        [["A1", "138", "00138000"], ["A2", "2", "00138001"], ["A3", "5000", "00138001"]],
        [["138", "0013", "8000"]],
        [["110101", "19900307", "7378"], ["4120", "4230", "4310", "4400"]],
        [[*"13800138000", "1"]],
        [["小区", "户数"], ["听雪苑", "501"]],
    ],
)
def test_numbers_side_by_side_are_no_pieces(rows: list[list[str]]) -> None:
    assert not any("分格" in (label or "") for row in labels_of(rows) for label in row)


def test_a_lower_row_of_headers_leaves_the_upper_what_it_does_not_name() -> None:
    rows = [
        ["学员", "家长", "住址", "", "备注"],
        ["", "", "小区", "门牌号", ""],
        ["艾丽", "高远", "听雪苑", "12-3-402", "素食"],
    ]
    assert labels_of(rows)[2] == ["学员", "家长", "地址（分格）", "地址（分格）", "备注"]
    groups = [
        ["员工", "", "紧急联系人", ""],
        ["工号", "姓名", "姓名", "手机"],
        ["1", "艾丽", "高远", "1"],
    ]
    assert labels_of(groups)[2] == ["工号", "姓名", "姓名", "手机"]


def test_pieces_are_hidden_and_the_copy_passes_the_check(detector: PresidioDetector) -> None:
    rows = "姓名\t电话\t\t\t数量\n郭远帆\t138\t0013\t8000\t12\n龚岚\t159\t0013\t8001\t138\n"
    copy = redact_document(rows.encode(), "a.tsv", detector, load_policy("standard")).data.decode()
    assert not any(piece in copy for piece in ("0013", "8000", "8001", "159"))
    assert copy.splitlines()[1].endswith("\t12") and copy.splitlines()[2].endswith("\t138")


def test_birth_dates_far_apart_are_told_by_their_column() -> None:
    rows = [["艾丽", "2001-02-03", "13800138000"], ["高明远", "2003-05-06", "13900138000"],
            ["郭远帆", "1951-05-08", "13700138000"]]  # fmt: skip
    assert [row[1] for row in labels_of(rows)] == ["出生日期（整列）"] * 3
