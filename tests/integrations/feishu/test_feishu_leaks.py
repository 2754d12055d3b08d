"""Marked personal data said in Feishu: no post, log, audit event or stored byte shows it."""

import json
import logging
from typing import Any

import pytest

from assistant.app import App
from records.audit import latest_events
from tests.faults.marked import SAID, assert_clean, written


def test_what_people_say_shows_nowhere(
    live_door: Any, feishu: Any, feishu_app: App, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    live_door.take(live_door.message(f"{SAID}，他的身份证复印件可以销毁吗？"))
    live_door.take(live_door.message(f"事件：笔记本丢失，里面有{SAID}", group=True))
    live_door.take(live_door.message(f"销毁：{SAID}的身份证复印件"))
    calls = feishu.wait_for(4)

    posted = {
        f"{n} {one.path}": json.dumps(one.body, ensure_ascii=False) for n, one in enumerate(calls)
    }
    assert any("第" in text for text in posted.values())
    assert_clean(posted)
    with feishu_app.database.reading() as session:
        events = latest_events(session, 200)
    assert {"question:answered", "incident:reported"} <= {one.action for one in events}
    assert_clean({"audit": str(events), "logs": written(caplog)})
    feishu_app.database.scrub()
    assert_clean(
        {
            str(one): one.read_bytes().decode("utf-8", "replace")
            for one in feishu_app.settings.home.rglob("*")
            if one.is_file()
        }
    )
