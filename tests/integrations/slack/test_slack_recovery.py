"""A stop or crash between acknowledgement and work loses nothing and does nothing twice."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.app import App
from records.jobs import Jobs
from tests.homes import copy_home

KEY = b"k" * 32
# So slow that nothing is taken up before the stop. DBOS keeps it until the next start is under way.
SLOW = 3.0
SOON = 0.05
START_SECONDS = 180


@pytest.fixture
def jobs_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'jobs.db'}"


def test_what_was_acknowledged_is_answered_by_the_next_start(
    slack_app: App, slack: Any, door: Any, jobs_url: str
) -> None:
    opened = type(door)
    before = Jobs(jobs_url, KEY, polling_seconds=SLOW)
    first = opened(slack_app, before)
    before.start()
    try:
        body = first.mentioning("help")
        url = slack.response_url()
        # Whatever the queue does at its start is over before the events come.
        time.sleep(0.3)
        assert first.event(body).status_code == 200
        assert first.command("ask 客户解约三年了，身份证复印件可以销毁吗？", url).status_code == 200
    finally:
        before.stop(within_seconds=0)
    assert slack.wait_for(0) == []

    after = Jobs(jobs_url, KEY, polling_seconds=SOON)
    second = opened(slack_app, after)
    after.start()
    try:
        calls = slack.wait_for(2)
        assert sorted(call.path for call in calls) == sorted(
            ["/api/chat.postMessage", f"/{url.split('/', 3)[3]}"]
        )
        # Slack did not see our acknowledgement and sends the event again.
        assert second.event(body).status_code == 200
        assert len(slack.wait_for(3, seconds=1)) == 2
    finally:
        after.stop()


def test_words_do_not_lie_readable_on_disk(
    slack_app: App, slack: Any, door: Any, jobs_url: str, tmp_path: Path
) -> None:
    jobs = Jobs(jobs_url, KEY, polling_seconds=SOON)
    opened = type(door)(slack_app, jobs)
    jobs.start()
    try:
        opened.event(opened.saying("身份证号 110101199003074194 的客户资料能删吗？"))
        slack.wait_for(1)
    finally:
        jobs.stop()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("jobs.db*"))
    assert b"110101199003074194" not in stored


def test_a_service_killed_right_after_the_front_acknowledged_loses_nothing(
    small_home: Path, slack: Any, door: Any, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    copy_home(small_home, home)
    body = door.saying("help")
    raw = json.dumps(body).encode()
    with started(home, slack.url) as (first, url):
        headers = door.signed(raw, at=datetime.now(UTC))
        assert httpx.post(f"{url}/slack/events", content=raw, headers=headers).status_code == 200
        first.kill()
    with started(home, slack.url) as (second, url):
        headers = door.signed(raw, at=datetime.now(UTC) + timedelta(seconds=1))
        # Slack did not see that it was acknowledged.
        assert httpx.post(f"{url}/slack/events", content=raw, headers=headers).status_code == 200
        said = [one for one in slack.wait_for(1, seconds=60) if one.path == "/api/chat.postMessage"]
        assert len(said) == 1
        second.send_signal(signal.SIGTERM)
        assert second.wait(60) == 0
    posts = [one for one in slack.calls if one.path == "/api/chat.postMessage"]
    assert len(posts) == 1
    assert list((home / "letters").iterdir()) == []


@contextmanager
def started(home: Path, slack_url: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """`compliance serve` in a process of its own, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "COMPLIANCE_HOME": str(home),
        "COMPLIANCE_PORT": str(port),
        "COMPLIANCE_SLACK_BOT_TOKEN": "xoxb-invented",
        "COMPLIANCE_SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
        "COMPLIANCE_SLACK_API_URL": slack_url,
    }
    service = subprocess.Popen(
        [sys.executable, "-m", "integrations.cli", "serve"],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
    )
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    try:
        # One client: each reads the certificates anew, for longer than it waits.
        with httpx.Client() as client:
            while time.monotonic() < until:
                with suppress(httpx.TransportError):
                    if client.get(f"{url}/livez").status_code == 200:
                        break
                time.sleep(0.2)
        yield service, url
    finally:
        service.kill()
        service.wait()
