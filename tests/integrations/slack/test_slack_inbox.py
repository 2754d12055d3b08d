"""What is written down: each thing a person says to us, once, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from assistant.app import App
from integrations.chat.words import Verb, verb_of_command, verb_of_message
from integrations.slack.bot import slack_requests
from integrations.slack.words import plain
from records.errors import BadInput, Unavailable


def _only(kept: Any) -> dict[str, str]:
    (payload,) = kept.kept.values()
    return dict(payload)


def test_a_mention_is_written_down_without_our_name(door: Any, kept: Any) -> None:
    body = door.mentioning("身份证复印件可以销毁吗？")
    assert door.event(body).status_code == 200
    said = _only(kept)
    assert said["text"] == "身份证复印件可以销毁吗？"
    assert (said["door"], said["verb"], said["team"], said["user"]) == (
        "channel", "ask", door.team, door.user,
    )  # fmt: skip
    assert said["thread"] == body["event"]["ts"]


def test_a_reply_stays_in_the_thread_it_was_asked_in(door: Any, kept: Any) -> None:
    door.event(door.mentioning("问题", thread_ts="1795300000.000100"))
    assert _only(kept)["thread"] == "1795300000.000100"


def test_the_same_event_delivered_again_is_one(door: Any, kept: Any) -> None:
    body = door.saying("问题")
    for seconds in range(3):
        assert door.event(body, at=door.now - timedelta(seconds=seconds)).status_code == 200
    assert len(kept.kept) == 1


def test_a_mention_and_its_message_are_one(door: Any, kept: Any) -> None:
    body = door.mentioning("问题", channel="D0LINXIAO")
    ts = body["event"]["ts"]
    door.event(body)
    door.event(door.saying(f"<@{door.bot}> 问题", ts=ts))
    assert len(kept.kept) == 1


def test_two_messages_of_one_channel_are_two(door: Any, kept: Any) -> None:
    door.event(door.saying("问题"))
    door.event(door.saying("问题"))
    assert len(kept.kept) == 2


def test_a_retry_of_an_event_never_seen_is_handled(door: Any, kept: Any) -> None:
    kept.refusal = Unavailable("现在不行。", "Not now.")
    body = door.saying("问题")
    assert door.event(body).status_code == 503
    kept.refusal = None
    assert door.event(body, at=door.now - timedelta(seconds=1)).status_code == 200
    assert _only(kept)["text"] == "问题"


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B0OTHER"},
        {"user": "U0BOT"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"user": None},
        {"ts": 7},
        {"channel_type": "channel", "channel": "C0GENERAL"},
    ],
    ids=str,
)
def test_bots_ourselves_edits_and_talk_of_others_are_left_alone(
    door: Any, kept: Any, change: dict[str, Any]
) -> None:
    body = door.saying("问题")
    body["event"].update(change)
    assert door.event(body).status_code == 200
    assert kept.kept == {}


@pytest.mark.parametrize("where", ["team_id", "user_team", "installed"])
def test_other_workspaces_are_left_alone(door: Any, kept: Any, where: str) -> None:
    body = door.saying("问题")
    if where == "team_id":
        body["team_id"] = "T0OTHER"
    elif where == "user_team":
        body["event"]["user_team"] = "T0OTHER"
    else:
        body["authorizations"][0]["team_id"] = "T0OTHER"
    assert door.event(body).status_code == 200
    assert kept.kept == {}


def test_a_shared_channel_lets_nobody_in_even_where_no_workspace_is_set(
    slack_app: App, kept: Any, door: Any
) -> None:
    settings = slack_app.settings.model_copy(update={"slack_team_id": None})
    opened = type(door)(replace(slack_app, settings=settings), kept)
    opened.event(door.mentioning("问题", user_team="T0OTHER", team="T0OTHER"))
    assert kept.kept == {}
    opened.event(door.mentioning("问题", user_team=door.team, team=door.team))
    assert len(kept.kept) == 1


def test_our_own_organisation_counts_as_our_workspace(door: Any, kept: Any) -> None:
    door.event({**door.mentioning("问题", user_team="E0GROUP"), "enterprise_id": "E0GROUP"})
    assert _only(kept)["team"] == door.team


def test_the_command_is_acknowledged_at_once_to_its_user_alone(door: Any, kept: Any) -> None:
    answer = door.command("ask 身份证复印件可以销毁吗？", "https://hooks.slack.com/commands/1")
    assert answer.json() == {"response_type": "ephemeral", "text": "正在处理…"}
    assert _only(kept)["response_url"] == "https://hooks.slack.com/commands/1"


def test_help_is_given_in_the_acknowledgement(door: Any, kept: Any) -> None:
    for text in ("", "help", "帮助"):
        answer = door.command(text, "https://hooks.slack.com/commands/1").json()
        assert "/compliance incident" in answer["text"]
        assert answer["response_type"] == "ephemeral"
    assert kept.kept == {}


def test_a_command_that_cannot_be_kept_says_so(door: Any, kept: Any) -> None:
    kept.refusal = Unavailable("现在不行。", "Not now.")
    answer = door.command("ask 问题", "https://hooks.slack.com/commands/1")
    assert (answer.status_code, answer.json()["text"]) == (200, "现在不行。")


def test_a_command_of_another_workspace_gets_a_sentence_and_no_work(door: Any, kept: Any) -> None:
    answer = door.command("ask 问题", "https://hooks.slack.com/commands/1", team_id="T0OTHER")
    assert "另一个工作区" in answer.json()["text"]
    assert kept.kept == {}


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("ask 问题", Verb.ASK, "问题"),
        ("ASK: may we?", Verb.ASK, "may we?"),
        ("问题没有动词", Verb.ASK, "问题没有动词"),
        ("incident 笔记本丢了", Verb.INCIDENT, "笔记本丢了"),
        ("事件：笔记本丢了", Verb.INCIDENT, "笔记本丢了"),
        ("事件 笔记本丢了，怎么办？", Verb.INCIDENT, "笔记本丢了，怎么办？"),
        ("destroy 2020 年的合同", Verb.DESTROY, "2020 年的合同"),
        ("申请销毁 旧合同", Verb.DESTROY, "旧合同"),
        ("incidents 笔记本", Verb.ASK, "incidents 笔记本"),
        ("", Verb.HELP, ""),
        ("?", Verb.HELP, ""),
    ],
)
def test_the_verb_of_a_command(text: str, verb: Verb, rest: str) -> None:
    assert verb_of_command(text) == (verb, rest)


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("客户解约三年了，可以销毁吗？", Verb.ASK, "客户解约三年了，可以销毁吗？"),
        ("销毁客户名单要谁批准", Verb.ASK, "销毁客户名单要谁批准"),
        ("销毁 客户名单要谁批准？", Verb.ASK, "销毁 客户名单要谁批准？"),
        ("事件 报告有时限吗", Verb.ASK, "事件 报告有时限吗"),
        ("事件", Verb.ASK, "事件"),
        ("incident 笔记本丢了", Verb.INCIDENT, "笔记本丢了"),
        ("事件：笔记本丢了，怎么办？", Verb.INCIDENT, "笔记本丢了，怎么办？"),
        ("事件 ：笔记本丢了，怎么办？", Verb.INCIDENT, "笔记本丢了，怎么办？"),
        ("/compliance incident 笔记本丢了", Verb.INCIDENT, "笔记本丢了"),
        ("销毁：2020 年的合同", Verb.DESTROY, "2020 年的合同"),
        ("help", Verb.HELP, ""),
        ("help me with old contracts", Verb.ASK, "help me with old contracts"),
        ("", Verb.HELP, ""),
    ],
)
def test_a_question_that_begins_like_a_verb_opens_no_ticket(
    text: str, verb: Verb, rest: str
) -> None:
    assert verb_of_message(text) == (verb, rest)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<@U0BOT> 问题", "问题"),
        ("问 <@U0OTHER> 吧", "问 @U0OTHER 吧"),
        ("<mailto:zhangsan@163.com|zhangsan@163.com>谢谢", "zhangsan@163.com谢谢"),
        ("<tel:13800138000|13800138000>", "13800138000"),
        ("<https://example.com/a?b=1|看这里>", "看这里"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<#C0GENERAL|general>", "#general"),
        ("<!here> <!subteam^S1|@legal>", "@here @legal"),
        ("3 &lt; 5 &amp;&amp; 7 &gt; 5", "3 < 5 && 7 > 5"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_text_is_read_as_the_person_saw_it(written: str, shown: str) -> None:
    assert plain(written, drop_users={"U0BOT"}) == shown


class _CountingDetector:
    """The real one, which counts how often it is asked."""

    def __init__(self, real: Any) -> None:
        self.asked = 0
        self._real = real

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self._real, name)


def test_the_detector_is_loaded_before_the_first_event(slack_app: App, kept: Any) -> None:
    detector = _CountingDetector(slack_app.detector)
    slack_requests(replace(slack_app, detector=detector), kept)
    assert detector.asked


@pytest.mark.parametrize("missing", ["slack_bot_token", "slack_signing_secret"])
def test_a_missing_setting_is_named_at_start(slack_app: App, kept: Any, missing: str) -> None:
    settings = slack_app.settings.model_copy(update={missing: None})
    with pytest.raises(BadInput, match=f"COMPLIANCE_{missing.upper()}"):
        slack_requests(replace(slack_app, settings=settings), kept)
