"""Personal data pasted where others read along: one person is warned, by kinds and numbers alone."""

import json
from typing import Any

ID = "330106199003070011"
WHISPER, POST = "/api/chat.postEphemeral", "/api/chat.postMessage"


def test_whoever_pasted_it_is_warned_alone(live_door: Any, slack: Any) -> None:
    body = live_door.mentioning(f"身份证号{ID}和110101199003074194的客户解约了，资料能删吗？")
    live_door.event(body)
    calls = {call.path: call for call in slack.wait_for(2)}
    warning = calls[WHISPER].body
    assert (warning["channel"], warning["user"]) == ("C0GENERAL", live_door.user)
    assert warning["thread_ts"] == body["event"]["ts"]
    assert "身份证号 ×2" in warning["text"] and "请删除" in warning["text"]
    assert "请删除" not in calls[POST].text and "遮盖" not in calls[POST].text
    said = json.dumps([call.body for call in calls.values()])
    assert ID not in said and "110101199003074194" not in said


def test_without_personal_data_nobody_is_warned(live_door: Any, slack: Any) -> None:
    live_door.event(live_door.mentioning("合同到期的客户资料能删吗？"))
    assert [call.path for call in slack.wait_for(1)] == [POST]


def test_text_is_redacted_by_command_for_its_user_alone(live_door: Any, slack: Any) -> None:
    url = slack.response_url()
    live_door.command(f"redact 客户李文博，身份证号{ID}，周二来取合同", url)
    (call,) = slack.wait_for(1)
    assert url.endswith(call.path) and call.body["response_type"] == "ephemeral"
    assert "周二来取合同" in call.text and ID not in json.dumps(call.body)


def test_text_to_be_redacted_in_a_channel_is_answered_directly(live_door: Any, slack: Any) -> None:
    live_door.event(live_door.mentioning(f"脱敏：身份证号{ID}，周二来取合同"))
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel"]) == (POST, live_door.user)
