"""A client table is taken over whole or not at all, and a bad row is told without what it holds."""

from collections.abc import Sequence

import pytest

from records.errors import BadInput
from tickets.notices.client_table import MOST_CLIENTS, ClientTable, read_clients
from tickets.notices.data import NoticeKind, Tongue, notice_rules
from tickets.retention.table import Cell

RULES = notice_rules(NoticeKind.DESTRUCTION)


def read(*rows: Sequence[Cell]) -> ClientTable:
    return read_clients(iter(rows), RULES)


@pytest.mark.parametrize(
    "header",
    [("姓名", "邮箱"), ("客户姓名：", "电子邮箱 *"), ("Client Name", "E-mail"), ("name", "MAIL")],
)
def test_columns_are_known_by_many_words(header: tuple[str, str]) -> None:
    (one,) = read(header, ("周明轩", "zhou@client.example")).addressees
    assert (one.name, one.mail) == ("周明轩", "zhou@client.example")


def test_a_column_of_an_element_fills_it_for_that_client_alone() -> None:
    table = read(
        ("2026 年客户名单", None),
        ("姓名", "地址", "涉及的资料", "reply_by", "语言", "等级"),
        ("周明轩", "杭州 1 号", "合同", "2027-01-31", "EN", "A"),
        (None, None, None, None, None, None),
        ("苏念", "杭州 2 号", "", None, "", "B"),
    )
    first, second = table.addressees
    assert first.given == {"data": "合同", "reply_by": "2027-01-31"}
    assert (first.tongue, second.tongue, second.given) == (Tongue.EN, None, {})
    assert table.unused == (6,)


BAD = [
    ("", "zhou@client.example", "", "没有客户姓名"),
    ("周明轩", "", "", "邮箱和地址都没有"),
    ("周明轩", "zhou@", "", "邮箱写法不对"),
    ("周明轩", "a@b.example,c@d.example", "", "邮箱写法不对"),
    ("周明轩", "a@b.example\nBcc: c@d.example", "", "邮箱写法不对"),
    ("周明轩", "周@b.example", "", "邮箱写法不对"),
    ("周" * 121, "a@b.example", "", "姓名超过"),
    ("周明轩", "a@b.example", "下周", "日期"),
]


@pytest.mark.parametrize(("name", "mail", "day", "said"), BAD)
def test_a_bad_row_is_told_by_its_number_and_never_quoted(
    name: str, mail: str, day: str, said: str
) -> None:
    good = ("苏念", "su@client.example", "")
    table = read(("姓名", "邮箱", "reply_by"), good, (name, mail, day))
    (problem,) = table.problems
    assert problem.row == 3
    assert said in problem.said.zh
    assert not {part for part in (name, mail, day) if part} & {problem.said.zh, problem.said.en}
    assert "周" not in str(problem)


def test_the_same_client_twice_is_told_because_nobody_is_written_to_twice() -> None:
    table = read(
        ("姓名", "邮箱"), ("周明轩", "Zhou@client.example"), ("周明轩", "zhou@client.example")
    )
    assert [(one.row, one.said.zh) for one in table.problems] == [(3, "与第 2 行重复")]


@pytest.mark.parametrize(
    "rows",
    [
        [("资料", "邮箱"), ("周明轩", "a@b.example")],
        [("姓名", "备注"), ("周明轩", "a@b.example")],
        [("姓名", "名称", "邮箱")],
        [("姓名", "邮箱")],
        [],
    ],
)
def test_what_is_no_client_table_is_refused(rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(BadInput):
        read(*rows)


def test_there_is_a_most_of_clients() -> None:
    people = [(f"客户{n}", f"c{n}@client.example") for n in range(MOST_CLIENTS + 1)]
    with pytest.raises(BadInput, match="5,000"):
        read(("姓名", "邮箱"), *people)
