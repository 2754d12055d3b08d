"""A file sent comes back redacted to its sender: fetched from Slack alone, within limits, never stored."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from integrations.chat.calls import Declined, TooLarge, Uncertain
from integrations.slack import files
from integrations.slack.web_api import Slack

ID = "330106199003070011"
ORIGINAL = f"客户李文博，身份证号{ID}，已解约。".encode()
INFO, POST, OPEN_DM = "/api/files.info", "/api/chat.postMessage", "/api/conversations.open"
URL, DONE = "/api/files.getUploadURLExternal", "/api/files.completeUploadExternal"
STORE, PUT = "/api/files-pri/T0-F1/download/a.txt", "/api/upload/v1/abc"
TOKEN = "xoxb-invented-token"


def at(slack: Any, path: str) -> str:
    return str(slack.url).removesuffix("/api/") + path


def offer(slack: Any, data: bytes = ORIGINAL, **file: Any) -> None:
    """Slack has this file, and takes a copy of it."""
    told = {
        "id": "F0FILE",
        "name": "客户.txt",
        "size": len(data),
        "mimetype": "text/plain",
        "url_private_download": at(slack, STORE),
        **file,
    }
    slack.answer(INFO, body={"ok": True, "file": told})
    slack.answer(STORE, body=data, headers={"Content-Type": "text/plain"})
    slack.answer(URL, body={"ok": True, "upload_url": at(slack, PUT), "file_id": "F0COPY"})
    slack.answer(OPEN_DM, body={"ok": True, "channel": {"id": "D0OPENED"}})


def shared(said: dict[str, Any]) -> dict[str, Any]:
    """The message with a file in it."""
    said["event"] |= {"subtype": "file_share", "files": [{"id": "F0FILE", "name": "客户.txt"}]}
    return said


def by_path(calls: list[Any]) -> dict[str, Any]:
    return {call.path: call for call in calls}


def test_a_file_sent_directly_comes_back_redacted_in_the_same_place(
    live_door: Any, slack: Any
) -> None:
    offer(slack)
    body = shared(live_door.saying(""))
    assert live_door.event(body).status_code == 200
    live_door.event(body, at=live_door.now)
    calls = slack.wait_for(6)
    found = by_path(calls)
    assert found[STORE].headers["Authorization"] == f"Bearer {TOKEN}"
    copy = found[PUT]
    assert "Authorization" not in copy.headers
    assert ID.encode() not in copy.body["bytes"] and "已解约".encode() in copy.body["bytes"]
    done = found[DONE].body
    assert (done["channel_id"], done["thread_ts"]) == ("D0LINXIAO", body["event"]["ts"])
    assert done["files"][0]["id"] == "F0COPY"
    report = found[POST]
    assert "身份证号 × 1" in report.text and "请删除" in report.text
    assert ID not in json.dumps([c.body for c in calls], default=repr)
    assert len([c for c in calls if c.path == DONE]) == 1


def test_the_original_is_not_kept(live_door: Any, slack: Any) -> None:
    offer(slack)
    live_door.event(shared(live_door.saying("")))
    slack.wait_for(6)
    app = live_door.app
    with app.database.reading() as session:
        sizes = set(session.execute(text("select size from files")).scalars())
        names = set(session.execute(text("select name from files")).scalars())
    assert len(ORIGINAL) not in sizes or "客户.txt" not in names
    stored = b"".join(p.read_bytes() for p in app.settings.home.rglob("*") if p.is_file())
    assert ID.encode() not in stored


def test_a_file_in_a_channel_goes_back_to_its_sender_alone(live_door: Any, slack: Any) -> None:
    offer(slack)
    live_door.event(shared(live_door.mentioning("脱敏")))
    calls = slack.wait_for(7)
    found = by_path(calls)
    assert found[OPEN_DM].body["users"] == live_door.user
    assert found[DONE].body["channel_id"] == "D0OPENED"
    assert found[POST].body["channel"] == live_door.user
    assert all(call.body.get("channel") != "C0GENERAL" for call in calls)


def test_only_when_asked_the_copy_goes_into_the_thread(live_door: Any, slack: Any) -> None:
    offer(slack)
    body = shared(live_door.mentioning("脱敏后发到这里"))
    live_door.event(body)
    found = by_path(slack.wait_for(6))
    done = found[DONE].body
    assert (done["channel_id"], done["thread_ts"]) == ("C0GENERAL", body["event"]["ts"])
    assert found[POST].body["channel"] == live_door.user


def test_a_question_with_a_file_is_answered_and_the_file_redacted(
    live_door: Any, slack: Any
) -> None:
    offer(slack)
    live_door.event(shared(live_door.saying("客户解约三年了，他的身份证复印件可以销毁吗？")))
    calls = slack.wait_for(7)
    posts = [call.text for call in calls if call.path == POST]
    assert any("第四十七条" in said for said in posts)
    assert any("已脱敏" in said for said in posts)


def test_the_shortcut_on_a_message_redacts_its_files(live_door: Any, slack: Any) -> None:
    offer(slack)
    message = {"ts": "1795399100.3", "text": "", "files": [{"id": "F0FILE"}]}
    live_door.interaction(live_door.shortcut("message-redact", message))
    found = by_path(slack.wait_for(7))
    assert found[DONE].body["channel_id"] == "D0OPENED"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"size": files.MAX_BYTES + 1}, "超过 25 MB"),
        ({"is_external": True}, "不是一份存放在本工作区的文件"),
        ({"mode": "tombstone"}, "不是一份存放在本工作区的文件"),
        ({"url_private_download": ""}, "不是一份存放在本工作区的文件"),
        ({"url_private_download": "https://files.slack.com.evil.example/a"}, "取不到这份文件"),
        ({"url_private_download": "http://169.254.169.254/latest/meta-data"}, "取不到这份文件"),
    ],
)
def test_a_file_that_may_not_be_fetched_is_refused_by_its_reason(
    live_door: Any, slack: Any, file: dict[str, Any], said: str
) -> None:
    offer(slack, **file)
    live_door.event(shared(live_door.saying("")))
    info, post = slack.wait_for(2)
    assert (info.path, post.path) == (INFO, POST)
    assert said in post.text


def test_a_kind_nobody_can_redact_is_refused_by_name(live_door: Any, slack: Any) -> None:
    offer(slack, b"\x7fELF\x02\x01\x01\x00nothing", name="客户.exe")
    live_door.event(shared(live_door.saying("")))
    calls = slack.wait_for(3)
    assert "没有完成" in calls[-1].text
    assert DONE not in by_path(calls)


def test_a_page_to_sign_in_is_not_taken_for_the_file(live_door: Any, slack: Any) -> None:
    offer(slack)
    slack.script[STORE][0].headers = {"Content-Type": "text/html; charset=utf-8"}
    live_door.event(shared(live_door.saying("")))
    calls = slack.wait_for(3)
    assert "取不到这份文件" in calls[-1].text


def test_a_copy_slack_does_not_take_can_be_had_on_the_web(live_door: Any, slack: Any) -> None:
    offer(slack)
    slack.answer(DONE, body={"ok": False, "error": "channel_not_found"})
    live_door.event(shared(live_door.saying("")))
    calls = slack.wait_for(7)
    assert "网页“脱敏”" in calls[-1].text
    assert len([c for c in calls if c.path == DONE]) == 1


@pytest.fixture
def api(slack: Any) -> Slack:
    return Slack(token=TOKEN, base_url=slack.url, timeout_seconds=2)


def fetch(api: Slack, url: str, *, most: int = 100, within: float = 5) -> bytes:
    return api.download(url, most=most, within_seconds=within).data


def test_no_more_is_read_than_agreed_whatever_was_stated(api: Slack, slack: Any) -> None:
    slack.answer(STORE, body=b"x" * 101)
    with pytest.raises(TooLarge):
        fetch(api, at(slack, STORE))
    slack.answer(STORE, body=b"x", headers={"Content-Length": "101"})
    with pytest.raises(TooLarge):
        fetch(api, at(slack, STORE))
    slack.answer(STORE, body=b"x" * 100)
    assert len(fetch(api, at(slack, STORE))) == 100


def test_a_redirect_takes_no_token_along(api: Slack, slack: Any) -> None:
    slack.answer(STORE, status=302, headers={"Location": at(slack, "/api/elsewhere")}, body="")
    with pytest.raises(Declined):
        fetch(api, at(slack, STORE))
    assert [call.path for call in slack.calls] == [STORE]


def test_a_download_that_takes_too_long_is_given_up(api: Slack, slack: Any) -> None:
    slack.answer(STORE, body=b"x", after_seconds=1)
    with pytest.raises(Uncertain):
        fetch(api, at(slack, STORE), within=0.2)


@pytest.mark.parametrize("url", ["https://evil.example/up", "file:///tmp/x", ""])
def test_bytes_go_to_no_foreign_address(api: Slack, slack: Any, url: str) -> None:
    slack.answer(URL, body={"ok": True, "upload_url": url, "file_id": "F1"})
    with pytest.raises(Declined):
        api.upload(b"x", "a.txt", channel="D1", thread="", comment="c")
    assert [call.path for call in slack.calls] == [URL]
