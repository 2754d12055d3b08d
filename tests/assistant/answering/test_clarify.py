"""What is asked back, and that an answer to it settles it."""

from datetime import date

import pytest

from assistant.answering.clarify import DISPUTE, FILE, added_by, ask_before, ask_beside
from records.language import Language
from tickets.retention.decision import decide
from tickets.retention.facts import Decision, Status
from tickets.retention.record_text import record_facts_from_text

TODAY = date(2026, 11, 23)
COPIES = {
    Language.ZH: "客户解约三年了，身份证复印件可以销毁吗？",
    Language.EN: "Can we destroy the ID copies of a client whose contract ended three years ago?",
}


def decided(question: str) -> Decision:
    facts = record_facts_from_text(question, today=TODAY)
    assert facts is not None
    return decide(facts, today=TODAY)


@pytest.mark.parametrize("question", [
    "注销公司注册地址要怎么处理客户信息", "我们准备注销注册地址，客户资料怎么办", "公司要搬了，客户信息怎么处理",
])  # fmt: skip
def test_closing_and_moving_are_told_apart_before_anything_is_answered(question: str) -> None:
    asked = ask_before(question, Language.ZH, ())
    assert asked is not None
    assert [one.id for one in asked.options] == ["close", "move"]


@pytest.mark.parametrize("question", [
    "只变更注册地址，要告诉客户吗", "注销公司前客户资料怎么处理", "客户注销账户后信息要删吗", "公司解散清算要通知谁",
    "公司搬到城西的新楼了，要告诉客户吗",
])  # fmt: skip
def test_what_is_plain_already_is_not_asked(question: str) -> None:
    assert ask_before(question, Language.ZH, ()) is None


def test_nobody_is_asked_twice() -> None:
    question = "注销公司注册地址要怎么处理客户信息"
    assert ask_before(question, Language.ZH, {"close-or-move"}) is None


@pytest.mark.parametrize("language", Language)
def test_each_kind_of_holder_settles_the_question_it_answers(language: Language) -> None:
    question = COPIES[language]
    asked = ask_beside(question, decided(question), language, ())
    assert asked is not None
    assert asked.id == "holder"
    for option in asked.options:
        added = added_by("holder", option.text, option.id, language, today=TODAY)
        assert added is not None
        assert decided(question + added).alternatives == (), option.id


@pytest.mark.parametrize(
    ("reply", "held"), [("没有", False), ("有", True), ("2", True), ("1", False)]
)
def test_a_dispute_told_stops_what_could_go(reply: str, held: bool) -> None:
    question = COPIES[Language.ZH] + "（我们是一般公司）"
    asked = ask_beside(question, decided(question), Language.ZH, {"holder"})
    assert asked is not None
    assert asked.id == DISPUTE
    added = added_by(DISPUTE, reply, "", Language.ZH, today=TODAY)
    assert added is not None
    assert (decided(question + added).status is Status.BLOCKED) is held


@pytest.mark.parametrize(
    ("name", "question", "reply"),
    [
        ("purpose", "客户的身份证复印件可以销毁吗（我们是一般公司）", "已经结束"),
        ("purpose", "客户的身份证复印件可以销毁吗（我们是一般公司）", "2022年5月"),
        ("purpose", "客户的身份证复印件可以销毁吗（我们是一般公司）", "上上个月"),
        ("document_dated", "会计凭证可以销毁吗", "12年"),
        ("document_dated", "会计凭证可以销毁吗", "2012"),
        ("accounting_attachment", "合同可以销毁吗", "没有入账"),
        ("document_dated", "会计凭证可以销毁吗", "2010年"),
        ("invoice_issued", "发票存根可以销毁吗", "2019年3月1日"),
        ("employment_ended", "劳动合同可以销毁吗", "2020年5月"),
    ],
)
def test_a_fact_told_is_not_asked_again(name: str, question: str, reply: str) -> None:
    assert name in [fact.name for fact in decided(question).missing]
    added = added_by(name, reply, "", Language.ZH, today=TODAY)
    assert added is not None
    assert name not in [fact.name for fact in decided(question + added).missing]


def test_an_end_told_with_its_day_keeps_the_day() -> None:
    added = added_by("purpose", "已经结束 2022年3月", "", Language.ZH, today=TODAY)
    facts = record_facts_from_text(f"客户的身份证复印件可以销毁吗{added}", today=TODAY)
    assert facts is not None
    assert set(facts.dates.values()) == {date(2022, 3, 31)}
    going_on = added_by("purpose", "还在继续，2022年3月签的", "", Language.ZH, today=TODAY)
    assert going_on is not None
    assert "2022" not in going_on


@pytest.mark.parametrize(
    ("clarification", "reply"),
    [
        (DISPUTE, "有没有模板"),
        (DISPUTE, "合同可以销毁吗"),
        ("holder", "客户信息泄露要通知谁"),
        ("document_dated", "电子版怎么办"),
        ("document_dated", "不知道"),
        ("gone", "1"),
    ],
)
def test_a_new_question_is_not_taken_for_the_reply(clarification: str, reply: str) -> None:
    assert added_by(clarification, reply, "", Language.ZH, today=TODAY) is None


def test_every_option_says_something_in_both_languages() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count("says: {zh:") == text.count("adds: {zh: （")
