"""What people hear in Feishu without asking; with two chats, each tells its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.answering import handovers as kept_handovers
from assistant.app import App
from assistant.incidents.report_incident import report_incident
from assistant.notifiers import Notice
from assistant.questions.ask import ask
from assistant.questions.hand_over import hand_over, reply_to
from integrations.chat import handovers, notices
from integrations.chat.notices import ChatNotifier
from integrations.replies import Reply
from records.language import Bilingual
from records.people import Person, Role, add_person

MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


class Told:
    """A chat that keeps what is told."""

    def __init__(self, chat: str) -> None:
        self.chat = chat
        self.said: list[tuple[str, Reply]] = []

    def to_person(self, account: str, key: str, reply: Reply) -> None:
        self.said.append((account, reply))

    def to_place(self, place: str, key: str, reply: Reply) -> None:
        self.said.append((place, reply))


@pytest.fixture
def both(app: App) -> Iterator[App]:
    """The product with both chats set up."""
    settings = app.settings.model_copy(
        update={
            "feishu_app_id": "cli_x",
            "feishu_app_secret": SecretStr("s"),
            "slack_bot_token": SecretStr("xoxb-invented"),
        }
    )
    yield replace(app, settings=settings, clock=lambda: MORNING)


def member(app: App, name: str, *roles: Role, **accounts: str) -> Person:
    with app.database.transaction() as session:
        return add_person(session, name=name, roles=roles, now=app.clock(), **accounts)


def test_a_reminder_reaches_those_of_its_people_who_are_here(both: App) -> None:
    here = member(both, "林晓", Role.RESPONDER, feishu_id="t:ou_1", slack_id="T:U1")
    there = member(both, "周宁", Role.RESPONDER, slack_id="T:U2")
    notice = Notice(
        key="n1", ticket_id="INC-2026-0001", title=Bilingual("到期", "Due"),
        text=Bilingual("一小时内报告。", "Report within the hour."),
        people=(here.id, there.id),
    )  # fmt: skip
    feishu = Told("feishu")
    ChatNotifier(both, feishu).send(notice)
    ((account, reply),) = feishu.said
    assert account == "t:ou_1"
    assert reply.presses[0].subject == "INC-2026-0001"


def test_the_digest_of_the_day_comes_once_in_each_chat(both: App) -> None:
    person = member(
        both, "林晓", Role.EMPLOYEE, Role.RESPONDER, feishu_id="t:ou_1", slack_id="T:U1"
    )
    report_incident(both, person, "笔记本丢了，1200 名客户的身份证号")
    for chat, account in (("feishu", "t:ou_1"), ("slack", "T:U1")):
        told = Told(chat)
        for _ in range(2):
            notices.tell_what_waits(both, told, digest=True)
        assert [one for one, _ in told.said] == [account]


def test_a_question_counts_as_told_when_every_chat_told_its_officers(both: App) -> None:
    asker = member(both, "林晓", Role.EMPLOYEE, feishu_id="t:ou_1", slack_id="T:U1")
    member(both, "苏敏", Role.OFFICER, feishu_id="t:ou_2")
    boss = member(both, "周宁", Role.OFFICER, slack_id="T:U3")
    answer = ask(both, asker, "个保法第999条怎么说？")
    opened = hand_over(both, asker, answer.id, place="feishu:oc_1:om_1:t")
    slack, feishu = Told("slack"), Told("feishu")
    for told in (slack, feishu, slack, feishu):
        handovers.tell(both, told)
    assert [one for one, _ in slack.said] == ["T:U3"]
    assert [one for one, _ in feishu.said] == ["t:ou_2"]
    reply_to(both, boss, opened.id, "没有这一条。")
    for told in (slack, feishu, slack):
        handovers.tell(both, told)
    assert len(slack.said) == 1
    assert feishu.said[1][0] == "feishu:oc_1:om_1:t"
    with both.database.reading() as session:
        assert kept_handovers.to_tell(session) == ((), ())


def test_what_was_asked_on_the_page_is_answered_where_the_asker_has_an_account(both: App) -> None:
    asker = member(both, "林晓", Role.EMPLOYEE, feishu_id="t:ou_1")
    boss = member(both, "周宁", Role.OFFICER)
    opened = hand_over(both, asker, ask(both, asker, "个保法第999条怎么说？").id)
    reply_to(both, boss, opened.id, "没有这一条。")
    slack, feishu = Told("slack"), Told("feishu")
    for told in (slack, feishu, slack, feishu):
        handovers.tell(both, told)
    assert slack.said == []
    assert [one for one, _ in feishu.said] == ["t:ou_1"]


def test_without_the_part_for_feishu_it_says_how_to_install_it(monkeypatch: Any) -> None:
    import sys

    from integrations.feishu.long_connection import LongConnection
    from records.errors import Unavailable

    for name in [one for one in sys.modules if one.partition(".")[0] == "lark_oapi"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lark_oapi", None)
    with pytest.raises(Unavailable, match=r"compliance-assistant\[feishu\]"):
        LongConnection(None, app_id="a", app_secret="s", base_url="http://127.0.0.1:1")  # type: ignore[arg-type]
