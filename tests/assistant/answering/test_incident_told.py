"""What went wrong is heard in whatever words it is told."""

import pytest

from assistant.answering.incident_told import (
    but_plans,
    first_step,
    incident_in,
    keeps_from_harm,
    warning,
    with_its_name,
)
from assistant.answering.wishes import wish_in
from assistant.app import App
from assistant.questions.ask import ask
from knowledge.library import OwnRule
from knowledge.provisions import Level, Provision
from pii.cleared import public_text
from records.language import Language
from records.people import Person
from tickets.incidents.facts import IncidentKind

TOLD = [
    ("电脑弹窗说文件都锁了要打钱，我先把电源拔了对吧？", IncidentKind.RANSOMWARE),
    ("表格的后缀全变了，点哪个都打不开", IncidentKind.RANSOMWARE),
    ("Our database is locked and somebody wants bitcoin", IncidentKind.RANSOMWARE),
    ("半夜发现装客户表的U盘不见了，打给谁", IncidentKind.LOST_DEVICE),
    ("把派工表发给另一个不认识的人的邮箱了", IncidentKind.MISSENT_MAIL),
    ("有人登了我的账号翻客户", IncidentKind.ACCOUNT_TAKEOVER),
    ("网盘那个链接谁都能打开，挂了一个月", IncidentKind.EXPOSED_STORAGE),
    ("包落车上了，里面有客户合同", IncidentKind.LOST_PAPER),
]
NOT_TOLD = [
    "怎样防止电脑被黑",
    "离职能带走自己的劳动合同吗",
    "客户要求把他的资料转给另一家公司，能转吗",
    "会计凭证要保存几年",
    "What is the penalty for hiding a breach?",
]


@pytest.mark.parametrize(("question", "kind"), TOLD)
def test_a_story_is_heard_as_what_it_is(question: str, kind: IncidentKind) -> None:
    assert incident_in(question) is kind


@pytest.mark.parametrize("question", NOT_TOLD)
def test_a_question_about_rules_is_no_incident(question: str) -> None:
    assert incident_in(question) is None


def test_the_name_is_put_where_ways_of_asking_are_not_read() -> None:
    def named(question: str, language: Language) -> str:
        cleared = public_text(question, source="test")
        return with_its_name(cleared, IncidentKind.RANSOMWARE, language).text

    assert named("文件锁了，付钱吗", Language.ZH) == "勒索软件：文件锁了，付钱吗"
    assert named("Should I pay?", Language.EN) == "Should I pay? (ransomware)"
    assert named("中了勒索病毒", Language.ZH) == "中了勒索病毒"


@pytest.mark.parametrize(
    ("question", "kind", "told"),
    [
        ("客户资料外泄了找谁", None, True),
        ("预案多久演练一次", None, True),
        ("文件锁了", IncidentKind.RANSOMWARE, True),
        ("谁批准销毁", None, False),
    ],
)
def test_a_plan_for_incidents_answers_only_what_is_asked_of_one(
    question: str, kind: IncidentKind | None, *, told: bool
) -> None:
    section = Provision(
        id="plan#1", instrument="信息安全事件应急预案", article="1", heading="", chapter=None, text="值班岗接报。",
        level=Level.POLICY, effective_from=None, effective_to=None, source="test",
    )  # fmt: skip
    rule = OwnRule(section, "值班岗接报。", "值班岗接报。", 0.9)
    assert but_plans([rule], question, kind) == ([rule] if told else [])


def test_a_warning_stands_only_where_the_rule_forbids_it() -> None:
    asked, kind = "我先把电源拔了对吧", IncidentKind.RANSOMWARE
    said = warning(asked, kind, "拔网线，不关机")
    assert said is not None and said.zh.startswith("不要关机")
    assert warning(asked, kind, "从离线备份恢复") is None
    assert warning(asked, IncidentKind.LOST_DEVICE, "拔网线，不关机") is None


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("同事笔记本丢了，我能先把他账号停掉吗", True),
        ("Our laptop was stolen, may I disable the account now?", True),
        ("笔记本丢了，能不能先不报", False),
        ("能把他账号停掉吗", False),
    ],
)
def test_an_act_that_limits_harm_is_known(question: str, kept: bool) -> None:
    assert keeps_from_harm(question) is kept


def test_who_would_limit_harm_is_not_told_no(app: App, employee: Person) -> None:
    answer = ask(app, employee, "半夜发现同事笔记本丢了，组长电话打不通，我能先把他账号停掉吗？")
    assert answer.conclusion is not None
    assert not answer.conclusion.text.startswith("不可以")
    assert any("停用其账号" in step for step in answer.next_steps)


def test_ransomware_is_not_answered_as_a_lost_laptop(app: App, employee: Person) -> None:
    answer = ask(app, employee, "电脑弹窗说文件都锁了要打钱，我先把电源拔了对吧？")
    said = "\n".join(claim.text for claim in (answer.conclusion, *answer.conditions) if claim)
    assert "远程锁定" not in said
    assert first_step(IncidentKind.RANSOMWARE).zh in answer.next_steps
    assert any("马上报告" in step for step in answer.next_steps)


@pytest.mark.parametrize(
    "question",
    [
        "前年春天就搬走的住户，他的登记表现在可以销毁了吧",
        "房东的押金还给我们没有",
        "快递把上个月的押金退了没有",
        "昨天漏登了，今天照实补一条，写今天的日期可以吧",
    ],
)
def test_a_time_past_or_a_landlord_is_no_unlawful_wish(question: str) -> None:
    assert wish_in(question) is None
