"""Other assistants over MCP: what they get, with whose permissions, and what never comes back."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from assistant.app import App
from integrations.mcp_server import create_server
from records.audit import latest_events
from records.people import Person
from tests.faults.marked import SAID, assert_clean, written

ROOT = Path(__file__).parents[2]
PHONE = "13800138000"


def call(app: App, person: Person, tool: str, **arguments: Any) -> tuple[bool, str, Any]:
    """Whether it was refused, the text of the result, and the result itself."""

    async def once() -> Any:
        async with Client(create_server(app, person)) as client:
            return await client.call_tool(tool, arguments)

    result = asyncio.run(once())
    return bool(result.is_error), result.content[0].text, result.structured_content


def test_the_tools_say_what_they_do_and_only_read(app: App, employee: Person) -> None:
    async def listed() -> Any:
        async with Client(create_server(app, employee)) as client:
            return (await client.list_tools()).tools

    tools = {one.name: one for one in asyncio.run(listed())}
    assert set(tools) == {
        *("search", "get_provision", "check_cited", "retention", "redact", "ask_question"),
    }
    assert all(one.description and one.annotations.read_only_hint for one in tools.values())
    documented = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in documented for name in tools)


def test_an_address_gives_the_words_of_the_law(app: App, employee: Person) -> None:
    refused, _, result = call(app, employee, "get_provision", address="个保法第47条")
    assert not refused
    (found,) = result["provisions"]
    assert found["provision"]["article"] == "47"
    assert "个人信息处理者应当主动删除个人信息" in found["words"]


def test_a_search_finds_the_provision_and_masks_the_words(app: App, employee: Person) -> None:
    words = f"处理目的已实现 删除个人信息 {PHONE}"
    refused, text, result = call(app, employee, "search", words=words, limit=3)
    assert not refused and PHONE not in text
    assert 1 <= len(result["hits"]) <= 3


def test_citations_are_checked_to_the_letter(app: App, employee: Person) -> None:
    right = "个人信息保护法第四十七条：“处理目的已实现、无法实现或者为实现处理目的不再必要”"
    assert call(app, employee, "check_cited", text=right)[2]["holds"] is True
    for wrong in (
        right.replace("不再必要", "不再需要"),
        right.replace("四十七", "四十八"),
        right.replace("四十七", "九十九"),
        "什么也没有引用",
    ):
        assert call(app, employee, "check_cited", text=wrong)[2]["holds"] is False


def test_a_keeping_period_comes_with_its_rule(app: App, employee: Person) -> None:
    refused, _, result = call(
        app,
        employee,
        "retention",
        kind="aml_identity",
        holder="financial",
        dates={"relationship_ended": "2021-06-30"},
    )
    assert not refused
    # 反洗钱法 34: ten years from 2021-06-30.
    assert result["decision"]["earliest"] == "2031-07-01"
    assert result["decision"]["deciding"]["citation"]["article"]


def test_a_text_comes_back_redacted(app: App, employee: Person) -> None:
    refused, text, result = call(app, employee, "redact", text=f"联系人手机：{PHONE}")
    assert not refused and PHONE not in text
    assert result["counts"] == {"mobile": 1}


def test_a_question_is_answered_with_its_articles_and_without_the_clients_number(
    app: App, employee: Person
) -> None:
    question = f"客户手机{PHONE}要求删除信息，必须删吗？"
    refused, text, result = call(app, employee, "ask_question", question=question)
    assert not refused and PHONE not in text
    assert result["outcome"] == "answered" and result["quotations"]


def test_somebody_without_a_role_gets_the_sentence_and_nothing_else(app: App) -> None:
    nobody = Person("P-nobody", "林晓", frozenset())
    for tool, arguments in (
        ("search", {"words": "删除"}),
        ("get_provision", {"address": "个保法第47条"}),
        ("check_cited", {"text": "个保法第47条"}),
        ("retention", {"kind": "contract"}),
        ("redact", {"text": "林晓"}),
        ("ask_question", {"question": "能删吗"}),
    ):
        refused, text, _ = call(app, nobody, tool, **arguments)
        assert refused and "没有此项操作权限" in text
    with app.database.reading() as session:
        events = latest_events(session, 6)
    assert {(one.person_id, one.action) for one in events} == {("P-nobody", "permission:refused")}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("redact", {"text": 13800138000}),
        ("redact", {"text": PHONE * 2000}),
        ("redact", {"text": "a", "policy": f"no-{PHONE}"}),
        ("ask_question", {"question": "问", "as_of": PHONE}),
        ("ask_question", {"question": PHONE * 500}),
        ("retention", {"kind": PHONE}),
        ("search", {"words": "删除", "limit": 13800138000}),
        ("search", {}),
        (f"no-{PHONE[:3]}", {}),
    ],
)
def test_what_is_refused_is_never_repeated(
    app: App,
    employee: Person,
    tool: str,
    arguments: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused, text, _ = call(app, employee, tool, **arguments)
    assert refused
    assert PHONE not in text + caplog.text


def test_what_nobody_foresaw_is_told_without_its_text(
    app: App,
    employee: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(PHONE)

    monkeypatch.setattr("integrations.mcp_server.redact_text", broken)
    refused, text, _ = call(app, employee, "redact", text="一段文字")
    assert refused and "程序内部出错" in text
    assert PHONE not in text + caplog.text


def started(app: App) -> StdioServerParameters:
    """The command as another assistant starts it."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "integrations.cli", "mcp"],
        env={
            "COMPLIANCE_HOME": str(app.settings.home),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
        },
    )


def test_the_command_does_every_verb_over_the_protocol_and_outlives_bad_input(app: App) -> None:
    asked: list[tuple[str, dict[str, Any], bool]] = [
        ("get_provision", {"address": "PIPL art. 47"}, True),
        ("get_provision", {"address": ["47"]}, False),
        ("search", {"words": f"删除个人信息 {PHONE}"}, True),
        ("search", {"words": "", "limit": 3}, False),
        ("check_cited", {"text": "个人信息保护法第四十七条"}, True),
        ("check_cited", {"text": ""}, False),
        ("retention", {"kind": "contract"}, True),
        ("retention", {"kind": PHONE}, False),
        ("redact", {"text": f"联系人手机：{PHONE}"}, True),
        ("redact", {"text": "字" * 20_001}, False),
        ("ask_question", {"question": f"{PHONE}的客户要求删除信息，必须删吗？"}, True),
        ("ask_question", {"question": "问", "language": PHONE}, False),
        (f"no-{PHONE[:3]}", {}, False),
        ("get_provision", {"address": "PIPL art. 47"}, True),
    ]

    async def whole() -> list[Any]:
        async with Client(started(app), read_timeout_seconds=300) as client:
            return [await client.call_tool(tool, given) for tool, given, _ in asked]

    results = asyncio.run(whole())
    assert [not one.is_error for one in results] == [good for *_, good in asked]
    assert all(PHONE not in one.content[0].text for one in results)
    for found in (results[0], results[-1]):
        assert json.loads(found.content[0].text)["provisions"][0]["provision"]["article"] == "47"


def test_lines_that_are_no_messages_neither_end_it_nor_come_back(app: App) -> None:
    hello = {
        "protocolVersion": "2024-11-05",
        "capabilities": {},
        "clientInfo": {"name": "another", "version": "1"},
    }
    lines = [
        f"no message {PHONE}",
        "[]",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": PHONE}}),
        json.dumps({"jsonrpc": "2.0", "id": 3, "method": "ping"}),
    ]
    command = started(app)
    with subprocess.Popen(
        [command.command, *command.args],
        env=command.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        given_up = threading.Timer(300, running.kill)
        given_up.start()
        assert running.stdin and running.stdout and running.stderr
        running.stdin.write("".join(f"{line}\n" for line in lines).encode())
        running.stdin.flush()
        answers = (json.loads(line) for line in running.stdout)
        last = next(one for one in answers if one.get("id") == 3)
        running.stdin.close()
        errors = running.stderr.read().decode()
        given_up.cancel()
    assert last == {"jsonrpc": "2.0", "id": 3, "result": {}}
    assert running.returncode == 0
    assert PHONE not in errors


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {"words": SAID}),
        ("get_provision", {"address": f"{SAID} 个保法第47条"}),
        ("check_cited", {"text": f"{SAID} 个保法第47条：“{SAID}”"}),
        ("redact", {"text": SAID}),
        ("ask_question", {"question": f"{SAID}，他的身份证复印件可以销毁吗？"}),
    ],
)
def test_no_tool_gives_or_keeps_what_is_personal(
    app: App,
    employee: Person,
    tool: str,
    arguments: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    _, text, result = call(app, employee, tool, **arguments)
    with app.database.reading() as session:
        events = str(latest_events(session, 20))
    answered = text + json.dumps(result, ensure_ascii=False)
    assert_clean({"answer": answered, "logs": written(caplog), "audit": events})
