"""Work on an incident: who may, what it leaves behind, and that strangers see nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.app import App
from assistant.incidents.correct_awareness import correct_awareness, decide_awareness
from assistant.incidents.grade_incident import grade_incident
from assistant.incidents.report_incident import report_incident
from assistant.incidents.steps import hand_over_step, skip_step, take_step
from assistant.incidents.work_incident import (
    close_incident,
    move_incident,
    note_incident,
    revise_incident,
    settle_clock,
)
from assistant.tickets_view import list_tickets, read_ticket
from records.audit import latest_events
from records.errors import BadInput, NotFound, NotPermitted
from records.people import Person, Role
from tickets.incidents.grade import IncidentKind
from tickets.ticket import State

Register = Callable[..., Person]
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
VERBS: dict[str, Callable[[App, Person, str], Any]] = {
    "revise": lambda a, p, t: revise_incident(a, p, t, facts={"people": 9}, reason="日志"),
    "clock": lambda a, p, t: settle_clock(a, p, t, "dsl29", reference="回执"),
    "note": lambda a, p, t: note_incident(a, p, t, "已联系周明轩 13800138000"),
    "awareness": lambda a, p, t: correct_awareness(
        a, p, t, aware_at=NINE - timedelta(hours=1), reason="周明轩的来电记录"
    ),
    "take": lambda a, p, t: take_step(a, p, t, 1, note="已擦除"),
    "skip": lambda a, p, t: skip_step(a, p, t, 1, reason="无此设备"),
    "hand over": lambda a, p, t: hand_over_step(a, p, t, 1, to=p.id),
    "move": lambda a, p, t: move_incident(a, p, t, State.CONTAINED, reason="已锁定"),
}


@pytest.fixture
def reporter(person_with: Register) -> Person:
    return person_with()


@pytest.fixture
def filed(app: App, reporter: Person) -> str:
    return report_incident(app, reporter, "今天早上9点发现笔记本电脑丢了").ticket.id


@pytest.mark.parametrize("verb", VERBS)
def test_a_responder_may_and_the_timeline_says_so_without_names(
    app: App, person_with: Register, filed: str, verb: str
) -> None:
    responder = person_with(Role.RESPONDER)
    VERBS[verb](app, responder, filed)
    line = read_ticket(app, responder, filed).timeline[-1]
    assert line.person_id == responder.id
    assert line.details
    assert "周明轩" not in str(line) and "13800138000" not in str(line)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("roles", [(Role.EMPLOYEE,), (Role.OFFICER, Role.APPROVER, Role.TRAINER)])
def test_to_a_stranger_the_incident_does_not_exist(
    app: App, person_with: Register, filed: str, verb: str, roles: tuple[Role, ...]
) -> None:
    stranger = person_with(*roles)
    with pytest.raises((NotFound, NotPermitted)):
        VERBS[verb](app, stranger, filed)
    with app.database.reading() as session:
        newest = latest_events(session, 1)[0]
    assert (newest.person_id, newest.action) == (stranger.id, "permission:refused")


@pytest.mark.parametrize("verb", VERBS)
def test_an_auditor_reads_and_changes_nothing(
    app: App, person_with: Register, filed: str, verb: str
) -> None:
    auditor = person_with(Role.AUDITOR)
    before = read_ticket(app, auditor, filed)
    with pytest.raises(NotPermitted):
        VERBS[verb](app, auditor, filed)
    assert read_ticket(app, auditor, filed) == before


def test_whoever_is_handed_a_step_sees_the_incident_and_takes_that_step(
    app: App, person_with: Register, filed: str
) -> None:
    responder, helper = person_with(Role.RESPONDER), person_with()
    assert list_tickets(app, helper) == []
    hand_over_step(app, responder, filed, 1, to=helper.id)
    assert [one.id for one in list_tickets(app, helper)] == [filed]
    take_step(app, helper, filed, 1, note="已擦除")
    with pytest.raises(NotPermitted):
        take_step(app, helper, filed, 3)
    with pytest.raises(NotPermitted):
        revise_incident(app, helper, filed, facts={"people": 3}, reason="我觉得")


def test_a_reporter_takes_the_reporters_steps_and_no_others(
    app: App, reporter: Person, filed: str
) -> None:
    take_step(app, reporter, filed, 2, note="已改密")
    note_incident(app, reporter, filed, "出租车公司回电，没有找到")
    with pytest.raises(NotPermitted):
        take_step(app, reporter, filed, 1)


@pytest.mark.parametrize("to", ["", "P-none", "system"])
def test_a_step_goes_to_nobody_unknown(
    app: App, person_with: Register, filed: str, to: str
) -> None:
    with pytest.raises(BadInput):
        hand_over_step(app, person_with(Role.RESPONDER), filed, 1, to=to)


@pytest.mark.parametrize(
    "facts",
    [
        {"people": -1},
        {"people": True},
        {"people": 10**12},
        {"minors": None},
        {"sensitive": 1},
        {"kind": "ransomware"},
        {"severity": True},
    ],
)
def test_what_is_no_fact_is_refused(
    app: App, person_with: Register, filed: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        revise_incident(app, person_with(Role.RESPONDER), filed, facts=facts, reason="日志")


def test_an_incident_goes_from_report_to_closing(
    app: App, person_with: Register, filed: str
) -> None:
    responder = person_with(Role.RESPONDER)
    facts = {"kind": IncidentKind.LOST_DEVICE, "people": 12, "sensitive": True}
    found = revise_incident(app, responder, filed, facts=facts, reason="核对了同步日志")
    for clock in found.ticket.deadlines:
        if clock.satisfied_at is None:
            settle_clock(app, responder, filed, clock.key, reference="回执 118")
    for one in found.ticket.steps:
        take_step(app, responder, filed, one.step.number)
    move_incident(app, responder, filed, State.HANDLED, reason="已补救")
    close_incident(app, responder, filed, "原因：遗失。损失：无。整改：全盘加密。")
    view = read_ticket(app, responder, filed)
    assert view.ticket.state is State.CLOSED
    assert view.timeline[-1].what == "incident:closed"
    assert all(one.satisfied_by == responder.id for one in view.ticket.deadlines)


def test_the_time_in_the_report_starts_the_clocks(
    app: App, person_with: Register, filed: str
) -> None:
    ticket = read_ticket(app, person_with(Role.RESPONDER), filed).ticket
    assert ticket.facts["aware_by"] == "text"
    assert {one.started_at.isoformat() for one in ticket.deadlines} == {"2026-11-23T01:00:00+00:00"}


def test_what_the_report_says_counts_before_when_it_was_written(
    app: App, reporter: Person, person_with: Register
) -> None:
    written = NINE - timedelta(days=1) + timedelta(minutes=40)
    said = report_incident(app, reporter, "今天早上9点发现笔记本电脑丢了", said_at=written)
    silent = report_incident(app, reporter, "笔记本电脑丢了", said_at=written)
    for report, source, moment in (
        (said, "text", NINE - timedelta(days=1)),
        (silent, "filing", written),
    ):
        facts = read_ticket(app, person_with(Role.RESPONDER), report.ticket.id).ticket.facts
        assert (facts["aware_by"], facts["aware_at"]) == (source, moment.isoformat())


def test_a_later_moment_is_decided_by_another_responder_and_kept_by_the_database(
    app: App, person_with: Register, filed: str
) -> None:
    first, second = person_with(Role.RESPONDER), person_with(Role.RESPONDER)
    facts = {"people": 2_000_000}
    revise_incident(app, first, filed, facts=facts, reason="日志")
    half = NINE + timedelta(minutes=30)
    correct_awareness(app, first, filed, aware_at=half, reason="登记簿")
    with pytest.raises(NotPermitted):
        decide_awareness(app, first, filed, approve=True, reason="我自己")
    due = {one.key: one.due_at for one in read_ticket(app, first, filed).ticket.deadlines}
    assert due["cac-4h"] == NINE + timedelta(hours=4)
    assert due["cac-4h@2"] == half + timedelta(hours=4)
    decide_awareness(app, second, filed, approve=True, reason="核对了登记簿")
    view = read_ticket(app, first, filed)
    ended = {one.key: one.satisfied_by for one in view.ticket.deadlines if one.outcome}
    assert ended["cac-4h"] == second.id and "cac-4h@2" not in ended
    assert [one.what for one in view.timeline[-2:]] == [
        "incident:awareness-corrected",
        "incident:awareness-decided",
    ]


def test_grading_again_starts_from_what_the_ticket_knows_and_changes_nothing(
    app: App, person_with: Register, filed: str
) -> None:
    responder = person_with(Role.RESPONDER)
    before = read_ticket(app, responder, filed).ticket
    found = grade_incident(app, responder, facts={"people": 2_000_000}, ticket_id=filed)
    assert found.facts.kind is IncidentKind.LOST_DEVICE
    assert found.grading.severity.value == "larger"
    # The clocks it would start run from when somebody knew, not from when it was graded.
    assert {one.started_at for one in found.clocks} == {NINE}
    assert read_ticket(app, responder, filed).ticket == before
    with pytest.raises(NotFound):
        grade_incident(app, person_with(), facts={}, ticket_id=filed)


def test_what_the_grading_asked_goes_into_the_report(app: App, reporter: Person) -> None:
    facts = {"loss_yuan": 6_000_000, "people": 3, "kind": IncidentKind.PHISHING}
    done = report_incident(app, reporter, "笔记本电脑丢了", facts=facts)
    assert done.grading.severity.value == "larger"
    assert done.playbook.id == "phishing"
    assert done.ticket.facts["loss_yuan"] == 6_000_000
