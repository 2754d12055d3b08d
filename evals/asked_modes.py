"""Our questions in each mode: by the rules, with a model that keeps to its material, with one that cheats."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assistant.app import App
from assistant.models import Endpoint
from evals.asked import Asked, Case, Half, asked, cases
from evals.asked_scores import shown, suites
from evals.harness import Result, Score
from evals.scripted_models import Cheating, Scripted, Writer, faithful
from records.people import Person

_PIECE = 40


def asked_suites(
    app: App, person: Person, half: Half, chosen: Sequence[Case] | None = None
) -> list[Result]:
    """Every measure on one half (or some of its cases), in every mode."""
    listed = cases(half) if chosen is None else chosen
    return [
        *_in_mode(app, person, f"{half} by rules", listed),
        *_with(app, person, f"{half} with a model", listed, faithful),
        *_cheated(app, person, half, listed),
    ]


def by_rules(app: App, person: Person, half: Half) -> list[Result]:
    """Every measure on one half, without a model."""
    return _in_mode(app, person, f"{half} by rules", cases(half))


def _in_mode(app: App, person: Person, run: str, listed: Sequence[Case]) -> list[Result]:
    return list(suites(app, run, [asked(app, person, one, run=_once(run)) for one in listed]))


def _once(run: str) -> str:
    """A thread of earlier runs over the same home must not go on."""
    return f"{run}:{time.time_ns()}"


def _with(
    app: App, person: Person, run: str, listed: Sequence[Case], writer: Writer
) -> list[Result]:
    """Through a real endpoint on this machine, as any OpenAI-compatible one is reached."""
    with serving(writer) as url:
        model = Endpoint("stub", base_url=url, api_key="none", timeout_seconds=20)
        return _in_mode(replace(app, model=model), person, run, listed)


def _cheated(app: App, person: Person, half: Half, listed: Sequence[Case]) -> list[Result]:
    run, cheating = f"{half} with a cheating model", Cheating()
    cheated = replace(app, model=Scripted(cheating))
    scores, answered = [], []
    for case in listed:
        before = len(cheating.told)
        one = asked(cheated, person, case, run=_once(run))
        answered.append(one)
        scores += _lies(one, cheating.told[before:])
    return [Result(f"{run}: no lie shown", tuple(scores), 1.0), *suites(app, run, answered)]


def _lies(one: Asked, told: Sequence[str]) -> list[Score]:
    text = "\n".join(shown(answer) for answer in one.answers)
    return [Score(one.case.id, lie not in text, lie) for lie in told]


@dataclass
class Stub:
    """What the endpoint on this machine writes, and when it wrote its first words."""

    writer: Writer
    pause: float = 0.0
    spoken_at: list[float] = field(default_factory=list)


@contextlib.contextmanager
def serving(writer: Writer, *, pause: float = 0.0) -> Iterator[str]:
    """The address of an OpenAI-compatible endpoint that streams what `writer` writes."""
    with stub(Stub(writer, pause)) as url:
        yield url


@contextlib.contextmanager
def stub(says: Stub) -> Iterator[str]:
    """The address of an endpoint on this machine, closed at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(says))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def _handler(says: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if "tools" in body or "response_format" in body:
                self.send_error(400)
                return
            system, user = (one["content"] for one in body["messages"])
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            with contextlib.suppress(OSError):  # the product may have heard enough
                self._write(says.writer(system, user))

        def _write(self, text: str) -> None:
            for at in range(0, len(text), _PIECE):
                piece = text[at : at + _PIECE]
                if "}" in piece:
                    says.spoken_at.append(time.perf_counter())
                choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
                line = json.dumps(chunk | {"choices": [choice]})
                self.wfile.write(f"data: {line}\n\n".encode())
                self.wfile.flush()
                time.sleep(says.pause)
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    return Handler
