"""Register entries by their verbs: who sees and does what, what stays on record, what is exported."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from sqlalchemy import text

from assistant.app import App, build
from assistant.incidents.report_incident import report_incident
from assistant.notifiers import Notice
from assistant.overview import overview
from assistant.registers.export_entries import ExportForm, export_entries
from assistant.registers.read_registers import (
    draft_reply,
    list_entries,
    read_entry,
    read_evidence,
    register_overview,
)
from assistant.registers.work_register import (
    amend_entry,
    approve_entry,
    attach_evidence,
    move_entry,
    open_entry,
)
from assistant.registers.yearly_report import ReportForm, summary, yearly_report
from assistant.registers.yearly_review import yearly_review
from assistant.remind import send_reminders
from records.audit import latest_events
from records.data_files import BadDataFile
from records.errors import BadInput, Conflict, NotPermitted
from records.language import Language
from records.people import Person, Role
from tickets.errors import MoveNotAllowed, StepMissing, TicketNotFound

People = Callable[..., Person]


class Letterbox:
    """A channel that keeps what it takes."""

    name = "mail"

    def __init__(self) -> None:
        self.taken: list[Notice] = []

    def send(self, notice: Notice) -> None:
        self.taken.append(notice)


def example(app: App, kind: str, person: Person, **more: Any) -> dict[str, Any]:
    """The kind's own example with a person who exists."""
    values = {**app.kinds[kind].example, **more}
    return {name: person.id if value == "PERSON" else value for name, value in values.items()}


def test_every_kind_opens_from_its_example(app: App, administrator: Person) -> None:
    for name in app.kinds:
        entry = open_entry(app, administrator, name, example(app, name, administrator))
        view = read_entry(app, administrator, entry.id)
        assert view.shown.title.zh
        assert view.shown.title.en
    tallies = register_overview(app, administrator)
    assert [one.open for one in tallies] == [1] * len(app.kinds)


def test_a_person_sees_their_own_entry_and_no_other(app: App, person_with: People) -> None:
    one, other, officer = person_with(), person_with(), person_with(Role.OFFICER)
    number = open_entry(app, one, "dispute", example(app, "dispute", one)).id
    assert read_entry(app, one, number).shown.entry.id == number
    assert [row.shown.entry.id for row in list_entries(app, officer, "dispute")] == [number]
    assert list_entries(app, other, "dispute") == ()
    for attempt in (
        lambda: read_entry(app, other, number),
        lambda: move_entry(app, other, number, "talking"),
        lambda: amend_entry(app, other, number, {}, reason="看看"),
        lambda: approve_entry(app, other, number),
    ):
        with pytest.raises(TicketNotFound):
            attempt()
    with pytest.raises(NotPermitted):
        export_entries(app, other, "dispute")


def test_an_owner_sees_and_finishes_what_is_theirs(app: App, person_with: People) -> None:
    owner, officer = person_with(), person_with(Role.OFFICER)
    values = example(app, "action", owner)
    number = open_entry(app, officer, "action", values).id
    amend_entry(app, owner, number, {"done_how": "全部启用"}, reason="完成")
    assert move_entry(app, owner, number, "done").state == "done"
    with pytest.raises(NotPermitted):
        approve_entry(app, owner, number)


def test_what_people_type_is_masked_and_what_is_sealed_is_for_those_who_work_on_it(
    app: App, person_with: People
) -> None:
    officer, auditor = person_with(Role.OFFICER), person_with(Role.AUDITOR)
    employee = person_with()
    values = example(app, "rights_request", employee)
    values |= {"requester": "周明轩 13800138000", "request": "身份证330106199003070011，要复制"}
    number = open_entry(app, employee, "rights_request", values).id
    amend_entry(
        app, officer, number, {"requester": "周明轩 13900139000"}, reason="周明轩13900139000来电"
    )
    seen = read_entry(app, officer, number).shown.shown
    assert seen["requester"].zh == "周明轩 13900139000"
    assert read_entry(app, auditor, number).shown.shown["requester"].zh == "（密存）"
    draft = draft_reply(app, officer, number, "receipt")
    assert "周明轩 13900139000" in draft.zh
    amend_entry(app, officer, number, {"identity_method": "回拨预留电话"}, reason="核实")
    assert read_entry(app, officer, number).shown.entry.values["identity_method"] == "callback"
    assert move_entry(app, officer, number, "verified").state == "verified"
    ahead = {one.to: wants.zh for one, wants in read_entry(app, officer, number).later}
    assert ahead["refusal"] == "“处理结果”须为“不予办理”"
    assert "answered" in ahead
    assert not read_entry(app, auditor, number).later
    with pytest.raises(Conflict) as lacking:
        draft_reply(app, officer, number, "reply")
    assert lacking.value.message.zh == "草稿还缺内容：处理结果、答复内容。请先填写。"
    with pytest.raises(MoveNotAllowed) as early:
        move_entry(app, officer, number, "refusal")
    assert "“处理结果”须为“不予办理”" in early.value.message.zh
    assert "(outcome) must be refused" in early.value.message.en
    with pytest.raises(NotPermitted):
        draft_reply(app, auditor, number, "receipt")
    with app.database.reading() as session:
        tables = ("tickets", "ticket_events", "audit_events", "ticket_deadlines")
        kept = "".join(
            str(row) for t in tables for row in session.execute(text(f"SELECT * FROM {t}"))
        )
    for secret in ("13800138000", "13900139000", "330106199003070011", "周明轩"):
        assert secret not in kept
        for form in ExportForm:
            assert secret.encode() not in export_entries(app, officer, "rights_request", form).data


def test_a_correction_keeps_what_stood_there_and_why(app: App, person_with: People) -> None:
    officer = person_with(Role.OFFICER)
    number = open_entry(app, officer, "risk", example(app, "risk", officer)).id
    amend_entry(app, officer, number, {"area": "storage"}, reason="核对现场")
    (line,) = [e for e in read_entry(app, officer, number).timeline if e.what == "entry:amended"]
    assert line.details == {
        "changes": {"area": {"from": "access", "to": "storage"}},
        "text": "核对现场",
    }
    assert line.at == app.clock()
    with pytest.raises(BadInput):
        amend_entry(app, officer, number, {"area": "storage"}, reason="  ")


@pytest.mark.parametrize(
    ("kind", "values", "named"),
    [
        ("risk", {"area": "moon"}, "Where"),
        ("risk", {"flaw": "perhaps"}, "flaw"),
        ("risk", {"owner": "P-nobody"}, "Owner"),
        ("risk", {"action": "RK-2026-0001"}, "Remedial action"),
        ("risk", {"review_on": "2026-13-01"}, "Review on"),
        ("risk", {"proof": "x"}, "Evidence"),
        ("risk", {"nothing": "x"}, "no such field"),
        ("dispute", {"received_at": "2026-12-01T09:00"}, "Received"),  # not in the future
        ("verification", {"every": "0"}, "months"),
        ("improvement", {"law": "个人信息保护法第999条"}, "Article"),
        ("sharing", {"data": ["name", "soul"]}, "Fields given"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_the_name_of_its_field(
    app: App, administrator: Person, kind: str, values: dict[str, Any], named: str
) -> None:
    open_entry(app, administrator, "risk", example(app, "risk", administrator))
    with pytest.raises(BadInput) as refusal:
        open_entry(app, administrator, kind, example(app, kind, administrator, **values))
    assert named in refusal.value.message.en


def test_a_law_is_a_link_when_it_is_in_the_library(app: App, administrator: Person) -> None:
    values = example(app, "improvement", administrator)
    values |= {"subject": "law_update", "law": "个人信息保护法第55条"}
    entry = open_entry(app, administrator, "improvement", values)
    assert entry.values["law"] == "个人信息保护法第55条"


def test_sharing_runs_from_request_over_assessment_to_its_end(
    app: App, person_with: People
) -> None:
    employee, officer = person_with(), person_with(Role.OFFICER)
    approver = person_with(Role.APPROVER)
    number = open_entry(app, employee, "sharing", example(app, "sharing", officer)).id
    assessment = example(app, "impact_assessment", officer)
    assessment |= {
        "lawful": "是",
        "impact": "低",
        "measures": "相称",
        "level": "low",
        "conclusion": "go",
    }
    ia = open_entry(app, officer, "impact_assessment", assessment).id
    amend_entry(app, officer, number, {"assessment": ia, "notice": "已逐一短信告知"}, reason="补充")
    with pytest.raises(StepMissing, match="Contract"):
        move_entry(app, officer, number, "review")
    attach_evidence(app, officer, number, "contract", b"signed", what="合同")
    with pytest.raises(StepMissing, match="Proof of consent"):
        move_entry(app, officer, number, "review")
    attach_evidence(app, officer, number, "consent", b"signed too", what="单独同意书")
    move_entry(app, officer, number, "review")
    with pytest.raises(Conflict, match="impact assessment"):
        approve_entry(app, approver, number)
    move_entry(app, officer, ia, "review")
    approve_entry(app, approver, ia)
    running = approve_entry(app, approver, number)
    assert (running.state, [one.id for one in running.deadlines]) == ("active", ["end"])
    amend_entry(app, officer, number, {"how_ended": "deleted"}, reason="对方确认")
    attach_evidence(app, officer, number, "end_proof", b"letter", what="确认函")
    done = move_entry(app, officer, number, "ended")
    assert done.keep_until
    assert done.keep_until.isoformat() == "2029-11-24"
    name, data = read_evidence(app, officer, number, done.evidence[-1].file_id)
    assert (name, data) == (f"{number}-end_proof-3", b"letter")


def test_a_share_on_another_ground_needs_no_consent_until_the_ground_changes(
    app: App, person_with: People
) -> None:
    officer, approver = person_with(Role.OFFICER), person_with(Role.APPROVER)
    values = example(app, "impact_assessment", officer) | {
        "lawful": "是", "impact": "低", "measures": "相称", "level": "low", "conclusion": "go",
    }  # fmt: skip
    assessment = open_entry(app, officer, "impact_assessment", values).id
    move_entry(app, officer, assessment, "review")
    approve_entry(app, approver, assessment)
    wish = example(app, "sharing", officer, ground="other_basis", basis="个人信息保护法第13条")
    number = open_entry(app, officer, "sharing", wish).id
    told = {"assessment": assessment, "notice": "已逐一短信告知"}
    amend_entry(app, officer, number, told, reason="补充")
    attach_evidence(app, officer, number, "contract", b"signed", what="合同")
    move_entry(app, officer, number, "review")
    amend_entry(app, officer, number, {"ground": "separate_consent"}, reason="须单独同意")
    with pytest.raises(StepMissing, match="Proof of consent"):
        approve_entry(app, approver, number)
    attach_evidence(app, officer, number, "consent", b"signed", what="单独同意书")
    assert approve_entry(app, approver, number).state == "active"


def test_a_recurring_kind_enters_its_next_turn_by_itself(app: App, person_with: People) -> None:
    officer = person_with(Role.OFFICER)
    number = open_entry(app, officer, "verification", example(app, "verification", officer)).id
    told = {"checked": 120, "wrong": "3", "method": "抽查", "result": "corrected"}
    amend_entry(app, officer, number, told, reason="核查结果")
    move_entry(app, officer, number, "done")
    newest, oldest = list_entries(app, officer, "verification")
    assert oldest.closed
    assert newest.shown.entry.values == {
        "scope": "存续客户的联系方式", "owner": officer.id, "every": 6, "due_on": "2027-06-30",
    }  # fmt: skip
    last = read_entry(app, officer, number).timeline[-1]
    assert last.details["next"] == newest.shown.entry.id


def test_a_turn_done_late_does_not_push_the_rhythm_nor_enter_one_that_is_over(
    app: App, person_with: People
) -> None:
    officer = person_with(Role.OFFICER)
    values = example(app, "verification", officer, due_on="2026-03-31")
    number = open_entry(app, officer, "verification", values).id
    told = {"checked": 1, "wrong": 0, "method": "抽查", "result": "good"}
    amend_entry(app, officer, number, told, reason="核查结果")
    move_entry(app, officer, number, "done")
    newest = list_entries(app, officer, "verification")[0].shown.entry
    # 2026-09-30 has passed as well.
    assert newest.values["due_on"] == "2027-03-31"


@pytest.mark.parametrize(
    ("year", "every", "due", "next_year", "next_due"),
    [
        (2025, 12, "2026-01-31", 2026, "2027-01-31"),
        # So late that the next is over, too: it is still entered, for nobody reviewed that year.
        (2023, 12, "2024-01-31", 2024, "2025-01-31"),
        (2025, 24, "2026-01-31", 2027, "2028-01-31"),
    ],
)
def test_the_next_yearly_review_is_of_the_next_year_by_its_rhythm_and_the_owners(
    app: App,
    person_with: People,
    year: int,
    every: int,
    due: str,
    next_year: int,
    next_due: str,
) -> None:
    opener, owner, approver = (person_with(r) for r in (Role.OFFICER, Role.OFFICER, Role.APPROVER))
    values = {"year": year, "every": every, "due_on": due, "owner": owner.id}
    number = open_entry(app, opener, "yearly_review", values).id
    told = {"judged": "有效", "challenges": "人手少", "plans": "多培训"}
    amend_entry(app, owner, number, told, reason="写成")
    move_entry(app, owner, number, "review")
    approve_entry(app, approver, number)
    newest = list_entries(app, owner, "yearly_review")[0].shown.entry
    assert newest.values == {
        "year": next_year, "every": every, "due_on": next_due, "owner": owner.id,
    }  # fmt: skip
    assert newest.opened_by == owner.id
    (line,) = read_entry(app, owner, newest.id).timeline
    assert (line.person_id, line.details) == (approver.id, {"after": number})
    # The approver of one year may approve the next.
    amend_entry(app, owner, newest.id, told, reason="写成")
    move_entry(app, owner, newest.id, "review")
    assert approve_entry(app, approver, newest.id).state == "done"


def test_reminders_of_entries_go_out_once_to_owner_and_role(app: App, person_with: People) -> None:
    owner, officer = person_with(), person_with(Role.OFFICER)
    boss = person_with(Role.ADMINISTRATOR)
    number = open_entry(app, officer, "action", example(app, "action", owner)).id
    box = Letterbox()
    assert send_reminders(app, (box,)) == 1
    assert send_reminders(app, (box,)) == 0
    late = replace(app, clock=lambda: app.clock() + timedelta(days=60))
    assert send_reminders(late, (box,)) == 1
    first, second = box.taken
    assert (first.ticket_id, number in first.title.zh) == (number, True)
    assert {owner.id, officer.id} <= set(first.people)
    assert boss.id not in first.people
    assert boss.id in second.people
    assert "已超时" in second.title.zh
    assert {one.overdue for one in register_overview(late, officer)} == {0, 1}
    (line,) = [one for one in overview(late, officer).lines if "台账" in one.text.zh]
    assert (line.ready, line.text.en) == (False, "Registers: 1 open, 1 overdue")
    amend_entry(late, owner, number, {"done_how": "完成"}, reason="完成")
    move_entry(late, owner, number, "done")
    assert send_reminders(late, (box,)) == 0


def test_the_same_key_opens_one_entry(app: App, person_with: People) -> None:
    officer = person_with(Role.OFFICER)
    values = example(app, "risk", officer)
    numbers = {open_entry(app, officer, "risk", values, key="post-incident-7").id for _ in "ab"}
    assert len(numbers) == 1


def test_no_cell_of_an_export_runs(app: App, person_with: People) -> None:
    officer = person_with(Role.OFFICER)
    evil = '=HYPERLINK("http://x.example","点我")'
    open_entry(app, officer, "risk", example(app, "risk", officer, what=evil))
    rows = list(csv.reader(io.StringIO(
        export_entries(app, officer, "risk", ExportForm.CSV).data.decode("utf-8-sig")
    )))  # fmt: skip
    assert rows[1][6] == f"'{evil}"
    sheet = openpyxl.load_workbook(
        io.BytesIO(export_entries(app, officer, "risk", ExportForm.XLSX).data)
    ).active
    assert (sheet["G2"].value, sheet["G2"].data_type) == (evil, "s")
    body = json.loads(export_entries(app, officer, "risk", ExportForm.JSON).data)
    assert body["entries"][0]["values"]["what"] == evil


def test_tickets_and_entries_do_not_mix(app: App, administrator: Person) -> None:
    from assistant.tickets_view import list_tickets, read_ticket

    incident = report_incident(app, administrator, "笔记本电脑丢了").ticket.id
    number = open_entry(app, administrator, "risk", example(app, "risk", administrator)).id
    assert [one.id for one in list_tickets(app, administrator)] == [incident]
    with pytest.raises(TicketNotFound):
        read_ticket(app, administrator, number)
    with pytest.raises(TicketNotFound):
        read_entry(app, administrator, incident)
    values = example(app, "action", administrator, source="incident", ticket=incident)
    assert open_entry(app, administrator, "action", values).values["ticket"] == incident


OWN = """
id: key_handover
prefix: KH
name: {zh: 钥匙交接, en: Key handover}
about: {zh: 档案室钥匙的交接, en: Keys of the archive}
opens: [employee]
works: [records_officer]
title: [what]
fields:
  - {id: what, name: {zh: 哪把钥匙, en: Which key}, type: text, required: true}
  - {id: back_on, name: {zh: 归还日期, en: Back on}, type: date, required: true}
states:
  - id: out
    name: {zh: 已领用, en: out}
    moves: [{to: back, name: {zh: 已归还, en: back}, approvals: {count: 1, by: [records_officer]}}]
  - {id: back, name: {zh: 已归还, en: back}, final: true}
clocks:
  - id: back
    name: {zh: 归还, en: Give it back}
    recipient: {zh: 领用人, en: whoever has it}
    due: {field: back_on}
    met_by: [back]
    reason: {zh: 公司内部期限。, en: A period of the house.}
keep: {years: 1, reason: {zh: 公司内部期限。, en: A period of the house.}}
"""


def test_one_file_in_the_home_folder_is_a_new_register(app: App, person_with: People) -> None:
    folder = app.settings.home / "kinds"
    folder.mkdir()
    long = "档案室钥匙、门禁卡与保险柜密码信封的领用归还登记台账"
    text = OWN.replace("zh: 钥匙交接,", f"zh: {long},")
    (folder / "key_handover.yaml").write_text(text, encoding="utf-8")
    again = build(app.settings, clock=app.clock, detector=app.detector)
    employee, officer = person_with(), person_with(Role.OFFICER)
    number = open_entry(
        again, employee, "key-handover", {"what": "三号柜", "back_on": "2026-12-01"}
    ).id
    assert number == "KH-2026-0001"
    assert approve_entry(again, officer, number).state == "back"
    assert export_entries(again, officer, "key_handover").entries == 1
    report = yearly_report(again, officer, 2026, ReportForm.PDF)
    read = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(report))
    assert long in read.replace("\r\n", "").replace("\n", "")
    again.close()


def test_a_bad_file_in_the_home_folder_stops_the_start_with_path_and_line(app: App) -> None:
    folder = app.settings.home / "kinds"
    folder.mkdir()
    (folder / "own.yaml").write_text(
        OWN.replace("met_by: [back]", "met_by: [bakc]"), encoding="utf-8"
    )
    line = next(n for n, text in enumerate(OWN.splitlines(), 1) if "met_by" in text)
    with pytest.raises(BadDataFile, match=rf"kinds/own\.yaml:{line}\b"):
        build(app.settings, clock=app.clock, detector=app.detector)


def test_the_log_of_an_entry_holds_numbers_and_words_of_ours_only(
    app: App, person_with: People
) -> None:
    officer = person_with(Role.OFFICER)
    number = open_entry(app, officer, "risk", example(app, "risk", officer)).id
    attach_evidence(app, officer, number, "proof", b"photo", what="现场照片")
    with app.database.reading() as session:
        newest = latest_events(session, 1)[0]
    assert (newest.action, newest.subject) == ("entry:evidence", number)
    assert set(newest.details) == {"sha256", "size"}


def test_the_year_counts_what_was_opened_closed_and_late(app: App, person_with: People) -> None:
    officer, trainer = person_with(Role.OFFICER), person_with(Role.TRAINER)
    number = open_entry(app, officer, "training", example(app, "training", trainer)).id
    amend_entry(app, trainer, number, {"expected": 12, "attended": 11, "passed": 10}, reason="考核")
    late = replace(app, clock=lambda: app.clock() + timedelta(days=30))
    move_entry(late, trainer, number, "held")
    open_entry(app, officer, "risk", example(app, "risk", officer))
    report_incident(app, officer, "笔记本电脑丢了")
    with pytest.raises(NotPermitted):
        yearly_review(app, trainer, 2026)
    with pytest.raises(BadInput):
        yearly_review(app, officer, 2027)
    review = yearly_review(app, person_with(Role.AUDITOR), 2026)
    training = next(one for one in review.registers if one.kind == "training")
    assert (training.opened, training.closed, training.open_now) == (1, 0, 1)
    assert (training.in_time, training.late) == (0, 1)
    assert review.months == (0,) * 10 + (2, 0)
    assert (review.people_trained, review.people_passed) == (11, 10)
    assert [one.count for one in review.incidents] == [1]
    risk = next(one for one in review.registers if one.kind == "risk")
    answers = {
        name.en: [(s.name.en, s.count) for s in shares] for name, shares in risk.answers.items()
    }
    assert answers["Where"] == [("access and use", 1)]


def test_the_year_shows_what_was_missed_and_leaves_out_what_came_after(
    app: App, person_with: People
) -> None:
    officer = person_with(Role.OFFICER)
    actions = [
        open_entry(app, officer, "action", example(app, "action", officer, due_on=due)).id
        for due in ("2026-12-01", "2026-12-02", "2026-12-03", "2027-12-01")
    ]
    report_incident(app, officer, "客户库被拷走", people=2_000_000)
    later = replace(app, clock=lambda: app.clock() + timedelta(days=60))
    # Cancelled, or put off, after its day: missed all the same.
    move_entry(later, officer, actions[1], "dropped", reason="不再需要")
    amend_entry(later, officer, actions[2], {"due_on": "2027-06-30"}, reason="延期")
    open_entry(later, officer, "action", example(app, "action", officer, due_on="2027-12-31"))
    review = yearly_review(later, officer, 2026)
    found = next(one for one in review.registers if one.kind == "action")
    assert (found.opened, found.open_now, found.overdue_now) == (4, 3, 1)
    assert (found.in_time, found.late, found.missed) == (0, 0, 3)
    assert review.incidents_missed > 0
    assert any("过期未完成 3 项" in line.zh for line in summary(review))
    assert any(f"过期未完成 {review.incidents_missed} 项" in line.zh for line in summary(review))
    this_year = yearly_review(later, officer, 2027)
    assert next(one for one in this_year.registers if one.kind == "action").missed == 0


@pytest.mark.parametrize("language", list(Language))
def test_the_yearly_report_reads_as_the_page_does(
    app: App, person_with: People, language: Language
) -> None:
    officer = person_with(Role.OFFICER)
    open_entry(app, officer, "risk", example(app, "risk", officer))
    pdf = yearly_report(app, officer, 2026, ReportForm.PDF, language=language)
    word = yearly_report(app, officer, 2026, ReportForm.DOCX, language=language)
    said = [line.pick(language) for line in summary(yearly_review(app, officer, 2026))]
    read = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    written = [one.text for one in docx.Document(io.BytesIO(word)).paragraphs]
    for line in said:
        assert line in written
        assert line.replace(" ", "")[:16] in read.replace(" ", "").replace("\r\n", "")
