"""The database against the declared states: by hand no ticket gets where no declared move leads."""

import itertools
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from records.database import Base, Database
from records.errors import ProductError
from records.table_copy import put_lines, tables_of
from tickets.destruction.order import Order, place_hold
from tickets.registers.kind_files import load_kinds
from tickets.registers.kinds import FOLDER
from tickets.registers.store import EntryStore, MoveRow
from tickets.store import TicketStore
from tickets.tables import ApprovalRow, DeadlineRow, EventRow, TicketRow
from tickets.ticket import DESTRUCTION_MOVES, INCIDENT_MOVES, State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = "2026-11-23 02:00:00+00:00"
KINDS = load_kinds(FOLDER)
INVENTED = ("destroyed", "", "APPROVED", "open ")
AFTER = (State.CARRIED_OUT, State.EVIDENCED, State.CERTIFIED, State.REGISTERED)


def put(database: Database, table: type[Base], *rows: dict[str, object]) -> None:
    """Rows as a backup puts them back: no rule judges them."""
    given = [json.dumps(list(rows[0])), *(json.dumps(list(one.values())) for one in rows)]
    with database.transaction() as session:
        named = {one.name: one for one in tables_of(session.connection())}
        put_lines(session.connection(), named[table.__tablename__], (one.encode() for one in given))


def row(number: str, kind: str, state: str) -> dict[str, object]:
    return {
        "id": number, "kind": kind, "state": state, "title": "t", "description": "d", "facts": {},
        "opened_by": "P-1", "opened_at": NOW.isoformat(), "restricted": False,
    }  # fmt: skip


def approvals(*numbers: str) -> list[dict[str, object]]:
    pairs = itertools.product(numbers, ("P-2", "P-3"))
    return [
        {"id": n, "ticket_id": number, "person_id": person, "at": NOW.isoformat()}
        for n, (number, person) in enumerate(pairs, start=1)
    ]


def line(number: int, ticket: str, what: str, **details: str) -> dict[str, object]:
    return {
        "id": number, "ticket_id": ticket, "at": NOW.isoformat(), "person_id": "P-4", "what": what,
        "details": details,
    }  # fmt: skip


def reached(database: Database, number: str, states: Iterable[str]) -> set[str]:
    """The states, of these, that a hand can write; each is taken back."""
    found = set()
    for state in states:
        with database.engine.connect() as connection:
            try:
                connection.execute(
                    text("UPDATE tickets SET state = :s WHERE id = :n"), {"s": state, "n": number}
                )
            except IntegrityError:
                continue
            finally:
                connection.rollback()
            found.add(state)
    return found


@pytest.mark.both_engines
def test_an_incident_only_gets_where_its_moves_lead(database: Database) -> None:
    for state in INCIDENT_MOVES:
        number = f"INC-2026-{state.value}"
        put(database, TicketRow, row(number, "incident", state.value))
        allowed = {one.value for one in INCIDENT_MOVES[state]} | {state.value}
        assert reached(database, number, [*State, *INVENTED]) == allowed
        drill = f"DRILL-2026-{state.value}"
        put(database, TicketRow, row(drill, "incident", state.value))
        assert reached(database, drill, [*State, *INVENTED]) == allowed | {"closed"}


@pytest.mark.both_engines
def test_a_destruction_only_gets_where_its_moves_lead(database: Database) -> None:
    ways: dict[str, tuple[State, set[str]]] = {}
    holds = []
    for state in DESTRUCTION_MOVES.keys() - {State.BLOCKED}:
        order, allowed = Order("P-1", state=state), {one.value for one in DESTRUCTION_MOVES[state]}
        if state is State.APPROVED:  # the facts changed: the approvals no longer count
            allowed.add(State.NOTIFIED)
        try:
            held = place_hold(order)
        except ProductError:
            pass
        else:
            allowed.add(State.BLOCKED)
            assert held.resume is not None
            back = {held.resume.value} | (set() if state in AFTER else {"refused"})
            ways[f"H-{state.value}"] = (State.BLOCKED, back)
            holds.append((f"H-{state.value}", held.resume.value, state in AFTER))
        ways[f"D-{state.value}"] = (state, allowed)
    put(database, TicketRow, *(row(n, "destruction", s) for n, (s, _) in ways.items()))
    put(database, ApprovalRow, *approvals(*ways))
    count = itertools.count(1)
    put(
        database,
        EventRow,
        *(line(next(count), n, "destruction:carried_out") for n, _, gone in holds if gone),
        # An earlier hold, lifted since, says nothing.
        *(line(next(count), n, "destruction:held", resume="requested") for n, _, _ in holds),
        *(line(next(count), n, "destruction:held", resume=resume) for n, resume, _ in holds),
    )
    assert len(holds) == 7
    for number, (state, allowed) in ways.items():
        assert reached(database, number, [*State, *INVENTED]) == allowed | {state.value}, number
    # Known to be on hold when it was requested, it has no line about a hold.
    put(database, TicketRow, row("B-1", "destruction", "blocked"))
    assert reached(database, "B-1", [*State, *INVENTED]) == {"blocked", "requested", "refused"}


@pytest.mark.both_engines
def test_an_entry_only_gets_where_the_file_of_its_kind_leads(database: Database) -> None:
    store = EntryStore(b"k" * 32, TicketStore())
    with database.transaction() as session:
        for kind in KINDS.values():
            store.declare(session, kind)
    every = {state.id for kind in KINDS.values() for state in kind.states}
    for kind in KINDS.values():
        numbers = {state.id: f"{kind.prefix}-{state.id}" for state in kind.states}
        put(database, TicketRow, *(row(n, kind.id, s) for s, n in numbers.items()))
        for state, number in numbers.items():
            leads = {after for before, after in kind.moves if before == state}
            assert reached(database, number, every | set(INVENTED)) == leads | {state}


@pytest.mark.both_engines
def test_a_ticket_starts_where_its_kind_does(database: Database) -> None:
    kind = KINDS["risk"]
    with database.transaction() as session:
        EntryStore(b"k" * 32, TicketStore()).declare(session, kind)
    made = (
        "INSERT INTO tickets (id, kind, state, title, description, facts, opened_by, opened_at,"
        f" restricted) VALUES ('X-1', :k, :s, 't', 'd', '{{}}', 'P-1', '{AT}', FALSE)"
    )
    starts = {
        "incident": {"open"},
        "destruction": {"requested", "blocked"},
        "risk": {kind.first.id},
    }
    states = {*State, *INVENTED, *(one.id for one in kind.states)}
    for name, state in itertools.product([*starts, "sharing", "nothing"], states):
        with database.engine.connect() as connection:
            try:
                connection.execute(text(made), {"k": name, "s": state})
                taken = True
            except IntegrityError:
                taken = False
            finally:
                connection.rollback()
        assert taken == (state in starts.get(name, ())), (name, state)


def test_a_kind_that_says_more_later_may_do_more(database: Database) -> None:
    store, kind = EntryStore(b"k" * 32, TicketStore()), KINDS["risk"]
    shorter = kind.model_copy(update={"states": kind.states[:1]})
    with database.transaction() as session:
        store.declare(session, shorter)
        store.declare(session, kind)
        store.declare(session, kind)
        rows = session.query(MoveRow).filter(MoveRow.kind == kind.id)
        assert {(one.before, one.after) for one in rows} == kind.moves


@pytest.fixture
def filled(database: Database) -> Database:
    put(
        database,
        TicketRow,
        row("DES-1", "destruction", "notified"),
        row("DES-2", "destruction", "notified"),
    )
    put(database, ApprovalRow, *approvals("DES-2"))
    put(database, EventRow, line(1, "DES-1", "opened"))
    clock = {
        "id": 1, "ticket_id": "DES-1", "position": 0, "clock_id": "c", "name_zh": "", "name_en": "",
        "recipient_zh": "", "recipient_en": "", "reason_zh": "", "reason_en": "",
        "due_at": NOW.isoformat(), "started_at": NOW.isoformat(), "duty_id": "", "instrument": "",
        "article": None, "confidence": "", "conditional": False, "series": 1, "counted_from": "",
        "satisfied_at": NOW.isoformat(), "satisfied_by": None, "outcome": None, "reference": None,
    }  # fmt: skip
    put(database, DeadlineRow, clock, {**clock, "id": 2, "clock_id": "d", "satisfied_at": None})
    return database


HANDS = {
    "a ticket removed": "DELETE FROM tickets WHERE id = 'DES-1'",
    "a ticket takes the number of an approved one": "UPDATE tickets SET id = 'DES-3' WHERE id = 'DES-2'",
    "a clock moved": "UPDATE ticket_deadlines SET due_at = '2027-01-01 00:00:00+00:00'",
    "a clock without an end": "UPDATE ticket_deadlines SET due_at = NULL",
    "a clock given away": "UPDATE ticket_deadlines SET ticket_id = 'DES-2'",
    "a clock removed": "DELETE FROM ticket_deadlines WHERE id = 1",
    "a clock that ended runs again": "UPDATE ticket_deadlines SET satisfied_at = NULL",
}
REPLACED = {
    "who opened it": "REPLACE INTO tickets SELECT id, kind, state, title, description, facts, 'P-9',"
    " opened_at, restricted FROM tickets WHERE id = 'DES-1'",
    "a state": "REPLACE INTO tickets SELECT id, kind, 'requested', title, description, facts,"
    " opened_by, opened_at, restricted FROM tickets WHERE id = 'DES-1'",
    "a line of the timeline": "REPLACE INTO ticket_events SELECT id, ticket_id, '2020-01-01', person_id,"
    " what, details FROM ticket_events",
    "when it was approved": "REPLACE INTO ticket_approvals (ticket_id, person_id, at)"
    " VALUES ('DES-2', 'P-2', '2020-01-01')",
    "whose approval": "INSERT OR REPLACE INTO ticket_approvals (id, ticket_id, person_id, at)"
    " SELECT id, ticket_id, 'P-9', at FROM ticket_approvals WHERE id = 1",
}


@pytest.mark.both_engines
@pytest.mark.parametrize("statement", HANDS.values(), ids=HANDS)
def test_no_hand_moves_or_removes(filled: Database, statement: str) -> None:
    with pytest.raises(IntegrityError), filled.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", REPLACED.values(), ids=REPLACED)
def test_no_hand_replaces(filled: Database, statement: str) -> None:
    """SQLite's REPLACE, which asks no trigger about the row it removes; as by another program."""
    with pytest.raises(IntegrityError), filled.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.execute(text(statement))
