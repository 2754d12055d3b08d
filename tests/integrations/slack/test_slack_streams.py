"""What is shown in Slack while a model writes: only what stands, always stopped, never twice."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.errors import ModelFailed
from assistant.models import Shape
from integrations.slack import streams
from integrations.slack.blocks import markdown
from pii.cleared import ClearedText
from records.jobs import Jobs

QUESTION = "客户信息泄露了要通知谁"
STATEMENT = "要通知主管部门和个人。"
STATUS, START, APPEND, STOP, UPDATE, POST = (
    f"/api/{method}"
    for method in (
        *("assistant.threads.setStatus", "chat.startStream", "chat.appendStream"),
        *("chat.stopStream", "chat.update", "chat.postMessage"),
    )
)
STREAM = "1795399200.000700"
STARTED = {"ok": True, "ts": STREAM}
NOT_STREAMING = {"ok": False, "error": "message_not_in_streaming_state"}


@dataclass
class Model:
    """Writes a conclusion, one condition more where it is awaited, and one that does not stand.

    After each that stands it waits until Slack was told so, as a model that takes its time.
    """

    slack: Any
    name: str = "scripted"
    awaited: tuple[str, ...] = (START,)
    then: Callable[[], object] = field(default=lambda: None)

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        first = material.text.partition("[S1]")[2].partition("[S2]")[0]
        lines = (one for one in re.split(r"[。\n]", first) if one.startswith("《"))
        words = next(one for one in lines if "并通知" in one)
        quote = words.partition("：")[2]
        more = ["要立即采取补救措施。"] if APPEND in self.awaited else []
        said = [STATEMENT, *more, "要在 36 小时内通知。"]
        points = [{"text": text, "sources": ["S1"], "quote": quote} for text in said]
        whole = json.dumps({"conclusion": points[0], "conditions": points[1:]}, ensure_ascii=False)
        second = whole.index("conditions") + 13
        third = whole.rindex('{"text"')
        for piece, path in zip((whole[:second], whole[second:third]), (START, APPEND), strict=True):
            yield piece
            end = time.monotonic() + 5
            while path in self.awaited and path not in paths(self.slack) and time.monotonic() < end:
                time.sleep(0.01)
            self.then()
        yield whole[third:]


@pytest.fixture
def opened(slack_app: App, live_door: Any, door: Any, tmp_path: Path) -> Callable[..., Any]:
    """A function that opens the door over durable jobs of this test, with a model."""
    # One process works on the jobs of one place.
    live_door.jobs.stop()

    @contextmanager
    def open_with(model: Any, *, within_seconds: int = 10) -> Iterator[Any]:
        jobs = Jobs(f"sqlite:///{tmp_path / 'jobs.db'}", b"k" * 32, polling_seconds=0.05)
        opened = type(door)(replace(slack_app, model=model), jobs)
        jobs.start()
        try:
            yield opened
        finally:
            jobs.stop(within_seconds=within_seconds)

    return open_with


@pytest.fixture(scope="module")
def slack_app(slack_app: App, fake_slack: Any) -> App:
    """The product with a model."""
    return replace(slack_app, model=Model(fake_slack))


@pytest.fixture
def writer(live_door: Any) -> Iterator[Model]:
    """The model of the door that these tests share."""
    model: Model = live_door.app.model
    yield model
    model.awaited, model.then = (START,), lambda: None


def paths(slack: Any) -> list[str]:
    return [call.path for call in slack.calls]


def test_what_stands_is_streamed_and_the_reply_takes_its_place(
    live_door: Any, slack: Any, writer: Model
) -> None:
    writer.awaited = (START, APPEND)
    slack.answer(START, body=STARTED)
    body = live_door.mentioning(QUESTION)
    live_door.event(body)
    slack.wait_for(5)
    status, start, append, stop, update = slack.calls
    assert [status.path, start.path, append.path, stop.path, update.path] == [
        *(STATUS, START, APPEND, STOP, UPDATE)
    ]
    assert status.body["thread_ts"] == start.body["thread_ts"] == body["event"]["ts"]
    assert start.body["markdown_text"].strip() == STATEMENT
    assert start.body["recipient_user_id"] == live_door.user
    assert start.body["recipient_team_id"] == live_door.team
    assert append.body["markdown_text"].strip() == "要立即采取补救措施。"
    assert append.body["ts"] == stop.body["ts"] == update.body["ts"] == STREAM
    assert STATEMENT in update.text
    assert "第五十七条" in update.text
    assert update.body["blocks"]
    assert "36 小时" not in json.dumps([call.body for call in slack.calls], ensure_ascii=False)


def test_in_a_direct_message_no_reader_is_named(live_door: Any, slack: Any, writer: Model) -> None:
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(4)
    assert paths(slack) == [STATUS, START, STOP, UPDATE]
    assert not {"recipient_user_id", "recipient_team_id"} & slack.calls[1].body.keys()


def test_an_answer_that_is_whole_at_once_is_posted_without_a_stream(
    live_door: Any, slack: Any, writer: Model
) -> None:
    writer.awaited = ()
    # Long enough that the answer is whole before Slack has said a word, on a busy machine too.
    slack.answer(STATUS, after_seconds=3)
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(2)
    assert paths(slack) == [STATUS, POST]


def test_the_command_is_answered_to_its_user_alone_without_a_stream(
    live_door: Any, slack: Any, writer: Model
) -> None:
    writer.awaited = ()
    live_door.command(f"ask {QUESTION}", slack.response_url())
    (call,) = slack.wait_for(1)
    assert STATEMENT in call.text
    assert call.body["response_type"] == "ephemeral"


def test_where_the_rules_answer_nothing_is_streamed(
    live_door: Any, slack: Any, writer: Model
) -> None:
    live_door.event(live_door.saying("客户解约三年了，他的身份证复印件可以销毁吗？"))
    slack.wait_for(2)
    assert paths(slack) == [STATUS, POST]


def test_a_refusal_of_one_place_is_not_held_against_others(
    live_door: Any, slack: Any, writer: Model
) -> None:
    slack.answer(START, body={"ok": False, "error": "channel_not_found"})
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(3)
    assert paths(slack) == [STATUS, START, POST]
    slack.clear()
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(4)
    assert paths(slack) == [STATUS, START, STOP, UPDATE]


def test_a_stream_that_slack_ended_itself_still_becomes_the_reply(
    live_door: Any, slack: Any, writer: Model
) -> None:
    writer.awaited = (START, APPEND)
    slack.answer(APPEND, body=NOT_STREAMING)
    slack.answer(STOP, body=NOT_STREAMING)
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(5)
    assert paths(slack) == [STATUS, START, APPEND, STOP, UPDATE]


def test_a_stop_that_was_refused_is_made_up_for_before_the_reply(
    live_door: Any, slack: Any, writer: Model
) -> None:
    slack.answer(STOP, status=500, body={"ok": False, "error": "internal_error"})
    slack.answer(UPDATE, body={"ok": False, "error": "streaming_state_conflict"})
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(6)
    assert paths(slack) == [STATUS, START, STOP, UPDATE, STOP, UPDATE]


def test_a_message_that_may_not_be_changed_is_followed_by_the_reply(
    live_door: Any, slack: Any, writer: Model
) -> None:
    for _ in range(2):
        slack.answer(UPDATE, body={"ok": False, "error": "cant_update_message"})
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(7)
    assert paths(slack) == [STATUS, START, STOP, UPDATE, STOP, UPDATE, POST]
    assert STATEMENT in slack.calls[-1].text


def test_a_reply_whose_arrival_nobody_saw_is_put_in_the_same_place_again(
    live_door: Any, slack: Any, writer: Model
) -> None:
    slack.answer(UPDATE, status=500, body={"ok": False, "error": "internal_error"})
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(5)
    assert paths(slack) == [STATUS, START, STOP, UPDATE, UPDATE]
    assert slack.calls[-1].body == slack.calls[-2].body


def test_a_model_that_breaks_off_leaves_no_stream_open(
    live_door: Any, slack: Any, writer: Model
) -> None:
    def break_off() -> None:
        raise ModelFailed("DeadlinePassed")

    writer.then = break_off
    live_door.event(live_door.saying(QUESTION))
    slack.wait_for(4)
    assert paths(slack) == [STATUS, START, STOP, UPDATE]
    # The rules' own answer, whole.
    assert "第五十七条" in slack.calls[-1].text


def test_where_streams_are_not_allowed_the_reply_is_posted_and_they_are_not_tried_again(
    opened: Any, slack: Any
) -> None:
    slack.answer(STATUS, body={"ok": False, "error": "missing_scope"})
    slack.answer(START, body={"ok": False, "error": "unknown_method"})
    model = Model(slack)
    with opened(model) as door:
        door.event(door.saying(QUESTION))
        slack.wait_for(3)
        model.awaited = ()
        door.event(door.saying(QUESTION))
        slack.wait_for(4)
    assert paths(slack) == [STATUS, START, POST, POST]


def test_while_slack_limits_us_nothing_is_streamed(opened: Any, slack: Any) -> None:
    limited = {"ok": False, "error": "ratelimited"}
    slack.answer(START, status=429, body=limited, headers={"Retry-After": "30"})
    model = Model(slack)
    with opened(model) as door:
        door.event(door.saying(QUESTION))
        slack.wait_for(3)
        model.awaited = ()
        door.event(door.saying(QUESTION))
        slack.wait_for(4)
    assert paths(slack) == [STATUS, START, POST, POST]


def test_a_slow_slack_holds_up_neither_the_model_nor_the_reply_for_long(
    opened: Any, slack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "TIMEOUT_SECONDS", 1)
    slack.answer(START, after_seconds=12)
    with opened(Model(slack)) as door:
        begun = time.monotonic()
        door.event(door.saying(QUESTION))
        slack.wait_for(3)
        assert paths(slack) == [STATUS, START, POST]
        # One call of a second at most was waited for, not the twelve of Slack.
        assert time.monotonic() - begun < 12


def test_a_stop_in_the_middle_ends_the_stream_and_the_next_start_completes_it_once(
    opened: Any, slack: Any
) -> None:
    slack.answer(START, body=STARTED)
    released = threading.Event()
    stuck = Model(slack, then=lambda: released.wait(30))
    with opened(stuck, within_seconds=0) as door:
        body = door.mentioning(QUESTION)
        door.event(body)
        slack.wait_for(2, settled=False)
    assert paths(slack) == [STATUS, START, STOP]
    slack.clear()
    with opened(Model(slack, awaited=())) as door:
        slack.wait_for(2)
        # Slack sends the message again.
        door.event(body)
        calls = slack.wait_for(3, seconds=1)
        released.set()
    assert [call.path for call in calls] == [STOP, UPDATE]
    assert {call.body["ts"] for call in calls} == {STREAM}
    assert STATEMENT in calls[-1].text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<!channel> @here", "＜!channel＞ ＠here"),
        ("[看这里](https://evil.example)", "［看这里］(https：//evil.example)"),
        ("# 大标题\n- 一\n1. 二", "大标题\n一\n二"),
        ("**粗** `码` ~删~", "＊＊粗＊＊ ｀码｀ ～删～"),
        ("&lt;!channel&gt;", "＆lt;!channel＆gt;"),
        ("30 日内；3.5 万元", "30 日内；3.5 万元"),
    ],
)
def test_nothing_in_a_statement_is_read_as_markdown(written: str, shown: str) -> None:
    assert markdown(written) == shown
