"""A table of records: columns by their words, each row decided alone, no row stops another."""

from datetime import date, datetime

import pytest

from records.beijing import SHANGHAI
from records.errors import BadInput
from tickets.retention.facts import HolderType, Status
from tickets.retention.table import Cell, DecidedRow, decide_rows, find_header

TODAY = date(2026, 11, 23)


def decided(
    head: list[Cell], *rows: list[Cell], holder: HolderType | None = None
) -> list[DecidedRow]:
    header = find_header([head])
    return list(decide_rows(header, iter(rows), today=TODAY, holder=holder))


def one(head: list[Cell], row: list[Cell]) -> DecidedRow:
    return decided(head, row)[0]


@pytest.mark.parametrize(
    ("kind", "column", "last_kept", "first_free", "kept_as"),
    [
        # Ten years by the law of 2025, which may not revive the five that were over before it.
        ("反洗钱客户身份资料", "解约日期", "2016-11-23", "2016-11-22", Status.CONTESTED),
        ("pia_report", "评估日期", "2023-11-23", "2023-11-22", Status.NOT_YET),
        ("电商交易信息", "交易日期", "2023-11-23", "2023-11-22", Status.NOT_YET),
        ("劳动合同", "离职日期", "2024-11-23", "2024-11-22", Status.NOT_YET),
    ],
)
def test_each_boundary_has_a_last_day_of_keeping_and_a_first_free_day(
    kind: str, column: str, last_kept: str, first_free: str, kept_as: Status
) -> None:
    head: list[Cell] = ["资料种类", "单位类型", column]
    holder = "ecommerce_platform" if kind.startswith("电商") else "financial"
    kept = one(head, [kind, holder, last_kept]).decision
    free = one(head, [kind, holder, first_free]).decision
    assert kept is not None
    assert free is not None
    assert kept.status is kept_as
    assert free.status not in (Status.NOT_YET, Status.CONTESTED)
    assert free.earliest is None or free.earliest <= TODAY


@pytest.mark.parametrize(
    "head",
    [
        ["资料种类", "单位类型", "解约日期", "争议"],
        ["Record kind", "Holder", "contract ended", "open dispute"],
        [" 种类：", "公司类型", "合同 终止日", "诉讼"],
    ],
)
def test_headers_are_known_in_both_languages_however_they_are_spaced(head: list[Cell]) -> None:
    row = one(head, ["identity_copy", "一般公司", "2021/6/30", "是"])
    assert row.decision is not None
    assert row.decision.status is Status.BLOCKED


def test_a_header_may_stand_below_a_title() -> None:
    header = find_header([["清单"], [], ["客户", "资料种类"]])
    assert (header.row, header.columns) == (2, {"kind": 1})


@pytest.mark.parametrize(
    "day",
    [date(2021, 6, 30), datetime(2021, 6, 30, tzinfo=SHANGHAI), "2021-06-30", "2021年6月30日", "20210630",
     20210630, 20210630.0, "2021.6.30", "2021-06-30 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_however_a_table_writes_it(day: Cell) -> None:
    row = one(["资料种类", "单位类型", "日期"], ["身份证件复印件", "一般公司", day])
    assert row.error is None
    assert row.decision is not None
    assert row.decision.status is Status.MUST_DELETE


def test_a_company_is_known_by_an_everyday_word_and_a_word_unknown_is_told_which_there_are() -> (
    None
):
    good, bad = decided(
        ["资料种类", "单位类型", "解约日期"],
        ["反洗钱客户身份资料", "银行", "2021-06-30"],
        ["反洗钱客户身份资料", "公司", "2021-06-30"],
    )
    assert good.decision is not None
    assert good.decision.earliest == date(2031, 7, 1)
    assert bad.error is not None
    assert "一般公司" in bad.error.zh
    assert "financial" in bad.error.en


def test_a_contract_that_runs_is_not_yet_over_rather_than_contested() -> None:
    header: list[Cell] = ["资料种类", "单位类型", "解约日期", "会计附件"]
    runs, over = decided(
        header,
        ["客户合同", "一般公司", "2030-01-01", "否"],
        ["客户合同", "一般公司", "2026-01-01", "否"],
    )
    assert runs.decision is not None and over.decision is not None
    assert (runs.decision.status, runs.decision.earliest) == (Status.NOT_YET, date(2030, 1, 1))
    assert over.decision.status is not Status.NOT_YET


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["外星人", "一般公司", "2021-06-30", ""], "资料种类"),
        (["", "一般公司", "2021-06-30", ""], "资料种类"),
        (["发票", "某公司", "2021-06-30", ""], "单位类型"),
        (["发票", "一般公司", "2021-02-30", ""], "日期"),
        (["发票", "一般公司", "去年", ""], "日期"),
        (["发票", "一般公司", 44377, ""], "日期"),
        (["发票", "一般公司", "2021-06-30", "也许"], "保全"),
    ],
)
def test_a_bad_row_names_its_column_and_stops_nothing(row: list[Cell], column: str) -> None:
    good: list[Cell] = ["发票", "一般公司", "2021-06-30", ""]
    found = decided(["资料种类", "单位类型", "日期", "保全"], good, row, good)
    assert [one.error is None for one in found] == [True, False, True]
    assert found[1].error is not None
    assert column in found[1].error.zh
    assert str(row[0]) not in found[1].error.zh or not row[0]


def test_what_has_not_ended_is_kept_and_an_empty_row_is_no_row() -> None:
    head: list[Cell] = ["资料种类", "单位类型", "解约日期"]
    found = decided(head, ["反洗钱客户身份资料", "financial", "未解约"], ["", None, " "])
    assert len(found) == 1
    assert found[0].decision is not None
    assert found[0].decision.status is Status.NOT_YET


def test_two_columns_for_one_thing_or_none_for_the_kind_are_refused() -> None:
    for head in (["种类", "资料种类"], ["客户", "日期"]):
        with pytest.raises(BadInput):
            find_header([head])


def test_two_dates_of_one_event_must_agree() -> None:
    head: list[Cell] = ["资料种类", "日期", "开票日期"]
    assert one(head, ["发票", "2021-06-30", "2021-07-01"]).error is not None
    assert one(head, ["发票", "2021-06-30", "2021-06-30"]).error is None


def test_the_company_s_own_type_counts_where_the_table_is_silent() -> None:
    head: list[Cell] = ["资料种类", "解约日期"]
    row: list[Cell] = ["身份证件复印件", "2023-11-23"]
    bank = decided(head, row, holder=HolderType.FINANCIAL)[0].decision
    company = decided(head, row, holder=HolderType.COMPANY)[0].decision
    assert bank is not None
    assert company is not None
    assert (bank.status, company.status) == (Status.NOT_YET, Status.MUST_DELETE)
