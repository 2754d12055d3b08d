"""Marked personal data said in Slack: no post, log, audit event, job or stored byte shows it."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from assistant.app import App
from records.audit import latest_events
from tests.faults.marked import NAME, SAID, assert_clean, written


def test_what_people_say_by_every_way_shows_nowhere(
    live_door: Any,
    slack: Any,
    slack_app: App,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    message = {"text": SAID, "user": live_door.user, "ts": "1795000000.1"}
    live_door.event(live_door.saying(f"{SAID}，他的身份证复印件可以销毁吗？"))
    live_door.event(live_door.mentioning(f"{SAID}，他要求删除，怎么办？"))
    live_door.event(live_door.mentioning(f"事件：笔记本丢失，里面有{SAID}"))
    live_door.event(live_door.saying(f"销毁：{SAID}的身份证复印件"))
    live_door.command(f"incident 邮件误发，{SAID}", slack.response_url())
    live_door.command(f"{NAME}{SAID}", slack.response_url())
    live_door.interaction(live_door.shortcut("message-ask", message))
    live_door.interaction(live_door.shortcut("message-incident", message))
    calls = slack.wait_for(8)

    assert any("第" in json.dumps(one.body, ensure_ascii=False) for one in calls)
    assert_clean({one.path: json.dumps(one.body, ensure_ascii=False) for one in calls})
    with slack_app.database.reading() as session:
        events = latest_events(session, 200)
    assert {"question:answered", "incident:reported"} <= {one.action for one in events}
    assert_clean(
        {"audit": str(events), "logs": written(caplog), "output": "".join(capfd.readouterr())}
    )
    slack_app.database.scrub()
    jobs = Path(str(make_url(live_door.jobs._url).database)).parent
    kept = [path for top in (slack_app.settings.home, jobs) for path in top.rglob("*")]
    assert any(path.suffix == ".db" and path.parent == jobs for path in kept)
    assert_clean(
        {str(one): one.read_bytes().decode("utf-8", "replace") for one in kept if one.is_file()}
    )
