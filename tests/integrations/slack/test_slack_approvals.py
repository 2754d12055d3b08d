"""What a destruction still lacks is given in a form, and a notice is read and approved without its clients."""

import json
from typing import Any

import pytest

from assistant.destruction.certificate import read_destruction
from assistant.destruction.destroy_data import request_destruction
from assistant.notices.view import read_notice
from assistant.notices.write_notice import revise_notice, write_notice
from records.audit import latest_events
from records.people import Person, Role, add_person
from tickets.notices.data import Addressee, Form, NoticeKind, notice_rules
from tickets.notices.records import Wish
from tickets.retention.facts import RecordKind, Status

OPEN, HOME = "/api/views.open", "/api/views.publish"
CLIENT = Addressee("欧阳慕霜", mail="ouyang@client.example", address="杭州市文三路 12 号 401 室")
PHONE = "13800138000"


@pytest.fixture(scope="module")
def people(slack_app: Any) -> dict[str, Person]:
    roles = {
        "U5WRITER": Role.OFFICER,
        "U5FIRST": Role.APPROVER,
        "U5SECOND": Role.APPROVER,
        "U5EMPLOYEE": Role.EMPLOYEE,
        "U5OTHER": Role.EMPLOYEE,
    }
    with slack_app.database.transaction() as session:
        return {
            user: add_person(
                session, name=user, roles={role}, slack_id=f"T0QINGHE:{user}", now=slack_app.clock()
            )
            for user, role in roles.items()
        }


@pytest.fixture
def notice(slack_app: Any, people: dict[str, Person]) -> str:
    """The number of a notice to one client that waits for two approvals."""
    elements = notice_rules(NoticeKind.TRANSFER).elements
    given = {
        name: "2027-06-30" if one.form is not Form.TEXT else f"按约定办理，电话 {PHONE}。"
        for name, one in elements.items()
        if not one.optional
    }
    wish = Wish(NoticeKind.TRANSFER, given=given)
    return write_notice(slack_app, people["U5WRITER"], wish, [CLIENT]).summary.number


def pressed(live_door: Any, slack: Any, act: str, value: str, user: str) -> Any:
    """The one call that follows a press."""
    slack.clear()
    button = {"action_id": f"act:{act}:0", "value": value}
    assert live_door.interaction(live_door.press(button, user=user)).status_code == 200
    (call,) = slack.wait_for(1)
    return call


def test_a_notice_is_opened_from_home_read_without_its_clients_and_approved(
    live_door: Any, slack: Any, people: dict[str, Person], notice: str, buttons: Any
) -> None:
    app = live_door.app
    opened = live_door.saying("", tab="home")
    opened["event"] |= {"type": "app_home_opened", "user": "U5FIRST"}
    live_door.event(opened)
    home = next(call for call in slack.wait_for(1) if call.path == HOME)
    assert notice in json.dumps(home.body["view"], ensure_ascii=False)
    shown = pressed(live_door, slack, "notice", notice, "U5FIRST")
    posted = json.dumps(shown.body, ensure_ascii=False)
    assert "按约定办理" in posted and "〔客户姓名" in posted
    for kept in (CLIENT.name, CLIENT.mail, CLIENT.address, "文三路", PHONE):
        assert kept not in posted
    approve = buttons(shown)["notice-approve"]
    assert notice in approve["confirm"]["text"]["text"]

    for user, said in (("U5FIRST", "还需 1 人批准"), ("U5FIRST", "还需 1 人批准")):
        slack.clear()
        live_door.interaction(live_door.press(approve, user=user))
        (call,) = slack.wait_for(1)
        # Pressed again it counts no second time, and is answered with what stands.
        assert f"已批准 {notice}" in call.text and said in call.text
    slack.clear()
    live_door.interaction(live_door.press(approve, user="U5SECOND"))
    slack.wait_for(1)
    assert read_notice(app, people["U5FIRST"], notice).summary.approved
    with app.database.reading() as session:
        done = [one for one in latest_events(session, 40) if one.action == "notice:approved"]
    assert {one.person_id for one in done} >= {people["U5FIRST"].id, people["U5SECOND"].id}


@pytest.mark.parametrize("user", ["U5EMPLOYEE", "U5WRITER"])
def test_nobody_else_approves_a_notice_by_a_button_that_reached_them(
    live_door: Any, slack: Any, people: dict[str, Person], notice: str, user: str
) -> None:
    call = pressed(live_door, slack, "notice-approve", f"{notice}:1", user)
    assert "没有此项操作权限" in call.text or "起草或修改过的人不能批准" in call.text
    assert not read_notice(live_door.app, people["U5FIRST"], notice).summary.approvals


def test_what_was_edited_since_it_was_shown_is_not_approved_unseen(
    live_door: Any, slack: Any, people: dict[str, Person], notice: str
) -> None:
    app = live_door.app
    name = next(
        key
        for key, one in notice_rules(NoticeKind.TRANSFER).elements.items()
        if not one.optional and one.form is Form.TEXT
    )
    revise_notice(app, people["U5WRITER"], notice, given={name: "另有约定。"})
    call = pressed(live_door, slack, "notice-approve", f"{notice}:1", "U5FIRST")
    assert "已改为第 2 版" in call.text
    assert not read_notice(app, people["U5FIRST"], notice).summary.approvals


def test_missing_facts_are_given_in_a_form_and_decide_anew(
    live_door: Any, slack: Any, people: dict[str, Person], buttons: Any
) -> None:
    app = live_door.app
    ticket = request_destruction(
        app,
        people["U5EMPLOYEE"],
        "2021年解约客户的身份证复印件86份",
        record_kind=RecordKind.IDENTITY_COPY,
    ).ticket
    shown = pressed(live_door, slack, "show", ticket.id, "U5EMPLOYEE")
    call = pressed(live_door, slack, "facts", ticket.id, "U5EMPLOYEE")
    assert call.path == OPEN and buttons(shown)["facts"]["value"] == ticket.id
    view = call.body["view"]
    asked = {one["block_id"]: one["element"] for one in view["blocks"] if "element" in one}
    assert "holder" in asked
    slack.clear()
    live_door.interaction(live_door.submission(view, user="U5EMPLOYEE", holder="company"))
    (call,) = slack.wait_for(1)
    assert ticket.id in call.text
    found = read_destruction(app, people["U5WRITER"], ticket.id)
    assert "holder" not in {one.name for one in found.decision.missing}
    assert found.decision.status is not Status.NEEDS_FACT


def test_nobody_elses_destruction_is_given_facts(
    live_door: Any, slack: Any, people: dict[str, Person]
) -> None:
    app = live_door.app
    ticket = request_destruction(app, people["U5EMPLOYEE"], "旧合同一箱").ticket
    before = read_destruction(app, people["U5WRITER"], ticket.id).decision
    call = pressed(live_door, slack, "facts", ticket.id, "U5OTHER")
    assert call.path != OPEN
    assert read_destruction(app, people["U5WRITER"], ticket.id).decision == before
