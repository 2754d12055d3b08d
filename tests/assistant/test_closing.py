"""A closing project: clients in or not at all, decisions by the law of the day, proof that holds."""

import csv
import io
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from assistant.closing.board import read_board
from assistant.closing.bundle import make_closing_bundle
from assistant.closing.client_table import (
    import_clients,
    link_inventory,
    list_closing_records,
    read_closing_client,
)
from assistant.closing.close_company import (
    StillBlocked,
    add_closing_evidence,
    end_closing,
    move_closing_item,
    name_custodian,
    set_closing_days,
    start_closing,
)
from assistant.closing.decide_closing import (
    decide_closing,
    request_closing_destruction,
    settle_closing,
)
from assistant.closing.index import index_rows
from assistant.closing.notices import record_closing_notices, write_closing_notice
from assistant.destruction.certificate import read_destruction
from assistant.destruction.prepare_destruction import refuse_destruction
from assistant.notices.write_notice import approve_notice
from assistant.papers.check_bundle import check_bundle
from assistant.registers.work_register import open_entry
from pii.formats.opening import Limits
from pii.inventory import FileEntry, look
from pii.inventory_files import write_csv
from records.errors import BadInput, Conflict, NotPermitted
from records.language import Language
from records.signing import BadSignature
from tickets.closing.clients import ClientStore
from tickets.closing.data import Entity, KnownDay, Route
from tickets.closing.decisions import BreaksRetention, Fate
from tickets.closing.project import ItemState
from tickets.closing.records import Filter
from tickets.errors import MoveNotAllowed, StepMissing
from tickets.notices import ledger as notice_ledger
from tickets.notices.data import NoticeKind
from tickets.notices.delivery import DeliveryState
from tickets.retention.facts import HolderType, RecordKind, Status

CLO = "CLO-2026-0001"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HEAD = "客户编号,客户姓名,联系电话,资料种类,解约日期,资料日期,是否会计凭证附件"
TABLE = f"""{HEAD}
A-1,周明轩,13800138000,身份证件复印件,2021-06-30,,否
A-1,周明轩,13800138000,会计凭证、账簿,,2021-06-30,
A-2,何雨桐,13900139000,身份证件复印件,2022-02-28,,否
A-2,何雨桐,13900139000,客户合同,2020-01-31,,否
A-3,罗子墨,,涉税资料,,2016-06-30,
"""


@pytest.fixture
def closing(office: Any) -> Any:
    """The office with a project on the general route and three clients."""
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    taken_in(office, TABLE)
    return office


def taken_in(office: Any, table: str, **more: Any) -> Any:
    return import_clients(
        office.app, office.officer, CLO, table.encode(), "clients.csv",
        holder=HolderType.COMPANY, **more,
    )  # fmt: skip


def records(office: Any, **wanted: Any) -> Any:
    return list_closing_records(office.app, office.officer, CLO, Filter(**wanted))


def decide(office: Any, fate: Fate, **wanted: Any) -> Any:
    more = {"somebody": "清河档案服务公司", "contact": "010-60000001"}
    return decide_closing(office.app, office.officer, CLO, Filter(**wanted), fate=fate, **more)


def test_an_entity_goes_only_by_a_route_that_is_for_it(office: Any) -> None:
    with pytest.raises(BadInput, match="（company）"):
        start_closing(
            office.app, office.officer, "清禾", route=Route.FORCED, entity=Entity.PARTNERSHIP
        )
    # Not named, it is a company, or what alone goes that way.
    named = {
        one: start_closing(office.app, office.officer, "清禾健身", route=one).entity
        for one in Route
    }
    assert named.pop(Route.BRANCH) is Entity.BRANCH
    assert set(named.values()) == {Entity.COMPANY}


def test_each_record_has_the_decision_of_the_engine(closing: Any) -> None:
    found = {(r.client, r.kind): r for r in records(closing).records}
    copy = found[1, RecordKind.IDENTITY_COPY]
    assert copy.status is Status.MUST_DELETE
    assert copy.sensitive
    assert not copy.public
    assert found[1, RecordKind.ACCOUNTING_VOUCHER].earliest == date(2052, 1, 1)
    assert found[2, RecordKind.CONTRACT].status is Status.MUST_DELETE
    assert found[3, RecordKind.TAX_RECORD].earliest == date(2027, 1, 1)
    assert "税收征收管理法实施细则》第29条" in found[3, RecordKind.TAX_RECORD].law


def test_names_lie_sealed_and_never_in_the_log(closing: Any) -> None:
    with closing.app.database.reading() as session:
        for table in ("closing_clients", "closing_records", "closing_events", "audit_events",
                      "closing_projects", "closing_weighed"):  # fmt: skip
            rows = str(session.execute(text(f"SELECT * FROM {table}")).all())
            for name in ("周明轩", "13800138000", "A-1", "清禾"):
                assert name not in rows, (table, name)
    assert records(closing).clients[1].identity.name == "周明轩"


def test_a_bad_row_stops_everything_and_says_where(closing: Any) -> None:
    bad = TABLE + "A-4,唐若溪,,身份证件复印件,二〇二一,,否\n"
    with pytest.raises(BadInput) as refusal:
        taken_in(closing, bad)
    assert "第 7 行" in refusal.value.message.zh
    assert "唐若溪" not in str(refusal.value)
    assert taken_in(closing, bad, skip_bad=True).errors[0][0] == 7


def test_what_is_wrong_with_many_rows_is_said_once(closing: Any) -> None:
    bad = TABLE + "".join(f"B-{n},唐若溪,,电话录音,,,否\n" for n in range(30))
    with pytest.raises(BadInput) as refusal:
        taken_in(closing, bad)
    said = refusal.value.message.zh
    assert "有 30 行有误" in said
    assert "第 7, 8, 9, " in said
    assert said.count("看不懂") == 1
    assert len(taken_in(closing, bad, skip_bad=True).faults) == 1


def test_a_dry_run_changes_nothing(office: Any) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    done = taken_in(office, TABLE, dry_run=True)
    assert (done.clients, done.records) == (3, 5)
    assert records(office).total == 0


def test_an_import_cut_short_leaves_nothing(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ClientStore, "add_records", stopped)
        with pytest.raises(KeyboardInterrupt):
            taken_in(office, TABLE)
    board = read_board(office.app, office.officer, CLO)
    assert (board.tally.clients, board.tally.records) == (0, 0)
    assert [event.what for event in board.timeline] == ["closing:started"]
    assert taken_in(office, TABLE).records == 5


def test_the_same_table_again_adds_nothing_and_a_corrected_one_opens_the_decision(
    closing: Any,
) -> None:
    decide(closing, Fate.DESTROY, status=Status.MUST_DELETE)
    again = taken_in(closing, TABLE)
    assert (again.clients, again.records, again.known) == (0, 0, 5)
    corrected = taken_in(closing, TABLE.replace("2022-02-28", "2022-03-01"))
    assert (corrected.records, corrected.replaced) == (1, 1)
    assert records(closing, client=2, kind=RecordKind.IDENTITY_COPY).records[0].fate is None


def test_a_table_without_kinds_takes_them_from_whoever_imports(office: Any) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    table = "姓名,解约日期\n周明轩,2021-06-30\n"
    with pytest.raises(BadInput):
        taken_in(office, table)
    kinds = (RecordKind.IDENTITY_COPY, RecordKind.CONTACT_DATA)
    assert taken_in(office, table, kinds=kinds).records == 2


def test_what_breaks_a_period_is_refused_with_the_article_and_nothing_changes(
    closing: Any,
) -> None:
    with pytest.raises(BreaksRetention) as refusal:
        decide(closing, Fate.DESTROY)
    assert "会计档案管理办法" in refusal.value.message.zh or "实施细则" in refusal.value.message.zh
    assert records(closing, undecided=True).total == 5
    done = decide_closing(
        closing.app, closing.officer, CLO, Filter(), fate=Fate.DESTROY, lawful_only=True
    )
    assert (done.records, done.refused) == (3, 2)
    assert records(closing, undecided=True).total == 2


def test_what_must_be_known_first_is_asked_where_records_are_looked_at_and_decided(
    closing: Any,
) -> None:
    taken_in(closing, f"{HEAD}\nA-4,唐若溪,,客户合同,2020-01-31,,\n")
    (asked,) = records(closing, client=4).missing
    assert records(closing, client=1).missing == ()
    view = read_closing_client(closing.app, closing.officer, CLO, 4)
    assert list(view.missing.values()) == [(asked,)]
    with pytest.raises(BreaksRetention) as refusal:
        decide_closing(
            closing.app, closing.officer, CLO, Filter(client=4),
            fate=Fate.DESTROY, lawful_only=True,
        )  # fmt: skip
    assert asked.zh in refusal.value.message.zh
    taken_in(closing, f"{HEAD}\nA-4,唐若溪,,客户合同,2020-01-31,,否\n")
    assert records(closing, client=4).missing == ()
    assert decide(closing, Fate.DESTROY, client=4).records == 1


def test_a_decision_is_refused_the_day_before_and_allowed_on_the_day(closing: Any) -> None:
    closing.clock.pass_days((date(2026, 12, 31) - date(2026, 11, 23)).days)
    with pytest.raises(BreaksRetention):
        decide(closing, Fate.DESTROY, kind=RecordKind.TAX_RECORD)
    closing.clock.pass_days(1)
    assert decide(closing, Fate.DESTROY, kind=RecordKind.TAX_RECORD).records == 1


def test_a_dry_run_of_a_decision_says_why_not_for_how_many(closing: Any) -> None:
    tried = decide_closing(
        closing.app, closing.officer, CLO, Filter(), fate=Fate.DESTROY, dry_run=True
    )
    assert (tried.records, tried.refused) == (5, 2)
    assert sum(count for count, _ in tried.reasons) == 2
    assert records(closing, undecided=True).total == 5


def test_nobody_keeps_or_receives_records_unnamed_nor_the_company_that_goes(closing: Any) -> None:
    wanted = Filter(kind=RecordKind.ACCOUNTING_VOUCHER)
    for somebody, contact in (("", "010-60000001"), ("清禾健身服务有限公司", "010-60000001")):
        with pytest.raises(BadInput):
            decide_closing(
                closing.app, closing.officer, CLO, wanted, fate=Fate.KEEP, somebody=somebody,
                contact=contact,
            )  # fmt: skip


def test_a_decision_that_the_law_no_longer_allows_blocks_until_decided_anew(closing: Any) -> None:
    decide(closing, Fate.RETURN, kind=RecordKind.IDENTITY_COPY, client=1)
    held = TABLE.replace(HEAD, f"{HEAD},争议").replace(
        "身份证件复印件,2021-06-30,,否", "身份证件复印件,2021-06-30,,否,是"
    )
    taken_in(closing, held)
    found = records(closing, client=1, kind=RecordKind.IDENTITY_COPY).records[0]
    assert found.status is Status.BLOCKED
    assert found.fate is None


def test_clients_go_into_one_ticket_for_a_kind_and_not_one_each(closing: Any) -> None:
    decide(closing, Fate.DESTROY, status=Status.MUST_DELETE)
    tried = request_closing_destruction(closing.app, closing.officer, CLO, dry_run=True)
    assert [(kind.zh, count) for _, kind, count in tried.tickets] == [
        ("身份证件复印件", 2),
        ("客户合同", 1),
    ]
    made = request_closing_destruction(closing.app, closing.officer, CLO)
    number = made.tickets[0][0]
    ticket = read_destruction(closing.app, closing.officer, number)
    assert ticket.decision.earliest == date(2022, 2, 28)
    assert "周明轩" not in ticket.ticket.description
    assert request_closing_destruction(closing.app, closing.officer, CLO).tickets == ()
    with pytest.raises(Conflict):
        decide(closing, Fate.KEEP, ticket_id=number)


def test_a_ticket_refused_frees_its_records(closing: Any) -> None:
    decide(closing, Fate.DESTROY, status=Status.MUST_DELETE)
    made = request_closing_destruction(closing.app, closing.officer, CLO)
    assert records(closing, ticketed=False, fate=Fate.DESTROY).total == 0
    refuse_destruction(closing.app, closing.first, made.tickets[0][0], reason="名单要重新核对")
    assert records(closing, ticketed=False, fate=Fate.DESTROY).total == 2


def test_destruction_is_settled_by_its_certificate_alone(closing: Any) -> None:
    with pytest.raises(BadInput):
        settle_closing(closing.app, closing.officer, CLO, Filter(fate=Fate.DESTROY), note="已销毁")
    decide(closing, Fate.KEEP, kind=RecordKind.ACCOUNTING_VOUCHER)
    wanted = Filter(fate=Fate.KEEP)
    assert settle_closing(closing.app, closing.officer, CLO, wanted, note="交接单 7 号") == 1
    assert records(closing, settled=True).records[0].settled_note == "交接单 7 号"


def test_a_step_is_not_done_before_its_period_has_run_out(closing: Any) -> None:
    app, officer = closing.app, closing.officer

    def done(item: str, **more: Any) -> None:
        move_closing_item(app, officer, CLO, item, ItemState.DONE, note="公示截图", **more)

    with pytest.raises(StepMissing):
        done("step:claims-announced")
    with pytest.raises(StepMissing):
        done("step:announce-creditors")
    set_closing_days(app, officer, CLO, {KnownDay.GROUP_FORMED: date(2026, 11, 10)})
    done("step:announce-creditors", day=date(2026, 11, 20))
    with pytest.raises(StepMissing):
        done("step:claims-announced")
    closing.clock.pass_days(42)
    assert closing.app.today() == date(2027, 1, 4)
    with pytest.raises(StepMissing):
        done("step:claims-announced")
    closing.clock.pass_days(1)
    done("step:claims-announced")


def test_an_item_is_done_only_with_something_that_proves_it(closing: Any) -> None:
    app, officer = closing.app, closing.officer
    with pytest.raises(StepMissing):
        move_closing_item(app, officer, CLO, "section:01", ItemState.DONE)
    add_closing_evidence(app, officer, CLO, "section:01", b"scan", "任命书.PDF", what="任命书")
    done = move_closing_item(app, officer, CLO, "section:01", ItemState.DONE)
    assert done.item("section:01").state is ItemState.DONE


def test_a_day_still_to_come_is_refused(closing: Any) -> None:
    with pytest.raises(MoveNotAllowed):
        days = {KnownDay.CAUSE: date(2026, 11, 24)}
        set_closing_days(closing.app, closing.officer, CLO, days)


def test_a_project_ends_over_a_blocker_only_by_an_approver_with_a_reason_that_stays(
    closing: Any,
) -> None:
    with pytest.raises(StillBlocked) as refusal:
        end_closing(closing.app, closing.officer, CLO)
    assert "保管人" in refusal.value.message.zh
    with pytest.raises(NotPermitted):
        end_closing(closing.app, closing.officer, CLO, reason="法院要求先结束")
    given = {"reason": "法院要求先结束"}
    tried = end_closing(closing.app, closing.first, CLO, **given, dry_run=True)
    assert tried.ended_at is None
    ended = end_closing(closing.app, closing.first, CLO, **given)
    assert ended.ended_because == "法院要求先结束"
    assert ended.ended_by == closing.first.id
    with pytest.raises(MoveNotAllowed):
        name_custodian(closing.app, closing.officer, CLO, custodian="清河", contact="010-60000001")


@pytest.mark.both_engines
def test_the_timeline_of_a_project_cannot_be_rewritten(closing: Any) -> None:
    for statement in ("UPDATE closing_events SET what = 'x'", "DELETE FROM closing_events"):
        with pytest.raises(Exception, match="only grows"), closing.app.database.transaction() as s:
            s.execute(text(statement))


def inventory(closing: Any, scan_id: str, files: dict[str, str]) -> None:
    """An inventory of these texts, as a scan leaves it."""
    key, entries = closing.app.keys.derive("inventory"), []
    for name, told in files.items():
        found = look(told.encode(), ".txt", closing.app.detector, key=key, limits=Limits())
        entries.append(FileEntry(name, len(told), NOW, name, found))
    folder = closing.app.settings.home / "scans" / scan_id
    folder.mkdir(parents=True)
    write_csv(folder / "inventory.csv", entries, Language.ZH)


def test_inventories_are_joined_by_marks_and_not_by_names_and_add_up(closing: Any) -> None:
    ours = {"a.txt": "姓名：周明轩\n身份证号：330106199003070011\n手机：13800138000"}
    other = {"b.txt": "姓名：韩思远\n手机：13700137000"}
    inventory(closing, "S-1", ours | other)
    linked = link_inventory(closing.app, closing.officer, CLO, "S-1")
    assert (linked.files, linked.unassigned) == (2, 1)
    # Another folder, and the first one once more: the same file of both counts once.
    inventory(closing, "S-2", ours | {"c.txt": "姓名：周明轩\n手机：13800138000"})
    assert link_inventory(closing.app, closing.officer, CLO, "S-2").unassigned == 0
    client = read_closing_client(closing.app, closing.officer, CLO, 1).client
    assert (client.files, client.sensitive_files) == (2, 1)
    # Who is imported afterwards has their files, too.
    table = "客户编号,客户姓名,资料种类,单位类型,解约日期\nZ-9,韩思远,身份证件复印件,一般公司,2021-06-30\n"
    import_clients(closing.app, closing.officer, CLO, table.encode(), "c.csv")
    board = read_board(closing.app, closing.officer, CLO)
    assert [one.unassigned for one in board.inventories] == [0, 0]
    (folder,) = closing.app.settings.home.glob("scans/S-2")
    shutil.rmtree(folder)
    again = import_clients(closing.app, closing.officer, CLO, table.encode(), "c.csv")
    assert again.known == 1


def bundle(office: Any, **more: Any) -> Any:
    return make_closing_bundle(office.app, office.officer, CLO, **more)


def inside(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8-sig")


def test_a_bundle_holds_offline_and_names_clients_by_number(closing: Any) -> None:
    decide(closing, Fate.KEEP, kind=RecordKind.ACCOUNTING_VOUCHER)
    add_closing_evidence(
        closing.app, closing.officer, CLO, "section:02", b"scan", "备份.pdf", what="备份读回记录"
    )
    made = bundle(closing)
    checked = check_bundle(made.data, closing.app.signer.public_key)
    assert checked.stated["number"] == CLO
    assert checked.stated["blockers"]["undecided"] == 4
    rows = list(csv.DictReader(io.StringIO(inside(made.data, "decisions.csv"))))
    assert {row["客户编号 client"] for row in rows} == {"C-00001", "C-00002", "C-00003"}
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    for name in ("周明轩", "何雨桐", "13800138000", "A-1,"):
        assert name.encode() not in whole
    named = bundle(closing, named=True)
    assert "周明轩" in inside(named.data, "clients.csv")
    assert named.name == made.name.replace(".zip", "-named.zip")
    assert check_bundle(named.data, closing.app.signer.public_key).files > checked.files


def test_a_bundle_made_twice_at_one_moment_differs_only_by_the_event_it_seals(
    closing: Any,
) -> None:
    first, second = bundle(closing), bundle(closing)
    with (
        zipfile.ZipFile(io.BytesIO(first.data)) as a,
        zipfile.ZipFile(io.BytesIO(second.data)) as b,
    ):
        assert a.namelist() == b.namelist()
        differ = [name for name in a.namelist() if a.read(name) != b.read(name)]
    assert differ == ["manifest.json"]


def changed(data: bytes, change: str) -> bytes:
    """The bundle with one thing done to it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if change == f"drop {name}":
                continue
            content = old.read(name)
            new.writestr(name, content + b" " if change == f"touch {name}" else content)
        if change == "add":
            new.writestr("decisions-2.csv", b"forged")
        if change == "twice":
            new.writestr("decisions.csv", b"forged")
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "change",
    [
        *("touch decisions.csv", "touch index.pdf", "touch timeline.csv", "touch manifest.json "),
        *("drop notices.csv", "drop index.pdf", "drop manifest.json", "add", "twice"),
    ],
)
def test_a_bundle_tampered_with_does_not_hold(closing: Any, change: str) -> None:
    key, data = closing.app.signer.public_key, bundle(closing).data
    if change == "touch manifest.json ":
        forged = inside(data, "manifest.json").replace('"undecided": 5', '"undecided": 0')
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(name, forged if name == "manifest.json" else old.read(name))
        tampered = out.getvalue()
        assert forged != inside(data, "manifest.json")
    else:
        tampered = changed(data, change)
    with pytest.raises(BadSignature):
        check_bundle(tampered, key)


def test_a_bundle_of_somebody_else_or_no_zip_does_not_hold(closing: Any) -> None:
    other = replace(closing.app.signer, seed=b"x" * 32)
    with pytest.raises(BadSignature):
        check_bundle(bundle(closing).data, other.public_key)
    with pytest.raises(BadSignature):
        check_bundle(b"not a zip", closing.app.signer.public_key)


def test_notices_of_every_client_with_a_decision_must_be_given(closing: Any) -> None:
    decide(closing, Fate.KEEP, kind=RecordKind.ACCOUNTING_VOUCHER)
    kinds = {one.kind: one.count for one in read_board(closing.app, closing.officer, CLO).blockers}
    assert kinds["notices"] == 1

    def told(state: str) -> dict[str, int]:
        record_closing_notices(
            closing.app, closing.officer, CLO, Filter(fate=Fate.KEEP), state=state,
            reference="批次 NB-7",
        )  # fmt: skip
        board = read_board(closing.app, closing.officer, CLO)
        return {one.kind: one.count for one in board.blockers}

    assert told("drafted")["unapproved"] == 1
    assert told("failed")["notices"] == 1
    assert "notices" not in told("delivered")


@pytest.mark.parametrize(
    ("kind", "blocker"), [("rights_request", "requests"), ("dispute", "disputes")]
)
def test_what_clients_asked_for_or_dispute_holds_up_the_end(
    closing: Any, kind: str, blocker: str
) -> None:
    def found() -> dict[str, int]:
        board = read_board(closing.app, closing.officer, CLO)
        return {one.kind: one.count for one in board.blockers}

    assert blocker not in found()
    example = {**closing.app.kinds[kind].example}
    values = {k: closing.officer.id if v == "PERSON" else v for k, v in example.items()}
    open_entry(closing.app, closing.officer, kind, values)
    assert found()[blocker] == 1


WITH_MAIL = f"""{HEAD}
A-1,周明轩,z@a.example,身份证件复印件,2021-06-30,,否
A-2,何雨桐,杭州市上城区清和路1号,身份证件复印件,2022-02-28,,否
A-3,罗子墨,13900139000,身份证件复印件,2020-01-31,,否
"""


def test_a_notice_is_written_to_whoever_can_be_reached_and_followed_to_each_client(
    office: Any,
) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    taken_in(office, WITH_MAIL)
    decide(office, Fate.DESTROY)
    given = {
        **{"reason": "公司决议解散，停止提供产品或者服务", "reply_by": "2026-12-20"},
        **{"reply_to": "回复本邮件", "without_reply": "期满依法删除", "contact": "清禾 010-1"},
        "destroyed_on": "2027-01-10",
    }
    made = write_closing_notice(
        office.app, office.officer, CLO, Filter(), kind=NoticeKind.DESTRUCTION, given=given
    )
    assert (made.clients, made.unreachable) == (2, ("C-00003",))

    def states() -> list[str]:
        return [one.notice for one in records(office).records]

    assert states() == ["drafted", "drafted", ""]
    for approver in (office.first, office.second):
        approve_notice(office.app, approver, made.number, revision=1)
    assert states() == ["approved", "approved", ""]
    store, told = office.app.notices, {"person_id": office.officer.id, "at": NOW}
    with office.app.database.transaction() as session:
        store.release(session, made.number, **told)
        key = notice_ledger.deliveries(session, made.number)[0].key
        for to in (DeliveryState.BEGUN, DeliveryState.SENT):
            notice_ledger.move(session, key, to, what=to.value, **told)
    assert states() == ["sent", "approved", ""]


def blocked(office: Any) -> dict[str, int]:
    found = read_board(office.app, office.officer, CLO).blockers
    return {one.kind: one.count for one in found}


def test_told_of_a_destruction_is_not_told_of_what_is_kept(office: Any) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    taken_in(office, WITH_MAIL + "A-1,周明轩,z@a.example,涉税资料,,2025-06-30,\n")
    decide(office, Fate.DESTROY, kind=RecordKind.IDENTITY_COPY)
    decide(office, Fate.KEEP, kind=RecordKind.TAX_RECORD)
    made = write_closing_notice(
        office.app, office.officer, CLO, Filter(), kind=NoticeKind.DESTRUCTION
    )
    with office.app.database.reading() as session:
        people = office.app.notices.addressees(session, made.number)
    assert [one.given.get("data") for one in people] == ["身份证件复印件"] * 2
    told = {(one.client, one.kind): one.notice for one in records(office).records}
    assert told[1, RecordKind.IDENTITY_COPY] == "drafted"
    assert told[1, RecordKind.TAX_RECORD] == ""
    assert blocked(office)["notices"] == 2  # the kept one, and whom nothing reaches
    board = read_board(office.app, office.officer, CLO)
    assert board.tally.untold_fates == ("destroy", "keep")
    write_closing_notice(office.app, office.officer, CLO, Filter(), kind=NoticeKind.TRANSFER)
    assert blocked(office)["notices"] == 1
    assert read_board(office.app, office.officer, CLO).tally.untold_fates == ("destroy",)


def test_a_decision_made_otherwise_is_told_anew_but_for_a_return_that_was_offered(
    closing: Any,
) -> None:
    copies = {"kind": RecordKind.IDENTITY_COPY}
    decide(closing, Fate.DESTROY, **copies)
    record_closing_notices(
        closing.app, closing.officer, CLO, Filter(**copies), state="delivered", reference="批次 7"
    )
    decide(closing, Fate.RETURN, client=1, **copies)
    assert "notices" not in blocked(closing)
    kept = {"kind": RecordKind.TAX_RECORD}
    decide(closing, Fate.TRANSFER, **kept)
    record_closing_notices(
        closing.app, closing.officer, CLO, Filter(**kept), state="delivered", reference="批次 8"
    )
    assert "notices" not in blocked(closing)
    decide(closing, Fate.KEEP, **kept)
    assert blocked(closing)["notices"] == 1


def test_a_notice_tells_of_nothing_that_was_not_decided(closing: Any) -> None:
    for kind in (NoticeKind.DESTRUCTION, NoticeKind.TRANSFER):
        with pytest.raises(BadInput, match="Decide first"):
            write_closing_notice(closing.app, closing.officer, CLO, Filter(), kind=kind)


def test_the_index_says_what_was_decided_in_both_languages(closing: Any) -> None:
    decide(closing, Fate.DESTROY, kind=RecordKind.IDENTITY_COPY)
    board = read_board(closing.app, closing.officer, CLO)
    rows = {label.en: said for label, said in index_rows(board, named=False)}
    assert rows["clients and records"][1] == "未决定 undecided 3；销毁 destroy 2"
