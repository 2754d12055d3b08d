"""Every parser of outside input, and what it is fed."""

import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from assistant.answering.material import Material
from assistant.answering.model_draft import draft_with
from assistant.papers.bundle import unzipped, verify_bundle
from assistant.papers.table_files import table_rows
from assistant.quizzes.exam import read_letters
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
from integrations.replies.forms import Field, FieldKind, Form, problems
from integrations.replies.model import Choice
from integrations.slack.guard import Refused, SeenSignatures, read_body, verify
from integrations.slack.inbox import said_in_click, said_in_command, said_in_event
from integrations.slack.roles import parse_roles
from integrations.slack.wanted import wanted_by_form, wanted_by_press, wanted_by_shortcut
from integrations.slack.words import plain
from knowledge.addresses import parse_address
from knowledge.asked import weigh
from knowledge.particulars import side_car
from knowledge.regulations import read_regulation
from pii.cleared import public_text
from pii.documents import redact_document
from pii.findings import Finding
from pii.policy import load_policy
from records.data_files import BadDataFile
from records.errors import ProductError
from records.language import Language
from records.sealed_archive import ArchiveReader, ArchiveWriter
from records.signing import verify as verify_statement
from tests.faults.fuzzing import bytes_like, shaped_like, words
from tests.faults.seeds import (
    BOUNCE,
    CLIENTS,
    COMMAND,
    EVENT,
    FEISHU,
    FILES,
    FORM,
    PARTICULARS,
    PRESS,
    RECORDS,
    REPLY,
    ROOT,
    SIGNER,
    TEXTS,
    bundle,
    letter,
    mail,
    zipped,
)
from tickets.closing.client_import import read_clients, unread_columns
from tickets.incidents.fact_values import NAMES as FACTS
from tickets.incidents.fact_values import read_facts
from tickets.incidents.text import facts_from_text
from tickets.notices.bounces import read_bounce
from tickets.notices.client_table import read_clients as read_addressees
from tickets.notices.data import NoticeKind, notice_rules
from tickets.registers.kind_files import load_kinds
from tickets.retention.facts import HolderType
from tickets.retention.table import decide_rows, find_header

KNOWN = (ProductError, Refused, BadDataFile)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Finder:
    """Finds mobile numbers, at once: here it is the formats that are tried."""

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return []

    def find_all(self, texts: Any, *, labels: Any = None) -> list[list[Finding]]:
        return [[] for _ in texts]


YAML = sorted((ROOT / "tickets" / "registers").glob("*.yaml"))


OTHERS = (
    *("imported text", "table", "bounce mail", "Slack request", "Slack event", "Feishu event"),
    *("Slack press or form", "Slack command", "Slack words", "address of a provision", "question"),
    *("incident told", "data file", "backup", "bundle", "zip of ours", "signed statement"),
    *("particulars of a text", "clients of a notice", "clients of a closing", "facts typed"),
    *("form filled in", "model's reply", "roles of groups", "letters of an exam"),
)


def redacted(case: tuple[str, bytes]) -> object:
    suffix, data = case
    return redact_document(data, f"客户{suffix}", Finder(), load_policy())


def table(case: tuple[str, bytes]) -> object:
    rows = list(table_rows(case[1], f"a{case[0]}", most=500))
    return list(decide_rows(find_header(rows), iter(rows), today=NOW.date()))


def of_files(files: Mapping[str, bytes]) -> st.SearchStrategy[tuple[str, bytes]]:
    return st.sampled_from(sorted(files)).flatmap(
        lambda suffix: st.tuples(st.just(suffix), bytes_like(files[suffix]))
    )


def regulation(folder: Path) -> Callable[[tuple[str, bytes]], object]:
    def read(case: tuple[str, bytes]) -> object:
        path = folder / f"示例办法(2024-01-01){case[0]}"
        path.write_bytes(case[1])
        return read_regulation(path, "示例办法")

    return read


def particulars(folder: Path) -> Callable[[bytes], object]:
    """What stands at a text's head, and the same in a file beside it."""

    def read(data: bytes) -> object:
        path = folder / "某某办法.md"
        path.write_bytes(data)
        read_regulation(path, "示例办法")
        path.with_suffix(".yaml").write_bytes(data.rpartition(b"---\n")[0].replace(b"---\n", b""))
        return side_car(path)

    return read


def clients_of_notice(data: bytes) -> object:
    rows = iter(list(table_rows(data, "a.csv", most=500)))
    return read_addressees(rows, notice_rules(NoticeKind.DESTRUCTION))


def clients_of_closing(data: bytes) -> object:
    rows = list(table_rows(data, "a.csv", most=500))
    return [list(read_clients(rows, holder=HolderType.COMPANY)), unread_columns(rows)]


# A field of every kind.
ASKED = Form(
    Language.ZH,
    "问",
    tuple(Field(kind.value, kind.value, kind, choices=(Choice("a", "甲"),)) for kind in FieldKind),
)


def filled() -> st.SearchStrategy[dict[str, str]]:
    """What somebody may send for that form."""
    seeds = words("2026-11-23", "1795399200", "a,b", "12", "x" * 4000)
    return st.fixed_dictionaries({}, optional={one.id: seeds for one in ASKED.fields})


MATERIAL = Material(public_text("问", source="test"), Language.ZH, NOW.date(), *((),) * 5, None, {})


class Says:
    """A model that says this, in pieces."""

    name = "says"

    def __init__(self, text: str) -> None:
        self.text = text

    def stream(self, *_: object) -> Iterator[str]:
        yield from (self.text[at : at + 40] for at in range(0, len(self.text), 40))


def drafted(text: str) -> object:
    """A reply read while it is written, and once it is there."""
    return draft_with(Says(text), MATERIAL, lambda _: True)


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
    """Signed as Slack signs, or by its own words; and every reading of it."""
    at, said, seen = "1764100000", body.decode("latin-1"), SeenSignatures()
    signed = f"v0={hmac.new(b's', f'v0:{at}:'.encode() + body, hashlib.sha256).hexdigest()}"
    verify(body, slack_headers(signed, at), secret="s", now=float(at), seen=seen)
    for signature, moment in ((said, at), (signed, said)):
        with suppress(Refused):
            verify(body, slack_headers(signature, moment), secret="s", now=float(at), seen=seen)
    found = []
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/x"):
        with suppress(Refused):
            found.append(read_body(body, kind))
    if not found:
        raise Refused(400, "unread")
    return found


def slack_headers(signature: str, moment: str) -> dict[str, list[str]]:
    return {"x-slack-signature": [signature], "x-slack-request-timestamp": [moment]}


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
        yield f"client file {suffix}", (redacted, of_files({suffix: FILES[suffix]}))
    texts = {**TEXTS, ".docx": letter(), ".xlsx": FILES[".xlsx"], ".pdf": FILES[".pdf"]}
    yield "imported text", (regulation(folder), of_files(texts))
    yield "table", (table, of_files({".csv": RECORDS.encode(), ".xlsx": FILES[".xlsx"]}))
    yield "particulars of a text", (particulars(folder), bytes_like(PARTICULARS.encode()))
    yield "clients of a notice", (clients_of_notice, bytes_like(CLIENTS.encode()))
    yield "clients of a closing", (clients_of_closing, bytes_like(CLIENTS.encode()))
    facts = st.fixed_dictionaries({}, optional={name: words("1.2万", "是", "no") for name in FACTS})
    yield "facts typed", (read_facts, facts)
    yield "form filled in", (lambda given: problems(ASKED, given, NOW), filled())
    yield "model's reply", (drafted, words(REPLY))
    yield "roles of groups", (parse_roles, words("S0123ABCD=records_officer+approver, W12=trainer"))
    yield "letters of an exam", (read_letters, words("A、C", "ac"))
    yield "bounce mail", (read_bounce, bytes_like(BOUNCE, mail()))
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
    packed = (bundle(), zipped(("manifest.json", STATEMENT), ("a.txt", b"1")))
    yield "bundle", (lambda b: verify_bundle(b, SIGNER.public_key, "a"), bytes_like(*packed))
    yield "zip of ours", (unzipped, bytes_like(*packed))
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
