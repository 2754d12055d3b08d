"""A stop or crash between acknowledgement and work loses nothing and does nothing twice."""

import time
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from records.jobs import Jobs

KEY = b"k" * 32
# So slow that nothing is taken up before the stop. DBOS keeps it until the next start is under way.
SLOW = 3.0
SOON = 0.05


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
