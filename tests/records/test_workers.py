"""Three worker processes on one PostgreSQL, killed at random: no effect lost, none doubled.

The effect is what a Slack report does: a ticket number, a remembered request and an audit event in
one transaction. `COMPLIANCE_WORKER_LOAD=10` makes the run ten times as long.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import text

from records.audit import AuditLog
from records.database import Database
from records.jobs import Jobs
from records.worker_presence import presence_of

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32
LOAD = int(os.environ.get("COMPLIANCE_WORKER_LOAD", "1"))
JOBS, KILLS = 30 * LOAD, 3 * LOAD
WORKER = """
import random, sys, time
from datetime import UTC, datetime
from records.audit import AuditLog
from records.database import Database
from records.jobs import Jobs
from tickets.store import TicketStore
from tickets.tables import RequestRow
from tickets.ticket import Ticket, TicketKind, first_state

database, store, log = Database(sys.argv[1]), TicketStore(), AuditLog(b"a" * 32)

def report(payload):
    key, now = payload["key"], datetime.now(UTC)
    time.sleep(random.random() * 0.1)
    with database.transaction() as session:
        if store.of_request(session, key):
            return
        number = store.next_number(session, TicketKind.INCIDENT, 2026)
        store.save(session, Ticket(
            id=number, kind=TicketKind.INCIDENT, state=first_state(TicketKind.INCIDENT), title=key,
            description="", opened_by="P-1", opened_at=now, facts={}, restricted=True,
            deadlines=(), steps=()))
        time.sleep(random.random() * 0.02)
        store.remember_request(session, key, number)
        log.append(session, at=now, person_id="P-1", action="incident:reported", subject=number,
                   details={})
    time.sleep(random.random() * 0.05)

jobs = Jobs(sys.argv[1], b"k" * 32, workers=4, polling_seconds=0.1)
jobs.handle("report", report)
jobs.start()
print("ready", flush=True)
sys.stdin.read()
jobs.stop()
"""


@dataclass
class Workers:
    """Processes that are killed and replaced."""

    url: str
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, "-c", WORKER, self.url]
        pipe = subprocess.PIPE
        self.running.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))

    def ready(self) -> None:
        for one in self.running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"

    def kill_one(self) -> None:
        victim = self.running.pop(random.randrange(len(self.running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.start()


@contextmanager
def workers(url: str, number: int) -> Iterator[Workers]:
    made = Workers(url)
    try:
        for _ in range(number):
            made.start()
        yield made
    finally:
        for one in made.running:
            one.kill()
            one.communicate()


def test_three_workers_killed_at_random_lose_no_effect_and_double_none(
    fresh_postgresql: Callable[..., str], empty_postgresql: str
) -> None:
    url = fresh_postgresql(empty_postgresql)
    database = Database(url)
    handing_in = Jobs(url, KEY)
    handing_in.start()
    with workers(url, 3) as running:
        running.ready()
        for number in range(JOBS):
            handing_in.submit("report", f"event-{number}", {"key": f"event-{number}"})
            # Slack delivers again what was not acknowledged in time.
            handing_in.submit("report", f"event-{number}", {"key": f"event-{number}"})
            if number % (JOBS // KILLS) == 1:
                running.kill_one()
                time.sleep(random.random() * 0.2)
        # A lost job must fail this test, not hang it.
        give_up_at = time.monotonic() + 120 * LOAD
        while DBOS.list_workflows(status=["ENQUEUED", "PENDING"], limit=1):
            assert time.monotonic() < give_up_at, "a job was never done"
            time.sleep(0.05)
    handing_in.stop()
    with database.reading() as session:
        keys = session.scalars(text("SELECT key FROM ticket_requests")).all()
        numbers = session.scalars(text("SELECT id FROM tickets ORDER BY id")).all()
        chain = AuditLog(b"a" * 32).verify(session)
    database.close()
    assert sorted(keys) == sorted(f"event-{number}" for number in range(JOBS))
    assert list(numbers) == [f"INC-2026-{number:04d}" for number in range(1, JOBS + 1)]
    assert chain.whole
    assert chain.events == JOBS


@pytest.mark.both_engines
def test_a_worker_lives_until_it_leaves_or_dies(database_url: str) -> None:
    here = presence_of(database_url)
    assert here.hold()
    code = (
        "import sys; from records.worker_presence import presence_of\n"
        "there = presence_of(sys.argv[1]); there.hold(); print(there.id, flush=True)\n"
        "sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, database_url]
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        other_id = other.stdout.readline().strip()
        assert here.lives(other_id)
        other.kill()
        other.wait()
    deadline = time.monotonic() + 20
    while here.lives(other_id) and time.monotonic() < deadline:
        time.sleep(0.02)  # the server notices a moment after the kernel
    assert not here.lives(other_id)
    here.leave()
