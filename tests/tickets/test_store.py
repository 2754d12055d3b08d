"""The store keeps what it was given, time zones included."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from records.beijing import SHANGHAI
from records.database import Database
from tickets.clocks.deadlines import start
from tickets.errors import SamePerson, TicketNotFound
from tickets.incidents.grade import IncidentFacts, IncidentKind, Severity
from tickets.playbooks.data import choose
from tickets.reminders import Reminder, Sent, Stage
from tickets.store import TicketStore
from tickets.tables import EventRow
from tickets.ticket import State as TicketState
from tickets.ticket import StepState, Ticket, TicketKind, first_state, moved, steps_of

AWARE = datetime(2026, 11, 20, 20, 15, tzinfo=SHANGHAI)
STORE = TicketStore()

pytestmark = pytest.mark.both_engines


def incident(number: str = "INC-2026-0001") -> Ticket:
    facts = IncidentFacts(IncidentKind.LOST_DEVICE, people=1_000_000, eu_residents=True)
    return Ticket(
        id=number,
        kind=TicketKind.INCIDENT,
        state=first_state(TicketKind.INCIDENT),
        title="笔记本电脑丢失",
        description="〔姓名〕的笔记本落在出租车上",
        opened_by="person-1",
        opened_at=AWARE,
        facts={"people": 1_000_000, "kind": "lost_device", "vague": None},
        restricted=True,
        deadlines=start(facts, Severity.LARGER, aware_at=AWARE),
        steps=steps_of(choose(facts).steps, aware_at=AWARE),
    )


def test_a_ticket_comes_back_as_it_was(database: Database) -> None:
    with database.transaction() as session:
        STORE.save(session, incident())
    with database.reading() as session:
        found = STORE.get(session, "INC-2026-0001")
    assert found == incident()


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    with database.transaction() as session:
        STORE.save(session, incident())
    with database.reading() as session:
        found = STORE.get(session, "INC-2026-0001")
    assert found.opened_at.tzinfo is UTC
    assert found.opened_at.isoformat() == "2026-11-20T12:15:00+00:00"
    due_at = {one.id: one.due_at for one in found.deadlines}["cac-4h"]
    assert due_at == AWARE + timedelta(hours=4)


def test_a_changed_ticket_replaces_the_old_one(database: Database) -> None:
    ticket = incident()
    taken = replace(ticket.steps[0], state=StepState.TAKEN, by="person-2", at=AWARE, note="已擦除")
    told = replace(ticket.deadlines[0], satisfied_at=AWARE, satisfied_by="person-2")
    changed = replace(
        moved(ticket, TicketState.CONTAINED),
        steps=(taken, *ticket.steps[1:]),
        deadlines=(told, *ticket.deadlines[1:]),
    )
    with database.transaction() as session:
        STORE.save(session, ticket)
        STORE.save(session, changed)
    with database.reading() as session:
        found = STORE.get(session, " inc-2026-0001 ")
    assert found == changed
    assert found.next_step == changed.steps[1]


def test_saving_never_moves_or_drops_a_running_deadline(database: Database) -> None:
    ticket = incident()
    later = replace(ticket.deadlines[0], started_at=AWARE + timedelta(hours=3))
    with database.transaction() as session:
        STORE.save(session, ticket)
        STORE.save(session, replace(ticket, deadlines=(later,)))
    with database.reading() as session:
        assert STORE.get(session, ticket.id).deadlines == ticket.deadlines


def test_an_unknown_number_is_said(database: Database) -> None:
    with database.reading() as session, pytest.raises(TicketNotFound) as caught:
        STORE.get(session, "INC-2026-0099")
    assert "INC-2026-0099" in caught.value.message.zh


def test_the_list_is_by_kind_and_state_newest_first(database: Database) -> None:
    older = incident("INC-2026-0001")
    newer = replace(incident("INC-2026-0002"), opened_at=AWARE + timedelta(days=1))
    other = replace(
        incident("DES-2026-0001"),
        kind=TicketKind.DESTRUCTION,
        state=TicketState.REQUESTED,
        deadlines=(),
        steps=(),
    )
    with database.transaction() as session:
        for one in (older, newer, other):
            STORE.save(session, one)
    with database.reading() as session:
        assert [one.id for one in STORE.list(session, TicketKind.INCIDENT)] == [newer.id, older.id]
        assert [one.id for one in STORE.list(session, state=TicketState.REQUESTED)] == [other.id]
        assert len(STORE.list(session)) == 3


def test_numbers_run_by_kind_and_year(database: Database) -> None:
    with database.transaction() as session:
        given = [
            STORE.next_number(session, kind, year)
            for kind, year in (
                (TicketKind.INCIDENT, 2026),
                (TicketKind.INCIDENT, 2026),
                (TicketKind.DESTRUCTION, 2026),
                (TicketKind.INCIDENT, 2027),
            )
        ]
    assert given == ["INC-2026-0001", "INC-2026-0002", "DES-2026-0001", "INC-2027-0001"]


def test_threads_never_get_the_same_number_and_leave_no_gap(database: Database) -> None:
    def take(_: int) -> str:
        with database.transaction() as session:
            return STORE.next_number(session, TicketKind.INCIDENT, 2026)

    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(take, range(24)))
    assert sorted(given) == [f"INC-2026-{n:04d}" for n in range(1, 25)]


def test_a_rolled_back_number_is_given_again(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        STORE.next_number(session, TicketKind.INCIDENT, 2026)
        raise ZeroDivisionError
    with database.transaction() as session:
        assert STORE.next_number(session, TicketKind.INCIDENT, 2026) == "INC-2026-0001"


def test_one_person_approves_once_by_the_database(database: Database) -> None:
    with database.transaction() as session:
        STORE.save(session, incident())
        STORE.approve(session, "INC-2026-0001", person_id="anna", at=AWARE)
        with pytest.raises(SamePerson):
            STORE.approve(session, "INC-2026-0001", person_id="anna", at=AWARE)
        STORE.approve(session, "INC-2026-0001", person_id="bo", at=AWARE)
    with database.reading() as session:
        approvals = STORE.get(session, "INC-2026-0001").approvals
    assert [one.person_id for one in approvals] == ["anna", "bo"]


def test_the_timeline_keeps_its_order_and_cannot_be_changed(database: Database) -> None:
    with database.transaction() as session:
        STORE.save(session, incident())
        for what in ("opened", "step_taken"):
            STORE.note(session, "INC-2026-0001", at=AWARE, person_id="p", what=what)
    with database.reading() as session:
        events = STORE.timeline(session, "INC-2026-0001")
    assert [one.what for one in events] == ["opened", "step_taken"]
    with pytest.raises(RuntimeError, match="append-only"), database.transaction() as session:
        row = session.get(EventRow, 1)
        assert row is not None
        row.what = "closed"
    with pytest.raises(RuntimeError, match="append-only"), database.transaction() as session:
        session.delete(session.get(EventRow, 1))


def test_a_reminder_is_recorded_once(database: Database) -> None:
    reminder = Reminder("INC-2026-0001", incident().deadlines[0], Stage.STARTED)
    with database.transaction() as session:
        STORE.save(session, incident())
        assert STORE.mark_sent(session, reminder, at=AWARE)
        assert not STORE.mark_sent(session, reminder, at=AWARE)
    with database.reading() as session:
        assert STORE.sent(session, "INC-2026-0001") == (
            Sent("INC-2026-0001", reminder.deadline.id, Stage.STARTED),
        )
