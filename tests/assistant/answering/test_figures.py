"""Amounts read alike however they are written, and never confused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.figures import figures
from knowledge.numerals import to_chinese


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("至少保存十年", "at least 10 years"),
        ("三日内", "within three days"),
        ("3天内", "三日内"),
        ("半年", "six months"),
        ("72小时内报告", "within 72 hours"),
        ("一百万人以上", "1,000,000 人以上"),
        ("100万人", "one million people"),
        ("五千万元以下罚款", "5000 万元"),
        ("百分之五以下", "5% 以下"),
        ("2033-11-24 起", "2033年11月24日起"),
        ("十五个工作日", "15 working days"),
        ("20 个小时", "二十小时"),
    ],
)
def test_the_same_amount_is_one_figure(one: str, other: str) -> None:
    assert figures(one) == figures(other) != frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("保存三年", "保存五年"),
        ("三年", "三个月"),
        ("五日", "五个工作日"),
        ("五千元", "五千万元"),
        ("2033年11月24日", "2033年11月25日"),
        ("50 人", "500 人"),
    ],
)
def test_different_amounts_stay_different(one: str, other: str) -> None:
    assert not figures(one) & figures(other)


@pytest.mark.parametrize(
    "text", ["第四十七条第一款第（二）项", "第二百五十三条之一", "统一处理", "十分重要", "客户信息"]
)
def test_article_numbers_and_words_are_no_amounts(text: str) -> None:
    assert figures(text) == frozenset()


@given(st.integers(min_value=1, max_value=999))
def test_every_number_of_years_reads_alike_in_both_scripts(number: int) -> None:
    assert figures(f"{to_chinese(number)}年内") == figures(f"{number}年内") != frozenset()
