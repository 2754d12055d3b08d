"""`python -m evals.load`: signed Slack events and people at the console, all at once, for a while.

Everything is on this machine: the service in a process of its own, an imitation of Slack, and the
senders in this process. It ends by itself and prints what was measured. Exit code 1, and the limit by name, when
an acknowledgement is late (p99), an event stays without one, or anything is answered wrongly.
"""

import argparse
import hashlib
import hmac
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from assistant.app import App, build
from assistant.settings import Settings
from evals.asked import Half, cases
from records.people import Role, add_person
from records.sessions import SignedInBy, start_session

SECRET = "load-run"
START_SECONDS = 180
PATIENCE_SECONDS = 30.0
# Of the acknowledgements, 99 of 100 within this. Slack itself sends again after three seconds.
ACKNOWLEDGED_MILLIS = 500.0


@dataclass
class Measured:
    """Milliseconds of each reply that was right, and how many were not, by what they were."""

    millis: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, seconds: float, status: int | str, right: bool) -> None:
        """Count one reply."""
        with self._lock:
            if right:
                self.millis.append(seconds * 1000)
            else:
                self.errors[str(status)] = self.errors.get(str(status), 0) + 1

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many of a hundred right replies came; 0 without any."""
        if len(self.millis) < 2:
            return max(self.millis, default=0.0)
        # "inclusive" never reaches past the slowest that was measured.
        return statistics.quantiles(self.millis, n=100, method="inclusive")[percent - 1]

    def row(self, name: str) -> tuple[str, ...]:
        """The line of the table."""
        wrong = ", ".join(f"{what}: {count}" for what, count in self.errors.items()) or "0"
        figures = (f"{self.percentile(percent):,.0f}" for percent in (50, 95, 99))
        return (name, str(len(self.millis)), wrong, *figures)


def limits_passed(events: Measured, sent: int, *others: Measured) -> list[str]:
    """Each limit that was not kept, as a sentence; empty when the load was held.

    `events`: what came of the Slack events, `sent`: how many there were; `others`: of everybody else.
    """
    passed = []
    if not sent:
        passed.append("no Slack event was sent")
    if (p99 := events.percentile(99)) > ACKNOWLEDGED_MILLIS:
        passed.append(f"acknowledgement p99 {p99:,.0f} ms, limit {ACKNOWLEDGED_MILLIS:,.0f} ms")
    if missing := sent - len(events.millis):
        passed.append(f"{missing} of {sent} Slack events not acknowledged, limit 0")
    for one in (events, *others):
        passed += [f"{count} × {what}, limit 0" for what, count in one.errors.items()]
    if any(not one.millis for one in others):
        passed.append("somebody was given nothing that was right")
    return passed


class SlackImitation(BaseHTTPRequestHandler):
    """Answers every call of the Web API as Slack does when all is well."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1", "url": "x"}
        body |= {"channel": "D1", "ts": f"{time.time():.6f}", "message": {"ts": "1.2"}}
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main() -> int:
    """Prepare, load, report, stop; 1 when a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--events", type=int, default=50, help="Slack events a second")
    parser.add_argument("--people", type=int, default=100, help="people at the console at once")
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between their questions")
    parser.add_argument("--home", type=Path, help="a home folder with laws taken in; made if empty")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.home or Path(temporary) / "home"
        slack = ThreadingHTTPServer(("127.0.0.1", 0), SlackImitation)
        threading.Thread(target=slack.serve_forever, daemon=True).start()
        cookies = _prepare(home, given.people)
        service, url = _start(home, f"http://127.0.0.1:{slack.server_port}/api/")
        try:
            table, passed = _load(url, cookies, given)
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(60)
            slack.shutdown()
    Console().print(table)
    for limit in passed:
        print(f"limit passed: {limit}", file=sys.stderr)
    return 1 if passed else 0


def _prepare(home: Path, people: int) -> list[str]:
    """A session for each person, over the laws."""
    if not (home / "compliance.db").exists():
        _command("ingest", env={"COMPLIANCE_HOME": str(home)}).wait()
    app = build(Settings(home=home))
    try:
        return [session_for(app, number) for number in range(people)]
    finally:
        app.close()


def _command(verb: str, *, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "integrations.cli", verb],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
    )


def session_for(app: App, number: int, role: Role = Role.EMPLOYEE) -> str:
    """The cookie of a new person who is signed in."""
    from assistant.people.sign_in import longest_time

    now = app.clock()
    with app.database.transaction() as session:
        person = add_person(session, name=f"load {number}", roles={role}, now=now)
        lasts = longest_time(app.settings)
        return start_session(
            session, person.id, SignedInBy.LINK, device="load", now=now, lasts=lasts
        )


def _start(home: Path, slack: str) -> tuple["subprocess.Popen[bytes]", str]:
    """The service in a process of its own, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "COMPLIANCE_HOME": str(home),
        "COMPLIANCE_PORT": str(port),
        "COMPLIANCE_SLACK_BOT_TOKEN": "xoxb-load",
        "COMPLIANCE_SLACK_SIGNING_SECRET": SECRET,
        "COMPLIANCE_SLACK_API_URL": slack,
    }
    service = _command("serve", env=settings)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    while time.monotonic() < until and service.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return service, url
        except httpx.TransportError:
            time.sleep(0.3)
    service.kill()
    raise SystemExit("the service did not start")


def _load(url: str, cookies: list[str], given: argparse.Namespace) -> tuple[Table, list[str]]:
    """Everybody at once until the time is over: what was measured, and each limit that was passed."""
    events, answers, pages = Measured(), Measured(), Measured()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=len(cookies) + 100)
    with httpx.Client(base_url=url, timeout=PATIENCE_SECONDS, limits=limits) as client:
        until = time.monotonic() + given.seconds
        threads = [_thread(_person, client, c, given.pause, until, answers, pages) for c in cookies]
        senders = _send_events(client, given.events, until, events)
        for one in (*threads, *senders):
            one.join(PATIENCE_SECONDS)
    table = Table("what", "right", "errors", "p50 ms", "p95 ms", "p99 ms")
    table.add_row(*events.row(f"Slack events acknowledged ({given.events}/s)"))
    table.add_row(*answers.row(f"questions at the console ({len(cookies)} people)"))
    table.add_row(*pages.row("pages of tickets"))
    return table, limits_passed(events, len(senders), answers, pages)


def _send_events(
    client: httpx.Client, each_second: int, until: float, measured: Measured
) -> list[threading.Thread]:
    """So many events a second, each sent on its own time whether or not the last was answered."""
    started, number, sent = time.monotonic(), 0, []
    while (due := started + number / each_second) < until:
        time.sleep(max(0.0, due - time.monotonic()))
        sent.append(_thread(post_event, client, number, measured))
        number += 1
    return sent


def post_event(
    client: httpx.Client, number: int, measured: Measured, now: Callable[[], float] = time.time
) -> None:
    """A question in a direct message, as Slack delivers it."""
    who = number % 40
    said = {"type": "message", "channel_type": "im", "channel": f"D{who}", "user": f"U{who}"}
    said |= {"ts": f"{now():.6f}", "text": questions_asked()[number % len(questions_asked())]}
    body = json.dumps(
        {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{secrets.token_hex(6)}"}
        | {"event": said, "api_app_id": "A1"}
    ).encode()
    # Signed by the machine's clock, which the front goes by, whatever clock the service has.
    moment = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": f"v0={signed}",
    }
    timed(measured, lambda: client.post("/slack/events", content=body, headers=headers))


def _person(
    client: httpx.Client,
    cookie: str,
    pause: float,
    until: float,
    answers: Measured,
    pages: Measured,
) -> None:
    """Asks, reads the tickets, thinks, asks again."""
    headers = {"Cookie": f"compliance_session={cookie}", "Sec-Fetch-Site": "same-origin"}
    time.sleep(secrets.randbelow(1000) / 1000 * pause)
    while time.monotonic() < until:
        question = secrets.choice(questions_asked())
        timed(
            answers,
            lambda question=question: client.post(  # type: ignore[misc]
                "/ask", data={"question": question}, headers=headers
            ),
        )
        timed(pages, lambda: client.get("/tickets", headers=headers))
        time.sleep(max(0.0, min(pause, until - time.monotonic())))


def timed(measured: Measured, send: Callable[[], httpx.Response]) -> None:
    """Send it and count the reply."""
    began = time.monotonic()
    try:
        response = send()
        measured.took(time.monotonic() - began, response.status_code, response.is_success)
    except httpx.HTTPError as error:
        measured.took(0, type(error).__name__, right=False)


def _thread(target: Callable[..., None], *given: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=given, daemon=True)
    thread.start()
    return thread


@cache
def questions_asked() -> tuple[str, ...]:
    """What people ask, as the evals have it."""
    return tuple(one.turns[0] for one in cases(Half.TUNED))


if __name__ == "__main__":
    sys.exit(main())
