"""A drill runs on the engine of incidents, is marked everywhere, is scored, and can send nothing."""

import importlib
import inspect
import pkgutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from docx import Document

import integrations
from assistant import notifiers
from assistant.app import App
from assistant.incidents.correct_awareness import correct_awareness
from assistant.incidents.draft_notice import draft_notice
from assistant.incidents.drills import (
    end_drill,
    feed_drill,
    feed_drills,
    list_drills,
    read_drill,
    start_drill,
)
from assistant.incidents.report_incident import report_incident
from assistant.incidents.review_incident import read_report
from assistant.incidents.steps import take_step
from assistant.incidents.work_incident import move_incident, revise_incident, settle_clock
from assistant.notifiers import DrillNotice, LogNotifier, MailNotifier, Notice, real
from assistant.remind import send_reminders
from assistant.tickets_view import read_ticket
from records.errors import BadInput, Conflict, NotFound, NotPermitted
from records.language import Bilingual
from records.people import Person, Role
from records.training import results
from tickets.drafts.filling import DraftKind
from tickets.drills.data import Scenario, scenarios
from tickets.drills.score import INJECT
from tickets.incidents.fact_values import read_facts
from tickets.ticket import State

Register = Callable[..., Person]
NAMES = [one.id for one in scenarios()]


class Outside:
    """A channel to the outside; whatever reaches it is a mistake."""

    name = "mail"

    def __init__(self) -> None:
        self.taken: list[object] = []

    def send(self, notice: Notice) -> None:
        self.taken.append(notice)


def later(app: App, minutes: float) -> App:
    """The product so many minutes later."""
    moment = app.clock() + timedelta(minutes=minutes)
    return replace(app, clock=lambda: moment)


@pytest.fixture
def trainer(person_with: Register) -> Person:
    return person_with(Role.TRAINER)


@pytest.fixture
def responder(person_with: Register) -> Person:
    return person_with(Role.RESPONDER)


@pytest.fixture
def drill(app: App, trainer: Person, responder: Person) -> str:
    return start_drill(app, trainer, "lost-laptop", [responder.id]).ticket.id


def respond(app: App, person: Person, number: str, chosen: Scenario) -> None:
    """Everything the scenario expects, done in the first minutes."""
    soon = later(app, 5)
    expect = chosen.expect
    known = read_ticket(app, person, number).ticket.facts
    facts = {
        name: value for name, value in read_facts(expect.facts).items() if known[name] != value
    }
    revise_incident(soon, person, number, facts=facts, reason="日志")
    for clock in expect.clocks:
        settle_clock(soon, person, number, clock.id, reference="回执")
    for step in expect.steps:
        take_step(soon, person, number, step)
    for kind in expect.drafts:
        draft_notice(soon, person, number, kind)


def test_there_are_at_least_four_scenarios_of_different_kinds() -> None:
    assert len({one.kind for one in scenarios()}) >= 4


@pytest.mark.parametrize("name", NAMES)
def test_doing_all_that_is_expected_earns_every_point(
    app: App, trainer: Person, responder: Person, name: str
) -> None:
    begun = start_drill(app, trainer, name, [responder.id])
    respond(app, responder, begun.ticket.id, begun.scenario)
    score = end_drill(later(app, 60), trainer, begun.ticket.id).score
    assert score is not None
    assert [one.what.en for one in score.items if one.points != one.most] == []
    assert (score.percent, score.passed) == (100, True)


def test_doing_nothing_fails_and_is_said_item_by_item(
    app: App, trainer: Person, drill: str
) -> None:
    score = end_drill(later(app, 90), trainer, drill).score
    assert score is not None and not score.passed
    assert score.points == 5  # nobody was told who need not be
    assert {one.why.en for one in score.items} >= {"nobody acted", "not reported", "not taken"}


@pytest.mark.parametrize(("minutes", "points"), [(0, 10), (59.9, 10), (60, 10), (60.1, 3), (89, 3)])
def test_a_clock_is_in_time_up_to_its_minute(
    app: App, trainer: Person, responder: Person, drill: str, minutes: float, points: int
) -> None:
    """The line of the timeline counts, not the time somebody states."""
    at = later(app, minutes)
    settle_clock(at, responder, drill, "pipl57-authority", reference="回执", done_at=app.clock())
    score = end_drill(later(app, 90), trainer, drill).score
    assert score is not None
    item = next(one for one in score.items if "personal information authority" in one.what.en)
    assert item.points == points


def test_the_result_goes_into_the_training_records_of_who_took_part(
    app: App, trainer: Person, responder: Person, person_with: Register
) -> None:
    helper = person_with()
    begun = start_drill(app, trainer, "lost-laptop", [responder.id, helper.id])
    respond(app, responder, begun.ticket.id, begun.scenario)
    end_drill(later(app, 60), trainer, begun.ticket.id)
    with app.database.reading() as session:
        kept = results(session)
    assert {one.person_id for one in kept} == {responder.id, helper.id}
    assert {(one.subject, one.percent, one.passed) for one in kept} == {
        ("drill:lost-laptop", 100, True)
    }


def test_a_report_to_whom_it_does_not_concern_costs_points(
    app: App, trainer: Person, responder: Person, drill: str
) -> None:
    settle_clock(app, responder, drill, "cac-4h.if", reference="已报")
    score = end_drill(app, trainer, drill).score
    assert score is not None
    assert [one.points for one in score.items if "whom it does not" in one.what.en] == [0]


def test_what_others_do_does_not_count(
    app: App, trainer: Person, person_with: Register, drill: str
) -> None:
    settle_clock(app, person_with(Role.RESPONDER), drill, "pipl57-authority", reference="回执")
    score = end_drill(app, trainer, drill).score
    assert score is not None
    assert score.items[0].why.en == "nobody acted"


@pytest.mark.parametrize(
    ("minutes", "count"), [(7.9, 0), (8, 1), (19.9, 1), (20, 2), (35, 3), (200, 4)]
)
def test_each_inject_comes_in_on_its_minute_and_once(
    app: App, drill: str, minutes: float, count: int
) -> None:
    at = later(app, minutes)
    assert (feed_drill(at, drill), feed_drills(at), feed_drill(app, drill)) == (count, 0, 0)
    with app.database.reading() as session:
        timeline = app.ticket_store.timeline(session, drill)
    numbers = [one.details["inject"] for one in timeline if one.what == INJECT]
    assert numbers == list(range(1, count + 1))


def test_an_ended_drill_is_fed_no_more_and_reminded_of_nothing(
    app: App, trainer: Person, responder: Person, drill: str
) -> None:
    end_drill(app, trainer, drill)
    assert feed_drills(later(app, 60)) == 0
    assert send_reminders(later(app, 600), [LogNotifier()]) == 0
    with pytest.raises(Conflict):
        end_drill(app, trainer, drill)
    with pytest.raises(Conflict):
        move_incident(app, responder, drill, State.OPEN, reason="再来")
    with pytest.raises(Conflict):
        take_step(app, responder, drill, 1)


# --- it can send nothing


def channels() -> Iterator[Any]:
    """Every class of the product that sends reminders."""
    modules = [notifiers]
    for found in pkgutil.walk_packages(integrations.__path__, "integrations."):
        if not found.name.endswith("__main__"):
            modules.append(importlib.import_module(found.name))
    for module in modules:
        for _name, one in inspect.getmembers(module, inspect.isclass):
            send = getattr(one, "send", None)
            own = one.__module__ == module.__name__ and not getattr(one, "_is_protocol", False)
            if own and send and "notice" in inspect.signature(send).parameters:
                yield one


def test_every_channel_to_the_outside_asks_whether_the_notice_is_real() -> None:
    outside = [one for one in channels() if one is not LogNotifier]
    assert MailNotifier in outside
    for one in outside:
        assert "real(notice)" in inspect.getsource(one.send), one


def test_a_drill_notice_is_refused_by_the_sender_before_anything_is_opened(app: App) -> None:
    opened: list[object] = []

    def connect(*_args: object, **_more: object) -> smtplib.SMTP:
        opened.append(1)
        raise AssertionError("a drill must open no connection")

    said = Bilingual("演练", "drill")
    notice: Any = DrillNotice("k", "DRILL-2026-0001", said, said, ("P-1",))
    with pytest.raises(TypeError, match="real incidents"):
        MailNotifier(app.settings, connect).send(notice)
    with pytest.raises(TypeError):
        real(notice)
    assert opened == []


def test_the_reminders_of_a_drill_stay_in_the_log_and_say_so(
    app: App, drill: str, caplog: pytest.LogCaptureFixture
) -> None:
    outside = Outside()
    for minutes in (0, 30, 130, 240, 500):
        send_reminders(later(app, minutes), [outside, LogNotifier()])
    assert outside.taken == []
    assert "【演练】" in caplog.text and "[DRILL]" in caplog.text and drill in caplog.text


def test_no_later_change_makes_a_drill_real(app: App, responder: Person, drill: str) -> None:
    """The number itself says drill; the facts people may change do not reach it."""
    with pytest.raises(BadInput):
        revise_incident(app, responder, drill, facts={"drill": False}, reason="真的")
    revise_incident(app, responder, drill, facts={"people": 2_000_000}, reason="日志")
    correct_awareness(
        app, responder, drill, aware_at=app.clock() - timedelta(hours=1), reason="登记簿"
    )
    ticket = read_ticket(app, responder, drill).ticket
    assert replace(ticket, facts={}).drill
    outside = Outside()
    send_reminders(later(app, 300), [outside])
    assert outside.taken == []


# --- it is marked everywhere


def test_number_title_drafts_and_papers_carry_the_mark(
    app: App, trainer: Person, responder: Person, drill: str
) -> None:
    assert drill == "DRILL-2026-0001"
    assert "演练" in read_ticket(app, responder, drill).ticket.title
    for kind in DraftKind:
        made = draft_notice(app, responder, drill, kind)
        assert made.text.startswith("【演练") and made.name.startswith("DRILL-")
        head = Document(BytesIO(made.docx)).sections[0].header.paragraphs[0].text
        assert "演练" in head
    end_drill(app, trainer, drill)
    report = read_report(app, trainer, drill)
    pdf = pypdfium2.PdfDocument(report.data)
    assert len(pdf) > 1
    for page in pdf:
        assert page.get_textpage().get_text_bounded().count("DRILL") >= 3
    pdf.close()


def test_drills_are_numbered_apart_from_incidents(app: App, responder: Person, drill: str) -> None:
    assert report_incident(app, responder, "笔记本电脑丢了").ticket.id == "INC-2026-0001"


# --- who


def test_participants_and_those_who_run_drills_see_it_and_nobody_else(
    app: App, person_with: Register, trainer: Person, responder: Person
) -> None:
    helper, stranger = person_with(), person_with()
    number = start_drill(app, trainer, "ransomware", [responder.id, helper.id]).ticket.id
    for one in (trainer, responder, helper, person_with(Role.TRAINER)):
        assert read_drill(app, one, number).ticket.id == number
        assert [ticket.id for ticket in list_drills(app, one)] == [number]
    assert list_drills(app, stranger) == []
    with pytest.raises(NotFound):
        read_drill(app, stranger, number)
    with pytest.raises(NotPermitted):
        end_drill(app, helper, number)
    with pytest.raises(NotPermitted):
        revise_incident(app, trainer, number, facts={"people": 1}, reason="培训人员只看")


@pytest.mark.parametrize("named", [[], ["P-none"], ["employee"]])
def test_a_drill_needs_somebody_who_handles_incidents(
    app: App, trainer: Person, employee: Person, named: list[str]
) -> None:
    ids = [employee.id if one == "employee" else one for one in named]
    with pytest.raises(BadInput):
        start_drill(app, trainer, "ransomware", ids)


def test_a_trainer_does_not_see_real_incidents(
    app: App, trainer: Person, responder: Person
) -> None:
    number = report_incident(app, responder, "笔记本电脑丢了").ticket.id
    with pytest.raises(NotFound):
        read_ticket(app, trainer, number)
    with pytest.raises(BadInput):
        end_drill(app, responder, number)
