"""Reminders and the digest of the day: direct messages, once each, also when the service starts anew."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from assistant.notifiers import Notice, NotSent
from assistant.registers.work_register import move_entry, open_entry
from assistant.remind import send_reminders
from integrations.acts import ACTS, Wish
from integrations.slack.notices import SlackNotifier, tell_what_waits
from integrations.slack.outbox import Outbox
from records.errors import Unavailable
from records.language import Bilingual
from records.people import Person, Role, add_person


@pytest.fixture(scope="module")
def responder(slack_app: App) -> Person:
    with slack_app.database.transaction() as session:
        return add_person(
            session,
            name="沈星",
            roles={Role.RESPONDER},
            slack_id="T0QINGHE:U2RESPONDER",
            now=slack_app.clock(),
        )


def outbox(kept: Any) -> Outbox:
    def nobody(_team: str) -> Any:
        raise AssertionError("nothing is sent here")

    return Outbox(kept, nobody)


def said_to(kept: Any, user: str) -> list[str]:
    return [p["messages"] for p in kept.kept.values() if p["channel"] == user]


def test_reminders_go_to_each_person_concerned_once(
    slack_app: App, kept: Any, responder: Person
) -> None:
    channels = [SlackNotifier(slack_app, outbox(kept))]
    send_reminders(slack_app, channels)
    kept.kept.clear()
    ticket = report_incident(slack_app, responder, "笔记本丢了，1200 名客户的身份证号").ticket
    send_reminders(slack_app, channels)
    told = [one for one in said_to(kept, "U2RESPONDER") if ticket.id in one]
    assert len(told) == 1
    assert "1200" not in told[0] and "act:show" in told[0]
    (message,) = json.loads(told[0]) if isinstance(told[0], str) else told[0]
    # Header and summary; the words below do not say it again.
    lead = next(one for one in message["blocks"] if one["type"] == "section")["text"]["text"]
    assert "开始计时（" not in lead and "开始计时：" in lead
    kept.kept.clear()
    send_reminders(slack_app, [SlackNotifier(slack_app, outbox(kept))])
    assert not [one for one in said_to(kept, "U2RESPONDER") if ticket.id in one]
    later = replace(slack_app, clock=lambda: slack_app.clock() + timedelta(days=30))
    send_reminders(later, [SlackNotifier(later, outbox(kept))])
    (told,) = [one for one in said_to(kept, "U2RESPONDER") if ticket.id in one]
    assert "仍未办结" in told


def test_a_channel_that_takes_nothing_is_tried_again(
    slack_app: App, kept: Any, responder: Person
) -> None:
    kept.refusal = Unavailable("没有启动。", "Not running.")
    words = Bilingual("提醒", "reminder")
    notice = Notice("k", "INC-2026-0001", words, words, (responder.id, "P-nobody"))
    with pytest.raises(NotSent):
        SlackNotifier(slack_app, outbox(kept)).send(notice)


@pytest.mark.parametrize(("hour", "sent"), [(8, False), (9, True), (17, True), (18, False)])
def test_the_digest_comes_in_the_working_day_of_beijing(
    slack_app: App, kept: Any, responder: Person, hour: int, sent: bool
) -> None:
    day = slack_app.clock().replace(hour=hour - 8) + timedelta(days=2 + hour)
    app = replace(slack_app, clock=lambda: day)
    report_incident(app, responder, "U 盘丢了，40 名客户")
    tell_what_waits(app, outbox(kept))
    assert bool(said_to(kept, "U2RESPONDER")) is sent


def test_the_digest_comes_once_a_day_to_those_for_whom_something_waits(
    slack_app: App, kept: Any, responder: Person
) -> None:
    with slack_app.database.transaction() as session:
        idle = "T0QINGHE:U2IDLE"
        add_person(session, name="闲", roles={Role.EMPLOYEE}, slack_id=idle, now=slack_app.clock())
    today = slack_app.clock() + timedelta(days=30)
    app = replace(slack_app, clock=lambda: today)
    ticket = report_incident(app, responder, "邮件误发，25 名客户").ticket
    for _ in range(3):
        tell_what_waits(app, outbox(kept))
    (told,) = said_to(kept, "U2RESPONDER")
    assert ticket.id in told and "正在走的时限" in told and "邮件误发" not in told
    assert said_to(kept, "U2IDLE") == []
    kept.kept.clear()
    tomorrow = replace(slack_app, clock=lambda: today + timedelta(days=1))
    tell_what_waits(tomorrow, outbox(kept))
    assert len(said_to(kept, "U2RESPONDER")) == 1


def test_a_crash_before_it_was_noted_posts_the_digest_once(
    slack_app: App, kept: Any, responder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = replace(slack_app, clock=lambda: slack_app.clock() + timedelta(days=60))
    report_incident(app, responder, "纸质档案丢了，12 名客户")
    with monkeypatch.context() as patch:
        patch.setattr(type(app), "append", _crash)
        with pytest.raises(RuntimeError):
            tell_what_waits(app, outbox(kept))
    tell_what_waits(app, outbox(kept))
    assert len(said_to(kept, "U2RESPONDER")) == 1


def _crash(*_arguments: Any, **_named: Any) -> None:
    raise RuntimeError


def test_nobody_gets_a_digest_where_it_is_switched_off(
    slack_app: App, kept: Any, responder: Person
) -> None:
    settings = slack_app.settings.model_copy(update={"slack_digest": False})
    later = slack_app.clock() + timedelta(days=90)
    app = replace(slack_app, settings=settings, clock=lambda: later)
    report_incident(app, responder, "服务器被加密，9 名客户")
    tell_what_waits(app, outbox(kept))
    assert said_to(kept, "U2RESPONDER") == []


def test_a_period_that_is_over_is_told_once_and_opens_what_may_be_done(
    slack_app: App, kept: Any
) -> None:
    now = slack_app.clock() + timedelta(days=90)
    with slack_app.database.transaction() as session:
        officer = add_person(
            session, name="秦朗", roles={Role.OFFICER}, slack_id="T0QINGHE:U2OFFICER", now=now
        )
    then = replace(slack_app, clock=lambda: now - timedelta(days=4 * 366))
    values = {"what": "前台电脑未锁屏", "area": "access", "flaw": "yes"}
    number = open_entry(then, officer, "risk", values).id
    move_entry(then, officer, number, "dismissed", reason="不成立")
    app = replace(slack_app, clock=lambda: now)
    for _ in range(2):
        send_reminders(app, [SlackNotifier(app, outbox(kept))])
    (told,) = [one for one in said_to(kept, "U2OFFICER") if number in one]
    assert "act:kept" in told and "保存期已满" in told
    wish = Wish("k", now, number, {"until": "2031-01-01", "reason": "诉讼未结，留作证据"})
    shown = ACTS["kept"].do(app, officer, wish)
    assert [one.act for one in shown.presses] == ["kept-destroy", "kept-extend"]
    assert "继续保存" in ACTS["kept-extend"].do(app, officer, wish).title
    assert ACTS["kept"].do(app, officer, wish).presses == ()


def test_a_law_that_takes_effect_soon_is_told_once_to_those_who_keep_the_knowledge(
    slack_app: App, kept: Any, responder: Person
) -> None:
    """The catalogue knows a standard of 2027-01-01. There is nothing to press: it is no ticket."""
    now = datetime(2026, 12, 26, 2, tzinfo=UTC)
    with slack_app.database.transaction() as session:
        add_person(
            session, name="陆闻", roles={Role.OFFICER}, slack_id="T0QINGHE:U2KEEPER", now=now
        )
    for hours in range(3):
        app = replace(slack_app, clock=lambda hours=hours: now + timedelta(hours=hours))
        send_reminders(app, [SlackNotifier(app, outbox(kept))])
    (told,) = [one for one in said_to(kept, "U2KEEPER") if "起施行" in one]
    assert "还有 6 天：GB 46864-2025" in told and "act:" not in told
    assert not [one for one in said_to(kept, "U2RESPONDER") if "起施行" in one]
