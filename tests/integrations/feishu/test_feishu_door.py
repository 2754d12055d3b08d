"""The door at work: questions, incidents, forms, presses, files, over real durable jobs."""

import json
from typing import Any

import pytest
from sqlalchemy import text as sql

from integrations.feishu.api import Feishu
from integrations.feishu.outbox import Outbox, Place
from records.people import Role, add_person, person_by_account

MESSAGES = "/open-apis/im/v1/messages"


@pytest.fixture
def api(feishu: Any, door: Any) -> Feishu:
    return Feishu(base_url=feishu.url, app_id=door.app_id, app_secret=door.secret)


def test_a_question_is_answered_with_its_article(live_door: Any, feishu: Any, text: Any) -> None:
    live_door.take(live_door.message("客户信息泄露后要做什么？"))
    (call,) = feishu.wait_for(1)
    assert (call.path, call.query) == (MESSAGES, {"receive_id_type": "open_id"})
    assert call.body["receive_id"] == live_door.user
    assert "第五十七条" in text(call.card)
    assert call.card["config"]["enable_forward"] is False


def test_in_a_group_the_answer_stands_below_the_question(live_door: Any, feishu: Any) -> None:
    live_door.take(live_door.message("数据泄露要多久上报？", group=True, number="om_q1"))
    (call,) = feishu.wait_for(1)
    assert call.path == f"{MESSAGES}/om_q1/reply"
    assert call.body["msg_type"] == "interactive"


def test_what_was_asked_back_is_answered_by_a_press_in_the_same_thread(
    live_door: Any, feishu: Any, text: Any
) -> None:
    live_door.take(
        live_door.message("注销公司注册地址要怎么处理客户信息", group=True, number="om_q2")
    )
    (first,) = feishu.wait_for(1)
    values = [one["behaviors"][0]["value"] for one in _buttons(first.card)]
    chosen = next((one for one in values if "choice" in one), None)
    assert chosen, text(first.card)
    assert (chosen["public"], chosen["thread"]) == (True, "om_q2")
    pressed = {"behaviors": [{"value": chosen}]}
    for _ in range(2):
        answer = live_door.take(live_door.press(pressed, chat="oc_group", message="om_card2"))
        assert answer["toast"]["type"] == "info"
    calls = feishu.wait_for(2)
    assert [one.path for one in calls] == [f"{MESSAGES}/om_q2/reply", f"{MESSAGES}/om_card2/reply"]
    assert chosen["words"] in text(calls[1].card)


def test_an_incident_in_a_group_says_its_number_there_and_the_rest_to_the_person(
    live_door: Any, feishu: Any, text: Any
) -> None:
    live_door.take(live_door.message("事件：笔记本丢了，1200 名客户的身份证号", group=True))
    calls = feishu.wait_for(2)
    public = next(text(one.card) for one in calls if one.path.endswith("/reply"))
    private = next(text(one.card) for one in calls if not one.path.endswith("/reply"))
    assert "已登记" in public
    assert "1200" not in public
    assert "1200" in private or "时限" in private
    assert "第57条" in private


def test_pasted_personal_data_is_masked_and_only_its_writer_is_warned(
    live_door: Any, feishu: Any, text: Any
) -> None:
    said = "客户 13800138000 解约三年了，身份证复印件可以销毁吗？"
    live_door.take(live_door.message(said, group=True))
    calls = feishu.wait_for(2)
    assert all("13800138000" not in json.dumps(one.body, ensure_ascii=False) for one in calls)
    warned = next(one for one in calls if "您的消息里有个人信息" in text(one.card))
    assert "还留在飞书里" in text(warned.card)
    assert (warned.path, warned.body["receive_id"]) == (MESSAGES, live_door.user)
    public = next(one for one in calls if one.path.endswith("/reply"))
    assert "遮盖" not in text(public.card)


def test_a_form_is_filled_in_checked_taken_once_and_its_act_is_done(
    live_door: Any, feishu: Any, button: Any, text: Any
) -> None:
    live_door.take(live_door.message("待办"))
    (board,) = feishu.wait_for(1)
    live_door.take(live_door.press(button(board.card, act="incident")))
    form = feishu.wait_for(2)[1].card
    submit = button(form, form="incident")
    wrong = {"description": "x" * 4000, "people": "很多"}
    refused = live_door.take(live_door.press(submit, message="om_form", filled=wrong))
    assert refused["toast"]["type"] == "error"
    assert "涉及多少人：" in refused["toast"]["content"]
    assert "card" not in refused
    assert len(feishu.wait_for(2)) == 2
    right = {
        "description": "销售的电脑被偷了，里面有客户资料",
        "aware_at": "2026-11-23 09:30 +0800",
        "people": "800",
        "sensitive": "yes",
    }
    for _ in range(2):
        taken = live_door.take(live_door.press(submit, message="om_form", filled=right))
        assert taken["toast"]["type"] == "success"
        assert "已收到" in text(taken["card"]["data"])
    calls = feishu.wait_for(3)
    assert len(calls) == 3
    done = text(calls[2].card)
    assert "INC-2026-" in done
    with live_door.app.database.reading() as session:
        query = "select facts from tickets where kind = 'incident' order by id desc limit 1"
        assert "2026-11-23T01:30" in str(session.execute(sql(query)).scalar_one())


def test_missing_facts_of_a_destruction_are_given_in_a_card(
    live_door: Any, feishu: Any, button: Any, text: Any
) -> None:
    live_door.take(live_door.message("销毁：2021年解约客户的身份证复印件86份"))
    (asked,) = feishu.wait_for(1)
    live_door.take(live_door.press(button(asked.card, act="facts")))
    submit = button(feishu.wait_for(2)[1].card, form="facts")
    given = live_door.press(submit, message="om_facts", filled={"holder": "company"})
    assert live_door.take(given)["toast"]["type"] == "success"
    done = feishu.wait_for(3)[2].card
    assert "DES-2026-" in text(done)
    with pytest.raises(LookupError):
        button(done, act="facts")


def test_a_person_the_administrator_did_not_allow_is_told_so(
    live_door: Any, feishu: Any, button: Any, text: Any
) -> None:
    value = {"behaviors": [{"value": {"act": "approve", "subject": "DES-2026-0001"}}]}
    live_door.take(live_door.press(value))
    (call,) = feishu.wait_for(1)
    assert call.card["header"]["template"] == "grey"


def test_a_newcomer_gets_the_role_for_newcomers_and_a_registered_person_their_own(
    live_door: Any, feishu: Any
) -> None:
    app = live_door.app
    with app.database.transaction() as session:
        account = f"{live_door.tenant}:ou_officer"
        add_person(
            session, name="苏敏", roles={Role.OFFICER}, now=app.clock(), feishu_id=account
        )  # fmt: skip
    live_door.take(live_door.message("帮助", sender={"sender_id": {"open_id": "ou_new"}}))
    feishu.wait_for(1)
    with app.database.reading() as session:
        new = person_by_account(session, "feishu", f"{live_door.tenant}:ou_new")
        officer = person_by_account(session, "feishu", account)
    assert new is not None and new.roles == {Role.EMPLOYEE}
    assert officer is not None and officer.roles == {Role.OFFICER}


def test_a_question_handed_over_reaches_the_officer_and_the_reply_comes_back(
    live_door: Any, feishu: Any, button: Any, text: Any
) -> None:
    app = live_door.app
    with app.database.transaction() as session:
        account = f"{live_door.tenant}:ou_legal"
        add_person(session, name="周宁", roles={Role.OFFICER}, now=app.clock(), feishu_id=account)
    live_door.take(live_door.message("个保法第999条怎么说？", group=True, number="om_h"))
    (answered,) = feishu.wait_for(1)
    live_door.take(
        live_door.press(button(answered.card, say="handover"), chat="oc_group", message="om_a")
    )
    calls = feishu.wait_for(3)
    asked = next(one for one in calls if one.body.get("receive_id") == "ou_legal")
    number = next(word for word in text(asked.card).split() if word.startswith("编号：H-"))
    reply = f"回复 {number.removeprefix('编号：')}：按行政档案，一年即可。"
    before = len(calls)
    live_door.take(live_door.message(reply, sender={"sender_id": {"open_id": "ou_legal"}}))
    after = feishu.wait_for(before + 2)[before:]
    back = next(one for one in after if "一年即可" in text(one.card) and one.path != MESSAGES)
    assert back.path == f"{MESSAGES}/om_a/reply"


def test_a_file_comes_back_redacted_and_the_original_is_nowhere(
    live_door: Any, feishu: Any, text: Any
) -> None:
    feishu.files["file_v3_1"] = "客户电话 13800138000".encode()
    content = {"file_key": "file_v3_1", "file_name": "名单.txt"}
    live_door.take(live_door.message(kind="file", content=content, number="om_file"))
    calls = feishu.wait_for(2)
    uploads = [one for one in feishu.calls if one.path.endswith("/im/v1/files")]
    assert len(uploads) == 1
    assert b"13800138000" not in uploads[0].body
    assert b"138****8000" in uploads[0].body
    assert {one.body["msg_type"] for one in calls} == {"interactive", "file"}
    asked = next(one for one in feishu.calls if "/resources/" in one.path)
    assert (asked.path, asked.query) == (
        f"{MESSAGES}/om_file/resources/file_v3_1", {"type": "file"},
    )  # fmt: skip


def test_a_file_that_is_too_large_is_refused_by_name_of_the_limit(
    live_door: Any, feishu: Any, text: Any
) -> None:
    feishu.files["file_big"] = b"x" * (25 * 1024 * 1024 + 1)
    content = {"file_key": "file_big", "file_name": "大.txt"}
    live_door.take(live_door.message(kind="file", content=content))
    (call,) = feishu.wait_for(1)
    assert "25 MB" in text(call.card)


@pytest.mark.parametrize(
    ("status", "body", "headers", "waited"),
    [
        (429, {"code": 99991400, "msg": "x"}, {"x-ogw-ratelimit-reset": "7"}, 7),
        (400, {"code": 99991400, "msg": "x"}, {}, 1),
        (200, {"code": 230020, "msg": "x"}, {}, 1),
        (400, {"code": 99991663, "msg": "old token"}, {}, None),
        (502, b"<html>", {}, 0.05),
    ],
)
def test_what_may_be_repeated_is_posted_again_and_stands_once(
    live_door: Any,
    feishu: Any,
    sleeps: list[float],
    status: int,
    body: Any,
    headers: dict[str, str],
    waited: float | None,
) -> None:
    sleeps.clear()
    feishu.answer(MESSAGES, status=status, body=body, headers=headers)
    live_door.take(live_door.message("帮助"))
    feishu.wait_for(1)
    tried = [one for one in feishu.calls if one.path == MESSAGES]
    assert len(tried) == 2
    assert len({one.body["uuid"] for one in tried}) == 1
    assert len(feishu.posted) == 1
    assert sleeps == ([waited] if waited else [])


def test_replies_keep_the_order_of_their_conversation_and_hold_up_no_other(
    live_door: Any, feishu: Any
) -> None:
    first, second, other = (f"{MESSAGES}/{one}/reply" for one in ("om_l1", "om_l2", "om_o1"))
    limited = {"code": 99991400, "msg": "x"}
    feishu.answer(first, status=429, body=limited, after_seconds=1.5)
    for number, thread in (("om_l1", "om_t1"), ("om_l2", "om_t1"), ("om_o1", "om_t2")):
        live_door.take(live_door.message("帮助", group=True, number=number, root_id=thread))
    assert [one.path for one in feishu.wait_for(3)] == [other, first, second]


def test_the_parts_of_a_long_reply_arrive_in_order(
    feishu: Any, kept: Any, api: Feishu, text: Any
) -> None:
    outbox = Outbox(kept, api)
    outbox.keep("r1", Place(person="ou_1"), [{"elements": [str(part)]} for part in range(3)])
    assert list(kept.kept) == [f"feishu-reply:r1:{part}" for part in range(3)]
    assert len(set(kept.lanes.values())) == 1
    for payload in kept.kept.values():
        outbox.work(payload)
    assert [one.card["elements"] for one in feishu.posted] == [["0"], ["1"], ["2"]]


def test_a_file_waits_until_feishu_gives_it(
    live_door: Any, feishu: Any, sleeps: list[float]
) -> None:
    feishu.files["file_late"] = "客户电话 13800138000".encode()
    path = f"{MESSAGES}/om_late/resources/file_late"
    feishu.answer(path, status=429, body={"code": 99991400}, headers={"Retry-After": "9"})
    content = {"file_key": "file_late", "file_name": "名单.txt"}
    sleeps.clear()
    live_door.take(live_door.message(kind="file", content=content, number="om_late"))
    calls = feishu.wait_for(2)
    assert {one.body["msg_type"] for one in calls} == {"interactive", "file"}
    assert sleeps == [9]


def test_what_feishu_declines_below_a_message_goes_to_the_person(
    live_door: Any, feishu: Any
) -> None:
    path = f"{MESSAGES}/om_gone/reply"
    feishu.answer(path, status=400, body={"code": 230011, "msg": "recalled"})
    live_door.take(live_door.message("帮助", group=True, number="om_gone"))
    (call,) = feishu.wait_for(1)
    assert (call.path, call.body["receive_id"]) == (MESSAGES, live_door.user)


def test_a_redirect_is_not_followed_and_the_token_goes_nowhere_else(
    live_door: Any, feishu: Any, caplog: Any
) -> None:
    there = {"Location": f"{feishu.url}/elsewhere"}
    feishu.answer(MESSAGES, status=307, body=b"", headers=there)
    live_door.take(live_door.message("帮助"))
    feishu.wait_for(1, seconds=3)
    assert all(one.path != "/elsewhere" for one in feishu.calls)
    assert "t-invented" not in caplog.text
    assert live_door.secret not in caplog.text


def _buttons(card: Any) -> list[dict[str, Any]]:
    if isinstance(card, dict):
        inside = [one for value in card.values() for one in _buttons(value)]
        return [card, *inside] if card.get("tag") == "button" else inside
    return [one for value in card for one in _buttons(value)] if isinstance(card, list) else []
