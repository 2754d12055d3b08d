"""Entries by random kinds and random hands: no gate without its approvals, no clock moved in silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from records.database import MIGRATIONS, Base, Database
from records.errors import ProductError
from records.people import Role
from tickets.clocks.deadlines import Outcome
from tickets.errors import MoveNotAllowed, NotForThisRole, SamePerson, StepMissing
from tickets.registers.entries import amended, approved, moved, opened
from tickets.registers.entry import Acting, Evidence, RegisterEntry
from tickets.registers.kind_files import load_kinds, mistakes
from tickets.registers.kinds import FOLDER, Kind
from tickets.registers.store import EntryStore
from tickets.registers.values import value_of
from tickets.store import TicketStore

KINDS = load_kinds(FOLDER)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SAID = {"zh": "甲", "en": "a"}
BEFORE_GATES = "0014"
PEOPLE = ("P-1", "P-2", "P-3", "P-4")


def kind_of(states: list[dict[str, Any]], **more: Any) -> Kind:
    """A kind made in memory; what a file would say."""
    base: dict[str, Any] = {
        "id": "made", "prefix": "MD", "name": SAID, "about": SAID, "opens": ["employee"],
        "works": ["employee"], "title": ["what"],
        "fields": [
            {"id": "what", "name": SAID, "type": "text", "required": True},
            {"id": "on", "name": SAID, "type": "date"},
            {"id": "after", "name": SAID, "type": "text", "later": True},
        ],
        "keep": {"years": 3, "reason": SAID}, "states": states,
    }  # fmt: skip
    return Kind.model_validate(base | more)


@st.composite
def kinds(draw: st.DrawFn) -> Kind:
    """Any kind that the loader would let through: a few states, moves between them, gates."""
    count = draw(st.integers(2, 5))
    names = [f"s{n}" for n in range(count)]
    needed = draw(st.integers(1, 3))
    states: list[dict[str, Any]] = []
    for n, name in enumerate(names[:-1]):
        moves: list[dict[str, Any]] = []
        for to in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)):
            gate = draw(st.booleans()) and not any("approvals" in one for one in moves)
            more = {"approvals": {"count": needed, "by": ["employee"]}} if gate else {}
            moves.append({"to": to, "name": SAID, **more})
        if not any(one["to"] == names[n + 1] for one in moves):
            moves.append({"to": names[n + 1], "name": SAID})
        states.append({"id": name, "name": SAID, "moves": moves})
    states.append({"id": names[-1], "name": SAID, "final": True})
    return kind_of(states)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["move", "approve", "amend", "later"]),
        st.sampled_from(PEOPLE),
        st.sampled_from([f"s{n}" for n in range(5)]),
    ),
    max_size=25,
)


@given(kind=kinds().filter(lambda kind: not list(mistakes(kind))), acts=ACTS)
@settings(max_examples=150, deadline=None)
def test_nothing_gets_behind_a_gate_without_its_approvals_by_others(
    kind: Kind, acts: list[tuple[str, str, str]]
) -> None:
    employee = frozenset({Role.EMPLOYEE})
    entry = RegisterEntry("MD-1", "made", "s0", {"what": "甲"}, PEOPLE[0], NOW)
    entry = opened(kind, entry, Acting(PEOPLE[0], employee, NOW))
    now = NOW
    for act, who, to in acts:
        now += timedelta(minutes=1)
        acting, before = Acting(who, employee, now), entry
        try:
            if act == "move":
                entry = moved(kind, entry, to, acting, reason="甲")
            elif act == "approve":
                entry = approved(kind, entry, acting)
            else:
                name = "what" if act == "amend" else "after"
                entry = amended(kind, entry, {name: f"{now}"}, {}, acting, reason="甲")
        except ProductError:
            assert entry is before
        others = {one.person_id for one in entry.approvals} - {entry.opened_by}
        if entry.state in kind.gated:
            assert len(others) >= kind.gated[entry.state]
            # What was approved is what stands there.
            assert entry.values["what"] == (before.values["what"])
        assert len(others) == len(entry.approvals)
        assert set(before.entered) <= set(entry.entered)


def a_request(**values: Any) -> tuple[Kind, RegisterEntry]:
    kind = KINDS["rights_request"]
    example = {**kind.example, **values}
    fields = {one.id: one for one in kind.fields}
    read = {n: value_of(fields[n], v, now=NOW) for n, v in example.items()}
    sealed = {"requester": str(read.pop("requester"))}
    entry = RegisterEntry("RR-2026-0001", kind.id, "received", read, "P-1", NOW, sealed=sealed)
    return kind, opened(kind, entry, by("P-1"))


def by(person: str, *roles: Role, now: datetime = NOW) -> Acting:
    return Acting(person, frozenset(roles or {Role.OFFICER}), now)


def test_the_law_says_promptly_and_the_figures_of_a_standard_are_marked() -> None:
    _, entry = a_request()
    clocks = {one.id: one for one in entry.deadlines}
    assert clocks["promptly"].at_once
    assert clocks["promptly"].is_law
    assert not clocks["thirty_days"].is_law
    assert "待核实" in clocks["thirty_days"].name.zh
    assert not clocks["identity"].is_law  # a period of the house


def test_a_refusal_needs_its_ground_and_somebody_else() -> None:
    kind, entry = a_request()
    entry = amended(kind, entry, {"identity_method": "callback"}, {}, by("P-2"), reason="甲")
    entry = moved(kind, entry, "verified", by("P-2"), reason="")
    with pytest.raises(StepMissing, match="Ground of the refusal"):
        amended(kind, entry, {"outcome": "refused"}, {}, by("P-2"), reason="甲")
    told = {"outcome": "refused", "refusal_ground": "甲", "answer": "乙"}
    entry = amended(kind, entry, told, {}, by("P-2"), reason="甲")
    with pytest.raises(MoveNotAllowed):
        moved(kind, entry, "answered", by("P-2"), reason="")
    entry = moved(kind, entry, "refusal", by("P-2"), reason="")
    with pytest.raises(StepMissing):
        moved(kind, entry, "refused", by("P-2", *Role), reason="")
    with pytest.raises(SamePerson):
        approved(kind, entry, by("P-1", Role.APPROVER))
    with pytest.raises(NotForThisRole):
        approved(kind, entry, by("P-3", Role.EMPLOYEE))
    done = approved(kind, entry, by("P-3", Role.APPROVER))
    assert done.state == "refused"
    assert done.keep_until and done.keep_until.isoformat() == "2029-11-24"
    assert {one.outcome for one in done.deadlines} == {Outcome.DONE}


def test_a_changed_start_ends_the_clock_in_sight_and_starts_another() -> None:
    kind, entry = a_request()
    later = NOW + timedelta(hours=1)
    changed = amended(
        kind, entry, {"received_at": "2026-11-19T01:00:00+00:00"}, {}, by("P-2", now=later),
        reason="邮戳为19日",
    )  # fmt: skip
    old, new = (one for one in changed.deadlines if one.id == "thirty_days")
    assert (old.series, new.series) == (1, 2)
    assert (old.outcome, old.reference) == (Outcome.SUPERSEDED, "邮戳为19日")
    assert old.due_at == next(o.due_at for o in entry.deadlines if o.id == "thirty_days")
    assert new.due_at and old.due_at and (old.due_at - new.due_at) == timedelta(days=1)


def test_a_clock_that_was_met_does_not_begin_again() -> None:
    kind, entry = a_request(identity_method="callback")
    entry = moved(kind, entry, "verified", by("P-2"), reason="")
    changed = amended(
        kind, entry, {"received_at": "2026-11-19T01:00:00+00:00"}, {}, by("P-2"), reason="甲"
    )
    assert [one.id for one in changed.deadlines if one.id.startswith("identity")] == ["identity"]


def test_a_share_waits_for_an_assessment_that_is_done() -> None:
    kind = KINDS["sharing"]
    values = {**kind.example, "data": ["name"], "sensitive": False, "important": False,
              "notice": "N-1", "assessment": "IA-2026-0001"}  # fmt: skip
    proof = Evidence("consent", "F-1", "0" * 64, 1, "单独同意书")
    entry = RegisterEntry(
        "SH-2026-0001", "sharing", "review", values, "P-1", NOW, evidence=(proof,)
    )
    for state, passes in (
        ("started", False),
        ("review", False),
        ("stopped", False),
        ("done", True),
    ):
        linked = {"IA-2026-0001": ("impact_assessment", state)}
        acting = replace(by("P-2", Role.APPROVER), linked=linked)
        if passes:
            assert approved(kind, entry, acting).state == "active"
        else:
            with pytest.raises(StepMissing, match="impact assessment"):
                approved(kind, entry, acting)
    done = replace(by("P-2", Role.APPROVER), linked={"IA-2026-0001": ("impact_assessment", "done")})
    with pytest.raises(StepMissing, match="Proof of consent"):
        approved(kind, replace(entry, evidence=()), done)
    wrong = replace(by("P-2", Role.APPROVER), linked={"IA-2026-0001": ("risk", "done")})
    with pytest.raises(StepMissing):
        approved(kind, entry, wrong)


def test_what_was_approved_is_not_changed_and_what_comes_later_is() -> None:
    kind = KINDS["sharing"]
    entry = RegisterEntry(
        "SH-2026-0001", "sharing", "active", {**kind.example, "data": ["name"]}, "P-1", NOW
    )
    with pytest.raises(MoveNotAllowed, match="recipient"):
        amended(kind, entry, {"recipient": "别家"}, {}, by("P-2"), reason="甲")
    done = amended(kind, entry, {"how_ended": "deleted"}, {}, by("P-2"), reason="甲")
    assert done.values["how_ended"] == "deleted"


@pytest.fixture
def store(database: Database) -> tuple[Database, EntryStore]:
    return database, EntryStore(b"k" * 32, TicketStore())


@pytest.mark.both_engines
def test_the_database_itself_keeps_the_gate(store: tuple[Database, EntryStore]) -> None:
    database, entries = store
    kind, entry = a_request()
    with database.transaction() as session:
        entries.add(session, kind, entry, title="甲")
    with database.transaction() as session:
        for state in ("verified", "refusal"):
            session.execute(text("UPDATE tickets SET state = :s"), {"s": state})
    forbidden = [
        "UPDATE tickets SET state = 'refused' WHERE id = 'RR-2026-0001'",
        "INSERT INTO ticket_approvals (ticket_id, person_id, at)"
        " VALUES ('RR-2026-0001', 'P-1', '2026-11-23')",
        "UPDATE ticket_gates SET approvals = 0",
        "DELETE FROM ticket_gates",
    ]
    for statement in forbidden:
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.execute(text(statement))
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO ticket_approvals (ticket_id, person_id, at)"
                " VALUES ('RR-2026-0001', 'P-2', '2026-11-23')"
            )
        )
        session.execute(text("UPDATE tickets SET state = 'refused'"))
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("DELETE FROM ticket_approvals"))


def test_what_is_sealed_cannot_be_read_from_the_database(
    store: tuple[Database, EntryStore], tmp_path: Path
) -> None:
    database, entries = store
    kind, entry = a_request(requester="周明轩 13800138000")
    with database.transaction() as session:
        entries.add(session, kind, entry, title="甲")
    with database.transaction() as session:
        changed = replace(entry, sealed={"requester": "周明轩 13900139000"})
        entries.save(session, kind, changed, title="甲")
    with database.reading() as session:
        assert entries.get(session, "rr-2026-0001").sealed == changed.sealed
        kept = session.execute(text("SELECT facts FROM tickets")).scalar_one()
    assert "周明轩" not in kept
    assert len(kept.split("requester")[1].split("]")[0].split(",")) == 2  # the earlier one stays


def test_a_database_of_the_version_before_keeps_its_tickets_and_gains_the_gates(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["metadata"] = Base.metadata
        command.upgrade(config, BEFORE_GATES)
        connection.execute(
            text(
                "INSERT INTO tickets (id, kind, state, title, description, facts, opened_by,"
                " opened_at, restricted) VALUES ('DES-2026-0001', 'destruction', 'requested', '甲',"
                " '乙', '{}', 'P-1', '2026-11-23 02:00:00', 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO ticket_approvals (ticket_id, person_id, at)"
                " VALUES ('DES-2026-0001', 'P-2', '2026-11-23 02:00:00')"
            )
        )
        connection.commit()
    database.upgrade()
    store, entries = TicketStore(), EntryStore(b"k" * 32, TicketStore())
    with database.transaction() as session:
        found = store.get(session, "DES-2026-0001")
        assert [one.person_id for one in found.approvals] == ["P-2"]
        kind, entry = a_request()
        entries.add(session, kind, entry, title="甲")
        assert [one.id for one in store.list(session)] == ["DES-2026-0001"]
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("UPDATE tickets SET state = 'refused' WHERE id LIKE 'RR-%'"))
    database.close()
