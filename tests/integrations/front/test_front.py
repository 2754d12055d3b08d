"""The front in a process of its own, called over real connections, with a service behind it."""

import asyncio
import base64
import itertools
import json
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from integrations.front.behind import ServerBehind
from integrations.slack.letters import Letters
from integrations.web.headers import HEADERS
from records.letter_box import Letter, LetterBox

KEY, SECRET = b"k" * 32, "8f742231b10e8888abcd99yyyzzz85a5"
EVENTS, INTERACTIONS = "/slack/events", "/slack/interactions"
FORM = "application/x-www-form-urlencoded"
_numbers = itertools.count()


async def told(request: Request) -> JSONResponse:
    """What reached the service."""
    body = await request.body()
    assert request.client is not None
    said = {"path": str(request.url), "size": len(body), "peer": request.client.port}
    return JSONResponse({**said, "host": request.headers["host"]})


async def counted(_request: Request) -> StreamingResponse:
    async def numbers() -> AsyncIterator[str]:
        for number in range(3):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(numbers(), media_type="text/event-stream")


WEB = Starlette(
    routes=[
        Route("/numbers", counted),
        Route("/{rest:path}", told, methods=["GET", "POST", "PUT"]),
    ]
)


@dataclass
class Running:
    """A service behind a front, and what it was told."""

    server: ServerBehind
    url: str
    box: LetterBox
    folder: Path
    answered: list[Mapping[str, Any]] = field(default_factory=list)

    def post(self, body: bytes, headers: Mapping[str, str], path: str = EVENTS) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", content=body, headers=dict(headers), timeout=20)

    def letters(self) -> list[dict[str, Any]]:
        return [one for name in self.box.waiting() for one in self.box.open(name)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answered: list[Mapping[str, Any]] = []
    given = {
        "secret": SECRET,
        "paths": [EVENTS, INTERACTIONS],
        "folder": str(tmp_path / "letters"),
        "key": base64.b64encode(KEY).decode(),
        "logs": "text",
    }
    config = uvicorn.Config(WEB, host="127.0.0.1", port=port, log_level="error")
    server = ServerBehind(config, given, answered.append)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert soon(lambda: server.started and hasattr(server, "front"))
    box = LetterBox(tmp_path / "letters", KEY)
    made = Running(server, f"http://127.0.0.1:{port}", box, tmp_path / "letters", answered)
    assert soon(lambda: httpx.get(made.url, timeout=20).status_code == 200)
    yield made
    server.should_exit = True
    thread.join()


def soon(holds: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def signed(live_signature: Callable[[bytes, str], str]) -> Callable[..., dict[str, str]]:
    """The headers Slack would send now with these bytes."""

    def headers(raw: bytes, kind: str = "application/json", *, age: int = 0) -> dict[str, str]:
        moment = str(int(time.time()) - age)
        return {
            "content-type": kind,
            "x-slack-request-timestamp": moment,
            "x-slack-signature": live_signature(raw, moment),
        }

    return headers


def event(text: str = "问题") -> bytes:
    said = {"type": "message", "channel": "D1", "user": "U1", "ts": "1.1", "text": text}
    body = {"type": "event_callback", "event_id": f"Ev{next(_numbers)}", "event": said}
    return json.dumps(body, ensure_ascii=False).encode()


def interaction(kind: str) -> bytes:
    view = {"type": "modal", "callback_id": "act:ask"}
    return urlencode({"payload": json.dumps({"type": kind, "view": view})}).encode()


Signed = Callable[..., dict[str, str]]


def test_an_event_is_on_disk_when_it_is_acknowledged(running: Running, signed: Signed) -> None:
    raw = event()
    answer = running.post(raw, signed(raw))
    (letter,) = running.letters()
    assert (answer.status_code, answer.content) == (200, b"")
    assert letter["body"] == raw.decode()
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert soon(lambda: len(running.answered) == 1)
    assert running.answered[0]["route"] == EVENTS and running.answered[0]["status"] == 200


@pytest.mark.parametrize("kind", ["block_actions", "shortcut", "message_action"])
def test_presses_and_shortcuts_are_acknowledged_too(
    running: Running, signed: Signed, kind: str
) -> None:
    raw = interaction(kind)
    assert running.post(raw, signed(raw, FORM), INTERACTIONS).content == b""
    assert len(running.letters()) == 1


@pytest.mark.parametrize(
    ("path", "raw", "kind"),
    [
        (EVENTS, b'{"type": "url_verification", "challenge": "x"}', "application/json"),
        (INTERACTIONS, interaction("view_submission"), FORM),
        ("/slack/commands", b"command=%2Fcompliance&text=help", FORM),
    ],
)
def test_what_wants_words_reaches_the_service_whole(
    running: Running, signed: Signed, path: str, raw: bytes, kind: str
) -> None:
    reached = running.post(raw, signed(raw, kind), path).json()
    assert (reached["path"], reached["size"]) == (f"{running.url}{path}", len(raw))
    assert running.letters() == []


def test_refused_requests_are_answered_without_asking_the_service(
    running: Running, signed: Signed
) -> None:
    raw = event("我的秘密13800138000")
    large = b'{"a":"' + b"x" * 1024 * 1024 + b'"}'
    wrong = {**signed(raw), "x-slack-signature": "v0=" + "0" * 64}
    assert running.post(raw, wrong).status_code == 401
    assert running.post(raw, {"content-type": "application/json"}).status_code == 401
    assert running.post(raw, signed(raw, age=301)).status_code == 401
    assert running.post(b"[1]", signed(b"[1]")).status_code == 400
    assert running.post(raw, signed(raw, "text/plain")).status_code == 415
    assert told_status(running, large, signed(large)) == 413
    assert running.letters() == []


def told_status(running: Running, raw: bytes, headers: Mapping[str, str]) -> int:
    """The status that is given before the body was sent."""
    address = httpx.URL(running.url)
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((address.host, address.port or 80), 20) as caller:
        caller.sendall(head.encode() + b"\r\n")
        return int(caller.recv(100).split()[1])


def test_a_recorded_request_sent_again_is_refused(running: Running, signed: Signed) -> None:
    raw = event()
    headers = signed(raw)
    assert [running.post(raw, headers).status_code for _ in range(3)] == [200, 401, 401]
    assert len(running.letters()) == 1


def test_what_cannot_be_kept_is_not_acknowledged_and_may_come_again(
    running: Running, signed: Signed
) -> None:
    raw = event()
    headers = signed(raw)
    # A file stands where the folder should be.
    running.folder.write_bytes(b"")
    assert running.post(raw, headers).status_code == 503
    running.folder.unlink()
    assert running.post(raw, headers).status_code == 200
    assert len(running.letters()) == 1


def test_a_request_in_small_pieces_is_whole(running: Running, signed: Signed) -> None:
    raw = event()
    address = httpx.URL(running.url)
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in signed(raw).items())
    whole = head.encode() + b"\r\n" + raw
    with socket.create_connection((address.host, address.port or 80), 20) as caller:
        for part in (whole[:3], whole[3:20], whole[20:200], whole[200:-5], whole[-5:]):
            caller.sendall(part)
            time.sleep(0.02)
        assert caller.recv(100).startswith(b"HTTP/1.1 200")
    assert len(running.letters()) == 1


def test_every_other_caller_keeps_address_host_body_and_stream(running: Running) -> None:
    upload = os.urandom(3_000_000)
    with socket.create_connection(
        (httpx.URL(running.url).host, httpx.URL(running.url).port or 80)
    ) as caller:
        ours = caller.getsockname()[1]
        caller.sendall(b"GET /page?a=1 HTTP/1.1\r\nHost: tunnel.example\r\n\r\n")
        parts = b"".join(iter(lambda: caller.recv(4096), b""))
    reached = json.loads(parts.partition(b"\r\n\r\n")[2])
    assert (reached["peer"], reached["host"]) == (ours, "tunnel.example")
    assert reached["path"].endswith("/page?a=1")
    assert httpx.put(f"{running.url}/u", content=upload, timeout=20).json()["size"] == len(upload)
    assert (
        httpx.get(f"{running.url}/numbers", timeout=20).text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"
    )


def test_a_front_that_is_killed_is_begun_again_and_nobody_is_turned_away(
    running: Running, signed: Signed
) -> None:
    before, raw = running.server.front.pid, event()
    os.kill(before, signal.SIGKILL)
    time.sleep(0.1)
    # Nobody takes calls just now: this one waits.
    assert running.post(raw, signed(raw)).status_code == 200
    assert running.server.front.pid != before
    assert len(running.letters()) == 1


def test_at_the_end_what_was_begun_is_answered_and_the_front_is_gone(
    running: Running, signed: Signed
) -> None:
    pid, raw = running.server.front.pid, event()
    address = httpx.URL(running.url)
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in signed(raw).items())
    with socket.create_connection((address.host, address.port or 80), 20) as caller:
        caller.sendall(head.encode() + b"\r\n")
        time.sleep(0.3)
        running.server.should_exit = True
        time.sleep(0.3)
        caller.sendall(raw)
        assert caller.recv(100).startswith(b"HTTP/1.1 200")
    assert len(running.letters()) == 1
    assert soon(lambda: not Path(f"/proc/{pid}").exists())


def test_letters_become_jobs_once_each_in_their_order(tmp_path: Path) -> None:
    box, done = LetterBox(tmp_path, KEY), list[str]()
    for text in "abc":
        box.put([letter(text)])

    def work(one: Letter) -> bool:
        done.append(one["body"])
        return True

    letters = Letters(box, work)
    letters.start()
    letters.come()
    assert soon(lambda: not box.waiting())
    letters.stop()
    assert done == ["a", "b", "c"]


def test_a_letter_that_cannot_become_a_job_waits_for_the_next_start(tmp_path: Path) -> None:
    box = LetterBox(tmp_path, KEY)
    box.put([letter("a")])
    first = Letters(box, lambda one: False)
    first.start()
    first.stop()
    assert len(box.waiting()) == 1
    second = Letters(box, lambda one: True)
    second.start()
    second.stop()
    assert box.waiting() == []


def test_one_that_is_damaged_keeps_none_of_the_others(tmp_path: Path) -> None:
    box, done = LetterBox(tmp_path, KEY), list[str]()
    for text in "ab":
        box.put([letter(text)])
    (tmp_path / box.waiting()[0]).write_bytes(b"damaged")
    letters = Letters(box, lambda one: not done.append(one["body"]))  # type: ignore[func-returns-value]
    letters.start()
    letters.stop()
    assert (done, box.waiting(), len(box.damaged())) == (["b"], [], 1)


def letter(text: str) -> dict[str, str]:
    return {
        "body": text,
        "content_type": "application/json",
        "heard_at": "2099-01-01T00:00:00+00:00",
    }
