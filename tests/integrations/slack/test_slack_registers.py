"""Register entries in Slack: forms from the kind's file, personal data kept as the register keeps it,
their clocks on the Home tab and in the message of the day."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from assistant.app import App
from assistant.registers.work_register import move_entry, open_entry
from integrations.acts.entries import entry_form
from integrations.replies.forms import problems
from integrations.slack import modals
from integrations.slack.modals import Meant, modal
from integrations.slack.notices import tell_what_waits
from integrations.slack.outbox import Outbox
from records.language import Language
from records.people import Person, Role, add_person

OPEN, POST, HOME = "/api/views.open", "/api/chat.postMessage", "/api/views.publish"
ID, PHONE = "330106199003070011", "13800138000"
OFFICER, CLERK, STRANGER = "U5OFFICER", "U5CLERK", "U5STRANGER"


@pytest.fixture(scope="module")
def people(slack_app: App) -> dict[str, Person]:
    roles = {
        OFFICER: {Role.OFFICER},
        CLERK: {Role.EMPLOYEE},
        STRANGER: {Role.EMPLOYEE},
        "U5APPROVER": {Role.APPROVER},
    }
    with slack_app.database.transaction() as session:
        return {
            user: add_person(
                session,
                name=user,
                roles=given,
                slack_id=f"T0QINGHE:{user}",
                now=slack_app.clock(),
            )
            for user, given in roles.items()
        }


def filled(door: Any, view: Any, *, user: str = CLERK, **values: Any) -> Any:
    given: dict[str, Any] = {
        "right": "delete",
        "received_at": int((door.now - timedelta(hours=5)).timestamp()),
        "channel": "mail",
        "who": "self",
        "requester": f"周明轩 {PHONE}",
        "request": f"要求删除身份证号{ID}的全部资料",
    }
    return door.submission(view, user=user, **(given | values))


def opened(door: Any, slack: Any, body: Any, *, user: str = CLERK) -> Any:
    body["user"]["id"] = user
    assert door.interaction(body).status_code == 200
    (call,) = slack.wait_for(1)
    assert call.path == OPEN
    slack.clear()
    return call.body["view"]


def stored(app: App) -> str:
    with app.database.reading() as session:
        query = "select facts from tickets where kind = 'rights_request' order by id desc limit 1"
        return str(session.execute(text(query)).scalar_one())


def test_the_form_asks_what_the_register_must_hold(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    view = opened(live_door, slack, live_door.shortcut("rights"))
    kind = live_door.app.kinds["rights_request"]
    asked = {b["block_id"]: b for b in view["blocks"] if b["type"] == "input"}
    assert {one.id for one in kind.fields if one.required} <= set(asked)
    assert view["callback_id"] == "act:register"
    assert json.loads(view["private_metadata"])["s"] == "rights_request"
    options = {o["value"] for o in asked["right"]["element"]["options"]}
    assert options == set(kind.field("right").options)
    assert "加密保存" in asked["requester"]["hint"]["text"]


def test_a_request_is_registered_with_its_number_and_clocks_and_no_personal_data(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    view = opened(live_door, slack, live_door.shortcut("rights"))
    answer = live_door.interaction(filled(live_door, view))
    assert answer.json()["response_action"] == "update"
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel"]) == (POST, CLERK)
    assert "RR-2026-" in call.text and "个人行使权利请求" in call.text
    # 30 days after the day it came in: until the end of 23 December in Beijing.
    assert "2026-12-23" in call.text and "待核实" in call.text and "第50条" in call.text
    said, kept = json.dumps(call.body, ensure_ascii=False), stored(live_door.app)
    for secret in (ID, PHONE, "周明轩"):
        assert secret not in said
        assert secret not in kept


def test_the_same_form_handed_in_twice_is_one_entry(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    view = opened(live_door, slack, live_door.shortcut("rights"))
    body = filled(live_door, view)
    live_door.interaction(body)
    live_door.interaction(body, at=live_door.now - timedelta(seconds=2))
    calls = slack.wait_for(2, seconds=1)
    assert [call.path for call in calls] == [POST]


def test_a_message_becomes_a_request_masked_and_counted_from_when_it_came(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    written = int((live_door.now - timedelta(days=2)).timestamp())
    message = {"ts": f"{written}.000100", "text": f"客户李文博（{PHONE}）要我们删掉他的资料"}
    view = opened(live_door, slack, live_door.shortcut("message-rights", message))
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert elements["received_at"]["initial_date_time"] == written
    assert "要我们删掉" in elements["request"]["initial_value"]
    assert PHONE not in json.dumps(view, ensure_ascii=False)


def test_the_command_opens_the_form_or_says_why_not(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    url = slack.response_url()
    answer = live_door.command("rights 客户要查阅自己的资料", url, user_id=CLERK)
    assert "表单" in answer.json()["text"]
    (call,) = slack.wait_for(1)
    values = {
        b["block_id"]: b["element"].get("initial_value", "")
        for b in call.body["view"]["blocks"]
        if b["type"] == "input"
    }
    assert (call.path, values["request"]) == (OPEN, "客户要查阅自己的资料")
    slack.clear()
    live_door.command("register nonsense", url, user_id=CLERK)
    (call,) = slack.wait_for(1)
    assert "没有这种台账" in call.text and "rights＿request" in call.text
    slack.clear()
    # Only records officers open it: nobody fills it in to be refused afterwards.
    live_door.command("register yearly_review", url, user_id=CLERK)
    (call,) = slack.wait_for(1)
    assert call.path != OPEN and "角色" in call.text


def test_the_home_tab_and_a_message_lead_to_the_forms(
    live_door: Any, slack: Any, people: dict[str, Person], buttons: Any
) -> None:
    body = live_door.saying("")
    body["event"] = {"type": "app_home_opened", "user": OFFICER, "channel": "D1", "tab": "home"}
    live_door.event(body)
    (call,) = slack.wait_for(1)
    assert {"register", "registers", "exams"} <= set(buttons(call))
    slack.clear()
    home = {"container": {"type": "view", "view_id": "V1"}, "message": None}
    press = live_door.press(buttons(call)["register"], user=OFFICER, **home)
    assert opened(live_door, slack, press, user=OFFICER)["callback_id"] == "act:register"
    live_door.event(live_door.mentioning("权利请求", user=OFFICER))
    (call,) = slack.wait_for(1)
    assert call.body["channel"] == OFFICER and "register" in buttons(call)


def test_what_is_wrong_stands_under_its_field(
    door: Any, kept: Any, people: dict[str, Person]
) -> None:
    form = entry_form(door.app, Language.ZH, "rights_request")
    view = modal("register", form, Meant("rights_request", Language.ZH))
    late = int((door.now + timedelta(days=3)).timestamp())
    wrong = door.interaction(filled(door, view, received_at=late, right="", requester="")).json()
    assert wrong["response_action"] == "errors"
    assert set(wrong["errors"]) == {"right", "received_at", "requester"}
    assert kept.kept == {}


@pytest.mark.parametrize("language", Language)
def test_every_register_has_a_form_within_the_limits(slack_app: App, language: Language) -> None:
    for kind in slack_app.kinds.values():
        form = entry_form(slack_app, language, kind.id)
        view = modal("register", form, Meant(kind.id, language))
        assert len(view["title"]["text"]) <= modals.MAX_TITLE
        assert len(view["blocks"]) <= modals.MAX_MODAL_BLOCKS
        for block in view["blocks"]:
            options = block.get("element", {}).get("options", [])
            most = 10 if block.get("element", {}).get("type") == "checkboxes" else 100
            assert len(options) <= most
            assert len(block.get("hint", {}).get("text", "")) <= 150
        required = {one.id for one in kind.fields if one.required}
        empty = problems(form, {}, slack_app.clock())
        assert set(empty) == {one.id for one in form.fields if one.required} == required


def outbox(kept: Any) -> Outbox:
    def nobody(_team: str) -> Any:
        raise AssertionError("nothing is sent here")

    return Outbox(kept, nobody)


def told(app: App, kept: Any) -> dict[str, str]:
    kept.kept.clear()
    tell_what_waits(app, outbox(kept))
    return {
        p["channel"]: p["messages"] for key, p in kept.kept.items() if key.startswith("slack-reply:digest")
    }  # fmt: skip


def test_the_message_of_the_day_names_the_deadlines_of_the_registers_to_those_whose_they_are(
    slack_app: App, kept: Any, people: dict[str, Person]
) -> None:
    later = slack_app.clock() + timedelta(days=400)
    app = replace(slack_app, clock=lambda: later)
    request = open_entry(
        app,
        people[CLERK],
        "rights_request",
        {
            "right": "copy",
            "received_at": later.isoformat(),
            "channel": "mail",
            "who": "self",
            "requester": f"周明轩 {PHONE}",
            "request": "要求复制交易记录",
        },
    )
    dispute = open_entry(
        app,
        people[OFFICER],
        "dispute",
        {"received_at": later.isoformat(), **_dispute(app)},
    )
    said = told(app, kept)
    assert request.id in said[OFFICER] and request.id in said[CLERK]
    assert dispute.id in said[OFFICER] and "台账时限" in said[OFFICER]
    # Whose it is not hears nothing of it, and nobody reads who asked.
    assert STRANGER not in said or request.id not in said[STRANGER]
    assert dispute.id not in said[CLERK]
    assert not [
        one for one in said.values() if PHONE in one or "周明轩" in one or "交易记录" in one
    ]
    move_entry(app, people[OFFICER], request.id, "withdrawn", reason="请求人来电撤回")
    tomorrow = replace(slack_app, clock=lambda: later + timedelta(days=1))
    assert all(request.id not in one for one in told(tomorrow, kept).values())


def _dispute(app: App) -> dict[str, Any]:
    return {
        one.id: next(iter(one.options)) if one.options else "客户对账单有异议"
        for one in app.kinds["dispute"].fields
        if one.required and one.id != "received_at"
    }


def test_a_clock_with_months_to_go_stands_on_the_home_tab_and_not_in_the_message_of_the_day(
    live_door: Any, slack: Any, kept: Any, people: dict[str, Person]
) -> None:
    app, officer = live_door.app, people[OFFICER]
    due = (app.clock() + timedelta(days=200)).date().isoformat()
    entry = open_entry(
        app,
        officer,
        "improvement",
        {"what": "换锁", "owner": officer.id, "due_on": due, "every": 12, **_choices(app)},
    )
    body = live_door.saying("")
    body["event"] = {"type": "app_home_opened", "user": OFFICER, "channel": "D1", "tab": "home"}
    live_door.event(body)
    (call,) = slack.wait_for(1)
    shown = json.dumps(call.body, ensure_ascii=False)
    assert entry.id in shown and due in shown
    assert entry.id not in told(app, kept).get(OFFICER, "")


def _choices(app: App) -> dict[str, Any]:
    return {
        one.id: next(iter(one.options))
        for one in app.kinds["improvement"].fields
        if one.required and one.options
    }
