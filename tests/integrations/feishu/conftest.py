"""A local imitation of Feishu: tokens, messages, files, and the long connection with its frames."""

import base64
import itertools
import json
import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr
from websockets.sync.server import ServerConnection, serve

from assistant.app import App, build
from assistant.settings import Settings
from integrations.feishu.bot import build_feishu
from integrations.feishu.door import Events
from pii.detect import PresidioDetector
from records.jobs import Jobs
from tests.homes import copy_home
from tests.integrations.chats import Answer, Imitation, KeptJobs, settle, wait_for

APP_ID, SECRET, TENANT = "cli_invented", "invented-secret", "tenant0qinghe"
USER, BOT, CHAT, GROUP = "ou_linxiao", "ou_bot", "oc_direct", "oc_group"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TOKEN_PATH = "/open-apis/auth/v3/tenant_access_token/internal"
ENDPOINT_PATH = "/callback/ws/endpoint"
_numbers = itertools.count(1)


@dataclass
class Call:
    """One request that the imitation received."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any

    @property
    def card(self) -> dict[str, Any]:
        return dict(json.loads(self.body["content"]))


class FakeFeishu(Imitation):
    """Feishu as far as we use it: records requests, takes a uuid once, gives scripted answers."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.files: dict[str, bytes] = {}
        self._seen: set[str] = set()
        self.posted: list[Call] = []
        self._lock = threading.Lock()
        super().__init__(self.take)
        self.url = self.origin

    def take(self, method: str, address: str, headers: Mapping[str, str], raw: bytes) -> Answer:
        path, _, query = address.partition("?")
        named = {name.lower(): value for name, value in headers.items()}
        plain = named.get("content-type", "").startswith("application/json")
        body = {} if method == "GET" else json.loads(raw) if plain else raw
        call = Call(method, path, dict(parse_qsl(query)), headers, body)
        with self._lock:
            self.calls.append(call)
            scripted = self.script.get(call.path, [])
            if scripted:
                answer = scripted.pop(0)
                # A 5xx or a cut-off after the fact: the message stands all the same.
                if answer.status >= 500:
                    self._post(call)
                return answer
            return self._done(call)

    def usual(self, **answer: Any) -> Answer:
        return Answer(**{"body": {"code": 0, "msg": "ok", "data": {}}, **answer})

    def _done(self, call: Call) -> Answer:
        if call.path == TOKEN_PATH:
            good = call.body == {"app_id": APP_ID, "app_secret": SECRET}
            body = {"code": 0, "tenant_access_token": "t-invented", "expire": 7200}
            return Answer(body=body if good else {"code": 10014, "msg": "app secret invalid"})
        if call.headers.get("Authorization") != "Bearer t-invented":
            return Answer(status=400, body={"code": 99991661, "msg": "no token"})
        if call.path.endswith("/bot/v3/info"):
            return Answer(body={"code": 0, "bot": {"open_id": BOT}})
        if "/resources/" in call.path:
            return Answer(body=self.files[call.path.rpartition("/")[2]])
        if call.path.endswith("/im/v1/files"):
            return Answer(body={"code": 0, "data": {"file_key": "file_1"}})
        self._post(call)
        return self.usual()

    def _post(self, call: Call) -> None:
        uuid = call.body.get("uuid") if isinstance(call.body, dict) else None
        if uuid and uuid not in self._seen:
            assert len(uuid) <= 50
            self._seen.add(uuid)
            self.posted.append(call)

    def wait_for(self, count: int, *, seconds: float = 20) -> list[Call]:
        """What was posted, once there is so much and no job is left that could post more."""
        return wait_for(self.posted, count, seconds)

    def clear(self) -> None:
        for kept in (self.calls, self.script, self.posted, self.files):
            kept.clear()


class Far:
    """The far end of the long connection: sends frames, keeps what comes back."""

    def __init__(self, feishu: FakeFeishu) -> None:
        from lark_oapi.ws.pb.pbbp2_pb2 import Frame

        self._frame = Frame
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.pings = 0
        self.opened = threading.Event()
        self._connection: ServerConnection | None = None
        self._server = serve(self._serve, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        port = self._server.socket.getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/ws?device_id=d1&service_id=7&ticket=secret-ticket"
        self.config = {
            "ReconnectCount": -1,
            "ReconnectInterval": 1,
            "ReconnectNonce": 0,
            "PingInterval": 1,
        }
        self._feishu = feishu

    def offer(self, url: str = "") -> None:
        """Let the imitation name this address to the next who asks."""
        data = {"URL": url or self.url, "ClientConfig": self.config}
        self._feishu.answer(ENDPOINT_PATH, body={"code": 0, "msg": "", "data": data})

    def _serve(self, connection: ServerConnection) -> None:
        self._connection = connection
        self.opened.set()
        for message in connection:
            frame = self._frame()
            frame.ParseFromString(message)
            if frame.method == 0:
                self.pings += 1
                continue
            self.answers.put(json.loads(frame.payload))

    def send(self, body: Any, *, parts: int = 1) -> None:
        """An event, in so many frames."""
        assert self.opened.wait(20)
        assert self._connection is not None
        raw = json.dumps(body, ensure_ascii=False).encode()
        size, number = -(-len(raw) // parts), f"m{next(_numbers)}"
        for seq in range(parts):
            frame = self._frame()
            frame.SeqID, frame.LogID, frame.service, frame.method = 1, 1, 7, 1
            told = {
                "type": "event",
                "message_id": number,
                "trace_id": "t",
                "sum": parts,
                "seq": seq,
            }
            for key, value in told.items():
                header = frame.headers.add()
                header.key, header.value = key, str(value)
            frame.payload = raw[seq * size : (seq + 1) * size]
            self._connection.send(frame.SerializeToString())

    def answer_to(self) -> tuple[int, Any]:
        """The code of the next acknowledgement, and what goes with it."""
        told = self.answers.get(timeout=20)
        data = told.get("data")
        return told["code"], json.loads(base64.b64decode(data)) if data else None

    def drop(self) -> None:
        """Cut the connection."""
        self.opened.clear()
        assert self._connection is not None
        self._connection.close()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()


def _body(kind: str, event: dict[str, Any], **header: str) -> dict[str, Any]:
    told = {
        "event_id": f"e{next(_numbers):08d}",
        "event_type": kind,
        "create_time": str(int(NOW.timestamp()) * 1000),
        "token": "",
        "app_id": APP_ID,
        "tenant_key": TENANT,
    }
    return {"schema": "2.0", "header": {**told, **header}, "event": event}


class Door:
    """The door as Feishu sees it."""

    app_id, secret, tenant, user, bot, now = APP_ID, SECRET, TENANT, USER, BOT, NOW

    def __init__(self, app: App, jobs: Any) -> None:
        self.app = app
        self.events = Events(app, jobs, BOT)

    def take(self, body: Any) -> Any:
        """What the door answers to an event."""
        return self.events.do_without_validation(json.dumps(body, ensure_ascii=False).encode())

    def message(
        self,
        text: str = "",
        *,
        group: bool = False,
        at: bool = True,
        number: str = "",
        kind: str = "text",
        content: Any = None,
        sender: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A message to us, each call a new one unless `number` is given."""
        mentions = [{"key": "@_user_1", "id": {"open_id": BOT}, "name": "合规助手"}]
        said = f"@_user_1 {text}" if group and at else text
        message = {
            "message_id": number or f"om_{next(_numbers):06d}",
            "create_time": str(int(NOW.timestamp()) * 1000 - 5000),
            "chat_id": GROUP if group else CHAT,
            "chat_type": "group" if group else "p2p",
            "message_type": kind,
            "content": json.dumps({"text": said} if content is None else content),
            **({"mentions": mentions} if group and at else {}),
            **more,
        }
        who = {
            "sender_id": {"open_id": USER},
            "sender_type": "user",
            "tenant_key": TENANT,
            **(sender or {}),
        }
        return _body("im.message.receive_v1", {"sender": who, "message": message})

    def press(
        self,
        button: Mapping[str, Any],
        *,
        user: str = USER,
        chat: str = CHAT,
        message: str = "om_card",
        tenant: str = TENANT,
        filled: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What Feishu sends when a button of a card is pressed, or a form handed in."""
        action = {"tag": "button", "value": button["behaviors"][0]["value"]}
        if filled is not None:
            action |= {"name": button["name"], "form_value": filled}
        event = {
            "operator": {"tenant_key": tenant, "open_id": user},
            "token": "c-1",
            "action": action,
            "context": {"open_message_id": message, "open_chat_id": chat},
        }
        return _body("card.action.trigger", event)

    def menu(self, key: str) -> dict[str, Any]:
        """What Feishu sends when an entry of the bot's menu is chosen."""
        operator = {"operator_id": {"open_id": USER}}
        return _body("application.bot.menu_v6", {"operator": operator, "event_key": key})


def buttons_in(card: Any) -> list[dict[str, Any]]:
    """Every button of a card, in order."""
    if isinstance(card, dict):
        inside = [one for value in card.values() for one in buttons_in(value)]
        return [card, *inside] if card.get("tag") == "button" else inside
    return [one for value in card for one in buttons_in(value)] if isinstance(card, list) else []


def texts_in(card: Any) -> list[str]:
    """Every text of a card."""
    if isinstance(card, dict):
        own = [str(card["content"])] if card.get("tag") in ("plain_text", "markdown") else []
        return own + [one for value in card.values() for one in texts_in(value)]
    return [one for value in card for one in texts_in(value)] if isinstance(card, list) else []


@pytest.fixture
def button() -> Any:
    """A function that finds the button of a card whose value holds these."""

    def find(card: Any, **value: Any) -> dict[str, Any]:
        for one in buttons_in(card):
            carried = one["behaviors"][0]["value"]
            if all(carried.get(key) == wanted for key, wanted in value.items()):
                return one
        raise LookupError(value)

    return find


@pytest.fixture
def text() -> Any:
    """A function that gives the text of a card."""
    return lambda card: "\n".join(texts_in(card))


@pytest.fixture(scope="module", autouse=True)
def _no_turns(no_turns: None) -> None:
    """No module here wants what is due by the clock."""


@pytest.fixture(scope="session")
def fake_feishu() -> Iterator[FakeFeishu]:
    fake = FakeFeishu()
    yield fake
    fake.close()


@pytest.fixture
def feishu(fake_feishu: FakeFeishu) -> Iterator[FakeFeishu]:
    """The imitation, with nothing recorded and nothing scripted; left when all jobs are done."""
    fake_feishu.clear()
    yield fake_feishu
    settle()


@pytest.fixture(scope="module")
def feishu_app(
    small_home: Path,
    detector: PresidioDetector,
    fake_feishu: FakeFeishu,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[App]:
    """The product on the small library, set up for the imitation."""
    home = tmp_path_factory.mktemp("feishu") / "home"
    copy_home(small_home, home)
    settings = Settings(
        home=home,
        officer="客户信息负责人 privacy@qinghe.example",
        feishu_app_id=APP_ID,
        feishu_app_secret=SecretStr(SECRET),
        feishu_base_url=fake_feishu.url,
        feishu_tenant_key=TENANT,
    )
    app = build(settings, clock=lambda: NOW, detector=detector)
    yield app
    app.close()


@pytest.fixture(scope="module")
def sleeps() -> list[float]:
    """How long jobs waited."""
    return []


@pytest.fixture(scope="module")
def live_door(
    _no_turns: None, feishu_app: App, sleeps: list[float], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The door over real durable jobs."""
    folder = tmp_path_factory.mktemp("jobs")
    url = f"sqlite:///{folder / 'jobs.db'}"
    jobs = Jobs(url, b"k" * 32, polling_seconds=0.05, outage_seconds=0.05)
    jobs.pause = sleeps.append  # type: ignore[method-assign]
    build_feishu(feishu_app, jobs)
    jobs.start()
    yield Door(feishu_app, jobs)
    jobs.stop()


@pytest.fixture
def door(feishu_app: App, kept: KeptJobs) -> Door:
    """The door with jobs that are only kept."""
    return Door(feishu_app, kept)


@pytest.fixture
def far(feishu: FakeFeishu) -> Iterator[Far]:
    made = Far(feishu)
    yield made
    made.close()
