"""Polarity and overlap: what a statement says must be in the words it rests on."""

import pytest

from assistant.answering.support import carries

# Invented rules, worded as laws are.
KEEP = "档案持有人应当自关系终止之日起至少保存三年，不得提前销毁；经本人书面同意的，可以提前移交。"


@pytest.mark.parametrize(
    ("statement", "quoted"),
    [
        ("档案要保存三年，不能提前销毁。", "应当自关系终止之日起至少保存三年，不得提前销毁"),
        ("本人书面同意的，可以提前移交。", "经本人书面同意的，可以提前移交"),
        ("不可以提前销毁档案。", "不得提前销毁"),
        ("档案至少保存三年。", "应当自关系终止之日起至少保存三年"),
    ],
)
def test_a_statement_its_words_carry_stands(statement: str, quoted: str) -> None:
    assert carries(statement, quoted=quoted, sources=KEEP)


@pytest.mark.parametrize(
    ("statement", "quoted"),
    [
        ("可以提前销毁档案。", "不得提前销毁"),
        ("无需保存档案。", "应当自关系终止之日起至少保存三年"),
        ("不用等三年，关系终止就可以销毁。", "应当自关系终止之日起至少保存三年"),
        ("不得移交档案。", "经本人书面同意的，可以提前移交"),
        ("你应当把客户名单卖给同行换钱。", "应当自关系终止之日起至少保存三年"),
        ("You may destroy the files early.", "不得提前销毁"),
    ],
)
def test_a_statement_turned_round_or_made_up_does_not(statement: str, quoted: str) -> None:
    assert not carries(statement, quoted=quoted, sources=KEEP)
