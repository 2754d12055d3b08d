"""From a signed request over real durable jobs and real verbs to what Slack is told."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

QUESTION = "客户解约三年了，他的身份证复印件可以销毁吗？"
POST = "/api/chat.postMessage"
RESIDENT_ID = "110101199003074194"


def _said(call: Any) -> str:
    return json.dumps(call.body, ensure_ascii=False)


def test_a_mention_is_answered_in_its_thread_with_the_article(live_door: Any, slack: Any) -> None:
    body = live_door.mentioning(QUESTION)
    assert live_door.event(body).status_code == 200
    (call,) = slack.wait_for(1)
    assert call.path == POST
    assert call.headers["Authorization"] == "Bearer xoxb-invented-token"
    assert call.body["channel"] == "C0GENERAL"
    assert call.body["thread_ts"] == body["event"]["ts"]
    assert "个人信息保护法" in call.text
    assert "第四十七条" in call.text
    assert "2026-11-23" in call.text


def test_the_same_message_three_ways_is_answered_once(live_door: Any, slack: Any) -> None:
    body = live_door.mentioning(QUESTION, channel="D0LINXIAO")
    live_door.event(body)
    live_door.event(body, at=live_door.now - timedelta(seconds=2))
    live_door.event(live_door.saying(f"<@{live_door.bot}> {QUESTION}", ts=body["event"]["ts"]))
    assert len(slack.wait_for(1)) == 1


def test_another_bot_gets_no_answer(live_door: Any, slack: Any) -> None:
    body = live_door.mentioning(QUESTION, bot_id="B0OTHER")
    assert live_door.event(body).status_code == 200
    time.sleep(0.5)
    assert slack.wait_for(0) == []


def test_personal_data_is_masked_named_and_never_repeated(live_door: Any, slack: Any) -> None:
    live_door.event(live_door.saying(f"身份证号 {RESIDENT_ID} 的客户解约了，资料能删吗？"))
    (call,) = slack.wait_for(1)
    assert RESIDENT_ID not in _said(call)
    assert "身份证号" in call.text
    assert "请删除您刚才的消息" in call.text


def test_a_broadcast_in_the_text_pings_nobody(live_door: Any, slack: Any) -> None:
    for words in ("<!channel> <!here> @channel @everyone 丢了笔记本",):
        live_door.event(live_door.saying(f"事件：{words}"))
    (call,) = slack.wait_for(1)
    said = _said(call).lower()
    assert "<!" not in said
    assert "@channel" not in said
    assert "@everyone" not in said
    assert "@here" not in said


def test_an_incident_in_a_channel_says_its_number_there_and_the_rest_privately(
    live_door: Any, slack: Any
) -> None:
    body = live_door.mentioning("incident 笔记本电脑丢了，里面有 1200 名客户的身份证号")
    live_door.event(body)
    calls = {call.body["channel"]: call for call in slack.wait_for(2)}
    public, private = calls["C0GENERAL"], calls["U0LINXIAO"]
    assert "INC-2026-" in public.text
    assert "1200" not in _said(public)
    assert "时限" in private.text
    assert "个人信息保护法" in private.text
    assert "先做这一步" in private.text
    assert "thread_ts" not in private.body


def test_a_direct_incident_counts_from_when_it_was_written(live_door: Any, slack: Any) -> None:
    written = live_door.now - timedelta(minutes=30)
    ts = f"{int(written.timestamp())}.000900"
    live_door.event(live_door.saying("incident 服务器被勒索软件加密，5000 名客户", ts=ts))
    (call,) = slack.wait_for(1)
    assert "INC-2026-" in call.text
    with live_door.app.database.reading() as session:
        stored = session.execute(
            text("select facts from tickets order by id desc limit 1")
        ).scalar_one()
    assert written.isoformat()[:16] in str(stored)


def test_the_time_stated_in_a_message_counts_before_when_it_was_written(
    live_door: Any, slack: Any
) -> None:
    live_door.event(live_door.saying("incident 今天早上9点发现笔记本电脑丢了，300 名客户"))
    (call,) = slack.wait_for(1)
    assert "2026-11-23 09:00（北京时间） · 取自报告文字" in _said(call)
    slack.clear()
    live_door.event(live_door.saying("incident 笔记本电脑丢了，300 名客户"))
    (call,) = slack.wait_for(1)
    assert "09:59（北京时间） · 未说明，按报告时间计" in _said(call)


def test_ask_by_command_is_answered_to_its_user_alone(live_door: Any, slack: Any) -> None:
    url = slack.response_url()
    live_door.command(f"ask {QUESTION}", url)
    (call,) = slack.wait_for(1)
    assert url.endswith(call.path)
    assert call.body["response_type"] == "ephemeral"
    assert call.body["replace_original"] is False
    assert "Authorization" not in call.headers
    assert "第四十七条" in call.text


def test_destroy_by_command_gets_ticket_and_date(live_door: Any, slack: Any) -> None:
    live_door.command("destroy 2020年解约客户的身份证复印件86份", slack.response_url())
    (call,) = slack.wait_for(1)
    assert "DES-2026-" in call.text
    assert call.body["response_type"] == "ephemeral"


def test_an_incident_by_command_stays_with_its_user(live_door: Any, slack: Any) -> None:
    live_door.command("incident 邮件误发给外部，含 20 名客户电话", slack.response_url())
    (call,) = slack.wait_for(1)
    assert "INC-2026-" in call.text
    assert call.body["response_type"] == "ephemeral"


@pytest.mark.parametrize("act", ["incident", "destroy"])
def test_a_command_with_nothing_to_do_opens_its_form(live_door: Any, slack: Any, act: str) -> None:
    live_door.command(act, slack.response_url())
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["view"]["callback_id"]) == ("/api/views.open", f"act:{act}")


def test_an_expired_response_url_becomes_a_direct_message(live_door: Any, slack: Any) -> None:
    url = slack.response_url()
    slack.answer(f"/{url.split('/', 3)[3]}", status=404, body="expired_url")
    live_door.command(f"ask {QUESTION}", url)
    _, direct = slack.wait_for(2)
    assert (direct.path, direct.body["channel"]) == (POST, "U0LINXIAO")
    assert "第四十七条" in direct.text


def test_a_foreign_response_url_is_never_called(live_door: Any, slack: Any) -> None:
    live_door.command(f"ask {QUESTION}", "https://hooks.slack.com.evil.example/commands/1")
    (call,) = slack.wait_for(1)
    assert (call.path, call.body["channel"]) == (POST, "U0LINXIAO")


THREAD = "/api/conversations.replies"


@pytest.fixture(autouse=True)
def _looks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.slack.outbox.LOOK_AFTER_SECONDS", 0.5)


def test_a_post_that_did_arrive_is_not_sent_again(live_door: Any, slack: Any) -> None:
    slack.answer(POST, status=500, body={"ok": False, "error": "internal_error"})
    arrived: dict[str, Any] = {"ok": True, "messages": []}
    slack.answer(THREAD, body=arrived)
    live_door.event(live_door.saying("help"))
    (post,) = slack.wait_for(1, settled=False)
    arrived["messages"].append({"metadata": post.body["metadata"]})
    _post, look = slack.wait_for(2)[:2]
    assert look.path == THREAD
    time.sleep(1)
    assert [call.path for call in slack.wait_for(2)].count(POST) == 1


def test_a_post_that_did_not_arrive_is_sent_again(live_door: Any, slack: Any) -> None:
    slack.answer(POST, status=500, body={"ok": False, "error": "internal_error"})
    slack.answer(THREAD, body={"ok": True, "messages": []})
    live_door.event(live_door.saying("help"))
    first, look, second = slack.wait_for(3)
    assert (first.path, look.path, second.path) == (POST, THREAD, POST)
    assert first.body == second.body


def test_where_nobody_can_look_it_goes_to_the_person_with_the_reason(
    live_door: Any, slack: Any
) -> None:
    slack.answer(POST, status=500, body={"ok": False, "error": "internal_error"})
    slack.answer(THREAD, body={"ok": False, "error": "missing_scope"})
    live_door.event(live_door.saying("help"))
    first, _look, reason, again = slack.wait_for(4)
    assert (reason.body["channel"], again.body["channel"]) == ("U0LINXIAO", "U0LINXIAO")
    assert "没有确认" in reason.text
    assert again.text == first.text


def test_a_declined_post_goes_to_the_person_once(live_door: Any, slack: Any) -> None:
    slack.answer(POST, body={"ok": False, "error": "channel_not_found"})
    live_door.event(live_door.saying("help"))
    _declined, direct = slack.wait_for(2)
    assert direct.body["channel"] == "U0LINXIAO"
    time.sleep(1)
    assert len(slack.wait_for(2)) == 2


def test_a_rate_limited_post_waits_and_arrives_once(live_door: Any, slack: Any) -> None:
    limited = {"ok": False, "error": "ratelimited"}
    slack.answer(POST, status=429, body=limited, headers={"Retry-After": "2"})
    live_door.event(live_door.saying("help"))
    first, second = slack.wait_for(2)
    assert first.body == second.body


def test_the_acknowledgement_does_not_wait_for_slack(live_door: Any, slack: Any) -> None:
    slack.answer(POST, after_seconds=2)
    live_door.event(live_door.saying("help"))
    started = time.monotonic()
    assert live_door.event(live_door.saying("help")).status_code == 200
    assert time.monotonic() - started < 1.9
    assert len(slack.wait_for(2)) == 2
    time.sleep(2)


def test_a_button_answers_what_was_asked_back_in_the_same_thread(
    live_door: Any, slack: Any
) -> None:
    body = live_door.mentioning(QUESTION)
    live_door.event(body)
    (call,) = slack.wait_for(1)
    (buttons, _about) = [block for block in call.body["blocks"] if block["type"] == "actions"]
    bank = next(one for one in buttons["elements"] if one["value"] == "financial")
    slack.clear()
    click = live_door.click(bank, thread=body["event"]["ts"])
    assert live_door.interaction(click).status_code == 200
    assert live_door.interaction(click, at=live_door.now - timedelta(seconds=3)).status_code == 200
    (answer,) = slack.wait_for(1)
    assert answer.body["thread_ts"] == body["event"]["ts"]
    assert "2033-11-24" in answer.text
    assert "我们是金融机构" in answer.text


ASKED = (("发票存根要留几年", "发票"), ("网络日志存几个月", "日志"), ("工资表要保存多久", "工资"))


def test_slack_away_then_back_loses_no_reply_and_keeps_each_conversation_in_order(
    live_door: Any, slack: Any
) -> None:
    slack.go_away()
    threads = [live_door.mentioning("help")["event"]["ts"] for _ in range(4)]
    taken = []
    for question, _word in ASKED:
        for thread in threads:
            body = live_door.mentioning(question)
            body["event"]["thread_ts"] = thread
            started = time.monotonic()
            assert live_door.event(body).status_code == 200
            taken.append(time.monotonic() - started)
            # Delivered once more, as Slack does where it heard nothing.
            later = live_door.now + timedelta(seconds=3)
            assert live_door.event(body, at=later).status_code == 200
    time.sleep(2)
    assert slack.calls == []
    slack.come_back()
    posts = [call for call in slack.wait_for(12, seconds=40) if call.path == POST]
    for thread in threads:
        said = [call.text for call in posts if call.body["thread_ts"] == thread]
        assert len(said) == len(ASKED)
        assert all(word in text for (_, word), text in zip(ASKED, said, strict=True)), said
    assert sorted(taken)[len(taken) // 2] < 0.5
