"""Socket Mode: the same listeners over a connection we open; it ends on SIGTERM."""

import json
import os
import queue
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from assistant.app import App
from integrations.slack import socket_mode
from integrations.slack.bot import build_bot, run_socket_mode
from integrations.slack.socket_mode import connect, end
from records.errors import BadInput, Unavailable
from tests.integrations.chats import KeptJobs

OPEN = "/api/apps.connections.open"
APP_TOKEN = "xapp-invented-token"


class Link:
    """The far end of the connection: sends envelopes, keeps what comes back."""

    def __init__(self) -> None:
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.opened = threading.Event()
        self._connection: ServerConnection | None = None
        self._server = serve(self._serve, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link"

    def _serve(self, connection: ServerConnection) -> None:
        self._connection = connection
        self.opened.set()
        with suppress(ConnectionClosed):
            for message in connection:
                self.answers.put(json.loads(message))

    def send(self, kind: str, payload: Any) -> None:
        assert self.opened.wait(10)
        assert self._connection is not None
        self.send_raw({"envelope_id": "e1", "type": kind, "payload": payload})

    def send_raw(self, message: dict[str, Any]) -> None:
        assert self._connection is not None
        self._connection.send(json.dumps(message))

    def drop(self) -> None:
        """Gone without a word, as when a cable is pulled; whoever comes next is a new connection."""
        assert self._connection is not None
        self.opened.clear()
        self._connection.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()


@pytest.fixture
def link(slack: Any) -> Iterator[Link]:
    link = Link()
    slack.answer(OPEN, body={"ok": True, "url": link.url})
    yield link
    link.close()


def test_an_event_is_written_down_and_then_acknowledged(
    slack_app: App, slack: Any, kept: Any, link: Link, door: Any
) -> None:
    bolt = build_bot(slack_app, kept)
    client = connect(bolt, app_token=APP_TOKEN, base_url=slack.url)
    try:
        link.send("events_api", door.mentioning("问题"))
        assert link.answers.get(timeout=10) == {"envelope_id": "e1"}
        (said,) = kept.kept.values()
        assert said["text"] == "问题"
        link.send("events_api", {**door.mentioning("问题"), "team_id": "T0OTHER"})
        assert link.answers.get(timeout=10) == {"envelope_id": "e1"}
        assert len(kept.kept) == 1
    finally:
        end(client)
    (opened,) = [call for call in slack.calls if call.path == OPEN]
    assert opened.headers["Authorization"] == f"Bearer {APP_TOKEN}"


@pytest.mark.parametrize("goodbye", [True, False])
def test_after_a_lost_connection_it_goes_on_over_a_new_one(
    slack_app: App, slack: Any, kept: Any, link: Link, door: Any, goodbye: bool, monkeypatch: Any
) -> None:
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.2)
    slack.answer(OPEN, body={"ok": True, "url": link.url})
    client = connect(build_bot(slack_app, kept), app_token=APP_TOKEN, base_url=slack.url)
    try:
        assert link.opened.wait(10)
        if goodbye:
            link.opened.clear()
            link.send_raw({"type": "disconnect", "reason": "refresh_requested"})
        else:
            link.drop()
        assert link.opened.wait(20)
        link.send("events_api", door.mentioning("问题"))
        assert link.answers.get(timeout=10) == {"envelope_id": "e1"}
        assert len(kept.kept) == 1
    finally:
        end(client)


def test_what_cannot_be_kept_is_not_acknowledged(
    slack_app: App, slack: Any, kept: Any, link: Link, door: Any
) -> None:
    kept.refusal = Unavailable("现在不行。", "Not now.")
    client = connect(build_bot(slack_app, kept), app_token=APP_TOKEN, base_url=slack.url)
    try:
        link.send("events_api", door.mentioning("问题"))
        with pytest.raises(queue.Empty):
            link.answers.get(timeout=1)
    finally:
        end(client)


def _with_app_token(app: App, token: str | None) -> App:
    secret = SecretStr(token) if token else None
    return replace(app, settings=app.settings.model_copy(update={"slack_app_token": secret}))


def test_sigterm_ends_it_and_the_jobs(slack_app: App, slack: Any, link: Link) -> None:
    def terminate() -> None:
        link.opened.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)

    jobs: Any = KeptJobs()
    killer = threading.Thread(target=terminate)
    killer.start()
    before = signal.getsignal(signal.SIGTERM)
    said = []
    run_socket_mode(
        _with_app_token(slack_app, APP_TOKEN), jobs, connected=lambda: said.append("connected")
    )
    killer.join()
    assert said == ["connected"]
    assert jobs.told == ["start", "stop"]
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    "answer",
    [{"body": {"ok": False, "error": "invalid_auth"}}, {"status": 500, "body": "oops"}],
)
def test_a_refused_connection_is_said_in_a_sentence(
    slack_app: App, slack: Any, answer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    slack.answer(OPEN, **answer)
    jobs: Any = KeptJobs()
    with pytest.raises(Unavailable, match="COMPLIANCE_SLACK_A"):
        run_socket_mode(_with_app_token(slack_app, APP_TOKEN), jobs)
    assert jobs.told == ["start", "stop"]
    assert APP_TOKEN not in caplog.text


def test_without_its_token_it_says_which_setting_is_missing(slack_app: App) -> None:
    jobs: Any = KeptJobs()
    with pytest.raises(BadInput, match="COMPLIANCE_SLACK_APP_TOKEN"):
        run_socket_mode(_with_app_token(slack_app, None), jobs)
    assert jobs.told == []
