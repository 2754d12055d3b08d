"""`python -m evals.soak`: eight hours of mixed work in eight minutes, against the real processes.

A second is a minute: the service and a worker run with a clock that goes sixty times as fast and
take each turn of a minute every second. Meanwhile people ask, read pages, redact files, report
incidents and decide retention, and Slack sends signed events. Ends with 1 where memory or handles
grow, or a reply was an error.
"""

import argparse
import itertools
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from assistant.app import build
from assistant.settings import Settings
from evals.load import (
    PATIENCE_SECONDS,
    SECRET,
    START_SECONDS,
    Measured,
    SlackImitation,
    session_for,
)
from evals.soak_work import LANES, ROOT, SPEED, Clock, Sender
from records.people import Role

# The first quarter fills caches and pools: models, statements, threads.
WARM_UP = 0.25
REST_SECONDS = 12
SAMPLE_SECONDS = 2
# More than this a simulated hour, on the line through all samples after the warm-up, is a leak.
MEGABYTES_AN_HOUR = 4.0
# Handles and threads when nothing is asked, at the end against after the warm-up. Connections of
# the pools to a database are counted apart: a pool fills up to its size of five, three handles each.
HANDLES, THREADS, POOLED = 2, 4, 15
READY = "ready to be watched"
PROCESS = f"""
import sys
from datetime import UTC, datetime
import integrations.service as service
import integrations.slack.bot as bot
from assistant.app import build
from assistant.settings import Settings
from integrations.identity import person_at_keyboard

what, start, began = sys.argv[1], *map(datetime.fromisoformat, sys.argv[2:])
service.EVERY_MINUTE = bot.EVERY_MINUTE = "* * * * * *"
service.HOURLY = "0 * * * * *"
app = build(Settings(), clock=lambda: start + (datetime.now(UTC) - began) * {SPEED})
starts = service.Jobs.start

def start_and_say(jobs):
    starts(jobs)
    print("{READY}", flush=True)

service.Jobs.start = start_and_say
if what == "web":
    service.serve(app, person_at_keyboard(app), host="127.0.0.1", port=app.settings.port)
else:
    service.work(app)
"""


@dataclass(frozen=True)
class Sample:
    """What one process holds at one moment."""

    hours: float
    megabytes: float
    handles: int
    pooled: int
    threads: int


class Watched:
    """A process of the product, and what it held over time."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        self.name, self.process = name, process
        self.samples: list[Sample] = []
        self.resting: list[Sample] = []

    def look(self, hours: float) -> Sample:
        """What it holds now, read from /proc. Raises SystemExit where it has died."""
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} ended with {self.process.returncode}")
        place = Path(f"/proc/{self.process.pid}")
        status = dict(
            line.split(":", 1)
            for line in (place / "status").read_text().splitlines()
            if ":" in line
        )
        megabytes = int(status["VmRSS"].split()[0]) / 1000
        targets = [_target(one) for one in (place / "fd").iterdir()]
        pooled = sum(".db" in one for one in targets)
        return Sample(hours, megabytes, len(targets) - pooled, pooled, int(status["Threads"]))

    def slope(self, since: float) -> float:
        """Megabytes an hour, on the line through the samples since then."""
        counted = [one for one in self.samples if one.hours >= since]
        return statistics.linear_regression(
            [one.hours for one in counted], [one.megabytes for one in counted]
        ).slope

    def hourly(self) -> str:
        """The mean of each simulated hour."""
        by_hour = itertools.groupby(self.samples, lambda one: int(one.hours))
        return ", ".join(
            f"{statistics.mean(one.megabytes for one in seen):.0f}" for _, seen in by_hour
        )

    def row(self, since: float) -> tuple[tuple[str, ...], bool]:
        """Its line of the table, and whether it is flat."""
        warm, end = self.resting[0], self.resting[-1]
        slope = self.slope(since)
        held = (
            slope <= MEGABYTES_AN_HOUR
            and end.handles - warm.handles <= HANDLES
            and end.pooled - warm.pooled <= POOLED
            and end.threads - warm.threads <= THREADS
        )
        peak = max(one.megabytes for one in self.samples)
        return (
            self.name,
            f"{warm.megabytes:.0f} → {end.megabytes:.0f}, most {peak:.0f}",
            f"{slope:+.2f}",
            f"{warm.handles} → {end.handles}",
            f"{warm.pooled} → {end.pooled}",
            f"{warm.threads} → {end.threads}",
            "flat" if held else "GROWS",
        ), held


def _target(handle: Path) -> str:
    try:
        return str(handle.readlink())
    except OSError:  # closed meanwhile
        return ""


@dataclass(frozen=True)
class Run:
    """Whom the work is sent to, by whom, and what came of it."""

    url: str
    cookies: Sequence[str]
    clock: Clock
    processes: list[Watched]
    measured: dict[str, Measured]

    def busy(self, began: float, until: float) -> None:
        """Every kind of work at its own pace until then, the processes looked at meanwhile."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=self.url, timeout=PATIENCE_SECONDS, headers=headers) as client:
            lanes = [
                threading.Thread(target=self._lane, args=(client, name, until), daemon=True)
                for name in LANES
            ]
            for one in lanes:
                one.start()
            while time.monotonic() < until:
                time.sleep(SAMPLE_SECONDS)
                for watched in self.processes:
                    watched.samples.append(watched.look(_hours(began)))
            for one in lanes:
                one.join(PATIENCE_SECONDS)

    def rest(self, began: float) -> None:
        """Nothing is asked for a while; what is still held then."""
        time.sleep(REST_SECONDS)
        for watched in self.processes:
            watched.resting.append(watched.look(_hours(began)))

    def _lane(self, client: httpx.Client, name: str, until: float) -> None:
        every, do = LANES[name]
        for number in itertools.count():
            if time.monotonic() > until:
                return
            cookie = self.cookies[number % len(self.cookies)]
            sender = Sender(client, {"Cookie": f"compliance_session={cookie}"}, self.clock)
            do(sender, number, self.measured[name])
            time.sleep(every)


def main() -> None:
    """Prepare, work, rest, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0, help="simulated hours")
    parser.add_argument("--home", type=Path, help="a home folder with laws taken in; made if empty")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        home = given.home or Path(temporary) / "home"
        clock = Clock(_six_in_the_morning(), datetime.now(UTC))
        cookies = _people(home, clock)
        slack = ThreadingHTTPServer(("127.0.0.1", 0), SlackImitation)
        threading.Thread(target=slack.serve_forever, daemon=True).start()
        stack.callback(slack.shutdown)
        url, processes = stack.enter_context(
            _processes(home, slack.server_port, clock, Path(temporary))
        )
        run = Run(url, cookies, clock, processes, {name: Measured() for name in LANES})
        began, seconds = time.monotonic(), given.hours * 3600 / SPEED
        for until in (seconds * WARM_UP, seconds):
            run.busy(began, began + until)
            run.rest(began)
        sizes = {one.name: one.stat().st_size / 1e6 for one in sorted(home.glob("*.db"))}
    sys.exit(0 if _report(run, sizes, given.hours) else 1)


def _hours(began: float) -> float:
    return (time.monotonic() - began) * SPEED / 3600


def _six_in_the_morning() -> datetime:
    """Beijing time, so that the digest of nine o'clock falls within the run."""
    return datetime.now(UTC).replace(hour=22, minute=0, second=0, microsecond=0) - timedelta(days=1)


def _people(home: Path, clock: Clock) -> list[str]:
    """The laws taken in, and a session for each of twenty people."""
    if not (home / "compliance.db").exists():
        environment = {**os.environ, "COMPLIANCE_HOME": str(home)}
        command = [sys.executable, "-m", "integrations.cli", "ingest"]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    app = build(Settings(home=home), clock=clock)
    try:
        return [session_for(app, number, Role.ADMINISTRATOR) for number in range(20)]
    finally:
        app.close()


@contextmanager
def _processes(
    home: Path, slack_port: int, clock: Clock, logs: Path
) -> Iterator[tuple[str, list[Watched]]]:
    """The service and a worker, once both are ready; stopped at the end as an operator would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "COMPLIANCE_HOME": str(home),
        "COMPLIANCE_PORT": str(port),
        "COMPLIANCE_SLACK_BOT_TOKEN": "xoxb-load",
        "COMPLIANCE_SLACK_SIGNING_SECRET": SECRET,
        "COMPLIANCE_SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
    }
    found: list[Watched] = []
    try:
        for name in ("web", "worker"):
            times = (clock.start.isoformat(), clock.began.isoformat())
            with (logs / f"{name}.log").open("wb") as log:
                process = subprocess.Popen(
                    [sys.executable, "-c", PROCESS, name, *times],
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
            found.append(Watched(name, process))
            _until_ready(logs / f"{name}.log", process)
        yield f"http://127.0.0.1:{port}", found
    finally:
        for one in found:
            one.process.send_signal(signal.SIGTERM)
        for one in found:
            one.process.wait(60)


def _until_ready(log: Path, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if READY in log.read_text():
            return
        time.sleep(0.3)
    raise SystemExit("it did not start: " + log.read_text()[-2000:])


def _report(run: Run, sizes: dict[str, float], hours: float) -> bool:
    """Print both tables; whether everything held."""
    held = True
    work = Table("work", "right", "errors", "p50 ms", "p95 ms", "p99 ms")
    for name, one in run.measured.items():
        work.add_row(*one.row(name))
        held = held and not one.errors
    table = Table("process", "MB at rest", "MB an hour", "handles", "of databases", "threads", "")
    for watched in run.processes:
        row, flat = watched.row(hours * WARM_UP)
        table.add_row(*row)
        held = held and flat
    console = Console(width=130)
    console.print(work, table)
    for watched in run.processes:
        console.print(f"{watched.name}, MB hour by hour: {watched.hourly()}")
    console.print(", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()))
    limits = f"{MEGABYTES_AN_HOUR} MB an hour, {HANDLES} handles, {THREADS} threads"
    console.print(f"{hours} simulated hours; limits: {limits}: {'held' if held else 'NOT HELD'}")
    return held


if __name__ == "__main__":
    main()
