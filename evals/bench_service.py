"""Many people asking at once over the real service, and how fast a model's first words are passed on."""

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import httpx
import uvicorn

from assistant.app import App
from assistant.models import Endpoint
from evals.asked import Half, cases
from evals.asked_modes import Stub, stub
from evals.scripted_models import faithful
from integrations.web.api import create_web
from records.people import Role, add_person, give_token

PEOPLE = 50
ROUNDS = 2
# What a model takes for a few words, so that its reply is long under way when the first are shown.
PAUSE_SECONDS = 0.05
_STREAMED = (
    "客户信息泄露了要通知谁",
    "把客户信息提供给合作方需要单独同意吗",
    "客户要求更正信息怎么办",
)


@dataclass(frozen=True, slots=True)
class Service:
    """The service on a port of this machine, and the token of somebody who may ask."""

    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.token}"}


def run(app: App) -> list[tuple[str, float, str]]:
    """Milliseconds of fifty people at once, the errors among them, and of a stream's first words."""
    with serving_web(app) as service:
        taken, errors = _asked_at_once(service)
    passed_on = _passed_on(app)
    cuts = statistics.quantiles(taken, n=100)
    return [
        (f"{PEOPLE} people at once over HTTP: p50", cuts[49], "ms"),
        (f"{PEOPLE} people at once over HTTP: p95", cuts[94], "ms"),
        (f"{PEOPLE} people at once over HTTP: errors of {len(taken) + errors}", errors, ""),
        (
            "a model's first statement, from its arrival to the reader: slowest",
            max(passed_on),
            "ms",
        ),
    ]


@contextmanager
def serving_web(app: App) -> Iterator[Service]:
    """The whole service, as `compliance serve` runs it, until the end of the block."""
    config = uvicorn.Config(create_web(app), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    with app.database.transaction() as session:
        person = add_person(session, name="bench", roles={Role.EMPLOYEE}, now=datetime.now(UTC))
        token = give_token(session, person.id)
    try:
        yield Service(f"http://127.0.0.1:{port}", token)
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _asked_at_once(service: Service) -> tuple[list[float], int]:
    questions = [one.turns[0] for one in cases(Half.TUNED)]
    begin = threading.Barrier(PEOPLE)

    def person(number: int) -> list[float | None]:
        with httpx.Client(base_url=service.url, headers=service.headers, timeout=120) as client:
            begin.wait()
            own = questions[number::PEOPLE] or questions[:1]
            return [_timed(client, own[at % len(own)]) for at in range(ROUNDS)]

    with ThreadPoolExecutor(PEOPLE) as pool:
        results = [one for answered in pool.map(person, range(PEOPLE)) for one in answered]
    taken = [one for one in results if one is not None]
    return taken, len(results) - len(taken)


def _timed(client: httpx.Client, question: str) -> float | None:
    """Milliseconds of one answer; None for an error."""
    started = time.perf_counter()
    try:
        answered = client.post("/api/ask", json={"question": question})
    except httpx.HTTPError:
        return None
    return (time.perf_counter() - started) * 1000 if answered.status_code == 200 else None


def _passed_on(app: App) -> Sequence[float]:
    """Milliseconds from the end of a model's first statement to its arrival at the reader."""
    says = Stub(faithful, PAUSE_SECONDS)
    delays = []
    with stub(says) as url:
        model = Endpoint("stub", base_url=url, api_key="none", timeout_seconds=30)
        with serving_web(replace(app, model=model)) as service:
            for question in (_STREAMED[0], *_STREAMED):  # the first warms up
                says.spoken_at.clear()
                arrived = _first_claim(service, question)
                if arrived is not None and says.spoken_at:
                    delays.append((arrived - says.spoken_at[0]) * 1000)
    return delays[1:]


def _first_claim(service: Service, question: str) -> float | None:
    """When the first statement of a streamed answer arrived."""
    with (
        httpx.Client(base_url=service.url, headers=service.headers, timeout=60) as client,
        client.stream("POST", "/api/ask/stream", json={"question": question}) as reply,
    ):
        arrived = None
        # To the end: the model must be silent before the next question.
        for received in reply.iter_raw():
            if arrived is None and received.startswith(b"event: claim"):
                arrived = time.perf_counter()
    return arrived
