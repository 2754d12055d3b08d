"""A conversation in a thread: facts add up, nothing personal is kept, and it ends."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from assistant.answering.answers import Outcome
from assistant.app import App
from assistant.operations.upkeep import upkeep
from assistant.questions.ask import ask
from records.people import Person

COPIES = "客户解约三年了,他的身份证复印件可以销毁吗?"
ID = "330106199003070011"


def test_facts_told_in_a_thread_add_up_to_one_answer(app: App, employee: Person) -> None:
    first = ask(app, employee, COPIES, thread="t")
    assert first.clarification is not None
    assert first.clarification.id == "holder"
    assert first.first
    bank = ask(app, employee, "银行、支付等金融机构", thread="t", choice="financial")
    assert bank.conclusion is not None
    assert "2033-11-24" in bank.conclusion.text
    assert bank.follows
    assert not bank.first
    assert bank.clarification is None
    sued = ask(app, employee, "如果还在打官司呢", thread="t")
    assert sued.conclusion is not None
    assert "证据不得毁灭" in sued.conclusion.text


def test_another_thread_knows_nothing_of_it(app: App, employee: Person) -> None:
    ask(app, employee, COPIES, thread="a")
    assert not ask(app, employee, "那合同呢？", thread="b").follows
    assert not ask(app, employee, "那合同呢？").follows


def test_closing_or_moving_is_asked_first_and_then_answered(app: App, employee: Person) -> None:
    asked = ask(app, employee, "注销公司注册地址要怎么处理客户信息", thread="t")
    assert asked.outcome is Outcome.ASKED_BACK
    assert asked.conclusion is None
    assert asked.clarification is not None
    answer = ask(app, employee, "只变更注册地址", thread="t", choice="move")
    assert answer.outcome is Outcome.ANSWERED


def test_what_is_kept_of_a_thread_holds_no_personal_data(app: App, employee: Person) -> None:
    ask(app, employee, f"周明轩(身份证{ID},手机13800138000)要求删除信息,必须删吗?", thread="t")
    ask(app, employee, f"那他的合同呢，身份证号{ID}", thread="t")
    with app.database.reading() as session:
        rows = repr(session.execute(text("SELECT * FROM question_turns")).all())
    assert "删除" in rows
    for personal in (ID, "13800138000", "周明轩"):
        assert personal not in rows


def test_a_thread_ends_after_hours_and_is_erased_after_a_month(app: App, employee: Person) -> None:
    ask(app, employee, COPIES, thread="t")
    now = app.clock()
    later = replace(app, clock=lambda: now + timedelta(hours=13))
    assert not ask(later, employee, "那合同呢？", thread="t").follows
    next_month = replace(app, clock=lambda: now + timedelta(days=31))
    upkeep(next_month)
    with app.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM question_turns")).scalar() == 0
