"""The same answers and tickets on the page, in the REST API and over MCP: nothing of them is lost.

These doors show what a reply was made from. What one does not show is named with the reason.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mcp import Client
from starlette.testclient import TestClient

from assistant.app import App
from assistant.destruction.destroy_data import request_destruction
from assistant.incidents.report_incident import report_incident
from assistant.questions.ask import ask
from integrations.mcp_server import create_server
from integrations.replies import (
    Reply,
    answer_reply,
)
from integrations.web.api import create_web
from knowledge.sources import short_name
from records.people import Person, Role, give_token
from tests.integrations.contract import (
    bare,
    hostile,
    parts,
)

QUESTION = "客户三年前解约了，手机号13800138000，身份证复印件能销毁吗？"
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


@pytest.fixture
def officer(person_with: Callable[..., Person]) -> Person:
    return person_with(*Role)


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
        # In English a law is called by its English name, its Chinese one beside without 中华人民共和国.
        yield from (("article", short_name(quote.instrument)), ("article", quote.heading))
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


def test_what_is_not_shown_is_named_once_and_with_a_reason() -> None:
    kinds = {kind for kind, _ in parts(hostile())} | {"label", "rests_on"}
    for door, absent in ANSWER_UNSUPPORTED.items():
        assert set(absent) <= kinds, door
        assert all(len(reason) > 10 for reason in absent.values()), door
