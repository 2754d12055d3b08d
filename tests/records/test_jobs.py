"""Durable jobs: once for each id, taken up again after a crash, nothing readable on disk."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from records.database import DatabaseUnavailable
from records.dbos_parts import ATTEMPTS, Payload
from records.errors import Unavailable
from records.jobs import JobFailed, Jobs, TryLater

CRASH_ONCE = """
import os, sys
from pathlib import Path
from records.jobs import Jobs
folder = Path(sys.argv[1])
def work(payload):
    with (folder / "runs").open("a") as runs:
        runs.write(payload["name"] + "\\n")
    if not (folder / "crashed").exists():
        (folder / "crashed").touch()
        os._exit(9)
    (folder / "done").write_text(payload["name"])
jobs = Jobs(f"sqlite:///{folder / 'jobs.db'}", b"k" * 32, polling_seconds=0.05)
jobs.handle("greet", work)
jobs.start()
if not (folder / "crashed").exists():
    jobs.submit("greet", "one", {"name": "13800138000"})
jobs.wait("greet", "one")
jobs.stop()
"""


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(f"sqlite:///{tmp_path / 'jobs.db'}", b"k" * 32, polling_seconds=0.05)
    yield jobs
    jobs.stop()


def test_an_id_handed_in_three_times_is_worked_once(jobs: Jobs) -> None:
    done: list[Payload] = []
    jobs.handle("note", done.append)
    jobs.start()
    for _ in range(3):
        jobs.submit("note", "event-1", {"text": "hello"})
    jobs.wait("note", "event-1")
    assert done == [{"text": "hello"}]


def test_a_failed_job_says_neither_its_error_text_nor_its_payload(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(payload: Payload) -> None:
        raise ValueError(payload["text"])

    jobs.handle("note", fail)
    jobs.start()
    jobs.submit("note", "event-1", {"text": "13800138000"})
    with pytest.raises(JobFailed) as failure:
        jobs.wait("note", "event-1")
    assert "ValueError" in caplog.text
    assert "13800138000" not in caplog.text + str(failure.value)


def test_a_job_outlasts_a_database_that_is_away_longer_than_its_attempts(tmp_path: Path) -> None:
    jobs = Jobs(
        f"sqlite:///{tmp_path / 'jobs.db'}", b"k" * 32, polling_seconds=0.05, outage_seconds=0.01
    )
    tries: list[Payload] = []

    def work(payload: Payload) -> None:
        tries.append(payload)
        if len(tries) < 3 * ATTEMPTS:
            raise DatabaseUnavailable

    jobs.handle("note", work)
    jobs.start()
    jobs.submit("note", "event-1", {"text": "hello"})
    jobs.wait("note", "event-1")
    jobs.stop()
    assert len(tries) == 3 * ATTEMPTS


def test_jobs_of_a_lane_come_in_order_while_others_pass_a_lane_that_waits(tmp_path: Path) -> None:
    jobs = Jobs(
        f"sqlite:///{tmp_path / 'jobs.db'}", b"k" * 32, polling_seconds=0.02, outage_seconds=0.01
    )
    done: list[str] = []
    back = threading.Event()

    def work(payload: Payload) -> None:
        if payload["lane"] == "away" and not back.is_set():
            raise TryLater
        done.append(payload["name"])

    jobs.handle("post-one", work, lanes="posts")
    jobs.start()
    for number in range(4):
        for lane in ("away", "here"):
            name = f"{lane}-{number}"
            jobs.submit("post-one", name, {"lane": lane, "name": name}, lane=lane)
    jobs.wait("post-one", "here-3")
    assert done == [f"here-{number}" for number in range(4)]
    back.set()
    jobs.wait("post-one", "away-3")
    jobs.stop()
    assert done[4:] == [f"away-{number}" for number in range(4)]


def test_a_job_that_waits_is_taken_up_by_the_next_start(tmp_path: Path) -> None:
    url, tries, done = f"sqlite:///{tmp_path / 'jobs.db'}", threading.Event(), threading.Event()

    def away(_payload: Payload) -> None:
        tries.set()
        raise TryLater(at_least=600)

    first = Jobs(url, b"k" * 32, polling_seconds=0.02)
    first.handle("post-one", away, lanes="posts")
    first.start()
    first.submit("post-one", "a", {}, lane="x")
    assert tries.wait(10)
    began = time.monotonic()
    first.stop()
    assert time.monotonic() - began < 5
    second = Jobs(url, b"k" * 32, polling_seconds=0.02)
    second.handle("post-one", lambda _payload: done.set(), lanes="posts")
    second.start()
    assert done.wait(15)
    second.stop()


def test_a_scheduled_task_takes_its_turns(jobs: Jobs) -> None:
    turned = threading.Event()
    jobs.every("* * * * * *", "tick", turned.set)
    jobs.start()
    assert turned.wait(timeout=20)


def test_finished_jobs_are_forgotten_with_what_they_held_and_waiting_ones_are_not(
    jobs: Jobs, tmp_path: Path
) -> None:
    def fail(_: Payload) -> None:
        raise ValueError

    jobs.handle("note", lambda _: None)
    jobs.handle("fails", fail)
    jobs.start()
    for number in range(5):
        jobs.submit("note", f"event-{number}", {"text": "13800138000"})
        jobs.wait("note", f"event-{number}")
    jobs.submit("fails", "one", {"text": "13800138000"})
    with pytest.raises(JobFailed):
        jobs.wait("fails", "one")
    jobs.submit("elsewhere-done", "one", {"text": "waits for another process"})
    now = datetime.now(UTC)
    assert jobs.forget(now) == 0
    assert jobs.forget(now + timedelta(days=4)) == 6
    jobs.stop()
    with sqlite3.connect(tmp_path / "jobs.db") as kept:
        for table in ("workflow_status", "workflow_input"):
            found = kept.execute(f"SELECT workflow_uuid FROM {table}").fetchall()
            assert found == [("elsewhere-done:one",)]
        for table in ("workflow_output", "operation_outputs"):
            assert kept.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_before_the_start_nothing_is_accepted(jobs: Jobs) -> None:
    with pytest.raises(Unavailable):
        jobs.submit("note", "event-1", {})


def test_a_job_cut_short_by_a_crash_is_finished_at_the_next_start(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CRASH_ONCE, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == 9
    assert not (tmp_path / "done").exists()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("jobs.db*"))
    assert b"13800138000" not in stored
    assert subprocess.run(command, check=False).returncode == 0
    assert (tmp_path / "done").read_text() == "13800138000"
