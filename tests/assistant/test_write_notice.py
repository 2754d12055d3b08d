"""Two people who did not write it approve exactly what goes out, and the database insists on it."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assistant.notices.send_notice import send_notice
from assistant.notices.view import (
    ledger_csv,
    list_notices,
    notice_letter,
    notice_letters,
    preview_notice,
    read_notice,
)
from assistant.notices.write_notice import (
    add_addressee,
    address_notice,
    approve_notice,
    revise_notice,
    write_notice,
)
from records.errors import BadInput, Conflict, ProductError, Unavailable
from records.people import Person
from tickets.errors import MoveNotAllowed, SamePerson, StepMissing
from tickets.notices.data import Addressee, NoticeKind, Tongue, notice_rules
from tickets.notices.records import Wish

ELEMENTS = [
    key for key, one in notice_rules(NoticeKind.TRANSFER).elements.items() if not one.optional
]
TABLE = "姓名,邮箱,地址\n周明轩,zhou@client.example,\n苏念,,杭州 1 号".encode()


def test_a_batch_of_one_notice_is_made_in_one_call(notice_desk: Any) -> None:
    people = [Addressee(f"客户{n}", mail=f"c{n}@client.example") for n in range(50)]
    made = write_notice(notice_desk.app, notice_desk.writer, notice_desk.wish(), people)
    assert (made.summary.number, made.summary.clients) == ("N-2026-0001", 50)
    assert made.missing == ()
    assert made.deliveries[-1].key == "N-2026-0001-0050"


@pytest.mark.parametrize("left_out", ELEMENTS)
def test_each_missing_element_blocks_approval_and_sending_by_name(
    notice_desk: Any, left_out: str
) -> None:
    desk, wish = notice_desk, notice_desk.wish()
    less = replace(wish, given={k: v for k, v in wish.given.items() if k != left_out})
    number = desk.written(wish=less)
    name = notice_rules(NoticeKind.TRANSFER).elements[left_out].name.zh
    with pytest.raises(StepMissing, match=name):
        approve_notice(desk.app, desk.first, number, revision=1)
    with pytest.raises(StepMissing, match=name):
        send_notice(desk.app, desk.writer, number)


def test_an_edit_after_approval_voids_it_even_when_taken_back(notice_desk: Any) -> None:
    desk = notice_desk
    number, wish = desk.approved(), desk.wish()
    for reason in ("分立", wish.given["reason"]):
        revise_notice(desk.app, desk.writer, number, given={**wish.given, "reason": reason})
    assert read_notice(desk.app, desk.writer, number).summary.approvals == ()
    with pytest.raises(StepMissing, match="还需 2 人批准"):
        send_notice(desk.app, desk.writer, number)
    with pytest.raises(Conflict, match="第 3 版"):
        approve_notice(desk.app, desk.first, number, revision=1)
    approve_notice(desk.app, desk.first, number, revision=3)
    approve_notice(desk.app, desk.second, number, revision=3)
    send_notice(desk.app, desk.writer, number)


def test_a_client_added_after_approval_voids_it(notice_desk: Any) -> None:
    desk, number = notice_desk, notice_desk.approved()
    one = Addressee("何清", mail="he@client.example")
    view = add_addressee(desk.app, desk.writer, number, one)
    assert (view.summary.clients, view.summary.approvals) == (3, ())
    with pytest.raises(Conflict):
        add_addressee(desk.app, desk.writer, number, one)


def test_whoever_edited_it_cannot_approve_it(notice_desk: Any, administrator: Person) -> None:
    desk = notice_desk
    number, wish = desk.written(), desk.wish()
    revise_notice(desk.app, administrator, number, given=wish.given)
    for person in (desk.writer, administrator):
        with pytest.raises(SamePerson):
            approve_notice(desk.app, person, number, revision=2)
    approve_notice(desk.app, desk.first, number, revision=2)
    with pytest.raises(SamePerson):
        approve_notice(desk.app, desk.first, number, revision=2)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["approve", "edit"]), st.integers(0, 3)), max_size=7)
)
def test_nothing_is_released_without_two_approvers_who_wrote_none_of_it(
    notice_desk: Any, administrator: Person, steps: list[tuple[str, int]]
) -> None:
    desk, wish = notice_desk, notice_desk.wish()
    people = (replace(administrator, id=desk.writer.id), desk.first, desk.second, administrator)
    number, revision = desk.written(), 1
    writers, approvers = {desk.writer.id}, set[str]()
    for what, who in steps:
        person = replace(administrator, id=people[who].id)
        if what == "edit":
            revise_notice(desk.app, person, number, given=wish.given)
            revision, approvers = revision + 1, set()
            writers.add(person.id)
            continue
        try:
            approve_notice(desk.app, person, number, revision=revision)
            approvers.add(person.id)
        except SamePerson:
            assert person.id in writers | approvers
    try:
        send_notice(desk.app, desk.writer, number)
        released = True
    except StepMissing:
        released = False
    assert released == (len(approvers - writers) >= 2)


SQL = [
    "UPDATE notices SET state = 'released'",
    "INSERT INTO notice_approvals (notice_id, person_id, sha256, at)"
    " SELECT id, written_by, sha256, written_at FROM notices",
    "INSERT INTO notice_approvals (notice_id, person_id, sha256, at)"
    " SELECT id, 'P-x', 'other', written_at FROM notices",
    "UPDATE notice_deliveries SET state = 'begun'",
    "UPDATE notice_deliveries SET state = 'sent'",
    "UPDATE notice_deliveries SET digest = 'x'",
    "UPDATE notice_versions SET person_id = 'P-x'",
    "DELETE FROM notice_versions",
    "UPDATE notices SET written_by = 'P-x'",
    "UPDATE notices SET drill = NOT drill",
]


@pytest.mark.both_engines
@pytest.mark.parametrize("statement", SQL)
def test_the_database_itself_refuses_what_skips_the_rules(notice_desk: Any, statement: str) -> None:
    notice_desk.written()
    with (
        pytest.raises(IntegrityError),
        notice_desk.app.database.transaction() as session,
    ):
        session.execute(text(statement))


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM notice_approvals",
        "UPDATE notices SET sha256 = 'x'",
        "UPDATE notices SET state = 'draft'",
        "DELETE FROM notice_deliveries",
        "UPDATE notice_deliveries SET state = 'uncertain'",
        "UPDATE notice_deliveries SET sealed = :other",
    ],
)
def test_what_was_released_is_never_rewritten(notice_desk: Any, statement: str) -> None:
    notice_desk.released()
    with (
        pytest.raises(IntegrityError),
        notice_desk.app.database.transaction() as session,
    ):
        session.execute(text(statement), {"other": b"x"} if ":other" in statement else {})


def test_a_drill_is_approved_and_never_sent(notice_desk: Any) -> None:
    desk = notice_desk
    number = desk.approved(wish=replace(desk.wish(), drill=True))
    with pytest.raises(MoveNotAllowed, match="演练"):
        send_notice(desk.app, desk.writer, number)
    with pytest.raises(IntegrityError), desk.app.database.transaction() as session:
        session.execute(text("UPDATE notices SET state = 'released'"))
    name, data = notice_letter(desk.app, desk.writer, f"{number}-0001")
    assert "演练" in PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert name == "N-2026-0001-0001.pdf"


def test_a_drill_says_so_before_it_has_any_client(notice_desk: Any) -> None:
    desk, wish = notice_desk, replace(notice_desk.wish(), drill=True)
    number = write_notice(desk.app, desk.writer, wish).summary.number
    (letter,) = preview_notice(desk.app, desk.writer, number).letters
    assert letter.text().startswith("【演练")


def test_without_a_sender_mails_are_not_released(notice_desk: Any) -> None:
    desk, number = notice_desk, notice_desk.approved()
    bare = replace(desk.app, settings=desk.app.settings.model_copy(update={"notice_outbox": None}))
    with pytest.raises(Unavailable, match="COMPLIANCE_NOTICE_OUTBOX"):
        send_notice(bare, desk.writer, number)


def test_a_table_with_a_bad_row_changes_nothing(notice_desk: Any) -> None:
    desk, number = notice_desk, notice_desk.written()
    bad = TABLE + "\n何清,no-mail,".encode()
    done = address_notice(desk.app, desk.writer, number, bad, "a.csv")
    assert [one.row for one in done.table.problems] == [4]
    assert done.notice.summary.revision == 1
    done = address_notice(desk.app, desk.writer, number, TABLE, "a.csv")
    assert (done.notice.summary.revision, done.notice.summary.clients) == (2, 2)


def test_clients_are_sealed_and_stand_in_no_audit_event(notice_desk: Any) -> None:
    desk = notice_desk
    number = desk.released(Addressee("周明轩", mail="zhou@client.example", address="某路 7 号"))
    preview_notice(desk.app, desk.writer, number)
    with desk.app.database.engine.connect() as connection:
        dump = "".join(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]
    assert number in dump
    for secret in ("周明轩", "zhou@client", "某路", "内容reason"):
        assert secret not in dump
        assert secret.encode().hex().upper() not in dump.upper()


@pytest.mark.parametrize("word", [False, True])
def test_every_letter_is_in_the_zip_and_reads_back(notice_desk: Any, word: bool) -> None:
    desk = notice_desk
    clients = (
        Addressee('=HYPERLINK("http://x.example")', address="@某路 1 号"),
        Addressee("𠮷田 <b>{{ 7*7 }}</b>", mail="yoshida@client.example", tongue=Tongue.BOTH),
    )
    number = desk.written(*clients)
    data = notice_letters(desk.app, desk.writer, number, word=word)
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        names = sorted(made.namelist())
        index = made.read("index.csv").decode("utf-8-sig")
        texts = [_read(name, made.read(name)) for name in names if name != "index.csv"]
    ending = "docx" if word else "pdf"
    assert names == [f"{number}-0001.{ending}", f"{number}-0002.docx", "index.csv"]
    assert "\"'=HYPERLINK" in index
    assert "'@某路" in index
    for client, said in zip(clients, texts, strict=True):
        assert "".join(client.name.split()) in said
        assert "未经批准，不得发送" in said
        assert "内容recipient_name" in said
    assert "Noticeoftransfer" in texts[1]


def _read(name: str, data: bytes) -> str:
    """What a second parser reads, blanks taken out."""
    if name.endswith(".pdf"):
        found = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    else:
        document = Document(io.BytesIO(data))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        paragraphs = [one.text for one in document.paragraphs]
        head = [one.text for one in document.sections[0].header.paragraphs]
        found = "".join(head + paragraphs + cells)
    return "".join(found.split())


def test_a_notice_is_tied_to_its_ticket_and_noted_there(
    notice_desk: Any, administrator: Person, office: Any
) -> None:
    desk, number = notice_desk, office.request()
    wish = replace(desk.wish(), ticket_id=number.lower())
    made = write_notice(desk.app, desk.writer, wish)
    assert made.summary.ticket_id == number
    assert [one.number for one in list_notices(desk.app, desk.writer, number)] == ["N-2026-0001"]
    with desk.app.database.reading() as session:
        told = desk.app.ticket_store.timeline(session, number)[-1]
    assert (told.what, told.details["notice"]) == ("notice:written", "N-2026-0001")
    with pytest.raises(ProductError):
        write_notice(desk.app, desk.writer, replace(wish, ticket_id="DES-2026-9999"))


def test_one_typed_by_hand_is_held_to_the_rules_of_a_row(notice_desk: Any) -> None:
    desk, number = notice_desk, notice_desk.written()
    with pytest.raises(BadInput, match="邮箱写法不对"):
        add_addressee(desk.app, desk.writer, number, Addressee("何清", mail="a@b"))
    with pytest.raises(BadInput, match="收件人"):
        write_notice(
            desk.app, desk.writer, Wish(NoticeKind.SHARING), [Addressee("", mail="a@b.cd")]
        )


def test_the_ledger_as_a_table_holds_no_client(notice_desk: Any) -> None:
    desk, number = notice_desk, notice_desk.released()
    made = ledger_csv(read_notice(desk.app, desk.writer, number)).decode("utf-8-sig")
    assert made.startswith("编号 number")
    assert "周明轩" not in made
