"""Shortcuts and forms: opened after the acknowledgement, checked in the form, written down, done once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from integrations.acts import ACTS
from integrations.replies.forms import problems
from integrations.slack import modals
from integrations.slack.modals import Meant, modal
from integrations.slack.shortcuts import SHORTCUTS, Menu
from records.errors import Unavailable
from records.language import Language

OPEN, POST = "/api/views.open", "/api/chat.postMessage"
ID = "330106199003070011"


def opened(live_door: Any, slack: Any, body: Any) -> Any:
    """The view that a press or shortcut opens."""
    assert live_door.interaction(body).status_code == 200
    (call,) = slack.wait_for(1)
    assert call.path == OPEN
    assert call.body["trigger_id"] == body["trigger_id"]
    slack.clear()
    return call.body["view"]


def tickets(live_door: Any, kind: str) -> int:
    with live_door.app.database.reading() as session:
        query = text("select count(*) from tickets where kind = :kind")
        return int(session.execute(query, {"kind": kind}).scalar_one())


@pytest.mark.parametrize("callback_id", [n for n, s in SHORTCUTS.items() if s.menu is Menu.GLOBAL])
def test_a_global_shortcut_opens_its_form(live_door: Any, slack: Any, callback_id: str) -> None:
    view = opened(live_door, slack, live_door.shortcut(callback_id))
    assert view["callback_id"] == f"act:{SHORTCUTS[callback_id].act}"
    assert view["type"] == "modal"


def test_a_message_becomes_an_incident_masked_and_counted_from_when_it_was_written(
    live_door: Any, slack: Any
) -> None:
    written = int((live_door.now - timedelta(hours=2)).timestamp())
    message = {"ts": f"{written}.000100", "text": f"笔记本丢了，里面有身份证号{ID}等500人的资料"}
    view = opened(live_door, slack, live_door.shortcut("message-incident", message))
    shown = json.dumps(view, ensure_ascii=False)
    assert "笔记本丢了" in shown and ID not in shown
    (moment,) = [b["element"] for b in view["blocks"] if b.get("block_id") == "aware_at"]
    assert moment["initial_date_time"] == written
    before = tickets(live_door, "incident")
    body = live_door.submission(
        view, description="笔记本丢了，500 人的资料", aware_at=written, people="500"
    )
    answer = live_door.interaction(body)
    assert answer.json()["response_action"] == "update"
    later = live_door.interaction(body, at=live_door.now - timedelta(seconds=2))
    assert later.status_code == 200
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel"]) == (POST, live_door.user)
    assert "INC-2026-" in call.text
    assert tickets(live_door, "incident") == before + 1
    with live_door.app.database.reading() as session:
        query = "select facts from tickets where kind = 'incident' order by id desc limit 1"
        facts = str(session.execute(text(query)).scalar_one())
    assert (live_door.now - timedelta(hours=2)).isoformat()[:16] in facts


def test_a_view_carries_no_words_of_a_message_for_itself(live_door: Any, slack: Any) -> None:
    message = {"ts": "1795399100.1", "text": f"身份证号{ID}的客户来问"}
    view = opened(live_door, slack, live_door.shortcut("message-ask", message))
    assert json.loads(view["private_metadata"]) == {"s": "", "l": "zh"}


def test_what_is_wrong_shows_in_the_form_and_nothing_is_kept(door: Any, kept: Any) -> None:
    form = ACTS["destroy"].form
    assert form is not None
    view = modal("destroy", form(Language.ZH), Meant("", Language.ZH))
    answer = door.interaction(door.submission(view, description="", ended_on="2999-01-01")).json()
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"description", "kind", "ended_on", "dispute"}
    assert "不能晚于现在" in answer["errors"]["ended_on"]
    assert kept.kept == {}


def test_a_form_that_cannot_be_kept_stays_open_with_its_words(door: Any, kept: Any) -> None:
    kept.refusal = Unavailable("现在不行。", "Not now.")
    form = ACTS["ask"].form
    assert form is not None
    view = modal("ask", form(Language.ZH), Meant("", Language.ZH))
    answer = door.interaction(door.submission(view, question="可以吗？"))
    assert (answer.status_code, answer.json()["response_action"]) == (200, "errors")
    assert answer.json()["errors"] == {"question": "现在不行。"}


def test_a_destruction_is_requested_by_form_and_answered_to_the_person(
    live_door: Any, slack: Any
) -> None:
    view = opened(live_door, slack, live_door.shortcut("destroy"))
    body = live_door.submission(
        view,
        description="解约客户的身份证复印件 86 份",
        kind="identity_copy",
        ended_on="2020-05-01",
        dispute="no",
    )
    assert live_door.interaction(body).status_code == 200
    (call,) = slack.wait_for(1)
    assert call.body["channel"] == live_door.user
    assert "DES-2026-" in call.text


def test_a_question_by_form_is_answered_with_its_article(live_door: Any, slack: Any) -> None:
    view = opened(live_door, slack, live_door.shortcut("ask"))
    question = "客户解约三年了，他的身份证复印件可以销毁吗？"
    live_door.interaction(live_door.submission(view, question=question))
    (call,) = slack.wait_for(1)
    assert "第四十七条" in call.text


def test_a_message_is_redacted_for_whoever_asked(live_door: Any, slack: Any) -> None:
    message = {"ts": "1795399100.2", "text": f"客户李文博，身份证号{ID}，下午来取合同"}
    live_door.interaction(live_door.shortcut("message-redact", message))
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel"]) == (POST, live_door.user)
    assert ID not in json.dumps(call.body) and "下午来取合同" in call.text


def test_a_form_slack_will_not_open_any_more_is_said_to_be_late(live_door: Any, slack: Any) -> None:
    slack.answer(OPEN, body={"ok": False, "error": "expired_trigger_id"})
    live_door.interaction(live_door.shortcut("ask"))
    _, direct = slack.wait_for(2)
    assert (direct.path, direct.body["channel"]) == (POST, live_door.user)
    assert "再按一次" in direct.text


@pytest.mark.parametrize("what", ["team", "user"])
def test_shortcuts_of_others_are_left_alone(door: Any, kept: Any, what: str) -> None:
    body = door.shortcut("ask")
    body["team" if what == "team" else "user"] |= (
        {"id": "T0OTHER"} if what == "team" else {"team_id": "T0OTHER"}
    )
    assert door.interaction(body).status_code == 200
    assert kept.kept == {}


@pytest.mark.parametrize("name", sorted(n for n, act in ACTS.items() if act.form))
@pytest.mark.parametrize("language", Language)
def test_every_form_keeps_to_the_limits_of_a_modal(
    name: str, language: Language, door: Any
) -> None:
    form = ACTS[name].form
    assert form is not None
    long = {field.id: "长" * 9000 for field in form(language).fields}
    view = modal(name, form(language).filled(**long), Meant("INC-2026-0001:3", language))
    assert len(view["title"]["text"]) <= modals.MAX_TITLE
    assert len(view["blocks"]) <= modals.MAX_MODAL_BLOCKS
    assert len(view["private_metadata"]) <= 3000
    for block in view["blocks"]:
        element = block.get("element", {})
        assert len(element.get("initial_value", "")) <= modals.MAX_INPUT
        options = element.get("options", [])
        assert len(options) <= modals.MAX_OPTIONS
        assert all(len(one["text"]["text"]) <= modals.MAX_OPTION for one in options)
        assert len(block.get("hint", {}).get("text", "")) <= 150
    empty = problems(form(language), {}, door.now)
    assert set(empty) == {field.id for field in form(language).fields if field.required}
