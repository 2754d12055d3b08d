"""The review after an incident: when it is due, what it holds, its actions, and the report of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pypdfium2
import pytest

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from assistant.incidents.review_incident import (
    PlannedAction,
    finish_action,
    read_report,
    review_incident,
)
from assistant.incidents.steps import take_step
from assistant.incidents.work_incident import close_incident, move_incident, settle_clock
from assistant.registers.work_register import amend_entry, move_entry
from assistant.tickets_view import list_tickets, read_ticket
from records.errors import BadInput, Conflict, NotFound, NotPermitted
from records.people import Person, Role
from tickets.incidents.review import review_of
from tickets.ticket import State

Register = Callable[..., Person]
SAID = {"happened": "笔记本落在出租车上", "cause": "没有全盘加密"}


@pytest.fixture
def responder(person_with: Register) -> Person:
    return person_with(Role.RESPONDER)


def handled(app: App, person: Person, people: int) -> str:
    """An incident with nothing left open but its closing."""
    number = report_incident(app, person, "笔记本电脑丢了", people=people).ticket.id
    move_incident(app, person, number, State.HANDLED, reason="已补救")
    ticket = read_ticket(app, person, number).ticket
    for clock in ticket.deadlines:
        settle_clock(app, person, number, clock.key, reference="回执")
    for step in ticket.steps:
        take_step(app, person, number, step.step.number)
    return number


@pytest.mark.parametrize(("people", "needed"), [(999_999, False), (1_000_000, True)])
def test_above_the_lowest_grade_closing_needs_the_review(
    app: App, responder: Person, people: int, needed: bool
) -> None:
    number = handled(app, responder, people)
    if needed:
        with pytest.raises(Conflict, match="reviewed"):
            close_incident(app, responder, number, "原因：遗失")
        review_incident(app, responder, number, **SAID)
    close_incident(app, responder, number, "原因：遗失")
    with pytest.raises(Conflict):
        review_incident(app, responder, number, **SAID)


def test_a_review_is_written_once_the_handling_has_ended(app: App, responder: Person) -> None:
    number = report_incident(app, responder, "笔记本电脑丢了").ticket.id
    with pytest.raises(Conflict):
        review_incident(app, responder, number, **SAID)


def test_actions_have_an_owner_who_finishes_them_even_after_closing(
    app: App, person_with: Register, responder: Person
) -> None:
    owner, stranger, today = person_with(), person_with(), app.today()
    number = handled(app, responder, 5)
    planned = PlannedAction("给周明轩的电脑全盘加密", owner.id, today)
    review_incident(app, responder, number, **SAID, actions=[planned])
    review_incident(app, responder, number, **SAID, better="备用机", actions=[planned])
    close_incident(app, responder, number, "原因：遗失")
    assert [one.id for one in list_tickets(app, owner)] == [number]
    assert list_tickets(app, stranger) == []
    with pytest.raises(NotFound):
        finish_action(app, stranger, number, 1, note="好了")
    finish_action(app, owner, number, 1, note="IT 工单 77")
    with pytest.raises(Conflict):
        finish_action(app, owner, number, 1, note="再来")
    with pytest.raises(NotFound):
        finish_action(app, owner, number, 3, note="没有")
    found = review_of(read_ticket(app, responder, number).ticket)
    assert found is not None
    assert [(one.number, one.done_by) for one in found.actions] == [(1, owner.id), (2, None)]
    assert found.better == "备用机"
    assert "周明轩" not in str(found)
    # Each is an entry of the register too: one awaits its check, the other is to be done.
    with app.database.reading() as session:
        entered = [app.entries.get(session, one.entry) for one in found.actions]
    assert [(one.state, one.values["owner"], one.values["ticket"]) for one in entered] == [
        ("done", owner.id, number),
        ("open", owner.id, number),
    ]
    assert [one.values.get("done_how") for one in entered] == ["IT 工单 77", None]
    assert "周明轩" not in str(entered)


def planned_in_register(app: App, responder: Person, owner: Person) -> tuple[str, str]:
    """An incident whose review has one action, and the action's entry in the register."""
    number = handled(app, responder, 5)
    one = PlannedAction("全盘加密", owner.id, app.today())
    review = review_of(review_incident(app, responder, number, **SAID, actions=[one]))
    assert review is not None
    return number, review.actions[0].entry


def test_an_action_is_in_the_incident_what_it_is_in_the_register(
    app: App, person_with: Register, responder: Person
) -> None:
    owner = person_with()
    number, entry = planned_in_register(app, responder, owner)

    def shown() -> tuple[str | None, str]:
        found = review_of(read_ticket(app, responder, number).ticket)
        assert found is not None
        return found.actions[0].done_by, found.actions[0].note

    amend_entry(app, owner, entry, {"done_how": "已加密"}, reason="完成")
    assert shown() == (None, "")
    move_entry(app, owner, entry, "done")
    assert shown() == (owner.id, "已加密")
    with pytest.raises(Conflict):
        finish_action(app, owner, number, 1, note="已加密")
    move_entry(app, responder, entry, "open", reason="漏了两台")
    assert shown() == (None, "")
    finish_action(app, owner, number, 1, note="补上两台")
    assert shown() == (owner.id, "补上两台")
    with app.database.reading() as session:
        kept = app.entries.get(session, entry)
        happened = [one.what for one in app.ticket_store.timeline(session, number)]
    assert (kept.state, kept.values["done_how"]) == ("done", "补上两台")
    ended = [one for one in happened if one.startswith("incident:action-")]
    assert ended == ["incident:action-done", "incident:action-reopened", "incident:action-done"]


def test_an_action_dropped_in_the_register_waits_for_nobody_in_the_incident(
    app: App, person_with: Register, responder: Person
) -> None:
    number, entry = planned_in_register(app, responder, person_with())
    move_entry(app, responder, entry, "dropped", reason="设备已报废")
    found = review_of(read_ticket(app, responder, number).ticket)
    assert found is not None and found.actions[0].done_at is not None
    assert "dropped" in found.actions[0].note


@pytest.mark.parametrize(
    ("owner", "days"), [("P-none", 0), ("", 0), ("own", -1)], ids=["unknown", "nobody", "past"]
)
def test_an_action_needs_somebody_and_a_day_to_come(
    app: App, responder: Person, owner: str, days: int
) -> None:
    number = handled(app, responder, 5)
    day: date = app.today() + timedelta(days=days)
    one = PlannedAction("加密", responder.id if owner == "own" else owner, day)
    with pytest.raises(BadInput):
        review_incident(app, responder, number, **SAID, actions=[one])


def test_the_closing_report_holds_clocks_steps_and_review(
    app: App, person_with: Register, responder: Person
) -> None:
    number, bystander = handled(app, responder, 1_000_000), person_with(Role.AUDITOR)
    one = PlannedAction("全盘加密", responder.id, app.today())
    review_incident(app, responder, number, **SAID, worked="十分钟内锁定", actions=[one])
    report = read_report(app, responder, number)
    pdf = pypdfium2.PdfDocument(report.data)
    said = "".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r\n", "")
    pdf.close()
    for expected in (
        "四小时内报属地省级网信部门",
        "没有全盘加密",
        "十分钟内锁定",
        "全盘加密（",
        "较大",
        f"{responder.id} {responder.name}",
    ):
        assert expected in said, expected
    assert bystander.id not in said
    assert "DRILL" not in said
    with pytest.raises(NotFound):
        read_report(app, person_with(), number)


def test_an_auditor_reads_the_report_and_writes_no_review(
    app: App, person_with: Register, responder: Person
) -> None:
    number = handled(app, responder, 5)
    auditor = person_with(Role.AUDITOR)
    assert read_report(app, auditor, number).data.startswith(b"%PDF")
    with pytest.raises(NotPermitted):
        review_incident(app, auditor, number, **SAID)
