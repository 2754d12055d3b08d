"""Every parser of outside input, fed with damaged and invented input: a sentence of ours, or a result.

What comes out otherwise, hangs for long, or is not one of the errors a door knows is a failure. The
short form takes seconds; `COMPLIANCE_FUZZ_MINUTES=10` divides so many minutes among the parsers here, and
as many among the doors of `test_fuzz_doors.py`.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from assistant.bundle import unzipped, verify_bundle
from assistant.table_files import table_rows
from integrations.chat.words import verb_of_command, verb_of_message
from integrations.feishu.events import (
    file_in,
    kind_of,
    said_by_press,
    said_in_message,
    tenant_of,
    tenant_of_person,
    wanted_by_menu,
)
from integrations.feishu.events import wanted_by_form as feishu_form
from integrations.feishu.events import wanted_by_press as feishu_press
from integrations.slack.guard import Refused, SeenSignatures, read_body, verify
from integrations.slack.inbox import said_in_click, said_in_command, said_in_event
from integrations.slack.wanted import wanted_by_form, wanted_by_press, wanted_by_shortcut
from integrations.slack.words import plain
from knowledge.addresses import parse_address
from knowledge.asked import weigh
from knowledge.regulations import read_regulation
from pii.documents import redact_document
from pii.findings import Finding
from pii.formats.registry import FORMATS
from pii.policy import load_policy
from records.data_files import BadDataFile
from records.errors import ProductError
from records.sealed_archive import ArchiveReader, ArchiveWriter
from records.signing import Signer
from records.signing import verify as verify_statement
from tests.faults.fuzzing import attempt, bytes_like, fed, shaped_like, words
from tickets.bounces import read_bounce
from tickets.incident_text import facts_from_text
from tickets.kind_files import load_kinds
from tickets.retention_table import decide_rows, find_header

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
KNOWN = (ProductError, Refused, BadDataFile)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SIGNER = Signer(b"s" * 32)


class Finder:
    """Finds mobile numbers, at once: here it is the formats that are tried."""

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return []

    def find_all(self, texts: Any, *, labels: Any = None) -> list[list[Finding]]:
        return [[] for _ in texts]


def mail() -> bytes:
    """A mail with an attachment and a delivery status."""
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "退信", "a@b.example", "c@d.example"
    made.set_content("电话 13800138000")
    made.add_attachment(b"a,b\n1,2", maintype="text", subtype="csv", filename="表.csv")
    return bytes(made)


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def files() -> dict[str, bytes]:
    """One small file of every format that has one among the examples, or is quickly made."""
    found = {
        path.suffix: path.read_bytes() for path in sorted((EXAMPLES / "client_files").iterdir())
    }
    found |= {
        ".eml": mail(),
        ".zip": zipped(("a.txt", b"13800138000"), ("b.eml", mail())),
        ".json": b'{"name": "a", "phone": ["13800138000"]}',
        ".jsonl": b'{"a": 1}\n{"a": "13800138000"}\n',
        ".html": "<!doctype html><p title=x>电话<b>138</b>00138000<script>1</script>".encode(),
        ".xml": b"<?xml version='1.0'?><a b='c'><!-- d --><![CDATA[e]]></a>",
        ".pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]"
        b"/Count 0>>endobj\ntrailer<</Root 1 0 R>>",
        ".png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0",
    }
    return {suffix: data for suffix, data in found.items() if suffix in FORMATS}


FILES = files()
EVENT = {
    "type": "event_callback", "team_id": "T1", "event_id": "Ev1", "api_app_id": "A1",
    "authorizations": [{"team_id": "T1", "user_id": "U9", "is_bot": True}],
    "event": {"type": "app_mention", "user": "U1", "text": "<@U9> 问", "ts": "1764100000.000100",
              "channel": "C1", "channel_type": "im", "thread_ts": "1764100000.000100", "team": "T1"},
}  # fmt: skip
PRESS = {
    "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1"}, "container": {"message_ts": "1764100000.0001", "channel_id": "C1"},
    "actions": [{"action_id": "act:take", "value": "INC-2026-0001|1", "action_ts": "1764100000.1"}],
    "response_url": "https://hooks.slack.com/x", "trigger_id": "1.2", "message": {"ts": "1.1"},
}  # fmt: skip
FORM = {
    "type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"},
    "view": {"id": "V1", "callback_id": "form:incident", "private_metadata": "{}", "hash": "h",
             "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "x"}}}}},
}  # fmt: skip
COMMAND = {"command": "/compliance", "text": "问题", "user_id": "U1", "team_id": "T1",
           "channel_id": "C1", "trigger_id": "1.2", "response_url": "https://hooks.slack.com/x"}  # fmt: skip
YAML = sorted((ROOT / "tickets" / "kinds").glob("*.yaml"))


OTHERS = (
    *("imported text", "table", "bounce mail", "Slack request", "Slack event", "Feishu event"),
    *("Slack press or form", "Slack command", "Slack words", "address of a provision", "question"),
    *("incident told", "data file", "backup", "bundle", "zip of ours", "signed statement"),
)


def redacted(case: tuple[str, bytes]) -> object:
    suffix, data = case
    return redact_document(data, f"客户{suffix}", Finder(), load_policy())


def table(case: tuple[str, bytes]) -> object:
    rows = list(table_rows(case[1], f"a{case[0]}", most=500))
    return list(decide_rows(find_header(rows), iter(rows), today=NOW.date()))


def of_files(*suffixes: str) -> st.SearchStrategy[tuple[str, bytes]]:
    return st.sampled_from(suffixes).flatmap(
        lambda suffix: st.tuples(st.just(suffix), bytes_like(FILES[suffix]))
    )


def regulation(folder: Path) -> Callable[[tuple[str, bytes]], object]:
    def read(case: tuple[str, bytes]) -> object:
        path = folder / f"示例办法(2024-01-01){case[0]}"
        path.write_bytes(case[1])
        return read_regulation(path, "示例办法")

    return read


def backup(folder: Path) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        path = folder / "a.backup"
        path.write_bytes(data)
        return ArchiveReader(path, "correct horse battery").manifest()

    return read


def sealed() -> bytes:
    out = io.BytesIO()
    writer = ArchiveWriter(out, "correct horse battery")
    writer.add("a", [b"1" * 200])
    writer.close({"b": 1})
    return out.getvalue()


def data_file(folder: Path) -> Callable[[bytes], object]:
    own = folder / "kinds"
    own.mkdir()

    def read(data: bytes) -> object:
        (own / "own.yaml").write_bytes(data)
        return load_kinds(own)

    return read


def request(body: bytes) -> object:
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/x"):
        try:
            read_body(body, kind)
        except Refused:
            continue
    headers = {"x-slack-signature": [str(body)], "x-slack-request-timestamp": ["1764100000"]}
    return verify(body, headers, secret="s", now=1764100000.0, seen=SeenSignatures())


def heard(body: Any) -> object:
    """What Bolt hands on once `read_body` has passed it."""
    read_body(json.dumps(body).encode(), "application/json")
    event = body.get("event")
    return said_in_event(event, body, NOW) if isinstance(event, dict) else None


def pressed(body: Any) -> object:
    from urllib.parse import urlencode

    form = urlencode({"payload": json.dumps(body)}).encode()
    read_body(form, "application/x-www-form-urlencoded")
    readers = (said_in_click, wanted_by_press, wanted_by_shortcut, wanted_by_form)
    return [read(body, NOW) for read in readers]


FEISHU = {
    "schema": "2.0",
    "header": {"event_type": "im.message.receive_v1", "event_id": "e1", "tenant_key": "t", "app_id": "c"},
    "event": {
        "sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user", "tenant_key": "t"},
        "message": {
            "message_id": "om_1", "chat_id": "oc_1", "chat_type": "group", "message_type": "post",
            "create_time": "1795399200000", "root_id": "om_0",
            "content": json.dumps({"title": "问", "content": [[{"tag": "text", "text": "@_user_1 好"}]]}),
            "mentions": [{"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "合规助手"}],
        },
        "operator": {"open_id": "ou_1", "tenant_key": "t", "operator_id": {"open_id": "ou_1"}},
        "action": {
            "value": {"form": "incident", "act": "help", "choice": "a", "say": "right", "about": "Q-1"},
            "form_value": {"people": "12", "kinds": ["a"], "aware_at": "2026-11-23 09:30 +0800"},
        },
        "context": {"open_message_id": "om_1", "open_chat_id": "oc_1"},
        "event_key": "ask",
    },
}  # fmt: skip


def in_feishu(body: Any) -> object:
    """Every reading of an event, whatever it calls itself."""
    if not isinstance(body, dict):
        return None
    readers = (said_by_press, feishu_press, feishu_form, wanted_by_menu)
    known = (kind_of(body), tenant_of(body), tenant_of_person(body), file_in(body))
    return [known, said_in_message(body, "ou_bot", NOW), *(read(body, NOW) for read in readers)]


STATEMENT = SIGNER.sign("a", {"b": 1}).encode()
Parser = tuple[Callable[..., object], st.SearchStrategy[Any]]


def parsers(folder: Path) -> Iterator[tuple[str, Parser]]:
    """Every parser of outside input with what it is fed."""
    for suffix in FILES:
        yield f"client file {suffix}", (redacted, of_files(suffix))
    texts = [one for one in (".docx", ".html", ".md", ".txt", ".xlsx", ".pdf") if one in FILES]
    yield "imported text", (regulation(folder), of_files(*texts))
    yield "table", (table, of_files(".csv", ".xlsx"))
    yield "bounce mail", (read_bounce, bytes_like(mail()))
    yield "Slack request", (request, bytes_like(json.dumps(EVENT).encode(), b"payload=%7B%7D&a=b"))
    yield "Slack event", (heard, shaped_like(EVENT))
    yield "Slack press or form", (pressed, shaped_like(PRESS) | shaped_like(FORM))
    yield "Feishu event", (in_feishu, shaped_like(FEISHU))
    yield (
        "Slack command",
        (
            lambda body: said_in_command(body, NOW),
            st.fixed_dictionaries({key: words(value) for key, value in COMMAND.items()}),
        ),
    )
    said = words(
        "<@U1> 问 个保法第四十七条第二款第(三)项", "/incident 丢了1200名客户的电脑，昨晚8点"
    )
    yield "Slack words", (lambda t: (plain(t), verb_of_command(t), verb_of_message(t)), said)
    yield "address of a provision", (parse_address, said)
    yield "question", (weigh, said)
    yield "incident told", (facts_from_text, said)
    yield "data file", (data_file(folder), bytes_like(*(one.read_bytes() for one in YAML)))
    yield "backup", (backup(folder), bytes_like(sealed()))
    bundle = zipped(("index.json", STATEMENT), ("a.txt", b"1"))
    yield "bundle", (lambda b: verify_bundle(b, SIGNER.public_key, "a"), bytes_like(bundle))
    yield "zip of ours", (unzipped, bytes_like(bundle))
    yield (
        "signed statement",
        (
            lambda b: verify_statement(b, SIGNER.public_key),
            bytes_like(STATEMENT),
        ),
    )


def names() -> list[str]:
    formats = [f"client file {suffix}" for suffix in FILES]
    return [*formats, *OTHERS]


@pytest.mark.parametrize("name", names())
def test_nothing_but_a_result_or_a_sentence_of_ours(name: str, tmp_path: Path) -> None:
    parse, inputs = dict(parsers(tmp_path))[name]
    fed(inputs, lambda value: attempt(parse, value, KNOWN), share=1 / len(names()))


def test_what_the_long_form_found_stays_mended(tmp_path: Path) -> None:
    assert facts_from_text(f"丢了{'9' * 400}名客户的资料").people is None
    (tmp_path / "own.yaml").write_text("id: 2026-02-30", encoding="utf-8")
    with pytest.raises(BadDataFile):
        load_kinds(tmp_path)
    for body in ({**FORM, "view": {"private_metadata": []}}, {**FORM, "view": {"state": []}}):
        assert wanted_by_form(body, NOW) is None


def test_every_parser_has_its_turn(tmp_path: Path) -> None:
    assert set(dict(parsers(tmp_path))) == set(names())
