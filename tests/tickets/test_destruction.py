"""Destruction moves only as allowed: two other approvers, no hold, never before the day."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import ProductError
from tickets.destruction.order import (
    APPROVERS,
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
from tickets.errors import MoveNotAllowed, NotLawfulYet, OnHold, SamePerson
from tickets.retention.decision import (
    Decision,
    HolderType,
    RecordFacts,
    RecordKind,
    StartEvent,
    decide,
)
from tickets.ticket import (
    DESTRUCTION_MOVES,
    INCIDENT_MOVES,
    State,
    TicketKind,
    check_move,
)

TODAY = date(2026, 11, 23)
Move = Callable[[Order, str, str], Order]
PEOPLE = ("requester", "anna", "bo", "chen")


def decision(holder: HolderType = HolderType.COMPANY, *, hold: bool = False) -> Decision:
    facts = RecordFacts(
        kind=RecordKind.IDENTITY_COPY,
        holder=holder,
        dates={StartEvent.RELATIONSHIP_ENDED: date(2023, 11, 23)},
        hold=hold,
    )
    return decide(facts, today=TODAY)


def ready() -> Order:
    """An order that waits for its approvals."""
    return notify(appraise(request("requester", decision()), today=TODAY))


def approved() -> Order:
    return approve(approve(ready(), by="anna", today=TODAY), by="bo", today=TODAY)


def test_the_whole_way_leads_to_the_register() -> None:
    order = carry_out(approved(), by="chen", witness="anna", today=TODAY)
    order = register(certify(add_evidence(order), by="anna"))
    assert order.state is State.REGISTERED
    assert order.approvers == ("anna", "bo")


def test_the_requester_cannot_approve() -> None:
    with pytest.raises(SamePerson):
        approve(ready(), by="requester", today=TODAY)


def test_one_person_cannot_approve_twice() -> None:
    once = approve(ready(), by="anna", today=TODAY)
    assert once.state is State.NOTIFIED
    with pytest.raises(SamePerson):
        approve(once, by="anna", today=TODAY)


def test_the_witness_is_somebody_else() -> None:
    with pytest.raises(SamePerson):
        carry_out(approved(), by="anna", witness="anna", today=TODAY)


def test_who_destroyed_cannot_certify() -> None:
    order = add_evidence(carry_out(approved(), by="chen", witness="anna", today=TODAY))
    with pytest.raises(SamePerson):
        certify(order, by="chen")


def test_a_bank_cannot_even_appraise_before_the_ten_years() -> None:
    order = request("requester", decision(HolderType.FINANCIAL))
    with pytest.raises(NotLawfulYet):
        appraise(order, today=TODAY)


def test_a_changed_decision_takes_the_approval_back() -> None:
    order = weigh(approved(), decision(HolderType.FINANCIAL))
    assert (order.state, order.approvers) == (State.NOTIFIED, ())
    with pytest.raises(NotLawfulYet):
        approve(order, by="anna", today=TODAY)


def test_the_same_decision_changes_nothing() -> None:
    assert weigh(approved(), decision()) == approved()


def test_nothing_is_carried_out_before_the_first_lawful_day() -> None:
    with pytest.raises(NotLawfulYet):
        carry_out(approved(), by="chen", witness="anna", today=date(2023, 11, 22))


@pytest.mark.parametrize(
    "order",
    [
        request("requester", decision()),
        appraise(request("requester", decision()), today=TODAY),
        ready(),
        approve(ready(), by="anna", today=TODAY),
        approved(),
        carry_out(approved(), by="chen", witness="anna", today=TODAY),
    ],
    ids=lambda order: order.state.value,
)
def test_a_hold_stops_every_step_at_every_state(order: Order) -> None:
    held = place_hold(order)
    for step in STEPS.values():
        with pytest.raises(OnHold):
            step(held, "anna", "bo")


def test_lifting_a_hold_returns_without_the_approvals() -> None:
    lifted = lift_hold(place_hold(approved()), decision())
    assert (lifted.state, lifted.approvers) == (State.NOTIFIED, ())


def test_a_hold_cannot_be_lifted_while_the_reason_stands() -> None:
    with pytest.raises(OnHold):
        lift_hold(place_hold(ready()), decision(hold=True))


def test_a_known_hold_blocks_from_the_start() -> None:
    order = request("requester", decision(hold=True))
    assert order.on_hold
    assert lift_hold(order, decision()).state is State.REQUESTED


def test_a_refusal_needs_a_reason_and_is_final() -> None:
    with pytest.raises(MoveNotAllowed):
        refuse(ready(), reason=" ")
    refused = refuse(ready(), reason="资料仍在使用")
    for step in STEPS.values():
        with pytest.raises(MoveNotAllowed):
            step(refused, "anna", "bo")
    with pytest.raises(MoveNotAllowed):
        place_hold(refused)


def test_what_is_destroyed_cannot_be_refused() -> None:
    order = carry_out(approved(), by="chen", witness="anna", today=TODAY)
    with pytest.raises(MoveNotAllowed):
        refuse(order, reason="太晚了")


def test_a_forbidden_move_names_the_allowed_ones() -> None:
    with pytest.raises(MoveNotAllowed) as caught:
        check_move(TicketKind.DESTRUCTION, State.REQUESTED, State.CERTIFIED)
    assert "已鉴定" in caught.value.message.zh
    assert "appraised" in caught.value.message.en


def test_every_state_of_the_tables_is_reached_and_known() -> None:
    for moves in (INCIDENT_MOVES, DESTRUCTION_MOVES):
        for targets in moves.values():
            assert targets <= set(moves)
    assert set(INCIDENT_MOVES) | set(DESTRUCTION_MOVES) == set(State)


STEPS: dict[str, Move] = {
    "appraise": lambda order, a, b: appraise(order, today=TODAY),
    "notify": lambda order, a, b: notify(order),
    "approve": lambda order, a, b: approve(order, by=a, today=TODAY),
    "carry_out": lambda order, a, b: carry_out(order, by=a, witness=b, today=TODAY),
    "add_evidence": lambda order, a, b: add_evidence(order),
    "certify": lambda order, a, b: certify(order, by=a),
    "register": lambda order, a, b: register(order),
}
OTHERS: dict[str, Move] = {
    "hold": lambda order, a, b: place_hold(order),
    "lift": lambda order, a, b: lift_hold(order, decision()),
    "refuse": lambda order, a, b: refuse(order, reason="不同意"),
    "other_facts": lambda order, a, b: weigh(order, decision(HolderType.FINANCIAL)),
    "same_facts": lambda order, a, b: weigh(order, decision()),
}
DONE = (State.CARRIED_OUT, State.EVIDENCED, State.CERTIFIED, State.REGISTERED)
ALL = {**STEPS, **OTHERS}
# Steps in their order are drawn more often, or no sequence would ever come far.
WAY = ["appraise", "notify", "approve", "approve", "carry_out", "add_evidence", "certify"]


@given(
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from(sorted(ALL)), st.sampled_from(WAY)),
            st.sampled_from(PEOPLE),
            st.sampled_from(PEOPLE),
        ),
        max_size=40,
    )
)
def test_no_path_destroys_without_two_other_approvers_or_under_a_hold(
    moves: list[tuple[str, str, str]],
) -> None:
    order = request("requester", decision())
    for name, a, b in moves:
        before = order
        try:
            order = ALL[name](order, a, b)
        except ProductError:
            assert order is before
            continue
        if order.state is State.APPROVED or order.state in DONE:
            assert len(set(order.approvers) - {"requester"}) >= APPROVERS
            assert "requester" not in order.approvers
        if before.on_hold:
            assert name in ("lift", "refuse", "other_facts", "same_facts")
            assert order.state not in (State.APPROVED,)
        if order.state is State.CARRIED_OUT and before.state is State.APPROVED:
            assert order.executor != order.witness
