"""Buttons: approvals under the same rules as elsewhere, steps and clocks of an incident; to one alone."""

import json
from datetime import date
from typing import Any

import pytest

from assistant.destruction.destroy_data import request_destruction
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    close_notice,
    give_notice,
)
from assistant.incidents.report_incident import report_incident
from assistant.tickets_view import read_ticket
from integrations.slack.home import MAX_VIEW_BLOCKS
from integrations.slack.notices import tell_what_waits
from integrations.slack.outbox import Outbox
from records.people import Person, Role, add_person
from tickets.retention.facts import HolderType, RecordKind, StartEvent
from tickets.ticket import State, StepState

OPEN, POST, HOME = "/api/views.open", "/api/chat.postMessage", "/api/views.publish"
PROMPTS = "/api/assistant.threads.setSuggestedPrompts"


@pytest.fixture(scope="module")
def people(slack_app: Any) -> dict[str, Person]:
    """Everybody a destruction and an incident need, with Slack accounts."""
    roles = {
        "U1FIRST": Role.APPROVER,
        "U1SECOND": Role.APPROVER,
        "U1OFFICER": Role.OFFICER,
        "U1RESPONDER": Role.RESPONDER,
        "U1EMPLOYEE": Role.EMPLOYEE,
    }
    with slack_app.database.transaction() as session:
        return {
            user: add_person(
                session, name=user, roles={role}, slack_id=f"T0QINGHE:{user}", now=slack_app.clock()
            )
            for user, role in roles.items()
        }


@pytest.fixture
def waiting(slack_app: Any, people: dict[str, Person]) -> str:
    """The number of a destruction that waits for two approvals."""
    app, officer = slack_app, people["U1OFFICER"]
    ticket = request_destruction(
        app,
        people["U1EMPLOYEE"],
        "2021年解约客户的身份证复印件86份",
        record_kind=RecordKind.IDENTITY_COPY,
        holder=HolderType.COMPANY,
        dates={StartEvent.RELATIONSHIP_ENDED: date(2021, 6, 30)},
    ).ticket
    appraise_destruction(app, officer, ticket.id, media=["paper"])
    give_notice(app, officer, ticket.id, without="客户已书面同意，见合同第九条")
    close_notice(app, officer, ticket.id)
    return ticket.id


@pytest.fixture
def outbox(live_door: Any, slack: Any) -> Outbox:
    from integrations.slack.web_api import Slack

    return Outbox(live_door.jobs, lambda _team: Slack(token="x", base_url=slack.url))


def state(app: Any, person: Person, ticket_id: str) -> State:
    return read_ticket(app, person, ticket_id).ticket.state


def to(calls: list[Any], user: str) -> list[Any]:
    return [call for call in calls if call.body.get("channel") == user]


def test_approvers_hear_of_it_once_and_approve_by_button(
    live_door: Any, slack: Any, people: dict[str, Person], waiting: str, outbox: Any, buttons: Any
) -> None:
    app = live_door.app
    tell_what_waits(app, outbox)
    tell_what_waits(app, outbox)
    calls = slack.wait_for(2)
    (first,) = [c for c in to(calls, "U1FIRST") if f"待您审批：{waiting}" in c.text]
    assert not [c for c in to(calls, "U1EMPLOYEE") + to(calls, "U1OFFICER") if "待您审批" in c.text]
    found = buttons(first)
    assert waiting in found["approve"]["confirm"]["text"]["text"]
    slack.clear()
    press = live_door.press(found["approve"], user="U1FIRST")
    assert live_door.interaction(press).status_code == 200
    (call,) = slack.wait_for(1)
    assert f"已批准 {waiting}" in call.text and "还需 1 人批准" in call.text
    assert state(app, people["U1FIRST"], waiting) is State.NOTIFIED
    slack.clear()
    live_door.interaction(live_door.press(found["approve"], user="U1FIRST"))
    (call,) = slack.wait_for(1)
    # Pressed again it counts no second time, and is answered with what stands.
    assert f"已批准 {waiting}" in call.text and "还需 1 人批准" in call.text
    assert state(app, people["U1FIRST"], waiting) is State.NOTIFIED
    assert len(read_ticket(app, people["U1FIRST"], waiting).ticket.approvals) == 1
    slack.clear()
    live_door.interaction(live_door.press(found["approve"], user="U1SECOND"))
    slack.wait_for(1)
    assert state(app, people["U1FIRST"], waiting) is State.APPROVED


@pytest.mark.parametrize("user", ["U1EMPLOYEE", "U1OFFICER", "U1RESPONDER"])
def test_nobody_else_approves_by_a_button_that_reached_them(
    live_door: Any, slack: Any, people: dict[str, Person], waiting: str, user: str
) -> None:
    press = live_door.press({"action_id": "act:approve:0", "value": waiting}, user=user)
    live_door.interaction(press)
    (call,) = slack.wait_for(1)
    assert "没有此项操作权限" in call.text
    assert not read_ticket(live_door.app, people["U1FIRST"], waiting).ticket.approvals


def test_a_refusal_wants_its_reason_in_a_form(
    live_door: Any, slack: Any, people: dict[str, Person], waiting: str
) -> None:
    press = live_door.press({"action_id": "act:refuse:1", "value": waiting}, user="U1FIRST")
    live_door.interaction(press)
    (call,) = slack.wait_for(1)
    assert call.path == OPEN
    view = call.body["view"]
    slack.clear()
    short = live_door.interaction(live_door.submission(view, user="U1FIRST", reason="不"))
    assert short.json()["errors"] == {"reason": "请至少写 4 个字。"}
    live_door.interaction(live_door.submission(view, user="U1FIRST", reason="其中两份合同还在履行"))
    (call,) = slack.wait_for(1)
    assert f"已驳回 {waiting}" in call.text
    assert state(live_door.app, people["U1FIRST"], waiting) is State.REFUSED


def test_steps_and_clocks_of_an_incident_by_button(
    live_door: Any, slack: Any, people: dict[str, Person], buttons: Any
) -> None:
    app, responder = live_door.app, people["U1RESPONDER"]
    ticket = report_incident(app, responder, "笔记本丢了，里面有 1200 名客户的身份证号").ticket
    show = {"action_id": "act:show:0", "value": ticket.id}
    live_door.interaction(live_door.press(show, user="U1RESPONDER"))
    found = buttons(slack.wait_for(1)[0])
    for act, values in (
        ("step-done", {"reason": "已远程擦除，回执存档"}),
        ("step-skip", {"reason": "没有其他设备受影响"}),
        ("clock-done", {"clock": ticket.deadlines[0].key, "reference": "回执 2026-118"}),
    ):
        slack.clear()
        subject = {"step-done": f"{ticket.id}:1", "step-skip": f"{ticket.id}:2"}.get(act, ticket.id)
        button = {**found[act], "value": subject}
        live_door.interaction(live_door.press(button, user="U1RESPONDER"))
        (call,) = slack.wait_for(1)
        view = call.body["view"]
        slack.clear()
        live_door.interaction(live_door.submission(view, user="U1RESPONDER", **values))
        (call,) = slack.wait_for(1)
        assert (call.path, call.body["channel"]) == (POST, "U1RESPONDER")
    now = read_ticket(app, responder, ticket.id).ticket
    assert [one.state for one in now.steps[:2]] == [StepState.TAKEN, StepState.SKIPPED]
    assert now.deadlines[0].satisfied_at is not None
    assert now.deadlines[0].reference == "回执 2026-118"


def test_a_crash_between_what_was_done_and_its_reply_is_answered_by_the_job_taken_up(
    live_door: Any,
    slack: Any,
    people: dict[str, Person],
    waiting: str,
    buttons: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The approval or step stands; who pressed is not told that it failed, nor nothing."""
    app, responder = live_door.app, people["U1RESPONDER"]
    ticket = report_incident(app, responder, "移动硬盘丢了，300 名客户").ticket
    keep, crashes = Outbox.keep, [1]

    def crashing(self: Outbox, *given: Any) -> None:
        if crashes:
            crashes.pop()
            raise RuntimeError("the process is gone")
        keep(self, *given)

    monkeypatch.setattr(Outbox, "keep", crashing)
    approve = {"action_id": "act:approve:0", "value": waiting}
    live_door.interaction(live_door.press(approve, user="U1FIRST"))
    (call,) = slack.wait_for(1)
    assert f"已批准 {waiting}" in call.text and not crashes
    for act, done in (("step-done", "第1步已完成"), ("step-skip", "第2步已跳过")):
        subject = f"{ticket.id}:{1 if act == 'step-done' else 2}"
        slack.clear()
        press = live_door.press({"action_id": f"act:{act}:0", "value": subject}, user="U1RESPONDER")
        live_door.interaction(press)
        (opened,) = slack.wait_for(1)
        crashes.append(1)
        slack.clear()
        handed_in = live_door.submission(
            opened.body["view"], user="U1RESPONDER", reason="没有其他设备受影响"
        )
        live_door.interaction(handed_in)
        (call,) = slack.wait_for(1)
        assert done in call.text and not crashes
        # The next step is offered with it.
        assert buttons(call)["step-done"]["value"] != subject
    now = read_ticket(app, responder, ticket.id).ticket
    assert [one.state for one in now.steps[:3]] == [
        StepState.TAKEN,
        StepState.SKIPPED,
        StepState.WAITING,
    ]


def test_an_incident_does_not_exist_for_who_may_not_see_it(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    app = live_door.app
    ticket = report_incident(app, people["U1RESPONDER"], "服务器被加密，9 名客户").ticket
    for act in ("show", "step-done", "clock-done"):
        slack.clear()
        subject = f"{ticket.id}:1" if act == "step-done" else ticket.id
        press = live_door.press({"action_id": f"act:{act}:0", "value": subject}, user="U1EMPLOYEE")
        live_door.interaction(press)
        calls = slack.wait_for(1)
        said = json.dumps([call.body for call in calls], ensure_ascii=False)
        assert "服务器被加密" not in said and "9 名" not in said


def test_a_press_where_others_read_along_is_answered_to_who_pressed_alone(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    ticket = report_incident(live_door.app, people["U1RESPONDER"], "邮箱被盗，70 名客户").ticket
    url = slack.response_url()
    press = live_door.press(
        {"action_id": "act:show:0", "value": ticket.id},
        user="U1RESPONDER",
        container={"type": "message", "message_ts": "1795.7", "channel_id": "C0GENERAL"},
        response_url=url,
    )
    live_door.interaction(press)
    (call,) = slack.wait_for(1)
    assert url.endswith(call.path) and call.body["response_type"] == "ephemeral"
    assert ticket.id in call.text


def test_an_act_of_an_older_version_is_acknowledged_and_nothing_more(door: Any, kept: Any) -> None:
    press = door.press({"action_id": "act:no-such-act:0", "value": "x"})
    assert door.interaction(press).status_code == 200
    assert kept.kept == {}


def home_opened(door: Any, user: str, tab: str = "home") -> Any:
    body = door.saying("")
    body["event"] = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab}
    return door.event(body)


def test_the_home_tab_shows_what_waits_and_what_one_may_do(
    live_door: Any, slack: Any, people: dict[str, Person], waiting: str, buttons: Any
) -> None:
    app = live_door.app
    ticket = report_incident(app, people["U1RESPONDER"], "U 盘丢了，40 名客户").ticket
    assert home_opened(live_door, "U1RESPONDER").status_code == 200
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["user_id"]) == (HOME, "U1RESPONDER")
    shown = json.dumps(call.body["view"], ensure_ascii=False)
    assert ticket.id in shown and "正在走的时限" in shown and waiting not in shown
    assert set(buttons(call)) >= {"ask", "incident", "destroy", "help", "show"}
    assert len(call.body["view"]["blocks"]) <= MAX_VIEW_BLOCKS
    slack.clear()
    home_opened(live_door, "U1FIRST")
    (call,) = slack.wait_for(1)
    shown = json.dumps(call.body["view"], ensure_ascii=False)
    assert waiting in shown and "待您审批" in shown and ticket.id not in shown


def test_a_press_in_the_home_tab_is_answered_directly_and_shows_the_tab_anew(
    live_door: Any, slack: Any, people: dict[str, Person], waiting: str
) -> None:
    press = live_door.press(
        {"action_id": "act:approve:0", "value": waiting},
        user="U1FIRST",
        container={"type": "view", "view_id": "V1"},
    )
    live_door.interaction(press)
    calls = {call.path: call for call in slack.wait_for(2)}
    assert calls[POST].body["channel"] == "U1FIRST"
    assert waiting not in json.dumps(calls[HOME].body["view"]["blocks"][:4])


def test_opening_the_messages_offers_words_to_begin_with(live_door: Any, slack: Any) -> None:
    home_opened(live_door, "U1EMPLOYEE", tab="messages")
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel_id"]) == (PROMPTS, "D1")
    assert 1 <= len(call.body["prompts"]) <= 4
    assert "thread_ts" not in call.body


def test_a_home_tab_slack_refuses_is_logged_and_nothing_else(
    live_door: Any, slack: Any, caplog: pytest.LogCaptureFixture
) -> None:
    slack.answer(HOME, body={"ok": False, "error": "not_enabled"})
    home_opened(live_door, "U1EMPLOYEE")
    assert len(slack.wait_for(1)) == 1
    assert "not_enabled" in caplog.text
