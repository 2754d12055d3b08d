"""A question handed to a person, answered, approved for all, expired when its law changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from assistant.answering.answers import Answer, Outcome
from assistant.answering.approved import State
from assistant.app import App
from assistant.errors import NotCarried, NotCitable
from assistant.law.law_changes import CITERS
from assistant.operations.upkeep import upkeep
from assistant.questions.approve_answer import (
    Cite,
    Wish,
    approve_answer,
    list_approved,
    withdraw_answer,
)
from assistant.questions.ask import ask
from assistant.questions.give_feedback import export_feedback, give_feedback, list_feedback
from assistant.questions.hand_over import (
    hand_over,
    my_questions,
    open_questions,
    read_question,
    reply_to,
)
from evals.answers import _Questions
from integrations.replies import answer_reply, as_text
from knowledge.citing import Citer
from knowledge.levels import Level
from knowledge.store import ProvisionRow
from records.data_files import BadDataFile, load
from records.errors import Conflict, NotFound, NotPermitted
from records.people import Person, Role
from tickets.retention.facts import HolderType

ID = "330106199003070011"
QUESTION = "展会上收到的客户名片能录进系统吗？"
TEXT = "可以录入，但须先取得本人同意，并说明用途。"
WISH = Wish(
    questions=(QUESTION,),
    zh=TEXT,
    en="Yes, once the person has agreed and knows the purpose.",
    cites=(Cite("个人信息保护法第十三条", "取得个人的同意"),),
)


@pytest.fixture
def officer(person_with: Callable[..., Person]) -> Person:
    return person_with(Role.OFFICER)


def approval(answer: Answer) -> str:
    """The number of the approved answer that was used; "" where it was none."""
    used = answer.conclusion.approval if answer.conclusion else None
    return used.id if used else ""


def test_a_question_goes_to_an_officer_and_the_reply_comes_back_masked(
    app: App, employee: Person, officer: Person
) -> None:
    answer = ask(app, employee, f"身份证号{ID}的客户，个保法第999条怎么说？")
    assert answer.outcome is Outcome.NOT_FOUND
    opened = hand_over(app, employee, answer.id, place="here")
    assert hand_over(app, employee, answer.id) == opened
    assert ID not in opened.question and "个保法第999条" in opened.question
    assert open_questions(app, officer) == (opened,)
    reply_to(app, officer, opened.id, f"没有这一条。请核对身份证号{ID}。")
    (own,) = my_questions(app, employee)
    assert "没有这一条" in own.reply and ID not in own.reply
    assert own.replied_by == officer.id
    assert open_questions(app, officer) == ()
    with pytest.raises(Conflict):
        reply_to(app, officer, opened.id, "再答一次")


def test_only_who_asked_hands_over_and_only_officers_read_and_reply(
    app: App, person_with: Callable[..., Person]
) -> None:
    asker, other = person_with(), person_with(Role.TRAINER)
    opened = hand_over(app, asker, ask(app, asker, "个保法第999条").id)
    for refused in (
        lambda: reply_to(app, other, opened.id, "好的"),
        lambda: reply_to(app, other, "H-00000000", "好的"),
        lambda: open_questions(app, other),
    ):
        with pytest.raises(NotPermitted):
            refused()
    # Somebody else's is answered as one that is not there, word for word.
    for act, theirs, nobodys in (
        (hand_over, opened.answer_id, "Q-000000000000"),
        (read_question, opened.id, "H-00000000"),
    ):
        said = []
        for number in (theirs, nobodys):
            with pytest.raises(NotFound) as refusal:
                act(app, other, number)
            said.append(refusal.value.message)
        assert said[0] == said[1]
    assert my_questions(app, other) == ()


def test_an_approved_answer_is_used_first_and_says_by_whom(
    app: App, employee: Person, officer: Person
) -> None:
    assert approval(ask(app, employee, QUESTION)) == ""
    number = approve_answer(app, officer, WISH)
    answer = ask(app, employee, "展会收的客户名片可不可以录进系统")
    assert answer.conclusion is not None
    assert (answer.conclusion.text, approval(answer)) == (TEXT, number)
    assert answer.conclusion.approval is not None
    assert answer.conclusion.approval.by == officer.name
    assert not answer.conclusion.is_law
    assert answer.quotations[0].words == "取得个人的同意"
    assert approval(ask(app, employee, QUESTION, as_of=date(2022, 1, 1))) == ""
    withdraw_answer(app, officer, number)
    assert approval(ask(app, employee, QUESTION)) == ""
    with pytest.raises(NotFound):
        withdraw_answer(app, officer, number)


ELSE = (
    "展会上收到的客户名片可以不录进系统吗？",
    "展会上收到的客户名片要录进系统吗？",
    "展会上收到的客户名片能录进系统吗，但客户没同意？",
    "展会上收到的客户名片录进系统后能删除吗？",
    "展会上收到的客户名片录进系统3年了能录进系统吗？",
    "客户名单能录进系统吗？",
    "展会上收到的客户名片怎么录进系统？",
)


def test_a_question_that_asks_something_else_goes_the_usual_way(
    app: App, employee: Person, officer: Person
) -> None:
    approve_answer(app, officer, WISH)
    assert [one for one in ELSE if approval(ask(app, employee, one))] == []


def test_it_is_meant_for_a_role_a_kind_of_company_and_a_time(
    app: App, employee: Person, officer: Person, person_with: Callable[..., Person]
) -> None:
    number = approve_answer(
        app,
        officer,
        replace(
            WISH,
            audience=Role.TRAINER,
            holder=HolderType.FINANCIAL,
            valid_until=app.today(),
        ),
    )
    bank = replace(app, settings=app.settings.model_copy(update={"holder": HolderType.FINANCIAL}))
    trainer = person_with(Role.TRAINER)
    assert approval(ask(bank, trainer, QUESTION)) == number
    assert approval(ask(bank, trainer, QUESTION, in_public=True)) == ""
    assert approval(ask(bank, employee, QUESTION)) == ""
    assert approval(ask(app, trainer, QUESTION)) == ""
    later = replace(bank, clock=lambda: app.clock() + timedelta(days=1))
    assert approval(ask(later, trainer, QUESTION)) == ""
    assert [one.state for one in list_approved(later, officer)] == [State.EXPIRED]


def test_it_is_used_no_more_once_a_cited_article_reads_otherwise(
    app: App, employee: Person, officer: Person
) -> None:
    number = approve_answer(app, officer, WISH)
    assert [one.id for one in CITERS[Citer.APPROVED](app, officer)] == [number]
    with app.database.transaction() as session:
        session.execute(
            update(ProvisionRow)
            .where(ProvisionRow.id.like("%个人信息保护法@%#13"))
            .values(text="改过的条文：取得个人的同意。")
        )
    assert approval(ask(app, employee, QUESTION)) == ""
    assert [one.state for one in list_approved(app, officer)] == [State.OUTDATED]


NOT_CARRIED: tuple[tuple[dict[str, Any], type[Exception]], ...] = (
    ({"cites": ()}, NotCitable),
    ({"cites": (Cite("个保法第999条"),)}, NotCitable),
    ({"cites": (Cite("个保法第十三条", "客户已经口头答应"),)}, NotCarried),
    ({"zh": "可以录入，保存五年。"}, NotCarried),
    ({"en": "Yes, for 5 years."}, NotCarried),
    ({"zh": "依个人信息保护法第四十七条可以录入。"}, NotCarried),
    ({"handover_id": "H-00000000"}, NotFound),
)


def test_what_its_citations_do_not_carry_is_not_approved(app: App, officer: Person) -> None:
    for change, refusal in NOT_CARRIED:
        with pytest.raises(refusal):
            approve_answer(app, officer, replace(WISH, **change))
    assert list_approved(app, officer) == ()


def test_personal_data_does_not_reach_an_approved_answer(app: App, officer: Person) -> None:
    approve_answer(app, officer, replace(WISH, zh=f"{TEXT}联系身份证号{ID}。"))
    (listed,) = list_approved(app, officer)
    assert ID not in repr(listed)


def test_a_disputed_duty_shows_both_readings_and_a_changed_article_is_said(
    app: App, employee: Person
) -> None:
    question = "身份证号算不算敏感信息"
    answer = ask(app, employee, question)
    disputed = [claim.text for claim in answer.conditions if claim.contested]
    assert any("一种理解（GB/T 45574-2025）" in text for text in disputed)
    assert any("另一种理解（GB/T 35273-2020" in text for text in disputed)
    assert answer.conclusion is not None
    assert (answer.conclusion.level, answer.conclusion.changed) == (Level.LAW, False)
    assert "依据层级：法律（已核对原文）" in as_text(answer_reply(answer))
    with app.database.transaction() as session:
        session.execute(
            update(ProvisionRow)
            .where(ProvisionRow.id == answer.quotations[0].provision_id)
            .values(text=ProvisionRow.text + "另有规定的除外。")
        )
    changed = ask(app, employee, question)
    assert changed.conclusion is not None
    assert changed.conclusion.changed
    assert "【待复核：所引条文与核对时不同】" in as_text(answer_reply(changed))


def test_wrong_answers_become_questions_of_the_suite_once(
    app: App, employee: Person, officer: Person, tmp_path: Path
) -> None:
    right, wrong = ask(app, employee, QUESTION), ask(app, employee, f'身份证号{ID}，"能"删吗？')
    give_feedback(app, employee, right.id, right=True)
    give_feedback(app, employee, wrong.id, right=True)
    give_feedback(app, employee, wrong.id, right=False, reason=f"答非所问，身份证号{ID}")
    assert {(one.answer_id, one.right) for one in list_feedback(app, officer)} == {
        (right.id, True),
        (wrong.id, False),
    }
    suite = tmp_path / "wrong.yaml"
    assert export_feedback(app, officer, suite) == 1
    assert export_feedback(app, officer, suite) == 0
    (question,) = load(suite, _Questions).questions
    assert (question.id, question.any, question.none) == (wrong.id.lower(), (), False)
    assert ID not in suite.read_text(encoding="utf-8") + repr(list_feedback(app, officer))
    assert '"能"删吗' in question.ask
    broken = tmp_path / "other.yaml"
    broken.write_text("cases: []\n", encoding="utf-8")
    with pytest.raises(BadDataFile):
        export_feedback(app, officer, broken)
    assert broken.read_text(encoding="utf-8") == "cases: []\n"


def test_an_answer_is_judged_by_its_asker_and_by_those_who_read_feedback_alone(
    app: App, employee: Person, officer: Person, person_with: Callable[..., Person]
) -> None:
    number = ask(app, employee, "个保法第999条怎么说？").id
    for other in (person_with(Role.EMPLOYEE), person_with(Role.TRAINER)):
        with pytest.raises(NotFound) as refused:
            give_feedback(app, other, number, right=True)
        with pytest.raises(NotFound) as unknown:
            give_feedback(app, other, "Q-000000000000", right=True)
        assert refused.value.message == unknown.value.message
    assert list_feedback(app, officer) == ()
    give_feedback(app, employee, number, right=True)
    give_feedback(app, officer, number, right=False)
    assert sorted(one.right for one in list_feedback(app, officer)) == [False, True]


def test_after_a_month_an_answer_is_forgotten_and_after_a_year_what_was_made_of_it(
    app: App, employee: Person, officer: Person
) -> None:
    opened = hand_over(app, employee, ask(app, employee, "个保法第999条").id)
    hand_over(app, employee, ask(app, employee, "个保法第998条").id)
    reply_to(app, officer, opened.id, "没有这一条。")
    for days, kept, questions, judged in (
        (29, True, 2, 1),
        (31, False, 2, 1),
        (366, False, 0, 1),
        (395, False, 0, 0),
    ):
        then = app.clock() + timedelta(days=days)
        later = replace(app, clock=partial(lambda moment: moment, then))
        upkeep(later)
        if kept:
            give_feedback(later, employee, opened.answer_id, right=True)
        else:
            with pytest.raises(NotFound):
                give_feedback(app, employee, opened.answer_id, right=True)
        assert len(my_questions(app, employee)) == questions
        assert len(list_feedback(app, officer)) == judged
