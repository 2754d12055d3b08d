"""A local imitation of Slack, signed requests, and the door on real jobs."""

import hashlib
import hmac
import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.app import App, build
from assistant.settings import Settings
from integrations.slack.bot import slack_requests, slack_routes
from pii.detect import PresidioDetector
from records.jobs import Jobs
from tests.homes import copy_home
from tests.integrations.chats import Answer, Imitation, KeptJobs, settle, wait_for

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


def _body(raw: bytes, content_type: str) -> dict[str, Any]:
    """What was posted: JSON, a form with its JSON values read, or bytes."""
    if raw[:1] == b"{":
        return dict(json.loads(raw))
    if not content_type.startswith("application/x-www-form-urlencoded"):
        return {"bytes": raw}
    form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return {k: json.loads(v) if v[:1] in {"{", "["} else v for k, v in form.items()}


class FakeSlack(Imitation):
    """Slack as far as we use it: records requests, gives scripted answers."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        # While Slack is away every call gets this.
        self.away: Answer | None = None
        self._lock = threading.Lock()
        super().__init__(self.take)
        self.url = f"{self.origin}/api/"

    def take(self, method: str, address: str, headers: Mapping[str, str], raw: bytes) -> Answer:
        path, _, query = address.partition("?")
        kind = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
        body = dict(parse_qsl(query)) if method == "GET" else _body(raw, kind)
        with self._lock:
            if self.away:
                return self.away
            self.calls.append(Call(address if method == "POST" else path, headers, body))
            scripted = self.script.get(self.calls[-1].path, [])
            return scripted.pop(0) if scripted else self.usual()

    def usual(self, **answer: Any) -> Answer:
        return Answer(**{"body": {"ok": True, "ts": "1.1"}, **answer})

    def response_url(self) -> str:
        return f"{self.url}commands/{next(_numbers)}"

    def wait_for(self, count: int, *, seconds: float = 15, settled: bool = True) -> list[Call]:
        """The calls, once there are so many and no job is left that could make more."""
        return wait_for(self.calls, count, seconds, settled=settled)

    def go_away(self) -> None:
        """Answer every call that there is no service, until `come_back`."""
        self.away = Answer(status=503, body={"ok": False, "error": "service_unavailable"})

    def come_back(self) -> None:
        self.away = None

    def clear(self) -> None:
        self.away = None
        self.calls.clear()
        self.script.clear()


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
        requests = slack_requests(app, jobs, sleep=(sleeps if sleeps is not None else []).append)
        routes = slack_routes(app, requests)
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
def _no_turns(no_turns: None) -> None:
    """No module here wants what is due by the clock."""


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
    copy_home(small_home, home)
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
def door(slack_app: App, kept: KeptJobs) -> Door:
    """The door over jobs that only keep."""
    return Door(slack_app, kept)
