"""After somebody is erased nothing of them is in any table, file or byte: their number alone stays."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from assistant.answering.feedback import FeedbackRow
from assistant.answering.handovers import HandoverRow
from assistant.answering.kept_answers import KeptAnswerRow
from assistant.answering.threads import TurnRow
from assistant.app import App
from assistant.people.erase_person import erase_person
from assistant.people.own_account import make_token, set_password
from assistant.questions.ask import ask
from assistant.questions.give_feedback import give_feedback
from assistant.questions.hand_over import hand_over
from assistant.quizzes.choosing import Wish
from assistant.quizzes.tables import CardRow
from assistant.redaction.redact_file import redact_file
from assistant.redaction.review_file import start_review
from assistant.training.review_items import approve_item, make_items
from records.accounts import AccountRow, LinkPurpose, give_link
from records.database import Base
from records.people import Person, PersonRow, Role, add_person, give_token, set_mail
from records.sessions import SignedInBy, start_session

DAY = timedelta(days=1)
NAME, LOGIN, MAIL = "欧阳慕霜", "muxuan-login", "ouyang@muxuan.example"
SLACK, FEISHU, SIGN_IN = "T0MUXUAN:U7MUXUAN", "t-muxuan:ou_muxuan", "muxuan.sign.in"
QUESTION = "琉璃瓦厂的离职员工花名册要保存多久？"
MARKS = (NAME, LOGIN, MAIL, *SLACK.split(":"), *FEISHU.split(":"), SIGN_IN, "琉璃瓦厂", "不清不楚")
# Filled for somebody by using the product; what holds no more than a number may stay.
PERSONAL = (KeptAnswerRow, TurnRow, HandoverRow, FeedbackRow, AccountRow, CardRow)


@pytest.fixture
def busy(app: App, administrator: Person) -> Person:
    """Somebody who did all of which something is kept under their name."""
    now = app.clock()
    with app.database.transaction() as session:
        person = add_person(
            session, name=NAME, roles={Role.EMPLOYEE, Role.OFFICER}, now=now,
            login=LOGIN, slack_id=SLACK, feishu_id=FEISHU,
        )  # fmt: skip
        set_mail(session, person.id, MAIL)
        give_token(session, person.id)
        give_link(session, person.id, LinkPurpose.SIGN_IN, now=now, good_for=DAY)
    set_password(app, person, name=SIGN_IN, password="correct horse battery staple")
    with app.database.transaction() as session:
        start_session(session, person.id, SignedInBy.PASSWORD, device=NAME, now=now, lasts=DAY)
    make_token(app, person, name=NAME, scopes=["question:ask"])
    answer = ask(app, person, QUESTION, thread="slack:T0MUXUAN:C1:1.0")
    give_feedback(app, person, answer.id, right=False, reason="不清不楚")
    hand_over(app, person, answer.id, place="slack:T0MUXUAN:U7MUXUAN")
    redact_file(app, person, "姓名：林小满".encode(), "a.txt")
    start_review(app, person, "姓名：林小满".encode(), "b.txt")
    made = make_items(app, administrator, Wish(1, seed=2))
    approve_item(app, administrator, made.item_ids[0])
    with app.database.transaction() as session:
        session.add(CardRow(person_id=person.id, item_id=made.item_ids[0], card="{}", due_at=now))
    return person


def held(app: App) -> dict[str, str]:
    """Every row of every table as one text, and every byte of the home but the index."""
    with app.database.reading() as session:
        rows = {
            table.name: json.dumps([list(map(str, row)) for row in session.execute(select(table))],
                                   ensure_ascii=False)
            for table in Base.metadata.sorted_tables
            if table.name not in {"provisions", "instruments"}
        }  # fmt: skip
    files = (p for p in app.settings.home.rglob("*") if p.is_file() and "index" not in p.parts)
    return rows | {str(p): p.read_bytes().decode("utf-8", "replace") for p in files}


def found(app: App) -> set[tuple[str, str]]:
    return {
        (Path(where).name, mark)
        for where, said in held(app).items()
        for mark in MARKS
        if mark in said
    }


def test_nothing_of_somebody_erased_is_left_in_any_table_or_byte(
    app: App, administrator: Person, busy: Person
) -> None:
    assert {mark for _, mark in found(app)} == set(MARKS)
    tried = erase_person(app, administrator, busy.id, confirmation=busy.id, dry_run=True)
    assert {mark for _, mark in found(app)} == set(MARKS)
    assert erase_person(app, administrator, busy.id, confirmation=busy.id) == tried
    assert (tried.questions, tried.files) == (1, 3)
    assert found(app) == set()
    with app.database.reading() as session:
        left = {
            table.__tablename__ for table in PERSONAL if session.scalar(select(table)) is not None
        }
        row = session.get_one(PersonRow, busy.id)
        kept = session.scalars(text("SELECT action FROM audit_events WHERE person_id = :p"),
                               {"p": busy.id}).all()  # fmt: skip
    assert (left, row.name, row.roles) == (set(), busy.id, "")
    assert "file:redacted" in kept
