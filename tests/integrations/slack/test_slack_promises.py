"""What the door must hold under pressure, for every surface: acknowledged at once, once, whatever Slack does."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.app import App
from integrations.replies import Point, Press, Reply, Section, Tone
from integrations.replies.model import Weight
from integrations.slack.blocks import ACT, MAX_BLOCKS, MAX_BUTTON, messages
from records.jobs import Jobs
from records.language import Language

POST, OPEN = "/api/chat.postMessage", "/api/views.open"
# Slack takes longer than this; how long an acknowledgement takes is measured by evals.load.
SOON = 1.4


def shortcut(door: Any) -> Any:
    return door.interaction(door.shortcut("ask"))


def home(door: Any) -> Any:
    body = door.saying("")
    body["event"] = {"type": "app_home_opened", "user": door.user, "channel": "D1", "tab": "home"}
    return door.event(body)


def press(door: Any) -> Any:
    return door.interaction(door.press({"action_id": "act:help:0", "value": "help"}))


def command(door: Any) -> Any:
    return door.command("ask 合同能删吗？", f"{door.app.settings.slack_api_url}commands/1")


def mention(door: Any) -> Any:
    return door.event(door.mentioning("help"))


SURFACES = [shortcut, home, press, command, mention]


@pytest.mark.parametrize("surface", SURFACES, ids=lambda one: one.__name__)
def test_the_first_request_after_a_start_is_acknowledged_though_slack_is_slow(
    slack_app: App, live_door_of: Any, slack: Any, tmp_path: Any, surface: Any
) -> None:
    for path in (POST, OPEN, "/api/views.publish", "/api/auth.test"):
        slack.answer(path, after_seconds=1.5)
    jobs = Jobs(f"sqlite:///{tmp_path / 'jobs.db'}", b"k" * 32, polling_seconds=0.05)
    door = live_door_of(slack_app, jobs)
    jobs.start()
    try:
        started = time.monotonic()
        assert surface(door).status_code == 200
        assert time.monotonic() - started < SOON
        calls = slack.wait_for(1)
    finally:
        jobs.stop()
    assert "/api/auth.test" not in [call.path for call in calls]


@pytest.mark.parametrize("surface", SURFACES, ids=lambda one: one.__name__)
def test_nothing_is_acknowledged_as_done_that_was_not_written_down(
    door: Any, kept: Any, surface: Any
) -> None:
    kept.refusal = ValueError("the disk is full")
    answer = surface(door)
    # A command has no second try: it is told in words.
    assert answer.status_code == (200 if surface is command else 503)
    assert kept.kept == {}
    assert "disk" not in answer.text


def test_many_at_once_are_each_handled_once(live_door: Any, slack: Any) -> None:
    bodies = [live_door.mentioning("help") for _ in range(12)]
    lock, times = threading.Lock(), []

    def send(body: Any) -> int:
        started = time.monotonic()
        status = int(live_door.event(body).status_code)
        with lock:
            times.append(time.monotonic() - started)
        return status

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(send, bodies * 2)) <= {200, 401}
    calls = slack.wait_for(12)
    threads_answered = sorted(call.body["thread_ts"] for call in calls)
    assert threads_answered == sorted(body["event"]["ts"] for body in bodies)


LIVELY = "<!channel> @here <@U0BOT> *粗* <https://evil.example|点这里>"


def test_nothing_in_titles_points_or_buttons_is_read_by_slack() -> None:
    reply = Reply(
        Language.ZH,
        Tone.INFO,
        LIVELY,
        Point(LIVELY),
        sections=(Section(LIVELY, (Point(LIVELY),), (Press("show", LIVELY, "INC-1"),)),),
        presses=(Press("approve", "批准", "DES-1", Weight.GOOD, confirm=LIVELY),),
    )
    for message in messages(reply):
        said = json.dumps(message, ensure_ascii=False)
        assert "<!channel>" not in message["text"] and "@here" not in message["text"]
        for block in message["blocks"]:
            if block["type"] == "section":
                assert "<" not in block["text"]["text"]
            if block["type"] == "actions":
                kinds = {one["text"]["type"] for one in block["elements"]}
                assert kinds == {"plain_text"}
        assert "mrkdwn" in said


def test_many_presses_keep_to_the_limits_of_a_row_and_a_message() -> None:
    presses = tuple(Press("show", "打开" * 60, f"INC-2026-{n:04d}") for n in range(120))
    sections = tuple(Section("一", (Point("二"),), presses[:7]) for _ in range(40))
    reply = Reply(Language.ZH, Tone.INFO, "标题", Point("引"), sections=sections, presses=presses)
    shown: list[str] = []
    for message in messages(reply):
        assert len(message["blocks"]) <= MAX_BLOCKS
        for block in message["blocks"]:
            if block["type"] == "actions":
                ids = [one["action_id"] for one in block["elements"]]
                assert len(ids) == len(set(ids)) <= 25
                assert all(one.startswith(ACT) for one in ids)
                assert all(len(one["text"]["text"]) <= MAX_BUTTON for one in block["elements"])
                shown += [one["value"] for one in block["elements"]]
    assert len(shown) == 120 + 7 * 40


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_actions"},
        {"type": "block_actions", "actions": "x"},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [7]},
        {"type": "block_actions", "actions": [{"action_id": 7}]},
        {"type": "block_actions", "actions": [{"action_id": "act:show:0", "value": {"a": 1}}]},
        {"type": "view_submission"},
        {"type": "view_submission", "view": "x"},
        {"type": "view_submission", "view": {"callback_id": "act:ask", "state": []}},
        {
            "type": "view_submission",
            "view": {"callback_id": "act:ask", "private_metadata": "[", "state": {"values": [1]}},
        },
        {"type": "view_submission", "view": {"callback_id": "act:ask", "state": {"values": {"q": 1}}}},
        {"type": "view_closed", "view": {"callback_id": "act:ask"}},
        {"type": "shortcut"},
        {"type": "shortcut", "callback_id": ["ask"]},
        {"type": "message_action", "callback_id": "message-redact", "message": "x"},
        {"type": "message_action", "callback_id": "message-redact", "message": {"files": [1, {}]}},
        {"type": "no_such_interaction"},
    ],
)  # fmt: skip
def test_misshapen_interactions_are_refused_or_ignored_without_a_trace(
    door: Any, kept: Any, caplog: pytest.LogCaptureFixture, body: Any
) -> None:
    answer = door.interaction({"team": {"id": door.team}, "user": {"id": door.user}, **body})
    assert answer.status_code in (200, 400)
    assert kept.kept == {}
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("kind", ["app_home_opened", "app_uninstalled", "tokens_revoked"])
def test_misshapen_events_are_acknowledged_and_nothing_more(
    door: Any, kept: Any, kind: str
) -> None:
    body = door.saying("")
    body["event"] = {"type": kind, "user": ["x"], "tab": 7, "tokens": "x", "channel": None}
    assert door.event(body).status_code == 200
    assert not [one for one in kept.kept if one.startswith("slack-home")]
