"""What is taken, from whom, once; what is left alone; nobody is called on the way."""

import json
from dataclasses import replace
from typing import Any

import pytest

from assistant.app import App
from records.errors import Unavailable


def test_a_message_is_written_down_under_its_own_number(door: Any, kept: Any, feishu: Any) -> None:
    body = door.message("身份证复印件能碎掉吗？", number="om_1")
    assert door.take(body) is None
    assert door.take(door.message("身份证复印件能碎掉吗？", number="om_1")) is None
    ((job, said),) = kept.kept.items()
    assert job == "feishu-said:om_1"
    assert (said["door"], said["text"], said["chat"]) == (
        "direct",
        "身份证复印件能碎掉吗？",
        "feishu",
    )
    assert said["said_at"] == "2026-11-23T01:59:55+00:00"
    assert feishu.calls == []


def test_in_a_group_only_what_mentions_us_is_heard_and_it_is_public(door: Any, kept: Any) -> None:
    door.take(door.message("随便聊聊", group=True, at=False))
    assert kept.kept == {}
    mentions = [{"key": "@_user_1", "id": {"open_id": "ou_other"}, "name": "小王"}]
    door.take(door.message("@_user_1 看看", group=True, at=False, mentions=mentions))
    assert kept.kept == {}
    door.take(door.message("问题", group=True, number="om_2", root_id="om_root"))
    (said,) = kept.kept.values()
    assert (said["door"], said["text"], said["thread"], said["message"]) == (
        "channel", "问题", "om_root", "om_2",
    )  # fmt: skip


def test_mentions_of_others_are_read_by_name(door: Any, kept: Any) -> None:
    mentions = [
        {"key": "@_user_1", "id": {"open_id": door.bot}, "name": "合规助手"},
        {"key": "@_user_10", "id": {"open_id": "ou_x"}, "name": "小王"},
    ]
    content = {"text": "@_user_1 @_user_10 能看吗 @_all"}
    door.take(door.message(group=True, at=False, mentions=mentions, content=content))
    (said,) = kept.kept.values()
    assert said["text"] == "@小王 能看吗 @所有人"


def test_a_rich_text_is_read_line_by_line(door: Any, kept: Any) -> None:
    content = {
        "title": "事件：",
        "content": [
            [{"tag": "at", "user_id": "@_user_1"}, {"tag": "text", "text": "笔记本"}],
            [{"tag": "a", "text": "丢了", "href": "https://x.example"}],
        ],
    }
    door.take(door.message(group=True, kind="post", content=content))
    (said,) = kept.kept.values()
    assert (said["verb"], said["text"]) == ("incident", "笔记本\n丢了")


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ({"tenant_key": "tenant0other"}, {"tenant_key": "tenant0other"}),
        ({}, {"tenant_key": "tenant0other"}),
        ({}, {"tenant_key": ""}),
        ({"app_id": "cli_other"}, {}),
        ({}, {"sender_type": "app"}),
        ({}, {"sender_id": {"open_id": "ou_bot"}}),
        ({}, {"sender_id": None}),
    ],
)
def test_other_tenants_apps_bots_and_ourselves_are_left_alone(
    door: Any, kept: Any, header: Any, sender: Any
) -> None:
    body = door.message("问题", sender=sender)
    body["header"].update(header)
    assert door.take(body) is None
    assert kept.kept == {}


def test_without_a_tenant_set_the_writer_must_be_of_the_tenant_it_came_from(
    feishu_app: App, door: Any, kept: Any
) -> None:
    open_settings = feishu_app.settings.model_copy(update={"feishu_tenant_key": ""})
    anywhere = type(door)(replace(feishu_app, settings=open_settings), kept)
    anywhere.take(anywhere.message("问题", sender={"tenant_key": "tenant0guest"}))
    assert kept.kept == {}
    anywhere.take(anywhere.message("问题"))
    assert len(kept.kept) == 1


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 5000, b'{"header": 1}', b'{"header": {"event_type": []}}'],
)  # fmt: skip
def test_what_is_no_event_is_acknowledged_and_left_alone(door: Any, kept: Any, raw: bytes) -> None:
    assert door.events.do_without_validation(raw) is None
    assert kept.kept == {}


@pytest.mark.parametrize("content", ["", "[]", "{", 7, "null"])
def test_of_a_content_that_is_not_as_documented_no_word_is_taken(
    door: Any, kept: Any, feishu: Any, content: Any
) -> None:
    body = door.message("x", group=True, number="om_odd")
    body["event"]["message"] |= {"content": content, "create_time": "soon"}
    assert door.take(body) is None
    ((job, said),) = kept.kept.items()
    assert (job, said["verb"], said["text"]) == ("feishu-said:om_odd", "help", "")
    # A time that is none: it counts from now.
    assert said["said_at"] == door.now.isoformat()
    assert feishu.calls == []


@pytest.mark.parametrize(
    "message",
    [
        "none",
        None,
        [],
        {},
        {"message_id": 7, "chat_id": "oc_1"},
        {"message_id": "om_1", "chat_id": "oc_group", "chat_type": "group",
         "mentions": [1, {"id": 2, "key": None}]},
    ],
)  # fmt: skip
def test_a_message_that_is_not_as_documented_is_left_alone(
    door: Any, kept: Any, feishu: Any, message: Any
) -> None:
    body = door.message("x", group=True)
    body["event"]["message"] = message
    assert door.take(body) is None
    assert kept.kept == {}
    assert feishu.calls == []


def test_each_conversation_is_a_lane_of_its_own(door: Any, kept: Any) -> None:
    for number, thread in (("om_1", "om_a"), ("om_2", "om_b"), ("om_3", "om_a")):
        door.take(door.message("问题", group=True, number=number, root_id=thread))
    door.take(door.message("问题", number="om_4"))
    door.take(door.message("再问", number="om_5"))
    value = {"choice": "close", "words": "公司注销", "thread": "om_a"}
    door.take(door.press({"behaviors": [{"value": value}]}, chat="oc_group"))
    first, other, again, alone, still_alone, pressed = kept.lanes.values()
    assert first == again == pressed
    assert alone == still_alone
    assert len({first, other, alone}) == 3


def test_what_cannot_be_kept_is_not_acknowledged(door: Any, kept: Any, feishu: Any) -> None:
    kept.refusal = Unavailable("现在不行。", "Not now.")
    with pytest.raises(Unavailable):
        door.take(door.message("问题"))


def test_an_error_nobody_foresaw_tells_nothing_of_the_message(door: Any, kept: Any) -> None:
    kept.refusal = ValueError("张三 13800138000")
    with pytest.raises(RuntimeError, match=r"^ValueError$"):
        door.take(door.message("张三 13800138000"))


def test_a_press_that_cannot_be_kept_says_so(door: Any, kept: Any) -> None:
    kept.refusal = ValueError("x")
    pressed = {"behaviors": [{"value": {"act": "help", "subject": ""}}]}
    assert door.take(door.press(pressed))["toast"]["type"] == "error"


def test_a_press_is_one_wish_and_a_press_of_another_tenant_is_none(door: Any, kept: Any) -> None:
    pressed = {"behaviors": [{"value": {"act": "step-done", "subject": "INC-2026-0001:1"}}]}
    body = door.press(pressed)
    assert door.take(body)["toast"]["type"] == "info"
    door.take(body)
    ((_, wanted),) = kept.kept.items()
    assert (wanted["act"], wanted["subject"], wanted["user"]) == (
        "step-done", "INC-2026-0001:1", door.user,
    )  # fmt: skip
    refused = door.take(door.press(pressed, tenant="tenant0other"))
    assert refused["toast"]["type"] == "error"
    assert len(kept.kept) == 1


@pytest.mark.parametrize("value", [{}, {"act": "no-such"}, {"act": 7}, {"say": "loudly"}, None])
def test_a_button_of_another_version_says_that_it_is_old(door: Any, kept: Any, value: Any) -> None:
    answer = door.take(door.press({"behaviors": [{"value": value}]}))
    assert "过期" in answer["toast"]["content"]
    assert kept.kept == {}


def test_an_answer_pressed_where_nothing_says_that_it_is_private_is_public(
    door: Any, kept: Any
) -> None:
    value = {"choice": "close", "words": "公司注销", "thread": "om_root"}
    door.take(door.press({"behaviors": [{"value": value}]}, chat="oc_group"))
    door.take(door.press({"behaviors": [{"value": {**value, "public": False}}]}, message="om_9"))
    public, private = kept.kept.values()
    assert (public["door"], public["thread"], public["message"]) == (
        "channel",
        "om_root",
        "om_card",
    )
    assert (private["door"], private["thread"], private["message"]) == ("direct", "", "")
    assert public["choice"] == "close"


def test_the_menu_of_the_bot_names_acts(door: Any, kept: Any) -> None:
    door.take(door.menu("incident"))
    door.take(door.menu("nothing-of-ours"))
    (wanted,) = kept.kept.values()
    assert (wanted["act"], wanted["submitted"]) == ("incident", "")


def test_a_file_sent_to_us_is_a_job_of_its_own(door: Any, kept: Any) -> None:
    content = {"file_key": "file_v3_1", "file_name": "名单.txt"}
    door.take(door.message(kind="file", content=content, number="om_f"))
    ((job, sent),) = kept.kept.items()
    assert job == "feishu-file:om_f"
    assert json.loads(json.dumps(sent))["name"] == "名单.txt"
