"""Kept until a day: told the day after and not before, destroyed by the usual way, kept on with a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.app import App
from assistant.closing.board import read_board
from assistant.closing.close_company import end_closing, start_closing
from assistant.closing.decide_closing import settle_closing
from assistant.destruction.carry_out_destruction import (
    carry_out_destruction,
    certify_destruction,
    close_evidence,
    settle_place,
    witness_destruction,
)
from assistant.destruction.certificate import read_destruction, read_destruction_certificate
from assistant.destruction.certificate_rows import certificate_lines
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    refuse_destruction,
    waive_backup,
)
from assistant.keeping.act import destroy_kept, extend_kept, list_kept
from assistant.my_work import my_work
from assistant.registers.read_registers import read_entry
from assistant.registers.work_register import (
    amend_entry,
    approve_entry,
    attach_evidence,
    move_entry,
    open_entry,
)
from assistant.remind import send_reminders
from records.errors import BadInput, NotFound
from records.people import Person, Role, set_roles
from tests.assistant.conftest import Office
from tests.assistant.test_closing import CLO, HEAD, TABLE, decide, taken_in
from tests.assistant.test_registers import Letterbox, example
from tickets.closing.data import Route
from tickets.closing.decisions import Fate
from tickets.closing.records import Filter
from tickets.destruction.data import destruction_data
from tickets.destruction.dossier import Settled
from tickets.errors import MoveNotAllowed, NotLawfulYet, OnHold
from tickets.keeping import Kept
from tickets.retention.facts import RecordKind, Status


def closed_assessment(office: Office) -> str:
    """An impact assessment that ended on 2026-11-23; three years are over on 2029-11-24."""
    values = example(office.app, "impact_assessment", office.officer)
    values |= {
        "lawful": "是",
        "impact": "低",
        "measures": "相称",
        "level": "low",
        "conclusion": "go",
    }
    number = open_entry(office.app, office.officer, "impact_assessment", values).id
    move_entry(office.app, office.officer, number, "review")
    approve_entry(office.app, office.first, number)
    return number


def closed_request(office: Office, **more: str) -> str:
    """A request whose entry holds a sealed name and a file, closed on 2026-11-23."""
    app, officer = office.app, office.officer
    values = example(app, "rights_request", officer, **more)
    number = open_entry(app, officer, "rights_request", values).id
    attach_evidence(app, officer, number, "proof", b"receipt", what="凭证")
    move_entry(app, officer, number, "withdrawn", reason="客户撤回")
    return number


def on(office: Office, day: date) -> None:
    """The clock at nine in the morning of that day in Beijing."""
    office.clock.now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def carried_out(office: Office, number: str) -> None:
    """The whole way of a destruction, up to its being carried out."""
    app = office.app
    appraise_destruction(app, office.officer, number, media=[])
    give_notice(app, office.officer, number, without="登记簿期满，无须另行通知")
    close_notice(app, office.officer, number)
    waive_backup(app, office.officer, number, reason="期满资料不留备份")
    for approver in (office.first, office.second):
        approve_destruction(app, approver, number)
    carry_out_destruction(app, office.first, number, witness=office.witness.id)


def test_nobody_is_told_before_the_day_and_the_officer_is_on_it(office: Office) -> None:
    number, box = closed_assessment(office), Letterbox()
    entry = read_entry(office.app, office.officer, number).shown.entry
    assert entry.keep_until == date(2029, 11, 24)
    on(office, date(2029, 11, 23))
    send_reminders(office.app, (box,))
    box.taken.clear()
    assert my_work(office.app, office.officer).kept == ()
    with pytest.raises(NotLawfulYet, match="2029-11-24"):
        destroy_kept(office.app, office.officer, number)
    with pytest.raises(NotLawfulYet):
        extend_kept(office.app, office.officer, number, date(2030, 1, 1), reason="诉讼还在进行")
    on(office, date(2029, 11, 24))
    (kept,) = my_work(office.app, office.officer).kept
    assert (kept.subject, kept.day, kept.count) == (number, date(2029, 11, 24), 1)
    assert my_work(office.app, office.requester).kept == ()
    for _ in range(3):
        send_reminders(office.app, (box,))
    (notice,) = box.taken
    assert notice.ticket_id == number
    assert office.officer.id in notice.people
    assert office.requester.id not in notice.people


def test_a_request_is_made_once_and_the_law_agrees(office: Office) -> None:
    number = closed_assessment(office)
    on(office, date(2029, 11, 24))
    (ticket,) = destroy_kept(office.app, office.officer, number)
    assert destroy_kept(office.app, office.officer, number)[0].id == ticket.id
    decision = read_destruction(office.app, office.officer, ticket.id).decision
    assert decision.status is Status.MAY_DESTROY
    assert decision.earliest == date(2029, 11, 24)
    assert decision.deciding
    assert decision.deciding.citation.article == "56"
    assert list_kept(office.app, office.officer) == ()
    with pytest.raises(MoveNotAllowed, match=ticket.id):
        extend_kept(office.app, office.officer, number, date(2031, 1, 1), reason="再留一年备查")
    refuse_destruction(office.app, office.first, ticket.id, reason="还有诉讼，先不销毁")
    assert [one.subject for one in list_kept(office.app, office.officer)] == [number]
    assert destroy_kept(office.app, office.officer, number)[0].id != ticket.id


def test_carried_out_the_entry_is_empty_and_its_file_gone(office: Office, app: App) -> None:
    number = closed_request(office)
    before = read_entry(app, office.officer, number).shown
    assert before.entry.sealed
    (file,) = before.entry.evidence
    on(office, date(2029, 11, 24))
    (ticket,) = destroy_kept(office.app, office.officer, number)
    carried_out(office, ticket.id)
    after = read_entry(office.app, office.officer, number)
    entry = after.shown.entry
    assert (entry.values, entry.sealed, entry.evidence, entry.keep_until) == ({}, {}, (), None)
    assert entry.state == "withdrawn"
    assert after.timeline[-1].what == "entry:destroyed"
    with pytest.raises(MoveNotAllowed):
        amend_entry(office.app, office.officer, number, {"request": "再填"}, reason="补填")
    with office.app.database.reading() as session, pytest.raises(NotFound):
        app.files.read(session, file.file_id, owner_id=number)
    (erased,) = read_destruction(office.app, office.officer, ticket.id).dossier.erased
    assert (erased.name, erased.details["count"], erased.details["files"]) == (number, 1, 1)
    assert list_kept(office.app, office.officer) == ()
    witness_destruction(office.app, office.witness, ticket.id)
    close_evidence(office.app, office.officer, ticket.id)
    for place in destruction_data().places:
        settle_place(
            office.app,
            office.officer,
            ticket.id,
            place=place,
            outcome=Settled.NONE,
            note="清点表 1",
        )
    serial = certify_destruction(office.app, office.second, ticket.id).serial
    issued = read_destruction_certificate(office.app, office.officer, serial)
    told = [line for line in certificate_lines(issued.entry.body) if line.name.zh == "程序擦除"]
    assert [one.text for one in told[0].said] == [
        f"{number}：已擦除 erased",
        "1 条 records，附件 files 1",
    ]
    assert issued.pdf.startswith(b"%PDF")


def test_kept_on_with_a_reason_until_a_later_day(office: Office) -> None:
    number = closed_request(office)
    on(office, date(2029, 12, 1))
    with pytest.raises(BadInput):
        extend_kept(office.app, office.officer, number, date(2030, 12, 1), reason=" ")
    for day in (date(2029, 12, 1), date(2039, 12, 3)):
        with pytest.raises(BadInput, match="2030-12-02"):
            extend_kept(office.app, office.officer, number, day, reason="客户已起诉，留作证据")
    extend_kept(
        office.app, office.officer, number, date(2030, 12, 1), reason="客户已起诉，留作证据"
    )
    assert list_kept(office.app, office.officer) == ()
    on(office, date(2030, 11, 30))
    assert list_kept(office.app, office.officer) == ()
    on(office, date(2030, 12, 1))
    assert [one.day for one in list_kept(office.app, office.officer)] == [date(2030, 12, 1)]
    last = read_entry(office.app, office.officer, number).timeline[-1]
    assert (last.what, last.details["text"]) == ("entry:kept_on", "客户已起诉，留作证据")
    # Nothing was asked for in between, so the engine counts from the day it was kept on to.
    (ticket,) = destroy_kept(office.app, office.officer, number)
    found = read_destruction(office.app, office.officer, ticket.id)
    assert found.decision.status is Status.MUST_DELETE


def test_what_is_linked_to_something_open_is_held(office: Office) -> None:
    number = closed_assessment(office)
    values = example(office.app, "sharing", office.officer)
    sharing = open_entry(office.app, office.officer, "sharing", values).id
    amend_entry(office.app, office.officer, sharing, {"assessment": number}, reason="评估")
    on(office, date(2029, 11, 25))
    assert list_kept(office.app, office.officer) == ()
    with pytest.raises(OnHold):
        destroy_kept(office.app, office.officer, number)
    move_entry(office.app, office.officer, sharing, "cancelled", reason="不再提供")
    assert [one.subject for one in list_kept(office.app, office.officer)] == [number]


def test_an_open_link_that_comes_later_stops_the_carrying_out(office: Office) -> None:
    number = closed_assessment(office)
    on(office, date(2029, 11, 25))
    (ticket,) = destroy_kept(office.app, office.officer, number)
    values = example(office.app, "sharing", office.officer, assessment=number)
    open_entry(office.app, office.officer, "sharing", values)
    with pytest.raises(OnHold):
        carried_out(office, ticket.id)
    assert read_entry(office.app, office.officer, number).shown.entry.values


def test_with_nobody_in_the_role_the_administrators_are_told(
    office: Office, person_with: Callable[..., Person]
) -> None:
    number, administrator = closed_assessment(office), person_with(Role.ADMINISTRATOR)
    on(office, date(2029, 11, 24))
    assert my_work(office.app, administrator).kept == ()
    with office.app.database.transaction() as session:
        set_roles(session, office.officer.id, [Role.EMPLOYEE])
    assert [one.subject for one in my_work(office.app, administrator).kept] == [number]


def test_one_that_a_channel_did_not_take_is_told_again(office: Office) -> None:
    from assistant.notifiers import Notice, NotSent

    class Down(Letterbox):
        down = True

        def send(self, notice: Notice) -> None:
            if self.down:
                raise NotSent("down")
            super().send(notice)

    number, box = closed_assessment(office), Down()
    on(office, date(2029, 11, 24))
    send_reminders(office.app, (box,))
    box.down = False
    office.clock.now += timedelta(minutes=3)
    send_reminders(office.app, (box,))
    send_reminders(office.app, (box,))
    assert [one.ticket_id for one in box.taken if one.key.startswith("kept-")] == [number]


@pytest.mark.parametrize(("day", "held", "ticket", "told"), [
    (date(2030, 1, 1), "", "", True),
    (date(2030, 1, 2), "", "", False),
    (date(2030, 1, 1), "DP-2029-0001", "", False),
    (date(2030, 1, 1), "", "DES-2030-0001", False),
])  # fmt: skip
def test_the_rule(day: date, held: str, ticket: str, *, told: bool) -> None:
    from records.language import Bilingual
    from tickets.keeping import Sort

    kept = Kept("X", Sort.ENTRY, day, 1, Bilingual("", ""), frozenset(), held=held, ticket=ticket)
    assert kept.over(date(2030, 1, 1)) is told
    assert replace(kept, day=kept.day + timedelta(days=1)).over(date(2030, 1, 1)) is False


@pytest.fixture
def left(office: Office) -> Office:
    """An ended closing that left tax papers of one client, free from 2027-01-01, with a custodian."""
    app, officer = office.app, office.officer
    start_closing(app, officer, "清禾健身服务有限公司", route=Route.GENERAL)
    taken_in(office, TABLE)
    kept = Filter(kind=RecordKind.TAX_RECORD)
    decide(office, Fate.KEEP, kind=RecordKind.TAX_RECORD)
    settle_closing(app, officer, CLO, replace(kept, fate=Fate.KEEP), note="交接单 2026-11-23")
    end_closing(app, office.first, CLO, reason="其余事项另案处理，先行结束")
    return office


def test_what_a_closing_left_with_a_custodian_is_told_on_its_day(left: Office) -> None:
    on(left, date(2026, 12, 31))
    assert list_kept(left.app, left.officer) == ()
    with pytest.raises(NotFound):
        destroy_kept(left.app, left.officer, CLO)
    on(left, date(2027, 1, 1))
    (kept,) = list_kept(left.app, left.officer)
    assert (kept.subject, kept.day, kept.count, kept.extendable) == (CLO, date(2027, 1, 1), 1, True)
    assert list_kept(left.app, left.requester) == ()
    (ticket,) = destroy_kept(left.app, left.officer, CLO)
    decision = read_destruction(left.app, left.officer, ticket.id).decision
    assert (decision.status, decision.earliest) == (Status.MAY_DESTROY, date(2027, 1, 1))
    assert list_kept(left.app, left.officer) == ()
    refuse_destruction(left.app, left.first, ticket.id, reason="税务机关正在检查")
    read_board(left.app, left.officer, CLO)
    (again,) = destroy_kept(left.app, left.officer, CLO)
    assert again.id != ticket.id


def test_what_is_not_over_yet_is_not_kept_on_with_what_is(office: Office) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    more = TABLE + "A-4,唐若溪,,涉税资料,,2017-06-30,\n"
    taken_in(office, more)
    decide(office, Fate.KEEP, kind=RecordKind.TAX_RECORD)
    on(office, date(2027, 2, 1))
    extend_kept(office.app, office.officer, CLO, date(2029, 1, 1), reason="税务稽查尚未结束")
    assert list_kept(office.app, office.officer) == ()
    on(office, date(2028, 1, 1))
    (kept,) = list_kept(office.app, office.officer)
    assert (kept.day, kept.count) == (date(2028, 1, 1), 1)
    on(office, date(2029, 1, 1))
    (kept,) = list_kept(office.app, office.officer)
    assert kept.count == 2


def test_what_the_law_wants_deleted_is_not_kept_on(office: Office) -> None:
    start_closing(office.app, office.officer, "清禾健身服务有限公司", route=Route.GENERAL)
    taken_in(office, f"{HEAD}\nA-1,周明轩,13800138000,身份证件复印件,2026-11-25,,否\n")
    decide(office, Fate.KEEP, kind=RecordKind.IDENTITY_COPY)
    on(office, date(2026, 11, 26))
    (kept,) = list_kept(office.app, office.officer)
    assert not kept.extendable
    with pytest.raises(MoveNotAllowed, match="47"):
        extend_kept(office.app, office.officer, CLO, date(2027, 1, 1), reason="想再留一阵")
