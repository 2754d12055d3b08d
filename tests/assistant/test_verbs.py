"""Every verb checks a permission first and leaves an audit event, whichever door it is called by."""

import hashlib
import importlib
import inspect
import io
import pkgutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyotp
import pytest

import assistant
from assistant.app import App, build
from assistant.incidents.marked_messages import ChatMessage
from assistant.incidents.review_incident import PlannedAction
from assistant.notices.send_notice import message_id_of
from assistant.questions.approve_answer import Cite
from assistant.questions.approve_answer import Wish as AnswerWish
from assistant.quizzes import choosing
from assistant.quizzes.exports import Format
from assistant.quizzes.store import Rules, read_attempt
from assistant.registers.yearly_report import ReportForm
from assistant.settings import Settings
from assistant.training.build_quiz import Selection
from assistant.training.review_items import Wording
from knowledge.fetching import PinnedSource
from knowledge.regulations import read_regulation
from knowledge.store import save
from pii.case import Case
from pii.detect import PresidioDetector
from pii.kinds import Kind
from pii.rules import Effect
from records.audit import latest_events
from records.errors import NotPermitted, ProductError
from records.people import Person, Role, add_person
from records.sessions import SignedInBy, start_session
from tests.conftest import NOW
from tests.homes import copy_home
from tickets.closing.data import KnownDay, Route
from tickets.closing.decisions import Fate
from tickets.closing.project import ItemState
from tickets.closing.records import Filter
from tickets.destruction.dossier import Choice, Settled
from tickets.drafts.filling import DraftKind
from tickets.notices import ledger as notice_ledger
from tickets.notices.data import Addressee, NoticeKind
from tickets.notices.delivery import DeliveryState
from tickets.notices.records import Wish
from tickets.retention.facts import HolderType, RecordKind
from tickets.ticket import State

NAME = "林晓"
TEXTS = Path(__file__).parent / "texts"
OLD, NEW = TEXTS / "示例管理办法(2020-01-01).md", TEXTS / "示例管理办法(2025-01-01).md"
PINNED = TEXTS / "sources.yaml"
DES = "DES-2026-0001"
MESSAGE = ChatMessage(
    "note:slack:T:C:1.2",
    "slack:C:1.1:T",
    "已联系周明轩",
    "T:U1",
    datetime(2026, 11, 23, tzinfo=UTC),
)
CLO = "CLO-2026-0001"
CLIENTS = "客户姓名,邮箱,资料种类,解约日期\n周明轩,z@a.example,身份证件复印件,2021-06-30".encode()
NOTE = "N-2026-0001"
TABLE = "姓名,邮箱\n周明轩,z@a.example".encode()
SOURCE = PinnedSource(
    name="示例管理办法", url="http://127.0.0.1:9/a.md", sha256="0" * 64, adopted=date(2024, 1, 1)
)
RISK = {"what": f"{NAME}的电脑未锁屏", "area": "access", "flaw": "yes"}
# What each verb is given beside app and person; enough to get past its own checks or be refused.
GIVEN: dict[str, dict[str, Any]] = {
    "ask": {"question": "客户解约三年了,他的身份证复印件可以销毁吗?"},
    "hand_over": {"answer_id": "Q-000000000000"},
    "my_questions": {},
    "open_questions": {},
    "read_question": {"handover_id": "H-00000000"},
    "reply_to": {"handover_id": "H-00000000", "reply": "请核对身份证号330106199003070011。"},
    "approve_answer": {
        "wish": AnswerWish(
            questions=("客户名片能录进系统吗？",),
            zh="取得本人同意后可以录入。",
            cites=(Cite("个人信息保护法第十三条"),),
        )
    },
    "list_approved": {},
    "withdraw_answer": {"answer_id": "A-00000000"},
    "give_feedback": {"answer_id": "Q-000000000000", "right": False, "reason": f"{NAME}说不对"},
    "list_feedback": {},
    "export_feedback": {"suite": Path(tempfile.gettempdir()) / "no-such-folder" / "suite.yaml"},
    "redact_file": {"untrusted_data": "姓名:周明轩".encode(), "untrusted_name": "a.txt"},
    "fetch_redacted": {"file_id": "F-000000000000000000000000"},
    "start_review": {"untrusted_data": "姓名:周明轩".encode(), "untrusted_name": "a.txt"},
    "read_review": {"review_id": "V-0000000000000000"},
    "decide": {"review_id": "V-0000000000000000", "decisions": []},
    "finish_review": {"review_id": "V-0000000000000000"},
    "drop_review": {"review_id": "V-0000000000000000"},
    "add_eval_cases": {"suite": Path(tempfile.gettempdir()) / "no-such-folder" / "suite.yaml"},
    "scan_folder": {"root": Path(tempfile.gettempdir()) / "no-such-folder", "progress": print},
    "redact_folder": {"source": "/no/such/folder", "target": "/no/such", "progress": print},
    "list_scans": {},
    "start_scan": {"folder": "none", "submit": None},
    "started_scans": {},
    "follow_scan": {"job_id": "J-20261123-020000-000000"},
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
    "try_shredding": {"client": "清和"},
    "shred_client": {"client": "清和", "confirmation": "清和", "reason": "周明轩的合同终止"},
    "complete_certificates": {},
    "read_certificate": {"serial": "CE-2026-0001"},
    "rotate_vault_key": {},
    "rotate_master_key": {},
    "report_incident": {"description": "笔记本电脑丢了"},
    "hand_in_mail": {"untrusted_mail": b"From: a@b.example\nSubject: s\n\n\xe5\x91\xa8"},
    "held_mails": {},
    "release_mail": {"number": 1},
    "revise_incident": {
        "ticket_id": "INC-2026-0001",
        "facts": {"people": 9},
        "reason": "周明轩核对了日志",
    },
    "grade_incident": {"facts": {"people": 9}},
    "correct_awareness": {
        "ticket_id": "INC-2026-0001",
        "aware_at": datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        "reason": "周明轩的来电记录",
    },
    "decide_awareness": {
        "ticket_id": "INC-2026-0001",
        "approve": True,
        "reason": "周明轩核对",
    },
    "add_incident_evidence": {
        "ticket_id": "INC-2026-0001",
        "untrusted_data": b"x",
        "what": "周明轩拍摄",
    },
    "review_incident": {
        "ticket_id": "INC-2026-0001",
        "happened": "周明轩遗失电脑",
        "cause": "周明轩没有加密",
    },
    "finish_action": {"ticket_id": "INC-2026-0001", "number": 1, "note": "周明轩已加密"},
    "read_report": {"ticket_id": "INC-2026-0001"},
    "export_incident": {"ticket_id": "INC-2026-0001"},
    "list_scenarios": {},
    "list_drills": {},
    "start_drill": {"scenario_id": "lost-laptop", "participants": ["P-1"]},
    "read_drill": {"ticket_id": "DRILL-2026-0001"},
    "end_drill": {"ticket_id": "DRILL-2026-0001"},
    "settle_clock": {
        "ticket_id": "INC-2026-0001",
        "clock": "dsl29",
        "reference": "周明轩取得回执",
    },
    "note_incident": {"ticket_id": "INC-2026-0001", "text": "已联系周明轩"},
    "note_message": {"chat": "slack", "message": MESSAGE},
    "move_incident": {
        "ticket_id": "INC-2026-0001",
        "to": State.CONTAINED,
        "reason": "周明轩已锁定",
    },
    "close_incident": {"ticket_id": "INC-2026-0001", "report": "周明轩遗失"},
    "describe_incident": {
        "ticket_id": "INC-2026-0001",
        "described_as": {"harm": "周明轩可能被冒名办卡", "data": "身份证号"},
    },
    "draft_notice": {"ticket_id": "INC-2026-0001", "kind": DraftKind.INDIVIDUALS},
    "take_step": {"ticket_id": "INC-2026-0001", "number": 1, "note": "周明轩已擦除"},
    "skip_step": {"ticket_id": "INC-2026-0001", "number": 1, "reason": "周明轩没有设备"},
    "hand_over_step": {"ticket_id": "INC-2026-0001", "number": 1, "to": "P-1"},
    "request_destruction": {"description": "2021年解约客户的身份证复印件"},
    "state_facts": {"ticket_id": DES, "given": {"holder": "company"}},
    "appraise_destruction": {"ticket_id": DES, "media": ["paper"]},
    "give_notice": {"ticket_id": DES, "clients": 86, "channel": "挂号信"},
    "record_choice": {"ticket_id": DES, "client": "K-07", "choice": Choice.DELETE},
    "close_notice": {"ticket_id": DES},
    "record_backup": {
        "ticket_id": DES,
        "untrusted_file": io.BytesIO(b"backup"),
        "expected_sha256": hashlib.sha256(b"backup").hexdigest(),
    },
    "waive_backup": {"ticket_id": DES, "reason": "周明轩的资料应当删除"},
    "approve_destruction": {"ticket_id": DES},
    "refuse_destruction": {"ticket_id": DES, "reason": "周明轩的合同还在"},
    "hold_destruction": {"ticket_id": DES, "reason": "周明轩起诉"},
    "release_destruction": {"ticket_id": DES, "reason": "周明轩撤诉"},
    "carry_out_destruction": {"ticket_id": DES, "witness": "P-1"},
    "witness_destruction": {"ticket_id": DES},
    "settle_place": {
        "ticket_id": DES,
        "place": "slack",
        "outcome": Settled.NONE,
        "note": "周明轩确认",
    },
    "add_destruction_evidence": {"ticket_id": DES, "untrusted_data": b"x", "what": "周明轩拍摄"},
    "close_evidence": {"ticket_id": DES},
    "certify_destruction": {"ticket_id": DES},
    "correct_destruction": {"ticket_id": DES, "text": "周明轩不在内", "reason": "周明轩来电"},
    "read_destruction": {"ticket_id": DES},
    "export_destruction": {"ticket_id": DES},
    "list_register": {},
    "read_destruction_certificate": {"serial": "DC-2026-00001"},
    "list_kept": {},
    "read_kept": {"subject": "RK-2026-0001"},
    "destroy_kept": {"subject": "RK-2026-0001"},
    "extend_kept": {
        "subject": "RK-2026-0001",
        "until": date(2031, 1, 1),
        "reason": "周明轩已起诉，留作证据",
    },
    "list_kinds": {},
    "open_entry": {"kind": "risk", "values": RISK},
    "list_entries": {"kind": "risk"},
    "read_entry": {"number": "RK-2026-0001"},
    "amend_entry": {"number": "RK-2026-0001", "values": {"what": NAME}, "reason": "周明轩更正"},
    "move_entry": {"number": "RK-2026-0001", "to": "dismissed", "reason": "周明轩核对"},
    "approve_entry": {"number": "AC-2026-0001"},
    "attach_evidence": {
        "number": "RK-2026-0001",
        "field": "proof",
        "untrusted_data": b"x",
        "what": "周明轩拍摄",
    },
    "read_evidence": {"number": "RK-2026-0001", "file_id": ""},
    "draft_reply": {"number": "RR-2026-0001", "draft": "receipt"},
    "export_entries": {"kind": "risk"},
    "register_overview": {},
    "yearly_review": {"year": 2026},
    "yearly_report": {"year": 2026, "form": ReportForm.PDF},
    "decide_table": {"untrusted_data": "资料种类\n发票".encode(), "name": "a.csv"},
    "start_closing": {"company": "清禾健身服务有限公司", "route": Route.GENERAL},
    "list_closings": {},
    "read_board": {"project_id": CLO},
    "set_closing_days": {"project_id": CLO, "days": {KnownDay.CAUSE: date(2026, 11, 1)}},
    "move_closing_item": {
        "project_id": CLO,
        "item_id": "section:01",
        "to": ItemState.DONE,
        "note": "周明轩签收",
    },
    "assign_closing_item": {"project_id": CLO, "item_id": "section:01", "owner": "P-1"},
    "add_closing_evidence": {
        "project_id": CLO,
        "item_id": "section:01",
        "untrusted_data": b"x",
        "untrusted_name": "周明轩.pdf",
        "what": "周明轩签收",
    },
    "name_custodian": {"project_id": CLO, "custodian": "周明轩", "contact": "13800138000"},
    "import_clients": {"project_id": CLO, "untrusted_data": CLIENTS, "untrusted_name": "a.csv"},
    "link_inventory": {"project_id": CLO, "scan_id": "S-none"},
    "list_closing_records": {"project_id": CLO, "wanted": Filter()},
    "read_closing_client": {"project_id": CLO, "number": 1},
    "decide_closing": {
        "project_id": CLO,
        "wanted": Filter(),
        "fate": Fate.DESTROY,
        "reason": "周明轩同意",
    },
    "settle_closing": {
        "project_id": CLO,
        "wanted": Filter(fate=Fate.KEEP),
        "note": "周明轩签收",
    },
    "record_closing_notices": {
        "project_id": CLO,
        "wanted": Filter(),
        "state": "sent",
        "reference": "周明轩签收",
    },
    "write_closing_notice": {
        "project_id": CLO,
        "wanted": Filter(),
        "kind": NoticeKind.DESTRUCTION,
    },
    "request_closing_destruction": {"project_id": CLO},
    "end_closing": {"project_id": CLO, "reason": "周明轩同意先结束"},
    "make_closing_bundle": {"project_id": CLO, "named": True},
    "my_work": {},
    "list_notice_kinds": {},
    "list_notices": {},
    "write_notice": {"wish": Wish(NoticeKind.SHARING, {"handler": NAME})},
    "revise_notice": {"number": NOTE, "given": {"handler": NAME}},
    "address_notice": {"number": NOTE, "untrusted_data": TABLE, "name": "周明轩.csv"},
    "add_addressee": {"number": NOTE, "addressee": Addressee("周明轩", mail="z@b.example")},
    "read_notice": {"number": NOTE},
    "preview_notice": {"number": NOTE},
    "notice_letter": {"key": f"{NOTE}-0001"},
    "notice_letters": {"number": NOTE},
    "approve_notice": {"number": NOTE, "revision": 1},
    "send_notice": {"number": NOTE},
    "stop_notice": {"number": NOTE},
    "forget_notice": {"number": NOTE, "reason": "周明轩的资料期满"},
    "record_posted": {"key": f"{NOTE}-0002", "reference": "XA12345678933"},
    "record_postings": {
        "number": NOTE,
        "untrusted_data": f"编号,单号\n{NOTE}-0002,XA12345678933\n".encode(),
        "name": "周明轩.csv",
    },
    "decide_delivery": {"key": f"{NOTE}-0001", "again": True, "reason": "周明轩说没收到"},
    "record_bounce": {"key": f"{NOTE}-0002", "reason": "周明轩地址不详"},
    "import_bounce": {"untrusted_mail": b""},
    "list_tickets": {},
    "read_ticket": {"ticket_id": "INC-2026-0001"},
    "list_instruments": {},
    "read_instrument": {"name": "个人信息保护法"},
    "read_provision": {"provision_id": "nothing"},
    "read_address": {"text": "个保法第47条"},
    "search_texts": {"words": "周明轩的身份证复印件可以销毁吗"},
    "check_citations": {"text": "个人信息保护法第四十七条，周明轩"},
    "decide_record": {"kind": RecordKind.IDENTITY_COPY},
    "redact_text": {"text": "姓名：周明轩，手机13800138000"},
    "list_versions": {},
    "changes_now": {},
    "compare_versions": {"old": "示例管理办法"},
    "compare_files": {"old": OLD, "new": NEW},
    "duties_to_review": {},
    "import_texts": {"paths": [OLD]},
    "import_url": {"source": SOURCE},
    "sync_sources": {"pinned": PINNED},
    "rebuild_index": {},
    "ingest_knowledge": {},
    "make_items": {"wish": choosing.Wish(2)},
    "list_items": {},
    "read_quiz_item": {"item_id": "QI-00000000"},
    "approve_item": {"item_id": "QI-00000000"},
    "reject_item": {"item_id": "QI-00000000"},
    "edit_item": {"item_id": "QI-00000000", "wording": Wording(NAME, (), NAME)},
    "build_quiz": {"rules": Rules("季度考试"), "selection": Selection(count=2)},
    "list_quizzes": {},
    "open_quiz": {"quiz_id": "QZ-00000000"},
    "export_quiz": {"quiz_id": "QZ-00000000", "form": Format.GIFT},
    "assign_quiz": {"quiz_id": "QZ-00000000"},
    "my_quizzes": {},
    "start_attempt": {"quiz_id": "QZ-00000000"},
    "read_paper": {"attempt_id": "QA-0000000000000000"},
    "save_attempt": {"attempt_id": "QA-0000000000000000", "answers": {0: frozenset({0})}},
    "submit_attempt": {"attempt_id": "QA-0000000000000000"},
    "my_results": {},
    "all_results": {},
    "training_certificate": {"serial": "TR-2026-00000"},
    "next_question": {},
    "answer_question": {"item_id": "QI-00000000", "chosen": frozenset({0})},
    "verify_audit": {},
    "read_audit": {"subject": "INC-2026-0001"},
    "read_quality": {},
    "check_records": {},
    "back_up": {"target": Path("none.backup"), "passphrase": "correct horse battery"},
    "overview": {},
    "check_setup": {},
    "everybody": {},
    "register": {"name": NAME, "roles": {Role.EMPLOYEE}},
    "give_mail": {"person_id": "P-1", "mail": "zhou@corp.example"},
    "new_token": {"person_id": "P-1"},
    "change_roles": {"person_id": "P-1", "roles": {Role.RESPONDER}},
    "make_link": {"person_id": "P-1"},
    "let_go": {"person_id": "P-1"},
    "read_account": {},
    "set_password": {"name": "zhou.mingxuan", "password": "周明轩 的一句只有自己知道的话"},
    "offer_authenticator": {},
    "accept_authenticator": {"code": "000000"},
    "end_authenticator": {"current": "周明轩 的一句只有自己知道的话", "code": "000000"},
    "end_session": {"session_id": "W-000000000000"},
    "end_other_sessions": {},
    "make_token": {"name": f"{NAME}的脚本", "scopes": ["question:ask"]},
    "end_own_token": {"token_id": "K-00000000"},
    "erase_person": {"person_id": "P-1", "confirmation": "P-1"},
}
# Not verbs of their own: verbs call them after the check, within their own transaction.
PARTS = {
    *("work_of", "quizzes_of"),
    *("keep_copy", "visible_tickets", "open_ticket", "keep_rule"),
    *("seen_ticket", "seen_incident", "working"),
    *("step", "destroy_key", "certificate_content", "check_own_password"),
    *("closing_step", "open_destruction", "new_link", "kept_for", "empty_kept"),
    *("seen_entry", "acting_as", "refusals_on_record", "listed"),
    *("opened_in", "write_change", "open_follow_up", "finish_follow_up", "follow_entry"),
    *("note_on_ticket", "add_notice"),
    # Acts for the system itself, in its hourly turn.
    "withdraw_changed",
}


@cache
def verbs() -> dict[str, Callable[..., Any]]:
    """Every public function of the assistant that takes an app and a person."""
    found = {}
    for module in pkgutil.walk_packages(assistant.__path__, "assistant."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_")
            parameters = list(inspect.signature(function).parameters)
            if own and "app" in parameters[:1] and "person" in parameters:
                found[name] = function
    return {name: function for name, function in found.items() if name not in PARTS}


def test_each_verb_is_in_this_table() -> None:
    assert set(verbs()) == set(GIVEN)


@pytest.fixture(scope="module")
def refusing(
    small_home: Path, detector: PresidioDetector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """One product for all who are refused: they leave an event and nothing else."""
    home = tmp_path_factory.mktemp("refusing") / "home"
    copy_home(small_home, home)
    app = build(Settings(home=home, officer="客户信息负责人"), clock=lambda: NOW, detector=detector)
    yield app
    app.close()


@pytest.mark.parametrize("name", GIVEN)
def test_a_verb_refuses_somebody_without_a_role_and_records_it(name: str, refusing: App) -> None:
    def events() -> list[tuple[str, str]]:
        with refusing.database.reading() as session:
            return [(one.person_id, one.action) for one in latest_events(session, len(GIVEN) + 1)]

    before = events()
    with pytest.raises(NotPermitted):
        verbs()[name](refusing, Person("P-nobody", NAME, frozenset()), **GIVEN[name])
    assert events() == [("P-nobody", "permission:refused"), *before]


# Measured elsewhere: they read every law, or a host that does not answer.
SLOW = {"ingest_knowledge", "import_texts", "import_url", "rebuild_index"}


@pytest.mark.parametrize("name", sorted(set(GIVEN) - SLOW))
def test_a_verb_that_does_something_leaves_an_event_without_personal_data(
    name: str, app: App, administrator: Person, office: Any, notice_desk: Any
) -> None:
    given = dict(GIVEN[name])
    if given.get("ticket_id") == "INC-2026-0001":
        given |= reported(app, administrator, name)
    if name == "note_message":
        verbs()["report_incident"](
            app, administrator, **GIVEN["report_incident"], place=MESSAGE.place
        )
    if name in ("restore_file", "try_shredding", "shred_client", "read_certificate"):
        with_a_case(app, administrator, shredded=name == "read_certificate")
    if name in ("fetch_redacted", "fetch_report"):
        given = {"file_id": redacted(app, administrator)}
    if "review_id" in given:
        given["review_id"] = started(app, administrator)
    if name == "withdraw_rule":
        given = {"rule_id": verbs()["add_rule"](app, administrator, **GIVEN["add_rule"])}
    if name == "read_provision":
        given = {"provision_id": app.library.instrument("个人信息保护法")[0].id}
    if "person_id" in given:
        with app.database.transaction() as session:
            added = add_person(session, name=NAME, roles={Role.EMPLOYEE}, now=app.clock())
        given |= dict.fromkeys({"person_id", "confirmation"} & given.keys(), added.id)
    given |= signed_up(name, app, administrator)
    if name in {"scan_folder", "read_scan", "redact_folder"}:
        given |= scanned(app, administrator, name)
    if name in {"start_scan", "follow_scan"}:
        app, given = below_home(app, administrator, name)
    given |= prepared(app, administrator, name)
    given |= handed(name, app, administrator) | drilled(app, administrator, name)
    given |= closing(name, app, administrator) | examined(name, app, administrator)
    given |= entered(app, administrator, name)
    if name in {"add_eval_cases", "export_feedback", "back_up"}:
        given |= {
            key: app.settings.home.with_name("new.yaml")
            for key in {"suite", "target"} & given.keys()
        }
    if given.get("ticket_id") == DES or name == "read_destruction_certificate":
        app = office.app
        given |= brought_to_it(office, name, administrator)
    app = notice_desk.app if name in NOTICE_STATES else app
    given |= noticed(notice_desk, name)
    app = kept_long_enough(app, administrator) if name.endswith("_kept") else app
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
        *("hand_over", "read_question", "reply_to", "withdraw_answer", "give_feedback"),
        *("read_entry", "amend_entry", "move_entry", "approve_entry", "attach_evidence"),
        *("read_evidence", "draft_reply", "read_kept", "destroy_kept", "extend_kept"),
        *("read_quiz_item", "approve_item", "reject_item", "open_quiz", "export_quiz"),
        *("start_attempt", "read_paper", "save_attempt", "submit_attempt", "answer_question"),
        "training_certificate",
    ],
)
def test_what_is_not_there_is_a_sentence_and_no_traceback(
    name: str, app: App, administrator: Person
) -> None:
    with pytest.raises(ProductError) as refusal:
        verbs()[name](app, administrator, **GIVEN[name])
    assert refusal.value.message.zh
    assert refusal.value.message.en


def closing(name: str, app: App, person: Person) -> dict[str, Any]:
    """A closing project with one client, and what the verb needs besides."""
    verb = verbs()
    if "project_id" not in GIVEN[name]:
        return {}
    verb["start_closing"](app, person, **GIVEN["start_closing"])
    if name != "import_clients":
        verb["import_clients"](app, person, **GIVEN["import_clients"], holder=HolderType.COMPANY)
    if name in ("request_closing_destruction", "write_closing_notice"):
        verb["decide_closing"](app, person, **GIVEN["decide_closing"])
    if name == "link_inventory":
        return {"scan_id": scanned(app, person, "read_scan")["scan_id"]}
    return {"owner": person.id} if name == "assign_closing_item" else {}


def handed(name: str, app: App, person: Person) -> dict[str, str]:
    """The number of an answer, of a question handed over, or of an answer approved; a mail held."""
    if name == "release_mail":
        verbs()["hand_in_mail"](app, person, **GIVEN["hand_in_mail"])
    if name in {"hand_over", "give_feedback", "read_question", "reply_to"}:
        answer = verbs()["ask"](app, person, **GIVEN["ask"])
        if "answer_id" in GIVEN[name]:
            return {"answer_id": answer.id}
        return {"handover_id": verbs()["hand_over"](app, person, answer.id).id}
    if name == "withdraw_answer":
        return {"answer_id": verbs()["approve_answer"](app, person, **GIVEN["approve_answer"])}
    return {}


def below_home(app: App, person: Person, name: str) -> tuple[App, dict[str, Any]]:
    """Parts that may scan the home folder, and what the verb is given there."""
    settings = app.settings.model_copy(update={"scan_root": app.settings.home})
    app, given = replace(app, settings=settings), {"folder": "", "submit": lambda *_: None}
    if name == "start_scan":
        return app, given
    return app, {"job_id": verbs()["start_scan"](app, person, **given).job_id}


def signed_up(name: str, app: App, person: Person) -> dict[str, Any]:
    """What the verb is given once the person has a password, an authenticator, a session, a token."""
    verb, now = verbs(), app.clock()
    if name in {"accept_authenticator", "end_authenticator"}:
        verb["set_password"](app, person, **GIVEN["set_password"])
        offered = verb["offer_authenticator"](
            app, person, current=GIVEN["set_password"]["password"]
        )
        codes = pyotp.TOTP(offered.secret)
        if name == "accept_authenticator":
            return {"code": codes.at(now)}
        (recovery, *_) = verb["accept_authenticator"](app, person, codes.at(now))
        return {"code": recovery}
    if name == "end_session":
        with app.database.transaction() as session:
            start_session(
                session, person.id, SignedInBy.LINK, device="", now=now, lasts=timedelta(hours=1)
            )
        return {"session_id": verb["read_account"](app, person).sessions[0].id}
    if name == "end_own_token":
        return {"token_id": verb["make_token"](app, person, **GIVEN["make_token"]).id}
    return {}


def examined(name: str, app: App, person: Person) -> dict[str, Any]:
    """An item, a quiz, an attempt or a certificate, whichever the verb needs."""
    verb, given = verbs(), GIVEN[name]
    wants = set(given) & {"item_id", "quiz_id", "attempt_id", "serial"}
    if (
        not (wants and verb[name].__module__.startswith("assistant.training."))
        and name != "build_quiz"
    ):
        return {}
    items = verb["make_items"](app, person, choosing.Wish(2)).item_ids
    kept = verb["read_quiz_item"](app, person, items[0]).kept.item
    if name == "edit_item":
        wording = Wording(f"请问：{kept.stem}", kept.options, kept.rationale)
        return {"item_id": items[0], "wording": wording}
    if name == "answer_question" or "item_id" not in wants:
        for number in items:
            verb["approve_item"](app, person, number)
    if "item_id" in wants or name == "build_quiz":
        return {"item_id": items[0]} if wants else {}
    quiz = verb["build_quiz"](app, person, **GIVEN["build_quiz"])
    verb["assign_quiz"](app, person, quiz)
    if "quiz_id" in wants:
        return {"quiz_id": quiz}
    attempt = verb["start_attempt"](app, person, quiz)
    if "attempt_id" in wants:
        return {"attempt_id": attempt}
    with app.database.reading() as session:
        paper = read_attempt(session, attempt, person.id).paper
    key = {place: item.key for place, item in enumerate(paper)}
    return {"serial": verb["submit_attempt"](app, person, attempt, key).result.serial}


def with_a_case(app: App, person: Person, *, shredded: bool) -> None:
    """A case in the vault, or the certificate of its end."""
    verbs()["open_case"](app, person, **GIVEN["open_case"])
    if shredded:
        verbs()["shred_client"](app, person, **GIVEN["shred_client"])


def reported(app: App, person: Person, name: str) -> dict[str, Any]:
    """What the verb needs besides, once there is an incident to work on."""
    verbs()["report_incident"](app, person, "笔记本电脑丢了")
    if name == "close_incident":
        finished(app, person)
    if name in ("review_incident", "finish_action"):
        verbs()["move_incident"](app, person, "INC-2026-0001", State.HANDLED, reason="已补救")
    if name == "finish_action":
        action = PlannedAction("全盘加密", person.id, app.today())
        given = GIVEN["review_incident"] | {"actions": [action]}
        verbs()["review_incident"](app, person, **given)
    if name == "decide_awareness":
        # Somebody else enters a later moment, which waits for this person.
        with app.database.transaction() as session:
            other = add_person(session, name=NAME, roles={Role.RESPONDER}, now=app.clock())
        later = replace(app, clock=lambda: app.clock() + timedelta(hours=1))
        moment = app.clock() + timedelta(minutes=30)
        verbs()["correct_awareness"](
            later, other, "INC-2026-0001", aware_at=moment, reason="来电记录"
        )
    return {"to": person.id} if name == "hand_over_step" else {}


def drilled(app: App, person: Person, name: str) -> dict[str, Any]:
    """Who takes part in a drill, or a drill that runs."""
    if name == "start_drill" or not name.endswith("_drill"):
        return {"participants": [person.id]} if name == "start_drill" else {}
    given = GIVEN["start_drill"] | {"participants": [person.id]}
    return {"ticket_id": verbs()["start_drill"](app, person, **given).ticket.id}


def finished(app: App, person: Person) -> None:
    """The reported incident with nothing left open."""
    ticket = verbs()["read_ticket"](app, person, "INC-2026-0001").ticket
    for clock in ticket.deadlines:
        verbs()["settle_clock"](app, person, ticket.id, clock.key, reference="回执")
    for one in ticket.steps:
        verbs()["take_step"](app, person, ticket.id, one.step.number)
    verbs()["move_incident"](app, person, ticket.id, State.HANDLED, reason="已补救")


def entered(app: App, person: Person, name: str) -> dict[str, str]:
    """A register entry to work on, and the number of its file where the verb reads one."""
    verb = verbs()
    if not str(GIVEN[name].get("number", "")).startswith(("RK-", "AC-", "RR-")):
        return {}
    if name == "draft_reply":
        example = dict(app.kinds["rights_request"].example)
        verb["open_entry"](app, person, "rights_request", example)
    elif name == "approve_entry":
        with app.database.transaction() as session:
            other = add_person(session, name=NAME, roles=set(Role), now=app.clock())
        action = {**app.kinds["action"].example, "owner": other.id, "done_how": "已启用"}
        number = verb["open_entry"](app, other, "action", action).id
        verb["move_entry"](app, other, number, "done")
    else:
        verb["open_entry"](app, person, "risk", RISK)
    if name != "read_evidence":
        return {}
    attached = verb["attach_evidence"](app, person, **GIVEN["attach_evidence"])
    return {"file_id": attached.evidence[0].file_id}


def kept_long_enough(app: App, person: Person) -> App:
    """The product four years after an entry was closed, of which three were its period."""
    verb = verbs()
    verb["open_entry"](app, person, "risk", RISK)
    verb["move_entry"](app, person, **GIVEN["move_entry"])
    later = app.clock() + timedelta(days=4 * 366)
    return replace(app, clock=lambda: later)


def redacted(app: App, person: Person) -> str:
    """The number of a file redacted for this person."""
    return str(verbs()["redact_file"](app, person, **GIVEN["redact_file"]).file_id)


def started(app: App, person: Person) -> str:
    """The number of a review this person started."""
    return str(verbs()["start_review"](app, person, **GIVEN["start_review"]).review_id)


def prepared(app: App, person: Person, name: str) -> dict[str, Any]:
    """Two versions of a text, or an incident reported in a chat; nothing to add to what is given."""
    if name == "note_message":
        verbs()["report_incident"](app, person, **GIVEN["report_incident"], place=MESSAGE.place)
    if name == "compare_versions":
        with app.database.transaction() as session:
            documents = [read_regulation(path, path.name) for path in (OLD, NEW)]
            save(session, documents, at=app.clock())
    return {}


def scanned(app: App, person: Person, name: str) -> dict[str, Any]:
    """A small folder to scan, or an inventory of it to read."""
    root = app.settings.home.with_name("tree")
    root.mkdir()
    (root / f"{NAME}.txt").write_text("姓名:周明轩", encoding="utf-8")
    given = {"root": root, "progress": lambda *_: None, "workers": 1}
    if name == "scan_folder":
        return given
    if name == "redact_folder":
        target = str(app.settings.home.with_name("copies"))
        return given | {"source": str(given.pop("root")), "target": target}
    return {"scan_id": verbs()["scan_folder"](app, person, **given).scan_id}


def brought_to_it(office: Any, name: str, person: Person) -> dict[str, str]:
    """A destruction in the state the verb starts from, and what that adds to what is given."""
    verb = verbs()
    if name in ("state_facts", "appraise_destruction", "give_notice", "close_notice"):
        office.request()
        if name in ("give_notice", "close_notice"):
            verb["appraise_destruction"](office.app, office.officer, DES, media=["paper"])
        if name == "close_notice":
            verb["give_notice"](office.app, office.officer, DES, clients=1, channel="信")
            office.clock.pass_days(16)
    elif name in ("carry_out_destruction", "correct_destruction"):
        office.approved()
    elif name in ("witness_destruction", "settle_place", "add_destruction_evidence"):
        office.approved()
        verb["carry_out_destruction"](office.app, office.first, DES, witness=person.id)
    elif name == "close_evidence":
        office.approved()
        office.evidence_on_file(DES)
    elif name in ("certify_destruction", "read_destruction_certificate"):
        office.approved()
        office.evidenced(DES)
        if name.startswith("read"):
            verb["certify_destruction"](office.app, office.second, DES)
    else:
        office.noticed()
        if name == "release_destruction":
            verb["hold_destruction"](office.app, office.second, DES, reason="监管检查")
    return {"witness": office.witness.id} if name == "carry_out_destruction" else {}


# What a notice must have come to before each verb.
NOTICE_STATES = {
    **dict.fromkeys(("revise_notice", "address_notice", "add_addressee"), "written"),
    **dict.fromkeys(("read_notice", "preview_notice", "approve_notice"), "written"),
    **dict.fromkeys(("notice_letter", "notice_letters", "list_notices"), "written"),
    "forget_notice": "written",
    "send_notice": "approved",
    **dict.fromkeys(("stop_notice", "record_posted", "record_postings"), "released"),
    **dict.fromkeys(("decide_delivery", "record_bounce", "import_bounce"), "released"),
}


def noticed(desk: Any, name: str) -> dict[str, Any]:
    """A notice in the state the verb starts from, and what that adds to what is given."""
    if name not in NOTICE_STATES:
        return {}
    getattr(desk, NOTICE_STATES[name])()
    now = desk.app.clock()
    if name == "record_bounce":
        verbs()["record_posted"](desk.app, desk.writer, **GIVEN["record_posted"])
    if name not in ("decide_delivery", "import_bounce"):
        return {}
    with desk.app.database.transaction() as session:
        begun = notice_ledger.claim(session, f"{NOTE}-0001", now)
    mail = f"Message-ID: {message_id_of(desk.app, begun)}\n\n"
    if name == "decide_delivery":
        desk.clock.pass_days(1)
        return {}
    with desk.app.database.transaction() as session:
        told = {"what": "sent", "person_id": "system", "at": now}
        notice_ledger.move(session, begun.key, DeliveryState.SENT, **told)
    return {"untrusted_mail": mail.encode()}


def number_of_events(app: App) -> int:
    with app.database.reading() as session:
        return app.audit.verify(session).events
