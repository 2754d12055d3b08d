"""Drafts say what the law asks for, and name what nobody gave."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document

from records.errors import BadInput
from tickets.drafts.filling import DRILL, DraftKind, as_docx, draft, draft_file
from tickets.incidents.review import Action, Review, reviewed
from tickets.incidents.work import take
from tickets.playbooks.data import playbooks
from tickets.ticket import State, Ticket, TicketKind, steps_of

AWARE = datetime(2026, 11, 20, 12, 15, tzinfo=UTC)
TICKET = Ticket(
    id="INC-2026-0001",
    kind=TicketKind.INCIDENT,
    state=State.OPEN,
    title="设备丢失",
    description="笔记本落在出租车上",
    opened_by="P-1",
    opened_at=AWARE,
    facts={
        "kind": "lost_device",
        "people": 1200,
        "severity": "general",
        "provisional": False,
        "playbook": "lost-device",
        "aware_at": AWARE.isoformat(),
    },
    steps=steps_of(next(p for p in playbooks() if p.id == "lost-device").steps, aware_at=AWARE),
)
TAKEN = take(TICKET, 1, at=AWARE, by="P-1", note="回执 77")


@pytest.mark.parametrize("kind", DraftKind)
def test_with_every_element_nothing_is_missing_and_all_of_it_is_said(kind: DraftKind) -> None:
    given = {name: f"内容-{name}" for name in draft_file().drafts[kind].elements}
    made = draft(TICKET, kind, given)
    assert made.missing == ()
    assert "待补充" not in made.text
    assert all(text in made.text for text in given.values())


@pytest.mark.parametrize(
    "left_out", ["unit", "data", "cause", "harm", "measures", "self_help", "contact"]
)
def test_each_element_of_the_notice_to_individuals_is_missed_by_name(left_out: str) -> None:
    names = draft_file().drafts[DraftKind.INDIVIDUALS].elements
    made = draft(
        TICKET, DraftKind.INDIVIDUALS, {name: "内容" for name in names if name != left_out}
    )
    assert made.missing == (names[left_out],)
    assert f"【待补充：{names[left_out].zh}" in made.text


def test_the_ticket_gives_head_count_and_measures_by_itself() -> None:
    made = draft(TAKEN, DraftKind.FIRST_REPORT, {})
    assert "1,200" in made.text and "回执 77" in made.text and "2026-11-20 20:15" in made.text
    assert {one.zh for one in made.missing} == {
        "单位名称和涉事系统",
        "联系人和联系方式",
        "已造成和可能造成的危害",
    }


def test_the_review_gives_cause_remedies_and_lessons_to_the_closing_report() -> None:
    review = Review("遗失", "没有全盘加密", "", "出差配备用机", by="P-1", at=AWARE)
    handled = replace(TAKEN, state=State.HANDLED)
    day = date(2026, 12, 31)
    done = Action(0, "启用加密", "P-1", day, done_at=AWARE)
    with_review = reviewed(handled, review, [done, Action(0, "培训", "P-2", day)])
    made = draft(with_review, DraftKind.CLOSING_REPORT, {})
    assert {one.en for one in made.missing} == {
        "the organisation and the system concerned",
        "losses and effects",
        "responsibility",
    }
    for said in (
        "没有全盘加密",
        "出差配备用机",
        "启用加密（2026-11-20 20:15",
        "培训（期限 2026-12-31",
    ):
        assert said in made.text


def test_what_is_still_to_be_done_is_the_next_of_a_progress_report() -> None:
    first, *others = TAKEN.steps
    part = draft(TAKEN, DraftKind.PROGRESS_REPORT, {}).text.partition("next measures")[2]
    assert all(one.step.text.zh in part for one in others)
    assert first.step.text.zh not in part


def test_the_companys_contact_stands_unless_another_is_given() -> None:
    house = "法务部 privacy@corp.example"
    assert house in draft(TICKET, DraftKind.INDIVIDUALS, {}, contact=house).text
    other = draft(TICKET, DraftKind.INDIVIDUALS, {"contact": "热线"}, contact=house).text
    assert "热线" in other and house not in other


def test_a_note_of_a_colleague_is_not_told_to_individuals() -> None:
    text = draft(TAKEN, DraftKind.INDIVIDUALS, {}).text
    assert TAKEN.steps[0].step.text.zh in text and "回执 77" not in text


@pytest.mark.parametrize("given", [{"nonsense": "x"}, {"harm": "长" * 4001}])
def test_what_does_not_belong_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        draft(TICKET, DraftKind.FIRST_REPORT, given)


def test_a_drill_says_so_at_head_and_foot_and_on_every_page_of_the_document() -> None:
    drill = replace(TICKET, facts={**TICKET.facts, "drill": True})
    text = draft(drill, DraftKind.INDIVIDUALS, {}).text
    assert text.startswith(DRILL) and text.rstrip().endswith(DRILL)
    document = Document(BytesIO(as_docx(text, drill=True)))
    assert document.sections[0].header.paragraphs[0].text == DRILL


def test_the_document_holds_every_line_of_the_text() -> None:
    text = draft(TAKEN, DraftKind.FIRST_REPORT, {"harm": "甲\n乙"}).text
    document = Document(BytesIO(as_docx(text, drill=False)))
    said = [p.text for p in document.paragraphs]
    assert said == [line.lstrip("#- ") for line in text.splitlines() if line.strip()]
