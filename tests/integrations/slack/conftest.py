"""A local imitation of Slack, signed requests, and the door on real jobs."""

import hashlib
import hmac
import itertools
import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from dbos import DBOS
from dbos import error as dbos_error
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.app import App, build
from assistant.settings import Settings
from integrations.slack.bot import slack_routes
from pii.detect import PresidioDetector
from records.jobs import Jobs, Payload

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-invented-token"
TEAM, USER, BOT = "T0QINGHE", "U0LINXIAO", "U0BOT"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass
class Call:
    """One request that the imitation received."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))


@dataclass
class Answer:
    """What the imitation says to the next request of a path."""

    status: int = 200
    body: Any = field(default_factory=lambda: {"ok": True, "ts": "1.1"})
    headers: Mapping[str, str] = field(default_factory=dict)
    after_seconds: float = 0


def _body(raw: bytes, content_type: str) -> dict[str, Any]:
    """What was posted: JSON, a form with its JSON values read, or bytes."""
    if raw[:1] == b"{":
        return dict(json.loads(raw))
    if not content_type.startswith("application/x-www-form-urlencoded"):
        return {"bytes": raw}
    form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return {k: json.loads(v) if v[:1] in {"{", "["} else v for k, v in form.items()}


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


class FakeSlack:
    """Slack as far as we use it: records requests, gives scripted answers."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.script: dict[str, list[Answer]] = {}
        # While Slack is away every call gets this.
        self.away: Answer | None = None
        self._lock = threading.Lock()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                self._answer(self.path, _body(raw, self.headers.get("content-type", "")))

            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                self._answer(path, dict(parse_qsl(query)))

            def _answer(self, path: str, body: dict[str, Any]) -> None:
                answer = fake.take(Call(path, dict(self.headers), body))
                time.sleep(answer.after_seconds)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(_bytes(answer.body))
                except OSError:
                    pass

            def log_message(self, *_arguments: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/"

    def take(self, call: Call) -> Answer:
        with self._lock:
            if self.away:
                return self.away
            self.calls.append(call)
            scripted = self.script.get(call.path, [])
            return scripted.pop(0) if scripted else Answer()

    def response_url(self) -> str:
        return f"{self.url}commands/{next(_numbers)}"

    def wait_for(self, count: int, *, seconds: float = 15, settled: bool = True) -> list[Call]:
        """The calls, once there are so many and no job is left that could make more."""
        end = time.monotonic() + seconds
        while len(self.calls) < count and time.monotonic() < end:
            time.sleep(0.02)
        if settled:
            settle()
        return list(self.calls)

    def answer(self, path: str, **answer: Any) -> None:
        """Script the next answer to a path."""
        self.script.setdefault(path, []).append(Answer(**answer))

    def go_away(self) -> None:
        """Answer every call that there is no service, until `come_back`."""
        self.away = Answer(status=503, body={"ok": False, "error": "service_unavailable"})

    def come_back(self) -> None:
        self.away = None

    def clear(self) -> None:
        self.away = None
        self.calls.clear()
        self.script.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def settle(*, seconds: float = 10) -> None:
    """Return when every job handed in has ended, or no jobs run."""
    end = time.monotonic() + seconds
    with suppress(dbos_error.DBOSException):
        while DBOS.list_workflows(status=["ENQUEUED", "PENDING"], limit=1):
            if time.monotonic() > end:
                return
            time.sleep(0.02)


class KeptJobs:
    """Stands for Jobs where nothing is to be worked on: keeps what was handed in."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.kept: dict[str, Payload] = {}
        self.refusal = refusal

    def handle(self, kind: str, handler: object, *, lanes: str = "") -> None:
        """Nothing is worked on."""

    def every(self, cron: str, name: str, task: object) -> None:
        """No time passes."""

    def at_stop(self, task: object) -> None:
        """Nothing runs, so nothing is to be stopped."""

    def pause(self, seconds: float) -> None:
        """Nothing runs, so nothing waits."""

    def submit(self, kind: str, job_id: str, payload: Payload, *, lane: str = "") -> None:
        if self.refusal:
            raise self.refusal
        self.kept.setdefault(f"{kind}:{job_id}", payload)


def sign(raw: bytes, timestamp: str, secret: str = SECRET) -> str:
    message = b"v0:" + timestamp.encode() + b":" + raw
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed(
    raw: bytes, *, content_type: str = "application/json", at: datetime = NOW
) -> dict[str, str]:
    """The headers Slack would send with these bytes."""
    timestamp = str(int(at.timestamp()))
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(raw, timestamp),
    }


def event_body(
    kind: str, text: str, *, ts: str | None = None, channel: str = "C0GENERAL", **more: Any
) -> dict[str, Any]:
    """An event as Slack sends it; each call a new event; a new message unless `ts` is given."""
    number = next(_numbers)
    event = {
        "type": kind,
        "user": USER,
        "text": text,
        "channel": channel,
        "ts": ts or f"{int(NOW.timestamp()) - 5}.{number:06d}",
        **more,
    }
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0APP",
        "event_id": f"Ev{number:08d}",
        "event_time": int(NOW.timestamp()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": event,
    }


def mention(text: str, **more: Any) -> dict[str, Any]:
    return event_body("app_mention", f"<@{BOT}> {text}", **more)


def direct(text: str, **more: Any) -> dict[str, Any]:
    return event_body("message", text, channel="D0LINXIAO", channel_type="im", **more)


class Door:
    """The door as Slack sees it."""

    def __init__(self, app: App, jobs: Any, sleeps: list[float] | None = None) -> None:
        self.app = app
        self.jobs = jobs
        routes = slack_routes(app, jobs, sleep=(sleeps if sleeps is not None else []).append)
        self.client = TestClient(Starlette(routes=routes))

    sign = staticmethod(sign)
    signed = staticmethod(signed)
    mentioning = staticmethod(mention)
    saying = staticmethod(direct)
    now, team, user, bot = NOW, TEAM, USER, BOT

    def post(self, raw: bytes, headers: Mapping[str, str], path: str = "/slack/events") -> Any:
        return self.client.post(path, content=raw, headers=headers)

    def event(self, body: Mapping[str, Any], **more: Any) -> Any:
        raw = json.dumps(body, ensure_ascii=False).encode()
        return self.post(raw, signed(raw, **more))

    def click(self, button: Mapping[str, Any], *, thread: str) -> dict[str, Any]:
        """What Slack sends when somebody presses a button of ours in a thread."""
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": USER, "team_id": TEAM},
            "channel": {"id": "C0GENERAL"},
            "container": {"type": "message", "message_ts": f"{thread}1", "channel_id": "C0GENERAL"},
            "message": {"ts": f"{thread}1", "thread_ts": thread},
            "trigger_id": f"{next(_numbers)}.1.abc",
            "actions": [{"type": "button", "block_id": "b", "action_ts": thread, **button}],
        }

    def press(self, button: Mapping[str, Any], *, user: str = USER, **place: Any) -> dict[str, Any]:
        """What Slack sends when a button is pressed in direct messages, or where `place` says."""
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "container": {"type": "message", "message_ts": "1795.5", "channel_id": "D0LINXIAO"},
            "message": {"ts": "1795.5"},
            "trigger_id": f"{next(_numbers)}.2.abc",
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1795.9", **button}],
            **place,
        }

    def shortcut(self, callback_id: str, message: Mapping[str, Any] | None = None) -> Any:
        """What Slack sends when a shortcut is chosen; one of a message with that message."""
        about = {"channel": {"id": "C0GENERAL"}, "message": message} if message else {}
        return {
            "type": "message_action" if message else "shortcut",
            "callback_id": callback_id,
            "team": {"id": TEAM},
            "user": {"id": USER, "team_id": TEAM},
            "trigger_id": f"{next(_numbers)}.3.abc",
            **about,
        }

    def submission(self, view: Mapping[str, Any], *, user: str = USER, **values: Any) -> Any:
        """What Slack sends when a form is handed in with these values, as its elements name them."""
        number = next(_numbers)
        kinds = {b["block_id"]: b["element"]["type"] for b in view["blocks"] if "element" in b}
        return {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": f"{number}.4.abc",
            "view": {
                **view,
                "id": f"V{number:08d}",
                "hash": f"{number}.abc",
                "state": {
                    "values": {
                        name: {name: _filled(kinds.get(name, ""), value)}
                        for name, value in values.items()
                    }
                },
            },
        }

    def interaction(self, body: Mapping[str, Any], *, at: datetime = NOW) -> Any:
        raw = urlencode({"payload": json.dumps(body, ensure_ascii=False)}).encode()
        kind = "application/x-www-form-urlencoded"
        return self.post(raw, signed(raw, content_type=kind, at=at), "/slack/interactions")

    def command(self, text: str, response_url: str, **fields: str) -> Any:
        number = next(_numbers)
        form = {
            "command": "/compliance",
            "text": text,
            "team_id": TEAM,
            "user_id": USER,
            "channel_id": "C0GENERAL",
            "trigger_id": f"{number}.{number}.abc",
            "response_url": response_url,
            **fields,
        }
        raw = urlencode(form).encode()
        kind = "application/x-www-form-urlencoded"
        return self.post(raw, signed(raw, content_type=kind), "/slack/commands")


def _filled(kind: str, value: Any) -> dict[str, Any]:
    """The state of one element of a form."""
    match kind:
        case "static_select":
            return {"type": kind, "selected_option": {"value": value}}
        case "datepicker":
            return {"type": kind, "selected_date": value}
        case "datetimepicker":
            return {"type": kind, "selected_date_time": value}
        case _:
            return {"type": kind, "value": value}


def buttons_in(call: Call) -> dict[str, dict[str, Any]]:
    """The buttons of a message or Home tab by the act they are for, the first of each."""
    blocks = call.body.get("blocks") or call.body["view"]["blocks"]
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    listed = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    found: dict[str, dict[str, Any]] = {}
    for one in listed:
        name = one["action_id"].removeprefix("act:").rpartition(":")[0] or one["action_id"]
        found.setdefault(name, one)
    return found


@pytest.fixture
def buttons() -> Any:
    """A function that reads the buttons of a message by the act they are for."""
    return buttons_in


@pytest.fixture(scope="module", autouse=True)
def _no_turns() -> Iterator[None]:
    """The schedule never strikes here: what a turn sends would fall into another test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Jobs, "every", lambda *_arguments: None)
        yield


@pytest.fixture(scope="session")
def fake_slack() -> Iterator[FakeSlack]:
    fake = FakeSlack()
    yield fake
    fake.close()


@pytest.fixture
def slack(fake_slack: FakeSlack) -> Iterator[FakeSlack]:
    """The imitation, with nothing recorded and nothing scripted; left when all jobs are done."""
    fake_slack.clear()
    yield fake_slack
    settle()


@pytest.fixture(scope="module")
def slack_app(
    small_home: Path,
    detector: PresidioDetector,
    fake_slack: FakeSlack,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[App]:
    """The product on the small library, set up for the imitation."""
    home = tmp_path_factory.mktemp("slack") / "home"
    shutil.copytree(small_home, home)
    settings = Settings(
        home=home,
        officer="客户信息负责人 privacy@qinghe.example",
        slack_bot_token=SecretStr(TOKEN),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=fake_slack.url,
        slack_team_id=TEAM,
    )
    app = build(settings, clock=lambda: NOW, detector=detector)
    yield app
    app.close()


@pytest.fixture(scope="module")
def live_door(
    _no_turns: None, slack_app: App, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The door over real durable jobs."""
    folder = tmp_path_factory.mktemp("jobs")
    jobs = Jobs(
        f"sqlite:///{folder / 'jobs.db'}", b"k" * 32, polling_seconds=0.05, outage_seconds=0.05
    )
    door = Door(slack_app, jobs)
    jobs.start()
    yield door
    jobs.stop()


@pytest.fixture(scope="session")
def live_door_of() -> type[Door]:
    """Makes the door of another app over jobs of its own."""
    return Door


@pytest.fixture
def kept() -> KeptJobs:
    return KeptJobs()


@pytest.fixture
def door(slack_app: App, kept: KeptJobs) -> Door:
    """The door over jobs that only keep."""
    return Door(slack_app, kept)
