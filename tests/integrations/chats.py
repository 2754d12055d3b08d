"""What the imitations of chats share: a server on loopback with scripted answers, and jobs to look at."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dbos import DBOS
from dbos import error as dbos_error

from records.dbos_parts import Payload


@dataclass
class Answer:
    """What an imitation says to the next request of a path."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after_seconds: float = 0

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


# Method, address, headers, body.
Take = Callable[[str, str, Mapping[str, str], bytes], Answer]


class Imitation:
    """A chat's API on loopback: every request is shown to `take`, which says what to answer."""

    def __init__(self, take: Take) -> None:
        self.script: dict[str, list[Answer]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                answer = take(self.command, self.path, dict(self.headers), raw)
                time.sleep(answer.after_seconds)
                with suppress(OSError):
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer.raw)

            do_GET = do_POST

            def log_message(self, *_arguments: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str, **answer: Any) -> None:
        """Script the next answer to a path."""
        self.script.setdefault(path, []).append(self.usual(**answer))

    def usual(self, **answer: Any) -> Answer:
        """An answer with this chat's own word for "done", where nothing else is said."""
        return Answer(**answer)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def wait_for(made: list[Any], count: int, seconds: float, *, settled: bool = True) -> list[Any]:
    """What was made, once there is so much and no job is left that could make more."""
    end = time.monotonic() + seconds
    while len(made) < count and time.monotonic() < end:
        time.sleep(0.02)
    if settled:
        settle()
    return list(made)


def settle(*, seconds: float = 10) -> None:
    """Return when every job handed in has ended, or no jobs run."""
    end = time.monotonic() + seconds
    with suppress(dbos_error.DBOSException):
        while DBOS.list_workflows(status=["ENQUEUED", "PENDING"], limit=1):
            if time.monotonic() > end:
                return
            time.sleep(0.02)


class KeptJobs:
    """Stands for Jobs where nothing is to be worked on: keeps what was handed in, notes start and stop."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.kept: dict[str, Payload] = {}
        self.lanes: dict[str, str] = {}
        self.refusal = refusal
        self.told: list[str] = []

    def start(self) -> None:
        self.told.append("start")

    def stop(self) -> None:
        self.told.append("stop")

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
        self.lanes.setdefault(f"{kind}:{job_id}", lane)
