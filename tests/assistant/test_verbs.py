"""Every verb checks a permission first and leaves an audit event, whichever door it is called by."""

import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import assistant
from assistant.app import App
from knowledge.fetching import PinnedSource
from knowledge.regulations import read_regulation
from knowledge.store import save
from pii.case import Case
from pii.kinds import Kind
from pii.rules import Effect
from records.audit import latest_events
from records.errors import NotPermitted, ProductError
from records.people import Person, Role, add_person
from tickets.ticket import State

NAME = "林晓"
TEXTS = Path(__file__).parent / "texts"
OLD, NEW = TEXTS / "示例管理办法(2020-01-01).md", TEXTS / "示例管理办法(2025-01-01).md"
PINNED = TEXTS / "sources.yaml"
SOURCE = PinnedSource(
    name="示例管理办法", url="http://127.0.0.1:9/a.md", sha256="0" * 64, adopted=date(2024, 1, 1)
)
# What each verb is given beside app and person; enough to get past its own checks or be refused.
GIVEN: dict[str, dict[str, Any]] = {
    "ask": {"question": "客户解约三年了,他的身份证复印件可以销毁吗?"},
    "redact_file": {"untrusted_data": "姓名:周明轩".encode(), "untrusted_name": "a.txt"},
    "fetch_redacted": {"file_id": "F-000000000000000000000000"},
    "start_review": {"untrusted_data": "姓名:周明轩".encode(), "untrusted_name": "a.txt"},
    "read_review": {"review_id": "V-0000000000000000"},
    "decide": {"review_id": "V-0000000000000000", "decisions": []},
    "finish_review": {"review_id": "V-0000000000000000"},
    "drop_review": {"review_id": "V-0000000000000000"},
    "add_eval_cases": {"suite": Path(tempfile.gettempdir()) / "no-such-folder" / "suite.yaml"},
    "scan_folder": {"root": Path(tempfile.gettempdir()) / "no-such-folder", "progress": print},
    "list_scans": {},
    "start_scan": {"folder": "none", "submit": None},
    "started_scans": {},
    "read_scan": {"scan_id": "S-none", "name": "inventory.csv"},
    "list_rules": {},
    "add_rule": {"effect": Effect.DENY, "kind": Kind.PERSON_NAME, "text": NAME, "reason": NAME},
    "withdraw_rule": {"rule_id": "R-000000000000"},
    "fetch_report": {"file_id": "F-000000000000000000000000"},
    "list_policies": {},
    "open_case": {"name": "清和-注销", "client": "清和"},
    "survey_files": {"untrusted_files": [("姓名:周明轩".encode(), "a.txt")], "case": Case()},
    "list_vault": {},
    "restore_file": {
        "untrusted_data": "姓名:客户A".encode(),
        "untrusted_name": "a.txt",
        "case": "清和-注销",
        "reason": "核对周明轩的债权",
    },
    "shred_client": {"client": "清和", "confirmation": "清和", "reason": "周明轩的合同终止"},
    "complete_certificates": {},
    "read_certificate": {"serial": "CE-2026-0001"},
    "rotate_vault_key": {},
    "report_incident": {"description": "笔记本电脑丢了"},
    "revise_incident": {
        "ticket_id": "INC-2026-0001",
        "facts": {"people": 9},
        "reason": "周明轩核对了日志",
    },
    "settle_clock": {
        "ticket_id": "INC-2026-0001",
        "clock": "dsl29",
        "reference": "周明轩取得回执",
    },
    "note_incident": {"ticket_id": "INC-2026-0001", "text": "已联系周明轩"},
    "move_incident": {
        "ticket_id": "INC-2026-0001",
        "to": State.CONTAINED,
        "reason": "周明轩已锁定",
    },
    "close_incident": {"ticket_id": "INC-2026-0001", "report": "周明轩遗失"},
    "take_step": {"ticket_id": "INC-2026-0001", "number": 1, "note": "周明轩已擦除"},
    "skip_step": {"ticket_id": "INC-2026-0001", "number": 1, "reason": "周明轩没有设备"},
    "hand_over_step": {"ticket_id": "INC-2026-0001", "number": 1, "to": "P-1"},
    "request_destruction": {"description": "2021年解约客户的身份证复印件"},
    "list_tickets": {},
    "read_ticket": {"ticket_id": "INC-2026-0001"},
    "list_instruments": {},
    "read_instrument": {"name": "个人信息保护法"},
    "read_provision": {"provision_id": "nothing"},
    "read_address": {"text": "个保法第47条"},
    "list_versions": {},
    "compare_versions": {"old": "示例管理办法"},
    "compare_files": {"old": OLD, "new": NEW},
    "duties_to_review": {},
    "import_texts": {"paths": [OLD]},
    "import_url": {"source": SOURCE},
    "sync_sources": {"pinned": PINNED},
    "rebuild_index": {},
    "ingest_knowledge": {},
    "verify_audit": {},
    "overview": {},
    "check_setup": {},
    "everybody": {},
    "register": {"name": NAME, "roles": {Role.EMPLOYEE}},
    "new_token": {"person_id": "P-1"},
}
# Not verbs of their own: verbs call them after the check, within their own transaction.
PARTS = {"seen_ticket", "seen_incident", "working"} | {
    "keep_copy",
    "visible_tickets",
    "open_ticket",
    "keep_rule",
}


def verbs() -> dict[str, Callable[..., Any]]:
    """Every public function of the assistant that takes an app and a person."""
    found = {}
    for module in pkgutil.iter_modules(assistant.__path__, "assistant."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_")
            parameters = list(inspect.signature(function).parameters)
            if own and "app" in parameters[:1] and "person" in parameters:
                found[name] = function
    return {name: function for name, function in found.items() if name not in PARTS}


def test_each_verb_is_in_this_table() -> None:
    assert set(verbs()) == set(GIVEN)


@pytest.mark.parametrize("name", GIVEN)
def test_a_verb_refuses_somebody_without_a_role_and_records_it(name: str, app: App) -> None:
    nobody = Person("P-nobody", NAME, frozenset())
    with pytest.raises(NotPermitted):
        verbs()[name](app, nobody, **GIVEN[name])
    with app.database.reading() as session:
        events = latest_events(session, 10)
    assert [(event.person_id, event.action) for event in events] == [
        ("P-nobody", "permission:refused")
    ]


# Measured elsewhere: they read every law, or a host that does not answer.
SLOW = {"ingest_knowledge", "import_texts", "import_url", "rebuild_index"}


@pytest.mark.parametrize("name", sorted(set(GIVEN) - SLOW))
def test_a_verb_that_does_something_leaves_an_event_without_personal_data(
    name: str, app: App, administrator: Person
) -> None:
    given = dict(GIVEN[name])
    if given.get("ticket_id") == "INC-2026-0001":
        given |= reported(app, administrator, name)
    if name in ("restore_file", "shred_client", "read_certificate"):
        verbs()["open_case"](app, administrator, **GIVEN["open_case"])
    if name == "read_certificate":
        verbs()["shred_client"](app, administrator, **GIVEN["shred_client"])
    if name in ("fetch_redacted", "fetch_report"):
        given = {"file_id": redacted(app, administrator)}
    if "review_id" in given:
        given["review_id"] = started(app, administrator)
    if name == "withdraw_rule":
        given = {"rule_id": verbs()["add_rule"](app, administrator, **GIVEN["add_rule"])}
    if name == "compare_versions":
        with app.database.transaction() as session:
            documents = [read_regulation(path, path.name) for path in (OLD, NEW)]
            save(session, documents, at=app.clock())
    if name == "read_provision":
        given = {"provision_id": app.library.instrument("个人信息保护法")[0].id}
    if name == "new_token":
        with app.database.transaction() as session:
            added = add_person(session, name=NAME, roles={Role.EMPLOYEE}, now=app.clock())
        given = {"person_id": added.id}
    if name in {"scan_folder", "read_scan"}:
        given |= scanned(app, administrator, name)
    if name == "start_scan":
        settings = app.settings.model_copy(update={"scan_root": app.settings.home})
        app, given = replace(app, settings=settings), {"folder": "", "submit": lambda *_: None}
    if name == "add_eval_cases":
        given = {"suite": app.settings.home / "suite.yaml"}
    before = number_of_events(app)
    verbs()[name](app, administrator, **given)
    with app.database.reading() as session:
        newest = latest_events(session, 1)[0]
    assert number_of_events(app) > before
    assert newest.person_id == administrator.id
    assert "周明轩" not in str(newest)
    assert NAME not in str(newest)


@pytest.mark.parametrize(
    "name",
    [
        *("fetch_redacted", "read_review", "decide", "finish_review", "drop_review"),
        *(
            "scan_folder",
            "read_scan",
            "withdraw_rule",
            "read_ticket",
            "read_provision",
            "new_token",
        ),
    ],
)
def test_what_is_not_there_is_a_sentence_and_no_traceback(
    name: str, app: App, administrator: Person
) -> None:
    with pytest.raises(ProductError) as refusal:
        verbs()[name](app, administrator, **GIVEN[name])
    assert refusal.value.message.zh
    assert refusal.value.message.en


def reported(app: App, person: Person, name: str) -> dict[str, Any]:
    """What the verb needs besides, once there is an incident to work on."""
    verbs()["report_incident"](app, person, "笔记本电脑丢了")
    if name == "close_incident":
        finished(app, person)
    return {"to": person.id} if name == "hand_over_step" else {}


def finished(app: App, person: Person) -> None:
    """The reported incident with nothing left open."""
    ticket = verbs()["read_ticket"](app, person, "INC-2026-0001").ticket
    for clock in ticket.deadlines:
        verbs()["settle_clock"](app, person, ticket.id, clock.key, reference="回执")
    for one in ticket.steps:
        verbs()["take_step"](app, person, ticket.id, one.step.number)
    verbs()["move_incident"](app, person, ticket.id, State.HANDLED, reason="已补救")


def redacted(app: App, person: Person) -> str:
    """The number of a file redacted for this person."""
    return str(verbs()["redact_file"](app, person, **GIVEN["redact_file"]).file_id)


def started(app: App, person: Person) -> str:
    """The number of a review this person started."""
    return str(verbs()["start_review"](app, person, **GIVEN["start_review"]).review_id)


def scanned(app: App, person: Person, name: str) -> dict[str, Any]:
    """A small folder to scan, or an inventory of it to read."""
    root = app.settings.home.with_name("tree")
    root.mkdir()
    (root / f"{NAME}.txt").write_text("姓名:周明轩", encoding="utf-8")
    given = {"root": root, "progress": lambda *_: None, "workers": 1}
    if name == "scan_folder":
        return given
    return {"scan_id": verbs()["scan_folder"](app, person, **given).scan_id}


def number_of_events(app: App) -> int:
    with app.database.reading() as session:
        return app.audit.verify(session).events
