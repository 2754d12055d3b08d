"""What clients choose instead of destruction stands alike in ticket, decisions, bundle and certificate."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from assistant.closing.bundle import make_closing_bundle
from assistant.closing.client_table import import_clients, list_closing_records, read_closing_client
from assistant.closing.close_company import start_closing
from assistant.closing.decide_closing import (
    decide_closing,
    request_closing_destruction,
    settle_closing,
)
from assistant.closing.notices import record_closing_notices, write_closing_notice
from assistant.destruction.bundle import export_destruction
from assistant.destruction.carry_out_destruction import (
    carry_out_destruction,
    certify_destruction,
    correct_destruction,
)
from assistant.destruction.certificate import (
    list_register,
    read_destruction,
    read_destruction_certificate,
    register_csv,
    verify_destruction_certificate,
)
from assistant.destruction.certificate_pdf import certificate_pdf
from assistant.destruction.certificate_rows import certificate_lines
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    refuse_destruction,
    waive_backup,
)
from assistant.destruction.record_choice import record_choice
from assistant.destruction.shred_client import read_certificate
from assistant.destruction.steps import Step
from assistant.notices.record_delivery import record_posted
from assistant.notices.send_notice import send_notice
from assistant.notices.write_notice import approve_notice, write_notice
from assistant.redaction.cases import open_case
from integrations.replies.destruction import next_step, on_record
from records.certificates import certificate_page
from records.errors import BadInput, Conflict
from tests.drawn_words import drawn_words
from tickets.closing.data import Route
from tickets.closing.decisions import BreaksRetention, Fate
from tickets.closing.records import Filter
from tickets.destruction.dossier import Choice
from tickets.destruction.register import PURPOSE
from tickets.errors import MoveNotAllowed, StepMissing
from tickets.notices.data import Addressee, Form, NoticeKind, notice_rules
from tickets.notices.records import Wish
from tickets.retention.facts import HolderType
from tickets.ticket import State

pytestmark = pytest.mark.both_engines

CLO, DES = "CLO-2026-0001", "DES-2026-0001"
HEAD = "客户编号,客户姓名,地址,资料种类,解约日期,资料日期,是否会计凭证附件"
# Tax papers of an old year may be destroyed, not must: their client may choose a transfer, too.
TABLE = f"""{HEAD}
A-1,周明轩,杭州市云帆街 1 号,涉税资料,,2010-06-30,
A-2,何雨桐,杭州市云帆街 2 号,涉税资料,,2010-06-30,
A-3,罗子墨,杭州市云帆街 3 号,涉税资料,,2010-06-30,
A-4,唐若溪,杭州市云帆街 4 号,身份证件复印件,2021-06-30,,否
"""
RECEIVER = {"somebody": "清河健身管理有限公司", "contact": "0571-60000002"}


@pytest.fixture
def closing(office: Any) -> Any:
    """A closing with a ticket for the tax papers of three clients and one for the ID copy of a fourth."""
    app, officer = office.app, office.officer
    start_closing(app, officer, "清禾健身服务有限公司", route=Route.GENERAL)
    import_clients(app, officer, CLO, TABLE.encode(), "clients.csv", holder=HolderType.COMPANY)
    decide_closing(app, officer, CLO, Filter(), fate=Fate.DESTROY)
    made = request_closing_destruction(app, officer, CLO)
    assert sorted(count for *_, count in made.tickets) == [1, 3]
    return office


def ticket_of(office: Any, client: int) -> str:
    return records(office, client=client)[0].ticket_id


def records(office: Any, **wanted: Any) -> Any:
    return list_closing_records(office.app, office.officer, CLO, Filter(**wanted)).records


def choose(office: Any, number: str, client: str, choice: Choice, **more: Any) -> Any:
    return record_choice(
        office.app, office.officer, number, client=client, choice=choice, **more
    ).dossier


def noticed(office: Any, number: str, clients: int = 3) -> None:
    appraise_destruction(office.app, office.officer, number, media=["paper"])
    give_notice(office.app, office.officer, number, clients=clients, channel="挂号信", wait_days=1)


def approve(office: Any, number: str) -> None:
    for person in (office.first, office.second):
        approve_destruction(office.app, person, number)


def ready(office: Any, number: str, clients: int = 3) -> None:
    noticed(office, number, clients)
    office.clock.pass_days(2)
    close_notice(office.app, office.officer, number)
    waive_backup(office.app, office.officer, number, reason="应当删除的资料不留备份")
    approve(office, number)


def certified(office: Any, number: str) -> Any:
    office.evidenced(number)
    return certify_destruction(office.app, office.second, number)


def pdf_text(office: Any, serial: str) -> str:
    pdf = read_destruction_certificate(office.app, office.officer, serial).pdf
    verify_destruction_certificate(pdf, office.app.signer.public_key)
    return drawn_words(pdf)


def count(clients: int | None, records: int | None = None) -> dict[str, int | None]:
    return {"clients": clients, "records": records}


def test_a_certificate_never_counts_as_destroyed_what_was_returned_or_transferred(
    office: Any,
) -> None:
    number = office.approved()  # 86 clients were told
    for client, choice in (("K-07", Choice.RETURN), ("K-08", Choice.TRANSFER)):
        choose(office, number, client, choice, done=True)
    choose(office, number, "K-09", Choice.DELETE)
    entry = certified(office, number)
    counts = entry.body["counts"]
    assert counts == {"destroyed": count(84), "returned": count(1), "transferred": count(1)}
    said = pdf_text(office, entry.serial)
    assert "申请销毁的内容" in said
    assert "已销毁：客户 84 位" in said
    assert "已返还客户，未销毁：客户 1 位" in said
    (row,) = csv.DictReader(io.StringIO(register_csv(list_register(office.app, office.officer))))
    told = [row[f"clients_{name}"] for name in ("destroyed", "returned", "transferred")]
    assert told == ["84", "1", "1"]


def test_the_same_client_in_another_spelling_is_one(office: Any) -> None:
    number = office.approved()
    choose(office, number, "K-07", Choice.RETURN)
    found = choose(office, number, "ｋ-07", Choice.RETURN, done=True)
    assert list(found.choices) == ["K-07"]
    assert found.owed == ()


def test_with_nobody_told_no_number_is_made_up(office: Any) -> None:
    number = office.request()
    appraise_destruction(office.app, office.officer, number, media=["paper"])
    give_notice(office.app, office.officer, number, without="客户已全部失联，公告见附件")
    close_notice(office.app, office.officer, number)
    waive_backup(office.app, office.officer, number, reason="应当删除的资料不留备份")
    approve(office, number)
    choose(office, number, "K-07", Choice.RETURN, done=True)
    entry = certified(office, number)
    assert entry.body["counts"]["destroyed"] == count(None)
    assert "除下列以外" in pdf_text(office, entry.serial)


@pytest.mark.parametrize(("clients", "said"), [(2, "没有可销毁的"), (1, "比通知的还多")])
def test_nothing_is_destroyed_where_nothing_is_left_or_the_numbers_do_not_add_up(
    office: Any, clients: int, said: str
) -> None:
    number = office.request()
    ready(office, number, clients)
    for client in ("K-01", "K-02"):
        choose(office, number, client, Choice.RETURN, done=True)
    with pytest.raises(StepMissing, match=said):
        carry_out_destruction(office.app, office.first, number, witness=office.witness.id)


def test_in_a_closing_ticket_decisions_bundle_and_certificate_agree(closing: Any) -> None:
    number = ticket_of(closing, 1)
    ready(closing, number)
    choose(closing, number, "C-00001", Choice.RETURN, done=True)
    with pytest.raises(BadInput, match="接收方"):
        choose(closing, number, "C-00002", Choice.TRANSFER)
    found = choose(closing, number, "c-2", Choice.TRANSFER, **RECEIVER)
    assert [one.client for one in found.owed] == ["C-00002"]
    with pytest.raises(StepMissing):
        carry_out_destruction(closing.app, closing.first, number, witness=closing.witness.id)
    assert choose(closing, number, "C-00002", Choice.TRANSFER, done=True).owed == ()
    entry = certified(closing, number)
    counts = entry.body["counts"]
    assert counts == {
        "destroyed": count(1, 1), "returned": count(1, 1), "transferred": count(1, 1),
    }  # fmt: skip
    decided = {one.client: (one.fate, one.ticket_id, one.settled_note) for one in records(closing)}
    assert decided[3] == (Fate.DESTROY, number, entry.serial)
    for client, fate in ((1, Fate.RETURN), (2, Fate.TRANSFER)):
        assert decided[client][:2] == (fate, None)
        assert number in decided[client][2]
    made = make_closing_bundle(closing.app, closing.officer, CLO)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        table = archive.read("decisions.csv").decode("utf-8-sig")
    rows = {row["客户编号 client"]: row for row in csv.DictReader(io.StringIO(table))}
    assert rows["C-00001"]["决定 decision"].startswith("返还客户")
    assert number in rows["C-00001"]["理由 reason"]
    assert rows["C-00002"]["接收方或保管人 who"] == RECEIVER["somebody"]
    assert [code for code, row in rows.items() if entry.serial in row["凭据 proof"]] == ["C-00003"]
    view = read_closing_client(closing.app, closing.officer, CLO, 1)
    assert view.records[0].fate is Fate.RETURN


def test_what_is_settled_in_the_project_is_done_in_the_ticket_and_the_other_way(
    closing: Any,
) -> None:
    number = ticket_of(closing, 1)
    choose(closing, number, "C-00001", Choice.RETURN)
    settle_closing(closing.app, closing.officer, CLO, Filter(fate=Fate.RETURN), note="交接单 6 号")
    found = read_destruction(closing.app, closing.officer, number).dossier
    assert found.choices["C-00001"].done
    assert records(closing, client=1)[0].settled_note == "交接单 6 号"
    with pytest.raises(MoveNotAllowed, match="更正"):
        choose(closing, number, "C-00001", Choice.DELETE)


def test_a_choice_must_be_lawful_and_of_a_client_of_the_ticket(closing: Any) -> None:
    copies, papers = ticket_of(closing, 4), ticket_of(closing, 1)
    with pytest.raises(BreaksRetention):  # must be deleted: nobody else may get it
        choose(closing, copies, "C-00004", Choice.TRANSFER, **RECEIVER)
    assert records(closing, client=4)[0].fate is Fate.DESTROY
    for client in ("C-00004", "C-00099", "K-07"):
        with pytest.raises(BadInput):
            choose(closing, papers, client, Choice.RETURN)


def test_who_changes_their_mind_is_back_in_the_ticket_which_is_approved_anew(closing: Any) -> None:
    number = ticket_of(closing, 1)
    noticed(closing, number)
    closing.clock.pass_days(2)
    close_notice(closing.app, closing.officer, number)
    choose(closing, number, "C-00001", Choice.RETURN)
    approve(closing, number)
    choose(closing, number, "C-00001", Choice.DELETE)
    found = read_destruction(closing.app, closing.officer, number).ticket
    assert (found.state, found.approvals) == (State.NOTIFIED, ())
    back = records(closing, client=1)[0]
    assert (back.fate, back.ticket_id) == (Fate.DESTROY, number)


def test_nobody_decides_over_a_choice_or_replaces_its_record_while_its_ticket_stands(
    closing: Any,
) -> None:
    number = ticket_of(closing, 1)
    choose(closing, number, "C-00001", Choice.RETURN)

    def decide() -> Any:
        wanted = Filter(client=1)
        return decide_closing(closing.app, closing.officer, CLO, wanted, fate=Fate.DESTROY)

    with pytest.raises(Conflict, match="客户在销毁单里的选择"):
        decide()
    corrected = TABLE.replace("2010-06-30", "2011-06-30", 1).encode()
    with pytest.raises(BadInput, match="选择"):
        import_clients(
            closing.app, closing.officer, CLO, corrected, "clients.csv", holder=HolderType.COMPANY
        )
    refuse_destruction(closing.app, closing.first, number, reason="名单要重新核对")
    assert decide().records == 1


def test_a_ticket_that_every_client_left_destroys_nothing(closing: Any) -> None:
    number = ticket_of(closing, 4)
    ready(closing, number, 1)
    choose(closing, number, "C-00004", Choice.RETURN, done=True)
    with pytest.raises(StepMissing, match="没有可销毁的"):
        carry_out_destruction(closing.app, closing.first, number, witness=closing.witness.id)


def test_after_the_destruction_a_choice_is_a_correction(closing: Any) -> None:
    number = ticket_of(closing, 1)
    ready(closing, number)
    carry_out_destruction(closing.app, closing.first, number, witness=closing.witness.id)
    with pytest.raises(MoveNotAllowed, match="更正"):
        choose(closing, number, "C-00001", Choice.RETURN)
    done = correct_destruction(
        closing.app, closing.officer, number, text="C-00001 来信要求返还，已晚", reason="来信在后"
    )
    assert done.dossier.corrections
    assert records(closing, client=1)[0].fate is Fate.DESTROY


def old_choice(office: Any, number: str, client: str, *, done: bool) -> None:
    """A choice as it was put on record before records left their ticket with it."""
    with office.app.database.transaction() as session:
        at = Step(office.app, session, office.officer, number)
        at.keep(at.order, "chosen", {"client": client, "choice": "return", "done": done})


def test_a_choice_of_before_is_recorded_anew_and_no_certificate_counts_it(closing: Any) -> None:
    number = ticket_of(closing, 1)
    ready(closing, number)
    old_choice(closing, number, "C-00001", done=True)
    with pytest.raises(StepMissing, match="C-00001"):
        carry_out_destruction(closing.app, closing.first, number, witness=closing.witness.id)
    choose(closing, number, "C-00001", Choice.RETURN, done=True)
    carry_out_destruction(closing.app, closing.first, number, witness=closing.witness.id)
    old_choice(closing, number, "C-00002", done=True)
    entry = certified(closing, number)
    assert entry.body["counts"]["destroyed"] == count(1, 1)
    assert entry.body["counts"]["returned"] == count(2, 2)
    assert records(closing, client=2)[0].fate is Fate.RETURN


def test_choices_stand_on_the_ticket_and_its_timeline(office: Any) -> None:
    number = office.approved()
    choose(office, number, "K-08", Choice.DELETE)
    choose(office, number, "K-07", Choice.RETURN)
    found = read_destruction(office.app, office.officer, number)
    (said,) = [one for one in on_record(found) if "客户选择" in one.zh]
    assert "2 位，其中 1 位还没有返还或转移：K-07 返还，未办；K-08 删除" in said.zh
    assert "K-07: return, still owed" in said.en
    with office.app.database.reading() as session:
        last = office.app.ticket_store.timeline(session, number)[-1]
    assert last.details["about_zh"] == "K-07 返还，未办"


def test_a_bundle_tells_times_of_beijing(office: Any) -> None:
    number = office.approved()
    made = export_destruction(office.app, office.officer, number)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        for name in ("timeline.csv", "approvals.csv"):
            rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            assert all(row["at"].endswith("+08:00") for row in rows)


def test_a_certificate_of_an_erased_key_tells_times_of_beijing_and_older_ones_are_read(
    office: Any,
) -> None:
    open_case(office.app, office.officer, "清和-注销", client="清和")
    number = office.approved(keys=("清和",))
    done = carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    serial = str(done.dossier.erased[0].details["certificate"])
    made = read_certificate(office.app, office.first, serial)
    at = made.body["destroyed_at"]
    assert at.endswith("+08:00")
    before = {**made.body, "destroyed_at": str(datetime.fromisoformat(at).astimezone(UTC))}
    for body in (made.body, before):
        page = certificate_page(replace(made, body=body), "key")
        assert f"<dd>{at[:16].replace('T', ' ')}</dd>" in page
        assert "UTC" not in page


# The notice of a closing counts for its tickets and for the clients whose records they hold.


def told(office: Any, *fates: Fate, numbers: tuple[str, ...] = (), **wanted: Any) -> str:
    """A notice of destruction of the project, approved, posted to every client but `numbers`."""
    app, officer = office.app, office.officer
    made = write_closing_notice(
        app, officer, CLO, Filter(**wanted), kind=NoticeKind.DESTRUCTION, given=_given()
    )
    sent(office, made.number, but=numbers)
    return made.number


def _given() -> dict[str, str]:
    asked = notice_rules(NoticeKind.DESTRUCTION).elements
    given = {
        key: f"内容{key}" if one.form is Form.TEXT else "2026-12-20" for key, one in asked.items()
    }
    return {key: text for key, text in given.items() if key != "data"}


def sent(office: Any, number: str, *, but: tuple[str, ...] = ()) -> None:
    for person in (office.first, office.second):
        approve_notice(office.app, person, number, revision=1)
    send_notice(office.app, office.officer, number)
    with office.app.database.reading() as session:
        copies = len(office.app.notices.addressees(session, number))
    for copy in range(1, copies + 1):
        if (key := f"{number}-{copy:04d}") not in but:
            record_posted(office.app, office.officer, key, reference=f"XA1234567893{copy}")


def test_the_notice_of_a_closing_tells_the_clients_of_each_ticket_and_no_others(
    closing: Any,
) -> None:
    papers, copies = ticket_of(closing, 1), ticket_of(closing, 4)
    number = told(closing)
    for ticket, clients in ((papers, 3), (copies, 1)):
        appraise_destruction(closing.app, closing.officer, ticket, media=["paper"])
        found = give_notice(closing.app, closing.officer, ticket, notice=number)
        assert found.dossier.notice.clients == clients


def test_a_client_who_left_the_ticket_is_not_among_the_told(closing: Any) -> None:
    papers = ticket_of(closing, 1)
    number = told(closing)
    appraise_destruction(closing.app, closing.officer, papers, media=["paper"])
    choose(closing, papers, "C-00001", Choice.RETURN)
    found = give_notice(closing.app, closing.officer, papers, notice=number)
    assert found.dossier.notice.clients == 2


def test_a_notice_that_misses_a_client_of_the_ticket_is_not_enough(closing: Any) -> None:
    papers = ticket_of(closing, 1)
    appraise_destruction(closing.app, closing.officer, papers, media=["paper"])
    number = told(closing, client=1)
    with pytest.raises(StepMissing, match="C-00002, C-00003"):
        give_notice(closing.app, closing.officer, papers, notice=number)
    for client in (2, 3):
        record_closing_notices(
            closing.app, closing.officer, CLO, Filter(client=client), state="delivered",
            reference="当面告知，签收单 3 号",
        )  # fmt: skip
    found = give_notice(closing.app, closing.officer, papers, notice=number).dossier.notice
    assert found.clients == 1
    assert "另行告知或不需告知 2" in found.channel


def test_a_copy_still_on_its_way_to_another_tickets_client_does_not_stop_this_one(
    closing: Any,
) -> None:
    copies, papers = ticket_of(closing, 4), ticket_of(closing, 1)
    number = told(closing, numbers=("N-2026-0001-0001",))
    for ticket in (copies, papers):
        appraise_destruction(closing.app, closing.officer, ticket, media=["paper"])
    assert give_notice(closing.app, closing.officer, copies, notice=number).dossier.notice
    with pytest.raises(StepMissing, match="没有发出"):
        give_notice(closing.app, closing.officer, papers, notice=number)


def test_no_notice_of_another_matter_tells_anybody(closing: Any) -> None:
    papers, alone = ticket_of(closing, 1), closing.request()
    for ticket in (papers, alone):
        appraise_destruction(closing.app, closing.officer, ticket, media=["paper"])
    of_project = told(closing)
    wish = Wish(NoticeKind.DESTRUCTION, {**_given(), "data": "合同"})
    people = [Addressee("周明轩", address="杭州市云帆街 1 号")]
    of_nothing = write_notice(closing.app, closing.officer, wish, people).summary.number
    sent(closing, of_nothing)
    for ticket, notice in ((alone, of_project), (alone, of_nothing), (papers, of_nothing)):
        with pytest.raises(BadInput, match="不是这次销毁"):
            give_notice(closing.app, closing.officer, ticket, notice=notice)
    drill = replace(wish, drill=True, ticket_id=alone)
    practice = write_notice(closing.app, closing.officer, drill, people).summary.number
    with pytest.raises(BadInput, match="不是这次销毁"):
        give_notice(closing.app, closing.officer, alone, notice=practice)


# What a certificate does not cover depends on what was used.


@pytest.mark.parametrize(
    ("files", "keys", "paper"), [(True, False, False), (False, True, False), (False, False, True)]
)
def test_a_certificate_limits_itself_by_the_media_used(
    office: Any, tmp_path: Any, files: bool, keys: bool, paper: bool
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("内容", encoding="utf-8")
    open_case(office.app, office.officer, "清和-注销", client="清和")
    number = office.approved(files=(file,) if files else (), keys=("清和",) if keys else ())
    said = " ".join(one["en"] for one in certified(office, number).body["limits"])
    assert ("overwritten" in said) is files
    assert ("cryptographic erase" in said) is keys
    assert ("wrapped" in said) is keys
    assert "rests on the evidence" in said
    assert paper or files or keys


def test_a_certificate_issued_before_is_drawn_as_it_was_and_still_verifies(office: Any) -> None:
    number = office.approved()
    choose(office, number, "K-07", Choice.RETURN, done=True)
    body = dict(certified(office, number).body)
    body.pop("counts")
    text = office.app.signer.sign(PURPOSE, body)
    names = [line.name.zh for line in certificate_lines(body)]
    assert names[:2] == ["销毁内容", "保存期限"]
    pdf = certificate_pdf(text, body, office.app.signer.public_key)
    assert verify_destruction_certificate(pdf, office.app.signer.public_key).body == body


def test_a_reply_slip_is_put_on_record_by_the_number_of_its_letter(closing: Any) -> None:
    papers, copies = ticket_of(closing, 1), ticket_of(closing, 4)
    number = told(closing, client=4)  # its first letter is the fourth client's
    for ticket, letter in (
        (papers, f"{number}-0001"),
        (copies, f"{number}-0002"),
        (copies, "N-2020-0001-0001"),
    ):
        with pytest.raises(BadInput):
            choose(closing, ticket, letter, Choice.RETURN)
    found = choose(closing, copies, f"{number}-0001", Choice.RETURN)
    assert list(found.choices) == ["C-00004"]
    assert [one.fate for one in records(closing, client=4)] == [Fate.RETURN]


def test_nothing_goes_before_the_day_of_destruction_the_clients_were_told(closing: Any) -> None:
    number, vouchers = told(closing), ticket_of(closing, 1)  # replies and destruction: 20 December
    later = {**_given(), "destroyed_on": "2026-12-28"}
    made = write_closing_notice(
        closing.app, closing.officer, CLO, Filter(), kind=NoticeKind.DESTRUCTION, given=later
    )
    sent(closing, made.number)
    assert made.number != number
    appraise_destruction(closing.app, closing.officer, vouchers, media=["paper"])
    give_notice(closing.app, closing.officer, vouchers, notice=made.number)
    closing.clock.pass_days((date(2026, 12, 21) - closing.app.today()).days)
    close_notice(closing.app, closing.officer, vouchers)
    waive_backup(closing.app, closing.officer, vouchers, reason="应当删除的资料不留备份")
    approve(closing, vouchers)
    held = read_destruction(closing.app, closing.officer, vouchers)
    assert "2026-12-28" in next_step(held).zh
    with pytest.raises(StepMissing, match="2026-12-28"):
        carry_out_destruction(closing.app, closing.first, vouchers, witness=closing.witness.id)
    closing.clock.pass_days(7)
    done = carry_out_destruction(closing.app, closing.first, vouchers, witness=closing.witness.id)
    assert done.ticket.state is State.CARRIED_OUT


def test_a_transfer_the_law_forbids_names_the_return_that_may_be(closing: Any) -> None:
    with pytest.raises(BreaksRetention, match="可以登记为返还"):
        choose(closing, ticket_of(closing, 4), "C-00004", Choice.TRANSFER, **RECEIVER)
