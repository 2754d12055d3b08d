"""What people and Slack do in a soak run (`evals/soak.py`), and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from evals.load import Measured, post_event, questions_asked, timed

ROOT = Path(__file__).parent.parent
SPEED = 60
PAGES = (
    *(
        "/",
        "/tickets",
        "/law",
        "/redact",
        "/account",
        "/audit",
        "/people",
        "/registers",
        "/notices",
    ),
    *(
        "/closing",
        "/training",
        "/training/quizzes",
        "/rules",
        "/scans",
        "/vault",
        "/drills",
        "/register",
    ),
    *("/approved", "/questions", "/incidents/new", "/destructions/new", "/healthz"),
    *("/law?q=个保法第47条", "/api/openapi.json", "/api/tickets", "/redact/policies"),
)
DECISIONS = (
    {"kind": "identity_copy", "dates": {"relationship_ended": "2021-06-30"}},
    {"kind": "identity_copy", "holder": "financial", "dates": {"relationship_ended": "2024-06-30"}},
    {"kind": "identity_copy", "hold": True},
)


@dataclass(frozen=True)
class Clock:
    """Time that goes sixty times as fast, the same in every process."""

    start: datetime
    began: datetime

    def __call__(self) -> datetime:
        return self.start + (datetime.now(UTC) - self.began) * SPEED


@dataclass(frozen=True)
class Sender:
    """What one piece of work is sent with."""

    client: httpx.Client
    who: dict[str, str]
    clock: Clock


Do = Callable[[Sender, int, Measured], None]


def _post(path: str, body: Callable[[int], dict[str, object]]) -> Do:
    def send(by: Sender, number: int, measured: Measured) -> None:
        timed(measured, lambda: by.client.post(path, json=body(number), headers=by.who))

    return send


def _question(number: int) -> str:
    return questions_asked()[number % len(questions_asked())]


def _ask(by: Sender, number: int, measured: Measured) -> None:
    data = {"question": _question(number)}
    timed(measured, lambda: by.client.post("/ask", data=data, headers=by.who))


def _page(by: Sender, number: int, measured: Measured) -> None:
    timed(measured, lambda: by.client.get(PAGES[number % len(PAGES)], headers=by.who))


def _event(by: Sender, number: int, measured: Measured) -> None:
    post_event(by.client, number, measured, lambda: by.clock().timestamp())


def _redact(by: Sender, number: int, measured: Measured) -> None:
    files = sorted((ROOT / "examples" / "client_files").iterdir())
    path = files[number % len(files)]
    upload = {"file": (path.name, path.read_bytes())}
    timed(measured, lambda: by.client.post("/api/redact", files=upload, headers=by.who))


# How long each pauses between two, in seconds: simulated minutes.
LANES: dict[str, tuple[float, Do]] = {
    "questions at the console": (0.5, _ask),
    "Slack events": (0.5, _event),
    "pages": (0.4, _page),
    "files redacted": (3.0, _redact),
    "incidents reported": (
        10.0,
        _post("/api/incidents", lambda n: {"description": f"第{n}台笔记本电脑丢失"}),
    ),
    "retention decided": (0.5, _post("/api/retention", lambda n: {**DECISIONS[n % 3]})),
    "searches": (1.0, _post("/api/search", lambda n: {"words": _question(n)[:60]})),
}
