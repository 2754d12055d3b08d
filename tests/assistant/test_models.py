"""Any OpenAI-compatible endpoint over real HTTP: what it refuses, breaks, drips or never ends."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from assistant.errors import ModelFailed
from assistant.models import Endpoint, Guarded, Shape
from assistant.models.endpoint import LONGEST_REPLY
from assistant.models.profiles import profile_of
from pii.cleared import ClearedText, public_text
from records.database import Database

RULES, QUESTION = public_text("规则", source="test"), public_text("秘密的问题", source="test")


class Reply(BaseModel):
    """The shape asked for."""

    text: str


@dataclass
class Server:
    """A local endpoint: each request is answered by the next of `script`, the last one again."""

    script: list[Callable[["Answering", dict[str, Any]], None]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


class Answering(BaseHTTPRequestHandler):
    """Ways in which an endpoint answers."""

    def refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        data = json.dumps({"error": {"message": "秘密的问题 is bad", "code": status}}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def say(self, delta: dict[str, Any]) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.wfile.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def refusing(status: int, **headers: str) -> Callable[[Answering, dict[str, Any]], None]:
    return lambda answer, _body: answer.refuse(status, headers)


def saying(*pieces: str) -> Callable[[Answering, dict[str, Any]], None]:
    def answer(answering: Answering, _body: dict[str, Any]) -> None:
        answering.begin()
        for piece in pieces:
            answering.say({"content": piece})
        answering.end()

    return answer


def calling(*pieces: str) -> Callable[[Answering, dict[str, Any]], None]:
    def answer(answering: Answering, _body: dict[str, Any]) -> None:
        answering.begin()
        for number, piece in enumerate(pieces):
            call: dict[str, Any] = {"index": 0, "function": {"arguments": piece}}
            if number == 0:
                call |= {"id": "c", "type": "function"}
                call["function"]["name"] = "Reply"
            answering.say({"tool_calls": [call]})
        answering.end()

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()

    class Handler(Answering):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.received.append(body)
            scripted = kept.script.pop(0) if len(kept.script) > 1 else kept.script[0]
            # The other side may have gone: what it is meant to do here.
            with contextlib.suppress(OSError):
                scripted(self, body)

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    kept.url = f"http://127.0.0.1:{running.server_port}/v1"
    yield kept
    running.shutdown()
    running.server_close()


def endpoint(server: Server, name: str = "deepseek-chat", *, seconds: float = 10) -> Endpoint:
    return Endpoint(
        name, base_url=server.url, api_key="k", timeout_seconds=seconds, sleep=lambda _s: None
    )


def said(model: Endpoint | Guarded) -> str:
    return "".join(model.stream(RULES, QUESTION, Reply))


def test_a_tool_call_is_asked_for_first_and_read_as_it_arrives(server: Server) -> None:
    server.script = [calling('{"text":', ' "好"}')]
    pieces = list(endpoint(server).stream(RULES, QUESTION, Reply))
    assert [piece for piece in pieces if piece] == ['{"text":', ' "好"}']
    (body,) = server.received
    assert body["tool_choice"]["function"]["name"] == "Reply"
    assert [one["content"] for one in body["messages"]] == ["规则", "秘密的问题"]
    assert (body["temperature"], body["max_tokens"]) == (0, 1500)


def test_what_an_endpoint_does_not_take_is_asked_more_plainly_and_remembered(
    server: Server,
) -> None:
    server.script = [refusing(400), refusing(422), saying('{"text": "好"}')]
    model = endpoint(server)
    assert said(model) == '{"text": "好"}'
    assert said(model) == '{"text": "好"}'
    asked = [("tools" in body, "response_format" in body) for body in server.received]
    assert asked == [(True, False), (False, True), (False, False), (False, False)]


@pytest.mark.parametrize(
    "first", [refusing(429, **{"retry-after": "1"}), refusing(503), refusing(500)]
)
def test_a_passing_fault_is_tried_again(server: Server, first: Any) -> None:
    server.script = [first, saying("好")]
    assert said(endpoint(server)) == "好"


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_not_tried_again(server: Server, status: int) -> None:
    server.script = [refusing(status)]
    with pytest.raises(ModelFailed):
        said(endpoint(server))
    assert len(server.received) == 1


def test_a_failure_says_neither_what_was_asked_nor_what_came_back(server: Server) -> None:
    server.script = [refusing(500)]
    with pytest.raises(ModelFailed) as failure:
        said(endpoint(server))
    assert "秘密" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_an_endpoint_that_never_answers_is_given_up_in_time(server: Server) -> None:
    server.script = [lambda _answer, _body: time.sleep(3)]
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        said(endpoint(server, seconds=0.4))
    assert time.monotonic() - began < 2.5


def test_a_stream_without_end_is_cut_off(server: Server) -> None:
    def drip(answer: Answering, _body: dict[str, Any]) -> None:
        answer.begin()
        while True:
            answer.say({"content": "滴"})
            time.sleep(0.02)

    server.script = [drip]
    with pytest.raises(ModelFailed, match="DeadlinePassed"):
        said(endpoint(server, seconds=0.5))


def test_a_reply_of_any_length_is_not_kept(server: Server) -> None:
    server.script = [saying(*["长" * 1000] * (LONGEST_REPLY // 1000 + 2))]
    with pytest.raises(ModelFailed, match="ReplyTooLong"):
        said(endpoint(server))


@pytest.mark.parametrize("garbage", [b"data: {not json\n\n", b"\x00\xff", b""])
def test_garbage_is_a_failure_or_nothing_never_a_crash(server: Server, garbage: bytes) -> None:
    def answer(answering: Answering, _body: dict[str, Any]) -> None:
        answering.begin()
        answering.wfile.write(garbage)

    server.script = [answer]
    with contextlib.suppress(ModelFailed):
        assert said(endpoint(server)) == ""


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("deepseek-v4-flash", "tool"),
        ("deepseek-reasoner", "json"),
        ("Qwen3-32B", "tool"),
        ("glm-5.3", "json"),
        ("kimi-k2.6", "tool"),
        ("gpt-4o-mini", "tool"),
        ("llama3.1:8b", "json"),
        ("our-own", "json"),
    ],
)
def test_each_family_is_asked_in_its_own_way(name: str, first: str) -> None:
    assert profile_of(name).ladder[0] == first
    assert profile_of(name).ladder[-1] == "plain"


@dataclass
class Scripted:
    """Works or fails as told."""

    works: list[bool]
    name: str = "scripted"
    asked: int = 0

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        self.asked += 1
        if not self.works.pop(0):
            raise ModelFailed("Down")
        yield "好" * 90


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'a.db'}")
    made.upgrade()
    yield made
    made.close()


def test_after_three_failures_it_is_left_alone_for_a_minute(database: Database) -> None:
    now = [datetime(2026, 11, 23, 2, 0, tzinfo=UTC)]
    model = Scripted([False, False, False, True, False])
    guarded = Guarded(model, database, lambda: now[0], daily_tokens=0)
    for _ in range(3):
        with pytest.raises(ModelFailed, match="Down"):
            said(guarded)
    with pytest.raises(ModelFailed, match="Paused"):
        said(guarded)
    assert model.asked == 3
    now[0] += timedelta(seconds=61)
    assert said(guarded) == "好" * 90
    with pytest.raises(ModelFailed, match="Down"):
        said(guarded)


def test_no_more_is_spent_in_a_day_than_allowed_by_any_process(database: Database) -> None:
    now = [datetime(2026, 11, 23, 2, 0, tzinfo=UTC)]
    model = Scripted([True] * 4)
    for _ in range(2):
        said(Guarded(model, database, lambda: now[0], daily_tokens=190))
    with pytest.raises(ModelFailed, match="DailyLimit"):
        said(Guarded(model, database, lambda: now[0], daily_tokens=190))
    assert model.asked == 2
    now[0] += timedelta(days=1)
    said(Guarded(model, database, lambda: now[0], daily_tokens=190))
    assert model.asked == 3
