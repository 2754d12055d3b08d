"""A destruction from request to register through the verbs, and what stops it."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2
import pypdfium2 as pdfium
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assistant.destruction.bundle import export_destruction
from assistant.destruction.carry_out_destruction import (
    add_destruction_evidence,
    carry_out_destruction,
    certify_destruction,
    close_evidence,
    correct_destruction,
    settle_place,
    witness_destruction,
)
from assistant.destruction.certificate import (
    list_register,
    read_destruction,
    read_destruction_certificate,
    register_csv,
    verify_destruction_certificate,
)
from assistant.destruction.destroy_data import request_destruction
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    hold_destruction,
    record_backup,
    release_destruction,
    state_facts,
)
from assistant.destruction.record_choice import record_choice
from assistant.destruction.steps import Destruction
from assistant.destruction.targets import erase_file
from assistant.notices.record_delivery import record_posted
from assistant.notices.send_notice import send_notice
from assistant.papers.check_bundle import check_bundle
from assistant.redaction.cases import open_case
from integrations.web.api import create_web
from records.audit import latest_events
from records.beijing import SHANGHAI
from records.errors import BadInput, Conflict, NotFound, NotPermitted, ProductError
from records.people import Person
from records.signing import BadSignature
from tests.drawn_words import drawn_words
from tickets.destruction.dossier import Choice, Settled
from tickets.errors import (
    MoveNotAllowed,
    NotLawfulYet,
    OnHold,
    SamePerson,
    StepMissing,
    TicketNotFound,
)
from tickets.notices.data import Addressee, NoticeKind
from tickets.retention.facts import HolderType, RecordKind, StartEvent, Status
from tickets.ticket import Json, State

pytestmark = pytest.mark.both_engines


def test_the_whole_way_ends_in_the_register_with_a_certificate_that_holds(office: Any) -> None:
    number = office.approved()
    office.evidenced(number)
    correct_destruction(office.app, office.officer, number, text="实为 85 份", reason="复点后更正")
    entry = certify_destruction(office.app, office.second, number)
    assert office.state(number) is State.REGISTERED
    issued = read_destruction_certificate(office.app, office.officer, entry.serial)
    key = office.app.signer.public_key
    for file in (issued.pdf, entry.text.encode()):
        body = verify_destruction_certificate(file, key).body
        assert [one["number"] for one in body["approved"]] == [office.first.id, office.second.id]
        assert body["witnessed"]["number"] == office.witness.id
        assert body["methods"][0]["level"] == "P-5"
        assert body["corrections"] == [{"text": "实为 85 份", "reason": "复点后更正"}]
    view = list_register(office.app, office.officer)
    assert view.check.broken_at is None
    assert entry.serial in register_csv(view)
    local = entry.issued_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    assert local.endswith("+08:00")
    assert local in register_csv(view)


def test_its_bundle_holds_offline_and_a_certificate_changed_in_it_shows(office: Any) -> None:
    number = office.approved()
    office.evidenced(number)
    entry = certify_destruction(office.app, office.second, number)
    made, key = export_destruction(office.app, office.officer, number), office.app.signer.public_key
    checked = check_bundle(made.data, key)
    assert (checked.stated["number"], checked.stated["serial"]) == (number, entry.serial)
    assert {"approvals.csv", f"certificates/{entry.serial}.json"} <= set(checked.members)
    assert office.first.id.encode() in checked.members["approvals.csv"]
    listed = {one["name"]: one["sha256"] for one in checked.stated["files"]}
    kept = read_destruction(office.app, office.officer, number).dossier.evidence
    assert kept
    assert listed["evidence/001"] == kept[0].sha256
    with pytest.raises(BadSignature):
        check_bundle(made.data.replace(b"approvals.csv", b"approvalz.csv"), key)


def test_a_page_changed_around_a_true_statement_does_not_pass(office: Any) -> None:
    number = office.approved()
    office.evidenced(number)
    entry = certify_destruction(office.app, office.second, number)
    pdf = read_destruction_certificate(office.app, office.officer, entry.serial).pdf
    key = office.app.signer.public_key
    sign = entry.serial.encode().hex().encode()
    assert sign in pdf
    forged = pdf.replace(sign, b"DC-2026-09999".hex().encode())
    with pytest.raises(BadSignature):
        verify_destruction_certificate(forged, key)
    with pytest.raises(BadSignature):
        verify_destruction_certificate(entry.text.replace("86", "68").encode(), key)
    with pytest.raises(BadSignature):
        verify_destruction_certificate(b"%PDF-1.7 nothing", key)


def test_a_fact_that_was_missing_is_given_and_the_decision_made_anew(office: Any) -> None:
    made = request_destruction(office.app, office.requester, "2021年解约客户的身份证复印件86份")
    number = made.ticket.id
    assert made.decision.status is Status.NEEDS_FACT
    with pytest.raises(NotLawfulYet):
        appraise_destruction(office.app, office.officer, number, media=["paper"])
    for wrong in (
        {"holder": "bank"},
        {"relationship_ended": "2021年"},
        {"inpatient": "maybe"},
        {"x": "y"},
        {},
    ):
        with pytest.raises(BadInput):
            state_facts(office.app, office.requester, number, given=wrong)
    with pytest.raises(TicketNotFound):
        state_facts(office.app, office.witness, number, given={"holder": "company"})
    given = {"holder": "company", "relationship_ended": "2021-12-31"}
    done = state_facts(office.app, office.requester, number, given=given)
    assert done.decision.status is Status.MUST_DELETE
    assert done.ticket.facts["status"] == "must_delete"
    assert timeline(office, number)[-1].what == "destruction:facts_stated"
    appraise_destruction(office.app, office.officer, number, media=["paper"])
    with pytest.raises(MoveNotAllowed):
        state_facts(office.app, office.officer, number, given={"holder": "financial"})


def test_each_certificate_names_the_hash_of_the_one_before(office: Any) -> None:
    entries = []
    for _ in range(2):
        number = office.approved()
        office.evidenced(number)
        entries.append(certify_destruction(office.app, office.second, number))
    assert entries[1].body["register"] == {"number": 2, "previous": entries[0].hash}


def test_the_program_erases_files_and_keys_and_says_what_it_did(
    office: Any, tmp_path: Path
) -> None:
    file = tmp_path / "周明轩-身份证.txt"
    file.write_text("姓名:周明轩", encoding="utf-8")
    open_case(office.app, office.officer, "清和-注销", client="清和")
    number = office.approved(files=(file,), keys=("清和",))
    done = carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    assert not file.exists()
    assert list(tmp_path.glob("*.txt")) == []
    results = {one.name[:2]: one.details for one in done.dossier.erased}
    assert results["fi"]["overwritten"] is True
    assert results["fi"]["other_links"] == 0
    assert str(results["K-"]["certificate"]).startswith("CE-")
    with office.app.database.reading() as session, pytest.raises(NotFound):
        office.app.vault.client_id_of(session, "清和")
    assert "周明轩" not in repr(done.ticket) + repr([e.details for e in timeline(office, number)])


@pytest.mark.both_engines
def test_a_dry_run_checks_all_of_it_and_destroys_nothing(office: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("姓名:周明轩", encoding="utf-8")
    open_case(office.app, office.officer, "清和-注销", client="清和")
    number = office.approved(files=(file,), keys=("清和",))
    before = timeline(office, number)

    def tried(person: Person, witness: str) -> Destruction:
        return carry_out_destruction(office.app, person, number, witness=witness, dry_run=True)

    found = tried(office.first, office.witness.id)
    assert sorted(one.kind for one in found.dossier.waiting) == ["file", "key"]
    assert file.exists()
    assert (office.state(number), timeline(office, number)) == (State.APPROVED, before)
    with office.app.database.reading() as session:
        assert office.app.vault.client_id_of(session, "清和")
        actions = [one.action for one in latest_events(session, 4)]
        assert "destruction:carrying_out_tried" in actions
        assert "destruction:carried_out" not in actions
    for person, witness, wrong in (
        (office.officer, office.witness.id, NotPermitted),
        (office.first, office.first.id, SamePerson),
        (office.first, "P-nobody", NotFound),
    ):
        with pytest.raises(wrong):
            tried(person, witness)
    file.write_text("something else", encoding="utf-8")
    with pytest.raises(Conflict):
        tried(office.first, office.witness.id)


def test_an_officer_without_the_permission_cannot_destroy_keys(office: Any) -> None:
    open_case(office.app, office.officer, "清和-注销", client="清和")
    number = office.approved(keys=("清和",))
    with pytest.raises(NotPermitted):
        carry_out_destruction(office.app, office.officer, number, witness=office.witness.id)
    assert office.state(number) is State.APPROVED


def test_cut_short_between_two_files_nothing_is_lost_and_the_rest_follows(
    office: Any, tmp_path: Path
) -> None:
    files = tuple(tmp_path / f"{n}.bin" for n in range(3))
    for file in files:
        file.write_bytes(b"content of " + file.name.encode())
    number = office.approved(files=files)

    def erase_and_die(path: Path) -> Mapping[str, Json]:
        done = erase_file(path)
        if path == files[1]:  # erased, but not on record yet
            raise SystemExit(9)
        return done

    with pytest.raises(SystemExit):
        carry_out_destruction(
            office.app, office.first, number, witness=office.witness.id, erase=erase_and_die
        )
    assert [file.exists() for file in files] == [False, False, True]
    witness_destruction(office.app, office.witness, number)
    with pytest.raises(StepMissing):
        close_evidence(office.app, office.officer, number)
    done = carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    assert [one.details["result"] for one in done.dossier.erased] == ["erased", "gone", "erased"]
    assert close_evidence(office.app, office.officer, number).ticket.state is State.EVIDENCED


def test_a_hold_between_two_files_stops_the_rest(office: Any, tmp_path: Path) -> None:
    files = tuple(tmp_path / f"{n}.bin" for n in range(2))
    for file in files:
        file.write_bytes(file.name.encode())
    number = office.approved(files=files)

    def die(_path: Path) -> Mapping[str, Json]:
        raise SystemExit(9)

    with pytest.raises(SystemExit):
        carry_out_destruction(
            office.app, office.first, number, witness=office.witness.id, erase=die
        )
    hold_destruction(office.app, office.second, number, reason="法院要求保全")
    with pytest.raises(OnHold):
        carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    assert all(file.exists() for file in files)
    release_destruction(office.app, office.second, number, reason="保全已解除，裁定书")
    assert office.state(number) is State.CARRIED_OUT


def test_a_file_changed_after_approval_is_not_erased(office: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"as approved")
    number = office.approved(files=(file,))
    file.write_bytes(b"something else")
    with pytest.raises(Conflict):
        carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    assert file.read_bytes() == b"something else"
    assert office.state(number) is State.APPROVED


def test_links_folders_and_our_own_files_are_no_targets(office: Any, tmp_path: Path) -> None:
    file, link = tmp_path / "a.bin", tmp_path / "link"
    file.write_bytes(b"a")
    link.symlink_to(file)
    number = office.request()
    ours = office.app.settings.home / "keys" / "master.key"
    for target in (link, tmp_path, tmp_path / "absent", ours):
        with pytest.raises(BadInput):
            appraise_destruction(office.app, office.officer, number, media=[], files=(target,))
    assert ours.exists()


def test_notice_waits_its_days_and_the_last_of_them_too(office: Any) -> None:
    number = office.request()
    appraise_destruction(office.app, office.officer, number, media=["paper"])
    with pytest.raises(StepMissing):
        close_notice(office.app, office.officer, number)
    give_notice(office.app, office.officer, number, clients=86, channel="挂号信", wait_days=15)
    office.clock.pass_days(15)
    with pytest.raises(StepMissing):
        close_notice(office.app, office.officer, number)
    office.clock.pass_days(1)
    assert close_notice(office.app, office.officer, number).ticket.state is State.NOTIFIED


def test_who_chose_return_is_served_before_anything_goes(office: Any) -> None:
    number = office.approved()
    record_choice(office.app, office.officer, number, client="K-07", choice=Choice.RETURN)
    with pytest.raises(StepMissing):
        carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    record_choice(
        office.app, office.officer, number, client="K-07", choice=Choice.RETURN, done=True
    )
    done = carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    assert done.ticket.state is State.CARRIED_OUT


def test_two_clients_typed_by_name_are_never_taken_for_one(office: Any) -> None:
    number = office.approved()
    for name in ("王明轩", "李晓雨"):
        with pytest.raises(BadInput) as refused:
            record_choice(office.app, office.officer, number, client=name, choice=Choice.RETURN)
        assert name not in str(refused.value)


def test_a_backup_counts_once_it_is_read_back_whole(office: Any) -> None:
    number = office.noticed()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "content" * 100)
    whole = packed.getvalue()
    damaged = whole.replace(b"contentcontent", b"contentc0ntent", 1)
    for data, stated in ((whole, "0" * 64), (damaged, None), (b"", None)):
        digest = stated or hashlib.sha256(data).hexdigest()
        with pytest.raises(Conflict):
            record_backup(
                office.app, office.officer, number, io.BytesIO(data), expected_sha256=digest
            )
    digest = hashlib.sha256(whole).hexdigest()
    done = record_backup(
        office.app, office.officer, number, io.BytesIO(whole), expected_sha256=digest
    )
    assert done.dossier.backup is not None
    assert done.dossier.backup.sha256 == digest


def test_the_law_is_asked_again_on_the_day_of_approval(office: Any) -> None:
    # The contract ends in the future: nothing may even be appraised before.
    number = office.request(ended=date(2026, 12, 1))
    with pytest.raises(NotLawfulYet):
        appraise_destruction(office.app, office.officer, number, media=["paper"])
    office.clock.pass_days(30)
    done = appraise_destruction(office.app, office.officer, number, media=["paper"])
    assert done.ticket.state is State.APPRAISED


def test_separation_holds_in_the_rules(office: Any, administrator: Person) -> None:
    number = office.noticed()
    with pytest.raises(NotPermitted):
        approve_destruction(office.app, office.requester, number)
    approve_destruction(office.app, office.first, number)
    with pytest.raises(SamePerson):
        approve_destruction(office.app, office.first, number)
    with pytest.raises(MoveNotAllowed):
        carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    own = replace(office, requester=administrator).noticed()
    with pytest.raises(SamePerson):
        approve_destruction(office.app, administrator, own)


def test_a_witness_is_another_person_and_speaks_in_person(office: Any) -> None:
    number = office.approved()
    with pytest.raises(SamePerson):
        carry_out_destruction(office.app, office.first, number, witness=office.first.id)
    with pytest.raises(NotFound):
        carry_out_destruction(office.app, office.first, number, witness="P-nobody")
    carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    with pytest.raises(SamePerson):
        witness_destruction(office.app, office.second, number)


def test_no_certificate_while_a_place_is_unanswered(office: Any) -> None:
    number = office.approved()
    office.evidenced(number)
    other = office.approved()
    carry_out_destruction(office.app, office.first, other, witness=office.witness.id)
    witness_destruction(office.app, office.witness, other)
    with pytest.raises(StepMissing):  # paper went, but no photograph
        close_evidence(office.app, office.officer, other)
    for _ in range(2):  # the same photograph once
        add_destruction_evidence(office.app, office.officer, other, b"photo", what="照片")
    done = close_evidence(office.app, office.officer, other)
    assert len(done.dossier.evidence) == 1
    with pytest.raises(StepMissing, match="backups"):
        certify_destruction(office.app, office.second, other)
    with pytest.raises(SamePerson):
        certify_destruction(office.app, office.first, number)


def test_what_comes_with_a_refused_completion_is_not_kept(office: Any) -> None:
    number = office.approved()
    carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    files, officer = [b"photo", b"receipt"], office.officer
    with pytest.raises(StepMissing):  # the witness has not confirmed
        close_evidence(office.app, officer, number, untrusted_files=files, what="照片")
    assert read_destruction(office.app, officer, number).dossier.evidence == ()
    witness_destruction(office.app, office.witness, number)
    done = close_evidence(office.app, officer, number, untrusted_files=files, what="照片")
    assert (done.ticket.state, len(done.dossier.evidence)) == (State.EVIDENCED, 2)


@pytest.mark.parametrize(
    ("place", "outcome", "days"),
    [
        ("backups", Settled.EXPIRES, None),
        ("backups", Settled.EXPIRES, -1),
        ("backups", Settled.DESTROYED, 1),
        ("originals", Settled.EXPIRES, 1),
        ("nowhere", Settled.NONE, None),
    ],
)
def test_an_answer_about_a_place_must_make_sense(
    office: Any, place: str, outcome: Settled, days: int | None
) -> None:
    number = office.approved()
    carry_out_destruction(office.app, office.first, number, witness=office.witness.id)
    until = None if days is None else office.app.today() + timedelta(days=days)
    with pytest.raises(BadInput):
        settle_place(
            office.app, office.officer, number, place=place, outcome=outcome, until=until,
            note="确认函",
        )  # fmt: skip


def test_what_is_under_dispute_when_requested_is_blocked_until_released(office: Any) -> None:
    made = request_destruction(
        office.app,
        office.requester,
        "2021年解约客户的身份证复印件",
        record_kind=RecordKind.IDENTITY_COPY,
        holder=HolderType.COMPANY,
        dates={StartEvent.RELATIONSHIP_ENDED: date(2021, 6, 30)},
        dispute=True,
    )
    assert made.ticket.state is State.BLOCKED
    with pytest.raises(OnHold):
        appraise_destruction(office.app, office.officer, made.ticket.id, media=["paper"])
    done = release_destruction(office.app, office.second, made.ticket.id, reason="争议已和解")
    assert done.ticket.state is State.REQUESTED


def test_a_hold_takes_the_approvals_back(office: Any) -> None:
    number = office.approved()
    held = hold_destruction(office.app, office.second, number, reason="监管检查")
    assert held.ticket.approvals == ()
    freed = release_destruction(office.app, office.second, number, reason="检查已结束")
    assert freed.ticket.state is State.NOTIFIED
    approve_destruction(office.app, office.first, number)
    assert approve_destruction(office.app, office.second, number).ticket.state is State.APPROVED


def test_others_see_no_destruction_that_is_not_theirs(office: Any) -> None:
    number = office.request()
    assert read_destruction(office.app, office.requester, number).ticket.id == number
    with pytest.raises(TicketNotFound):
        read_destruction(office.app, office.witness, number)


SQL = {
    "the requester approves": (
        "INSERT INTO ticket_approvals (ticket_id, person_id, at)"
        " SELECT id, opened_by, opened_at FROM tickets WHERE id = :t"
    ),
    "approved with one": "UPDATE tickets SET state = 'approved' WHERE id = :t",
    "carried out with one": "UPDATE tickets SET state = 'carried_out' WHERE id = :t",
    "registered at once": "UPDATE tickets SET state = 'registered' WHERE id = :t",
    "another opened it": "UPDATE tickets SET opened_by = 'P-x' WHERE id = :t",
    "opened earlier": "UPDATE tickets SET opened_at = '2020-01-01 00:00:00' WHERE id = :t",
    "an approval given away": "UPDATE ticket_approvals SET person_id = 'P-x'",
    "a line earlier": "UPDATE ticket_events SET at = '2020-01-01 00:00:00'",
    "a line gone": "DELETE FROM ticket_events",
}


@pytest.mark.parametrize("statement", SQL.values(), ids=SQL)
def test_the_database_itself_keeps_the_separation(office: Any, statement: str) -> None:
    number = office.noticed()
    approve_destruction(office.app, office.first, number)
    with pytest.raises(IntegrityError), office.app.database.transaction() as session:
        session.execute(text(statement), {"t": number} if ":t" in statement else {})


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ticket_approvals",
        "UPDATE tickets SET state = 'approved'",
        "DELETE FROM destruction_register",
        "UPDATE destruction_register SET issued_at = '2020-01-01 00:00:00'",
    ],
)
def test_the_database_keeps_what_is_registered(office: Any, statement: str) -> None:
    number = office.approved()
    office.evidenced(number)
    certify_destruction(office.app, office.second, number)
    with pytest.raises(IntegrityError), office.app.database.transaction() as session:
        session.execute(text(statement))


def test_the_database_lets_no_held_order_be_destroyed(office: Any) -> None:
    number = office.approved()
    hold_destruction(office.app, office.second, number, reason="监管检查")
    with pytest.raises(IntegrityError), office.app.database.transaction() as session:
        for person in (office.first, office.second):
            office.app.ticket_store.approve(session, number, person_id=person.id, at=office.clock())
        session.execute(text("UPDATE tickets SET state = 'carried_out'"))


def timeline(office: Any, number: str) -> tuple[object, ...]:
    with office.app.database.reading() as session:
        return office.app.ticket_store.timeline(session, number)


def test_refusals_are_sentences(office: Any) -> None:
    with pytest.raises(ProductError) as refusal:
        approve_destruction(office.app, office.first, "DES-2026-9999")
    assert refusal.value.message.zh


def test_the_certificate_is_read_as_it_was_written_and_its_code_by_a_camera(office: Any) -> None:
    number = office.approved()
    office.evidenced(number)
    entry = certify_destruction(office.app, office.second, number)
    pdf = read_destruction_certificate(office.app, office.officer, entry.serial).pdf
    page, text = pdfium.PdfDocument(pdf)[0], drawn_words(pdf)
    for said in ("信息销毁证明", entry.serial, "身份证复印件86份", "批准（两人）", "P-5"):
        assert said in text
    corner = page.render(scale=4).to_numpy()[: 4 * 170, 4 * 430 :]
    # OpenCV's older reader fails on one code in three hundred, however well it is drawn.
    code, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(corner)
    assert entry.serial in code
    assert entry.hash in code


def test_with_an_address_the_code_is_a_link_that_says_whether_it_stands_in_the_register(
    office: Any,
) -> None:
    settings = office.app.settings.model_copy(update={"public_url": "https://kehu.example.cn/"})
    there = replace(office, app=replace(office.app, settings=settings))
    number = there.approved()
    there.evidenced(number)
    entry = certify_destruction(there.app, there.second, number)
    pdf = read_destruction_certificate(there.app, there.officer, entry.serial).pdf
    verify_destruction_certificate(pdf, there.app.signer.public_key)
    corner = pdfium.PdfDocument(pdf)[0].render(scale=4).to_numpy()[: 4 * 170, 4 * 430 :]
    link, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(corner)
    assert link.startswith("https://kehu.example.cn/certificates/DC-")
    web = create_web(there.app, hosts=["kehu.example.cn"])
    browser = TestClient(web, base_url="https://kehu.example.cn")
    page = browser.get(link)
    assert page.status_code == 200
    assert "登记簿中有这份证明" in page.text
    assert entry.hash in page.text
    assert "86份" not in page.text
    wrong = link[:-1] + ("0" if link[-1] != "0" else "1")
    for other in (wrong, link.partition("?")[0], link.replace("DC-", "DC-9")):
        refused = browser.get(other)
        assert (refused.status_code, "登记簿中没有这份证明" in refused.text) == (404, True)


def test_a_destruction_takes_clients_and_channel_from_its_notice(
    office: Any, notice_desk: Any
) -> None:
    number = office.request()
    appraise_destruction(office.app, office.officer, number, media=["paper"])
    given = {"notice": "N-2026-0001", "wait_days": 1}
    with pytest.raises(NotFound):
        give_notice(office.app, office.officer, number, **given)
    desk = replace(notice_desk, app=replace(notice_desk.app, clock=office.clock))
    wish = desk.wish(NoticeKind.DESTRUCTION, reply_by="2026-12-20")
    people = [Addressee("周明轩", address="杭州 1 号"), Addressee("苏念", address="杭州 2 号")]
    assert desk.approved(*people, wish=replace(wish, ticket_id=number)) == "N-2026-0001"
    send_notice(desk.app, desk.writer, "N-2026-0001")
    for copy in ("0001", "0002"):
        with pytest.raises(StepMissing, match="没有发出"):
            give_notice(office.app, office.officer, number, **given)
        record_posted(desk.app, desk.writer, f"N-2026-0001-{copy}", reference="XA12345678933")
    told = give_notice(office.app, office.officer, number, **given).dossier.notice
    assert (told.clients, told.channel) == (2, "N-2026-0001：纸质信函 2")
    assert told.wait_until == date(2026, 12, 20)


def test_a_notice_of_another_kind_or_ticket_is_no_notice_of_the_destruction(
    office: Any, notice_desk: Any
) -> None:
    number = office.request()
    appraise_destruction(office.app, office.officer, number, media=["paper"])
    notice_desk.written()
    with pytest.raises(BadInput, match="不是这次销毁"):
        give_notice(office.app, office.officer, number, notice="N-2026-0001")
