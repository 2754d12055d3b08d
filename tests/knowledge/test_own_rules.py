"""The company's own rules: sentence by sentence, row by row, in their own words."""

from datetime import date

import pytest

from assistant.answering.due_dates import own_limit_ends
from evals import own_rules as measured
from knowledge.duty_model import duty_model
from knowledge.own_rules import OwnRules, rules_of
from knowledge.sentences import passages
from pii.cleared import public_text

TODAY = date(2026, 11, 27)


def test_a_section_falls_into_sentences_and_rows() -> None:
    text = (
        "先登记。两人在场；拍照留存。\n材料｜起算点｜期限\n聊天记录｜会话结束｜十二个月\n- 不得倒签。\n\n"
        "| 甲 | 乙 |\n|---|---|\n| 一 | 二 |"
    )
    assert list(rules_of(text)) == [
        ("先登记。", "先登记。"),
        ("两人在场；", "两人在场。"),
        ("拍照留存。", "拍照留存。"),
        ("聊天记录｜会话结束｜十二个月", "材料：聊天记录；起算点：会话结束；期限：十二个月"),
        ("- 不得倒签。", "不得倒签。"),
        ("| 一 | 二 |", "甲：一；乙：二"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "｜｜", "|---|---|", "。。。", "｜" * 500])
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert all(words.strip() for words, _ in rules_of(text))


@pytest.fixture(scope="module")
def rules() -> OwnRules:
    return OwnRules(measured.example()[1].sections, duty_model(), passages())


def test_every_rule_stands_in_its_section_letter_for_letter(rules: OwnRules) -> None:
    assert len(rules.rules) > 300
    assert all(words in section.text for section, words, _ in rules.rules)


def test_no_policy_no_rule() -> None:
    assert OwnRules([], duty_model(), passages()).search(public_text("谁批", source="test")) == []


def test_rules_are_found_as_often_as_when_they_were_fitted(rules: OwnRules) -> None:
    answered = [case for case in measured.example()[1].cases if case.at]
    found = [rules.search(public_text(case.q, source="test"), limit=3) for case in answered]
    first = sum(
        f"{some[0].section.instrument} {some[0].section.article}" in case.at
        for some, case in zip(found, answered, strict=True)
    )
    assert first >= 0.7 * len(answered)
    assert all(0 <= rule.score <= 1 for some in found for rule in some)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which form do I fill in to export client data?", "QH-D-01"),
        ("May I use my private gmail to send client records?", "私人邮箱"),
        ("When does our mini program shop close?", "小程序商城关闭"),
        ("How long are phone recordings kept?", "电话录音"),
    ],
)
def test_an_english_question_finds_the_chinese_rule(
    rules: OwnRules, question: str, words: str
) -> None:
    found = rules.search(public_text(question, source="test"), limit=2)
    assert any(words in rule.words for rule in found)


@pytest.mark.parametrize(
    ("rule", "question", "end"),
    [
        ("合同结束后十五日内，受托方删除全部信息。", "合同11月30号到期，哪天删完", "2026-12-15"),
        ("材料：聊天记录；期限：十二个月", "去年12月20号聊完的", "2026-12-20"),
        ("材料：合同；期限：满三年", "2024年2月29日终止的", "2027-02-28"),
        ("保存六个月。", "2026年8月31日通话的录音", "2027-02-28"),
    ],
)
def test_the_day_a_limit_ends_is_told(rule: str, question: str, end: str) -> None:
    ends = own_limit_ends(rule, question, TODAY)
    assert ends is not None
    assert end in ends.zh
    assert end in ends.en


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("合同结束后十五日内删除。", "什么时候删完"),
        ("2026年3月1日起不再收复印件。", "2026年3月1日收的"),
        ("第一批：2021年解约客户 86 份，计划2026年12月8日销毁。", "2021年5月1日解约的"),
        ("两名审批人都不能是申请人。", "2026年5月1日申请的"),
    ],
)
def test_no_day_is_told_where_no_limit_or_no_day_is(rule: str, question: str) -> None:
    assert own_limit_ends(rule, question, TODAY) is None
