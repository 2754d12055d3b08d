"""Rules and database against each other: what the rules allow is stored, what they forbid is not.

A machine draws moves by many people, and hands that write to the tables past the rules.
"""

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.database import Database
from records.errors import ProductError
from tickets.destruction.order import (
    Order,
    add_evidence,
    appraise,
    approve,
    carry_out,
    certify,
    lift_hold,
    notify,
    place_hold,
    refuse,
    register,
    request,
    weigh,
)
from tickets.retention.decision import (
    Decision,
    HolderType,
    RecordFacts,
    RecordKind,
    StartEvent,
    decide,
)
from tickets.store import TicketStore
from tickets.ticket import State, Ticket, TicketKind

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
STORE = TicketStore()
PEOPLE = st.sampled_from(["requester", "anna", "bo", "chen"])
DONE = (State.CARRIED_OUT, State.EVIDENCED, State.CERTIFIED, State.REGISTERED)


def decision(holder: HolderType = HolderType.COMPANY) -> Decision:
    dates = {StartEvent.RELATIONSHIP_ENDED: date(2023, 11, 23)}
    facts = RecordFacts(kind=RecordKind.IDENTITY_COPY, holder=holder, dates=dates)
    return decide(facts, today=TODAY)


class Destructions(RuleBasedStateMachine):
    """One order, moved by the rules and stored, with hands that write past them."""

    database: ClassVar[Database]
    numbers = 0

    @initialize(far=st.integers(0, 8))
    def opens(self, far: int) -> None:
        """Some way along already, or few sequences would come to an approval."""
        Destructions.numbers += 1
        self.number = f"DES-2026-{Destructions.numbers:04d}"
        self.order = request("requester", decision())
        self.held = False
        with self.database.transaction() as session:
            STORE.save(session, self.ticket())
        for step in range(far):
            if step in (2, 3):
                self.approves("anna" if step == 2 else "bo")
            else:
                self.on()

    def ticket(self) -> Ticket:
        return Ticket(
            self.number, TicketKind.DESTRUCTION, self.order.state, "t", "d", "requester", NOW
        )

    def move(self, change: Callable[[Order], Order]) -> None:
        """The move stored, if the rules allow it; the database must not object."""
        try:
            moved = change(self.order)
        except ProductError:
            return
        before, self.order = self.order, moved
        with self.database.transaction() as session:
            STORE.keep_approvals(session, self.number, moved.approvers, at=NOW)
            if moved.state is State.CARRIED_OUT and not before.on_hold:
                self.note(session, "carried_out")
            if moved.resume:
                self.note(session, "held", resume=moved.resume.value)
            STORE.save(session, self.ticket())

    def note(self, session: Session, what: str, **details: str) -> None:
        STORE.note(
            session, self.number, at=NOW, person_id="x", what=f"destruction:{what}", details=details
        )

    @rule()
    def on(self) -> None:
        """The next step of the way, or no sequence would come far."""
        steps = {
            State.REQUESTED: lambda o: appraise(o, today=TODAY),
            State.APPRAISED: notify,
            State.APPROVED: lambda o: carry_out(o, by="chen", witness="anna", today=TODAY),
            State.CARRIED_OUT: add_evidence,
            State.EVIDENCED: lambda o: certify(o, by="bo"),
            State.CERTIFIED: register,
        }
        if self.order.state in steps:
            self.move(steps[self.order.state])

    @rule(by=PEOPLE)
    def approves(self, by: str) -> None:
        self.move(lambda o: approve(o, by=by, today=TODAY))

    @rule(by=PEOPLE, witness=PEOPLE)
    def carries_out(self, by: str, witness: str) -> None:
        self.move(lambda o: carry_out(o, by=by, witness=witness, today=TODAY))

    @rule(chance=st.integers(0, 2))
    def holds(self, chance: int) -> None:
        if chance == 0:
            self.move(place_hold)

    @rule()
    def lifts(self) -> None:
        self.move(lambda o: lift_hold(o, decision()))

    @rule(chance=st.integers(0, 9))
    def refuses(self, chance: int) -> None:
        if chance == 0:
            self.move(lambda o: refuse(o, reason="不同意"))

    @rule(chance=st.integers(0, 4))
    def facts_change(self, chance: int) -> None:
        if chance == 0:
            self.move(lambda o: weigh(o, decision(HolderType.FINANCIAL)))
            self.move(lambda o: weigh(o, decision()))

    @rule()
    def a_hand_writes_a_state(self) -> None:
        """Past the rules: accepted only where two others approved and the order allows it."""
        assert not self.accepted("destroyed")
        for state in (State.APPROVED, *DONE):
            if self.accepted(state):
                assert len(set(self.order.approvers) - {"requester"}) >= 2
                carried_out = self.order.state in DONE or self.order.resume in DONE
                assert carried_out or self.order.state is State.APPROVED
                assert carried_out or not self.order.on_hold

    def accepted(self, state: str) -> bool:
        """Whether the database takes the state; it is taken back."""
        with self.database.engine.connect() as connection:
            statement = text("UPDATE tickets SET state = :s WHERE id = :n")
            try:
                connection.execute(statement, {"s": str(state), "n": self.number})
            except IntegrityError:
                return False
            finally:
                connection.rollback()
        return True

    @rule()
    def a_hand_approves_for_the_requester(self) -> None:
        with (
            pytest.raises(IntegrityError),
            self.database.engine.connect() as connection,
            connection.begin(),
        ):
            statement = text(
                "INSERT INTO ticket_approvals (ticket_id, person_id, at)"
                " SELECT id, opened_by, opened_at FROM tickets WHERE id = :n"
            )
            connection.execute(statement, {"n": self.number})

    @invariant()
    def what_is_stored_is_what_the_rules_say(self) -> None:
        with self.database.reading() as session:
            found = STORE.get(session, self.number)
        assert found.state is self.order.state
        approvers = {one.person_id for one in found.approvals}
        if found.state is State.APPROVED or found.state in DONE:
            assert len(approvers - {"requester"}) >= 2
        assert "requester" not in approvers


def test_no_path_destroys_without_two_others_or_under_a_hold() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Destructions.database = Database(f"sqlite:///{Path(folder) / 'd.db'}")
        Destructions.database.upgrade()
        case = Destructions.TestCase()
        case.settings = settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        case.runTest()
        Destructions.database.close()
