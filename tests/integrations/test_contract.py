"""One set of neutral replies, every kind the product makes, at every door: nothing lost, nothing read as markup.

Slack, Feishu and the terminal show the reply itself; the page, the REST API and MCP show what it was made
from. What a door does not show is named below with the reason; anything else that is missing fails.
"""

import asyncio
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from mcp import Client
from rich.console import Console
from starlette.testclient import TestClient

from assistant.app import App
from assistant.ask import ask
from assistant.destroy_data import request_destruction
from assistant.give_feedback import give_feedback
from assistant.hand_over import hand_over, reply_to
from assistant.my_work import my_work
from assistant.redact_file import redact_file
from assistant.report_incident import report_incident
from assistant.tickets_view import read_ticket
from integrations.acts import ACTS, Wish
from integrations.acts.incidents import incident_presses
from integrations.cli import terminal
from integrations.feishu.cards import MAX_BYTES, Where, as_json, cards
from integrations.feishu.forms import form_card, values_of
from integrations.mcp_server import create_server
from integrations.replies import (
    Action,
    Choice,
    Fact,
    Point,
    Press,
    Quote,
    Reply,
    Section,
    Tone,
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
from integrations.replies.forms import Field, FieldKind, Form, problems
from integrations.replies.text import point_text, quote_heading
from integrations.replies.wording import CHATS
from integrations.slack import modals
from integrations.slack.blocks import MAX_BLOCKS, MAX_SECTION, messages
from integrations.web.api import create_web
from records.language import Bilingual, Language
from records.people import Person, Role, give_token

ZH = Language.ZH
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
ANSWER_UNSUPPORTED = {
    "web": {
        "press": "an answer carries no presses; what may be done next is in the navigation",
        "title": "the page says the outcome in words of its own, beside the question",
        "fact": "the day, the rank and how the question was understood stand in the head of the answer",
        "section": "the page's own headings stand above them",
        "heading": "number, article, rank and day stand apart, each with its own look",
    },
    "rest": {
        "title": "the outcome as a code", "fact": "fields with a type", "section": "fields with a name",
        "label": "confidence, is_law and contested as values", "heading": "instrument, heading, level apart",
        "note": "said by the client's own page", "rests_on": "mentions with instrument and articles",
    },
}  # fmt: skip
ANSWER_UNSUPPORTED["mcp"] = ANSWER_UNSUPPORTED["rest"]

HOSTILE = (
    '<at id=all></at> <at user_id="all">所有人</at> @_all @所有人 <!channel> <!here> @everyone <@U1> '
    "<https://evil.example|x> **粗** _斜_ `码` [x](https://evil.example) <script>alert(1)</script> "
    "{{ 7*7 }} [bold]x[/bold] &amp; :smile:"
)


def hostile(language: Language = ZH) -> Reply:
    """Every field there is, each holding what some door could read as markup."""
    press = Press("show", HOSTILE, "INC-1", confirm=HOSTILE)
    point = Point(HOSTILE, HOSTILE, (1,), (HOSTILE,))
    return Reply(
        language, Tone.ALARM, HOSTILE, point,
        facts=(Fact(HOSTILE, HOSTILE),),
        sections=(Section(HOSTILE, (point,), (press,)),),
        quotes=(Quote(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, None, "x"),),
        notes=(HOSTILE,), masked=("身份证号 ×1",), actions=(Action(HOSTILE, "F-1"),),
        asks=HOSTILE, choices=(Choice("one", HOSTILE),), about="Q-1", presses=(press,),
    )  # fmt: skip


def long_reply() -> Reply:
    """More than any one message takes."""
    points = tuple(Point(f"第{number}点：" + "长" * 700) for number in range(60))
    words = "\n".join(f"（{number}）" + "条文" * 400 for number in range(12))
    quote = Quote(1, "某法", "第一条", words, "法律", None, "x")
    presses = tuple(Press("show", f"打开 INC-{number}", f"INC-{number}") for number in range(12))
    section = Section("一", points, presses)
    return Reply(ZH, Tone.INFO, "很长", Point("结论。"), sections=(section,), quotes=(quote,))


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
        "act redact": do("redact", text="电话 13800138000"),
        "everything hostile": hostile(),
        "everything hostile, English": hostile(Language.EN),
        "longer than a message": long_reply(),
    }  # fmt: skip


def _doing(app: App, person: Person) -> Callable[..., Reply]:
    def do(act: str, subject: str = "", **values: str) -> Reply:
        return ACTS[act].do(app, person, Wish(f"k:{act}", app.clock(), subject, values))

    return do


def _rights(app: App) -> dict[str, str]:
    """A rights request, filled in as its form asks."""
    form = ACTS["register"].asks(app, ZH, "rights_request")
    assert form is not None
    return {one.id: sample(one, app.clock()) for one in form.fields if one.required}


def sample(field: Field, now: datetime) -> str:
    """Something this field takes."""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.MANY:
            return field.choices[0].id if field.choices else "x"
        case FieldKind.DAY:
            return "2026-11-01"
        case FieldKind.MOMENT:
            return str(int(now.timestamp()) - 3600)
        case FieldKind.NUMBER:
            return str(max(field.least, 1))
        case _:
            return "说明说明说明"


def parts(reply: Reply) -> Iterator[tuple[str, str]]:
    """All that a reply says, and what kind of part it is."""
    language = reply.language
    yield "title", reply.title
    points = [reply.lead, *(one for section in reply.sections for one in section.points)]
    yield from (("point", point_text(one, language)) for one in points)
    for fact in reply.facts:
        yield from (("fact", fact.name), ("fact", fact.value))
    yield from (("section", one.heading) for one in reply.sections)
    for quote in reply.quotes:
        yield "heading", quote_heading(quote, language)
        yield from (("words", line) for line in quote.words.splitlines())
    yield from (("note", one) for one in reply.notes)
    yield from (("masked", one) for one in reply.masked)
    for action in reply.actions:
        yield from (("action", action.text), ("action", action.subject))
    yield "asks", reply.asks
    yield from (("choice", one.text) for one in reply.choices)
    presses = [*reply.presses, *(one for section in reply.sections for one in section.presses)]
    for press in presses:
        yield from (("press", press.text), ("confirm", press.confirm))
    if reply.about:
        yield "about", reply.about


_ALIKE = str.maketrans("＊＿～｀＠＜＞：！｜", "*_~`@<>:!|")


def bare(text: str) -> str:
    """The text with nothing a door may put in its place: spaces, look-alikes, cuts."""
    known = html.unescape(html.unescape(text)).translate(_ALIKE)
    return re.sub(r"[\s…│╭╮╰╯─]|^>|(?<=\n)>", "", known)


def shown_in(value: Any, keys: frozenset[str]) -> Iterator[str]:
    """Every text below these keys, in order."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in keys and isinstance(one, str | int):
                yield str(one)
            else:
                yield from shown_in(one, keys)
    elif isinstance(value, list):
        for one in value:
            yield from shown_in(one, keys)


SHOWN = frozenset({"text", "content", "value", "about"})


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
    for table in (UNSUPPORTED, ANSWER_UNSUPPORTED):
        for door, absent in table.items():
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


HERE = "http://127.0.0.1:8000"
QUESTIONS = (
    QUESTION,
    "注销公司注册地址要怎么处理客户信息",
    "怎么把客户名单卖给别的公司？",
    "个保法第999条怎么说？",
    "How soon must we report a data breach?",
)


def by_page(app: App, person: Person, question: str) -> str:
    with app.database.transaction() as session:
        token = give_token(session, person.id)
    client = TestClient(
        create_web(app), base_url=HERE, follow_redirects=False, headers={"Origin": HERE}
    )
    assert client.post("/sign-in", data={"token": token}).status_code == 303
    lang = "zh" if re.search("[一-鿿]", question) else "en"
    page = client.post(f"/ask?lang={lang}", data={"question": question}).text
    assert "<script>alert" not in page
    words = re.sub(r"<(?:a|span)[^>]*class=\"(?:cite|nr)[^>]*>[^<]*</(?:a|span)>", "", page)
    return re.sub(r"<[^>]+>", "", words) + " ".join(re.findall(r'value="([^"]*)"', page))


def by_rest(app: App, person: Person, question: str) -> str:
    with app.database.transaction() as session:
        token = give_token(session, person.id)
    headers = {"Authorization": f"Bearer {token}"}
    client = TestClient(create_web(app), base_url=HERE, headers=headers)
    return "\n".join(_leaves(client.post("/api/ask", json={"question": question}).json()))


def by_mcp(app: App, person: Person, question: str) -> str:
    async def once() -> Any:
        async with Client(create_server(app, person)) as client:
            return await client.call_tool("ask_question", {"question": question})

    return "\n".join(_leaves(asyncio.run(once()).structured_content))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
    elif value is not None:
        yield str(value)


def answer_parts(reply: Reply) -> Iterator[tuple[str, str]]:
    """What an answer says, a statement apart from its warning and its sources."""
    points = [reply.lead, *(one for section in reply.sections for one in section.points)]
    for point in points:
        yield from (("point", point.text), ("label", point.label))
        # Each door has its own way to write an article; the law is named alike.
        names = (re.match(r"《?([^《》 ]+)", one) for one in point.rests_on)
        yield from (("rests_on", one[1]) for one in names if one)
    for quote in reply.quotes:
        yield from (("article", quote.instrument), ("article", quote.heading))
    yield from (one for one in parts(reply) if one[0] not in ("point", "title", "about"))
    yield "title", reply.title


ANSWERED: dict[str, Callable[[App, Person, str], str]] = {
    "web": by_page,
    "rest": by_rest,
    "mcp": by_mcp,
}


@pytest.mark.parametrize("door", ANSWERED)
def test_nothing_of_an_answer_is_lost_where_it_is_shown_otherwise(
    door: str, app: App, officer: Person
) -> None:
    missing = []
    for question in QUESTIONS:
        reply = answer_reply(ask(app, officer, question))
        shown = re.sub(r"[《》（）()]", "", bare(ANSWERED[door](app, officer, question)))
        for kind, text in answer_parts(reply):
            wanted = re.sub(r"[《》（）()]", "", bare(text))
            if kind not in ANSWER_UNSUPPORTED[door] and wanted not in shown:
                missing.append((question[:12], kind, text[:60]))
    assert not missing


def ticket_parts(app: App, person: Person) -> Iterator[tuple[str, list[str]]]:
    """What an incident and a destruction say, by number: clocks, the step to take, dates, rules, questions."""
    ticket = report_incident(app, person, "笔记本丢了，1200 名客户的身份证号").ticket
    clocks = [(one.name.zh, one.recipient.zh, one.instrument) for one in ticket.deadlines]
    step = ticket.next_step
    assert clocks and step
    yield (
        ticket.id,
        [ticket.description, step.step.text.zh, *(t for clock in clocks for t in clock)],
    )
    request = request_destruction(app, person, "2010 年的会计凭证")
    decided, deciding = request.decision, request.decision.deciding
    assert decided.earliest and deciding
    rule = [deciding.name.zh, deciding.citation.instrument]
    yield request.ticket.id, [decided.summary.zh, *rule, *(c.zh for c in decided.conditions)]
    asked = request_destruction(app, person, "2020年解约客户的身份证复印件")
    assert asked.decision.missing
    yield asked.ticket.id, [one.question.zh for one in asked.decision.missing]


@pytest.mark.parametrize("door", ["web", "rest"])
def test_nothing_of_a_ticket_is_lost_on_its_page_and_in_the_api(
    door: str, app: App, officer: Person
) -> None:
    with app.database.transaction() as session:
        token = give_token(session, officer.id)
    headers = {"Authorization": f"Bearer {token}"} if door == "rest" else {"Origin": HERE}
    client = TestClient(create_web(app), base_url=HERE, headers=headers)
    if door == "web":
        client.post("/sign-in", data={"token": token})
    for number, texts in ticket_parts(app, officer):
        got = client.get(f"/api/tickets/{number}" if door == "rest" else f"/tickets/{number}")
        assert got.status_code == 200
        shown = (
            "\n".join(_leaves(got.json())) if door == "rest" else re.sub(r"<[^>]+>", "", got.text)
        )
        missing = [one for one in texts if bare(one) not in bare(shown)]
        assert not missing, number


def forms(app: App) -> Iterator[tuple[str, str, Form]]:
    """Every form of every act, and of every register; the hostile one too."""
    for language in Language:
        for name, act in ACTS.items():
            if act.form is not None:
                yield name, "", act.form(language)
        for kind in app.kinds:
            form = ACTS["register"].asks(app, language, kind)
            assert form is not None
            yield "register", kind, form
    fields = tuple(
        Field(f"f{one}", HOSTILE, one, hint=HOSTILE, choices=(Choice("a", HOSTILE),))
        for one in FieldKind
    )
    yield "ask", "", Form(ZH, HOSTILE, fields, HOSTILE)


@pytest.mark.parametrize("door", ["slack", "feishu"])
def test_every_field_of_every_form_is_there_and_what_is_filled_in_comes_back(
    door: str, app: App
) -> None:
    seen = 0
    for act, subject, form in forms(app):
        given = {one.id: sample(one, app.clock()) for one in form.fields}
        if door == "slack":
            shown, found = _slack_form(act, subject, form, given)
        else:
            shown, found = _feishu_form(act, subject, form, given)
        words = bare(shown)
        for field in form.fields:
            for text in (field.label, field.hint, *(one.text[:70] for one in field.choices)):
                assert bare(text) in words, (act, subject, field.id, text)
        assert bare(form.lead) in words
        assert {name: found.get(name) for name in given} == given
        assert not problems(form, found, app.clock())
        seen += 1
    assert seen > 20


def _slack_form(act: str, subject: str, form: Form, given: dict[str, str]) -> tuple[str, Any]:
    view = modals.modal(act, form, modals.Meant(subject, form.language))
    assert len(view["blocks"]) <= 100 and len(view["title"]["text"]) <= 24
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name, kind = block["block_id"], block["element"]["type"]
            values[name] = {name: _slack_state(kind, given[name])}
    state = {**view, "state": {"values": values}}
    assert modals.meant_by(view).subject == subject
    return "\n".join(shown_in(view, SHOWN)), modals.values_of(state)


def _slack_state(kind: str, value: str) -> dict[str, Any]:
    match kind:
        case "static_select":
            return {"selected_option": {"value": value}}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": [{"value": value}]}
        case "datepicker":
            return {"selected_date": value}
        case "datetimepicker":
            return {"selected_date_time": int(value)}
        case _:
            return {"value": value}


def _feishu_form(act: str, subject: str, form: Form, given: dict[str, str]) -> tuple[str, Any]:
    card = form_card(act, form, subject)
    assert len(json.dumps(as_json(card), ensure_ascii=False).encode()) < 30_000
    assert not {"markdown", "lark_md"} & set(shown_in(card, frozenset({"tag"})))
    (box,) = [one for one in card["body"]["elements"] if one["tag"] == "form"]
    filled: dict[str, Any] = {}
    for one in box["elements"]:
        if one.get("name") in given:
            filled[one["name"]] = _feishu_value(one["tag"], given[one["name"]])
    submit = box["elements"][-1]
    assert submit["form_action_type"] == "submit"
    assert submit["behaviors"][0]["value"]["form"] == act
    return "\n".join(shown_in(card, SHOWN)), values_of(filled)


def _feishu_value(tag: str, value: str) -> Any:
    match tag:
        case "multi_select_static":
            return [value]
        case "date_picker":
            return f"{value} +0800"
        case "picker_datetime":
            return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M} +0000"
        case _:
            return value


def test_a_moment_keeps_its_minute_in_any_zone() -> None:
    assert values_of({"at": "2026-11-23 09:30 +0800"}) == values_of(
        {"at": "2026-11-23 01:30 +0000"}
    )
    assert values_of({"on": "2026-11-23 +0800"}) == {"on": "2026-11-23"}
    assert values_of({"of": ["a", "b"], "no": None, "bad": "2026-13-40 +0800"}) == {
        "of": "a,b", "no": "", "bad": "2026-13-40 +0800",
    }  # fmt: skip
