"""Ask a person in Slack: a press, a message to officers, a reply in the same thread."""

import json
from typing import Any

import pytest

from assistant.app import App
from assistant.questions.give_feedback import list_feedback
from assistant.questions.hand_over import hand_over, open_questions, reply_to
from integrations.chat.words import Verb, numbered, verb_of_command, verb_of_message
from records.people import Person, Role, add_person, person_by_account

ID = "330106199003070011"
POST = "/api/chat.postMessage"


@pytest.fixture(scope="module")
def officer(slack_app: App) -> Person:
    with slack_app.database.transaction() as session:
        return add_person(
            session,
            name="沈星",
            roles={Role.OFFICER},
            slack_id="T0QINGHE:U0OFFICER",
            now=slack_app.clock(),
        )


def buttons(call: Any) -> dict[str, dict[str, Any]]:
    """The buttons of a message by what they do."""
    blocks = call.body["blocks"]
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    listed = [one for b in blocks if b["type"] == "actions" for one in b["elements"]]
    return {one["action_id"]: one for one in listed}


def asked(live_door: Any, slack: Any, question: str, ts: str) -> dict[str, dict[str, Any]]:
    live_door.event(live_door.mentioning(question, ts=ts))
    return buttons(next(call for call in slack.wait_for(1) if call.path == POST))


def test_a_question_goes_to_the_officer_and_the_reply_to_its_thread(
    live_door: Any, slack: Any, officer: Person
) -> None:
    found = asked(live_door, slack, f"身份证号{ID}的客户，个保法第999条怎么说？", "1795.0001")
    number = found["about:handover"]["value"]
    slack.clear()
    live_door.interaction(live_door.click(found["about:handover"], thread="1795.0001"))
    calls = slack.wait_for(2)
    to_officer = next(c for c in calls if c.body["channel"] == "U0OFFICER")
    here = next(c for c in calls if c.body["channel"] == "C0GENERAL")
    assert "个保法第999条" in to_officer.text and ID not in to_officer.text
    assert "已转给" in here.text and here.body["thread_ts"] == "1795.0001"
    (waiting,) = [o for o in open_questions(live_door.app, officer) if o.answer_id == number]
    assert waiting.id in to_officer.text
    slack.clear()
    said = live_door.saying(f"回复 {waiting.id}：没有这一条，身份证号{ID}请勿外传。")
    said["event"] |= {"user": "U0OFFICER", "channel": "D0OFFICER"}
    live_door.event(said)
    calls = slack.wait_for(2)
    reply = next(c for c in calls if c.body["channel"] == "C0GENERAL")
    assert reply.body["thread_ts"] == "1795.0001"
    assert "没有这一条" in reply.text and "负责人本人的答复" in reply.text
    assert all(ID not in json.dumps(c.body, ensure_ascii=False) for c in calls)


def test_somebody_else_can_neither_hand_over_nor_reply(
    live_door: Any, slack: Any, officer: Person
) -> None:
    found = asked(live_door, slack, "个保法第998条", "1795.0002")
    said = []
    nobodys = {**found["about:handover"], "value": "Q-000000000000"}
    for button in (found["about:handover"], nobodys):
        press = live_door.click(button, thread=f"1795.000{2 + len(said)}")
        press["user"]["id"] = "U0OTHER"
        slack.clear()
        live_door.interaction(press)
        (call,) = slack.wait_for(1)
        said.append(call.text)
    # Somebody else's answer is answered as one that is not there.
    assert "没有这个编号的回答" in said[0] and said[0] == said[1]
    slack.clear()
    live_door.event(live_door.saying("回复 H-00000000：好的"))
    (call,) = slack.wait_for(1)
    assert "没有此项操作权限" in call.text


def test_a_reply_from_another_door_comes_with_the_next_turn(
    live_door: Any, slack: Any, officer: Person
) -> None:
    from integrations.slack.handovers import tell
    from integrations.slack.outbox import Outbox
    from integrations.slack.web_api import Slack

    app = live_door.app
    found = asked(live_door, slack, "个保法第997条", "1795.0003")
    with app.database.reading() as session:
        asker = person_by_account(session, "slack", "T0QINGHE:U0LINXIAO")
    assert asker is not None
    opened = hand_over(
        app, asker, found["about:handover"]["value"], place="slack:C0GENERAL:1795.0003"
    )
    slack.clear()
    outbox = Outbox(live_door.jobs, lambda _team: Slack(token="x", base_url=slack.url))
    tell(app, outbox)
    assert [c.body["channel"] for c in slack.wait_for(1)] == ["U0OFFICER"]
    reply_to(app, officer, opened.id, "没有这一条。")
    slack.clear()
    tell(app, outbox)
    tell(app, outbox)
    (call,) = slack.wait_for(1)
    assert (call.body["channel"], call.body["thread_ts"]) == ("C0GENERAL", "1795.0003")


def test_a_press_and_a_reason_are_kept_with_the_answer(
    live_door: Any, slack: Any, officer: Person
) -> None:
    found = asked(live_door, slack, "客户信息泄露要通知谁", "1795.0004")
    number = found["about:wrong"]["value"]
    slack.clear()
    for press in ("about:right", "about:wrong"):
        live_door.interaction(live_door.click(found[press], thread="1795.0004"))
        slack.wait_for(1)
        slack.clear()
    live_door.event(live_door.saying(f"反馈 {number}：没说要通知客户本人"))
    slack.wait_for(1)
    (kept,) = [o for o in list_feedback(live_door.app, officer) if o.answer_id == number]
    assert (kept.right, kept.reason) == (False, "没说要通知客户本人")


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("回复 H-1a2b3c4d：好的", Verb.REPLY, "H-1a2b3c4d：好的"),
        ("reply: h-1A2B3C4D ok", Verb.REPLY, "h-1A2B3C4D ok"),
        ("反馈 Q-5f3a9c1d2b7e 不对", Verb.FEEDBACK, "Q-5f3a9c1d2b7e 不对"),
        ("问负责人 Q-5f3a9c1d2b7e", Verb.HANDOVER, "Q-5f3a9c1d2b7e"),
        ("回复 客户的查询要几天", Verb.ASK, "回复 客户的查询要几天"),
        ("反馈：渠道要公开吗", Verb.ASK, "反馈：渠道要公开吗"),
        ("回复 H-12：好", Verb.ASK, "回复 H-12：好"),
    ],
)
def test_only_words_with_a_number_are_a_reply(text: str, verb: Verb, rest: str) -> None:
    assert verb_of_command(text) == (verb, rest)
    assert verb_of_message(text) == (verb, rest)


def test_a_number_is_read_however_it_is_written() -> None:
    assert numbered("：h-1A2B3C4D： 好的") == ("H-1a2b3c4d", "好的")
    assert numbered("好的") == ("", "好的")
