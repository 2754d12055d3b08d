"""One set of neutral replies, every kind the product makes, at every door: nothing lost, nothing read as markup.

Slack, Feishu and the terminal show the reply itself; the page, the REST API and MCP show what it was made
from. What a door does not show is named below with the reason; anything else that is missing fails.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from assistant.app import App
from assistant.destruction.destroy_data import request_destruction
from assistant.incidents.report_incident import report_incident
from assistant.my_work import my_work
from assistant.questions.ask import ask
from assistant.questions.give_feedback import give_feedback
from assistant.questions.hand_over import hand_over, reply_to
from assistant.redaction.redact_file import redact_file
from assistant.registers.work_register import move_entry, open_entry
from assistant.tickets_view import read_ticket
from integrations.acts import ACTS, Wish
from integrations.acts.incidents import incident_presses
from integrations.cli import terminal
from integrations.feishu.cards import MAX_BYTES, Where, as_json, cards
from integrations.replies import (
    Reply,
    answer_reply,
    as_text,
    board_reply,
    destruction_reply,
    digest_reply,
    error_reply,
    feedback_reply,
    handed_over_reply,
    help_reply,
    incident_reply,
    masked_reply,
    officer_reply,
    private_reply,
    redaction_reply,
    reply_kept_reply,
    restricted_reply,
    ticket_reply,
    waiting_reply,
)
from integrations.replies import __all__ as MADE
from integrations.replies.wording import CHATS
from integrations.slack.blocks import MAX_BLOCKS, MAX_SECTION, messages
from records.language import Bilingual, Language
from records.people import Person, Role
from tests.integrations.contract import (
    HOSTILE,
    SHOWN,
    ZH,
    bare,
    hostile,
    long_reply,
    parts,
    sample,
    shown_in,
)

QUESTION = "客户三年前解约了，手机号13800138000，身份证复印件能销毁吗？"

# What a door does not show of a reply, and why.
UNSUPPORTED = {
    "terminal": {
        "press": "nothing can be pressed: the commands beside do the same, and `--help` names them",
        "confirm": "the commands ask for themselves before what cannot be taken back",
        "about": "named as the commands that hand over and rate",
    },
    "text": {
        "press": "plain text has nothing to press",
        "confirm": "plain text has nothing to press",
        "about": "plain text has nothing to press",
    },
    "slack": {},
    "feishu": {},
}
# Of an answer at the doors that show what the reply was made from.


@pytest.fixture
def officer(person_with: Callable[..., Person]) -> Person:
    return person_with(*Role)


@pytest.fixture
def replies(app: App, officer: Person) -> dict[str, Reply]:
    """Every kind of reply the product makes, by the function that makes it."""
    now = app.clock()
    answered = ask(app, officer, QUESTION)
    incident = report_incident(app, officer, "笔记本丢了，1200 名客户的身份证号")
    request = request_destruction(app, officer, "2020年解约客户的身份证复印件")
    redacted = redact_file(app, officer, "电话 13800138000".encode(), "名单.txt")
    opened = hand_over(app, officer, answered.id)
    replied = reply_to(app, officer, opened.id, "可以，先登记。")
    feedback = give_feedback(app, officer, answered.id, right=False, reason="漏了例外")
    over = kept_long_enough(app, officer)
    work, do = my_work(app, officer), _doing(app, officer)
    rights = do("register", "rights_request", **_rights(app))
    return {
        "answer_reply": answer_reply(answered),
        "answer_reply: asked back": answer_reply(ask(app, officer, "注销公司注册地址要怎么处理客户信息")),
        "answer_reply: declined": answer_reply(ask(app, officer, "怎么把客户名单卖给别的公司？")),
        "answer_reply: not found": answer_reply(ask(app, officer, "个保法第999条怎么说？")),
        "answer_reply: English": answer_reply(ask(app, officer, "How soon must we report a data breach?")),
        "error_reply": error_reply(Bilingual("不行。", "No."), ZH),
        "help_reply": help_reply(ZH, CHATS["feishu"]),
        "masked_reply": masked_reply(("身份证号 ×1",), ZH, CHATS["slack"]),
        "incident_reply": replace(
            incident_reply(incident, now=now),
            presses=incident_presses(incident.ticket, officer),
        ),
        "restricted_reply": restricted_reply(incident),
        "destruction_reply": destruction_reply(request),
        "private_reply": private_reply(request),
        "ticket_reply": ticket_reply(read_ticket(app, officer, request.ticket.id), language=ZH, now=now),
        "redaction_reply": redaction_reply(redacted, language=ZH),
        "handed_over_reply": handed_over_reply(opened, "负责人"),
        "waiting_reply": waiting_reply(opened, ZH),
        "officer_reply": officer_reply(replied),
        "reply_kept_reply": reply_kept_reply(replied, ZH),
        "feedback_reply": feedback_reply(feedback, "负责人", ZH),
        "board_reply": board_reply(work, officer, now=now),
        "digest_reply": digest_reply(work, officer, now=now),
        "act registers": do("registers"),
        "act register": rights,
        "act exams": do("exams"),
        "act practise": do("practise"),
        "act kept": do("kept", over),
        "act kept-destroy": do("kept-destroy", over),
        "act redact": do("redact", text="电话 13800138000"),
        "everything hostile": hostile(),
        "everything hostile, English": hostile(Language.EN),
        "longer than a message": long_reply(),
    }  # fmt: skip


def kept_long_enough(app: App, person: Person) -> str:
    """A risk closed four years ago, kept for three."""
    then = app.clock() - timedelta(days=4 * 366)
    before = replace(app, clock=lambda: then)
    values = {"what": "前台电脑未锁屏", "area": "access", "flaw": "yes"}
    number = open_entry(before, person, "risk", values).id
    return move_entry(before, person, number, "dismissed", reason="不成立").id


def _doing(app: App, person: Person) -> Callable[..., Reply]:
    def do(act: str, subject: str = "", **values: str) -> Reply:
        return ACTS[act].do(app, person, Wish(f"k:{act}", app.clock(), subject, values))

    return do


def _rights(app: App) -> dict[str, str]:
    """A rights request, filled in as its form asks."""
    form = ACTS["register"].asks(app, ZH, "rights_request")
    assert form is not None
    return {one.id: sample(one, app.clock()) for one in form.fields if one.required}


def in_slack(reply: Reply) -> str:
    made = messages(reply)
    for one in made:
        assert 0 < len(one["blocks"]) <= MAX_BLOCKS and len(one["text"]) <= 40_000
        assert all(len(t) <= MAX_SECTION for t in shown_in(one["blocks"], frozenset({"text"})))
    shown = "\n".join(text for one in made for text in shown_in(one["blocks"], SHOWN))
    return re.sub(r"^(?:&gt;|>) ?", "", shown, flags=re.M)


def in_feishu(reply: Reply) -> str:
    made = cards(reply, Where(public=True, thread="om_1"))
    assert all(len(json.dumps(as_json(one), ensure_ascii=False).encode()) < 30_000 for one in made)
    assert MAX_BYTES < 30_000
    return "\n".join(t for one in made for t in shown_in(one, SHOWN))


def in_terminal(reply: Reply) -> str:
    told = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal, "console", Console(file=told, width=400, no_color=True))
        terminal.show_reply(reply)
    return told.getvalue()


def in_text(reply: Reply) -> str:
    return as_text(reply, 300)


DOORS: dict[str, Callable[[Reply], str]] = {
    "slack": in_slack,
    "feishu": in_feishu,
    "terminal": in_terminal,
    "text": in_text,
}
# Longest a door shows of a title, a button, a question before a press.
CUT = {"title": 140, "press": 70, "confirm": 290, "choice": 70}


def test_every_reply_the_product_makes_is_in_the_set(replies: dict[str, Reply]) -> None:
    made = {name for name in MADE if name.endswith("_reply")}
    assert made == {name.partition(":")[0] for name in replies if name.partition(":")[0] in made}


@pytest.mark.parametrize("door", DOORS)
def test_nothing_of_a_reply_is_lost_at_a_door_that_shows_it(
    door: str, replies: dict[str, Reply]
) -> None:
    missing = []
    for name, reply in replies.items():
        shown = bare(DOORS[door](reply))
        for kind, text in parts(reply):
            wanted = bare(text[: CUT.get(kind, len(text))])
            if kind not in UNSUPPORTED[door] and wanted not in shown:
                missing.append((name, kind, text[:60]))
    assert not missing


def test_what_a_door_does_not_show_is_named_once_and_with_a_reason() -> None:
    kinds = {kind for kind, _ in parts(hostile())} | {"label", "rests_on"}
    for door, absent in UNSUPPORTED.items():
        assert set(absent) <= kinds, door
        assert all(len(reason) > 10 for reason in absent.values()), door


def test_nothing_in_a_reply_is_read_as_markup() -> None:
    reply = hostile()
    slack = json.dumps(messages(reply), ensure_ascii=False)
    plain = [
        block for one in messages(reply) for block in one["blocks"] if block["type"] == "header"
    ]
    for live in ("<!", "<@", "<https", "<at", "@channel", "@here", "@everyone"):
        assert live not in "".join(t for b in messages(reply) for t in _mrkdwn(b["blocks"]))
        assert live not in "".join(one["text"] for one in messages(reply))
        assert all(live not in one["text"]["text"] for one in plain)
    assert "`码`" not in "".join(_mrkdwn(json.loads(slack)))
    made = cards(reply)
    assert not {"markdown", "lark_md"} & set(shown_in(made, frozenset({"tag"})))
    for live in ("<at", "@_all", "@所有人", "@everyone"):
        assert live not in as_json(made).replace(as_json({"words": HOSTILE})[1:-1], "")
    assert "\x1b" not in in_terminal(replace(reply, title="\x1b[31mred"))


def _mrkdwn(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value["text"])
        for one in value.values():
            yield from _mrkdwn(one)
    elif isinstance(value, list):
        for one in value:
            yield from _mrkdwn(one)
