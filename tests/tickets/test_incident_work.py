"""New facts add clocks and move none; what ended stays ended; nothing open is closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import BadInput, Conflict, NotFound
from tickets.clocks.deadlines import Outcome, start
from tickets.incidents.grade import IncidentFacts, IncidentKind, grade
from tickets.incidents.work import close, hand_over, move, revise, settle, skip, take
from tickets.playbooks.data import choose
from tickets.ticket import State, Ticket, TicketKind, steps_of
from tickets.ticket_facts import grading_as_facts, incident_as_facts

AWARE = datetime(2026, 11, 20, 12, 15, tzinfo=UTC)
NOW = AWARE + timedelta(hours=2)


def incident(kind: IncidentKind = IncidentKind.LOST_DEVICE, people: int | None = None) -> Ticket:
    facts = IncidentFacts(kind, people=people)
    grading = grade(facts)
    return Ticket(
        id="INC-2026-0001",
        kind=TicketKind.INCIDENT,
        state=State.OPEN,
        title="笔记本电脑丢失",
        description="笔记本落在出租车上",
        opened_by="P-1",
        opened_at=NOW,
        facts={
            **incident_as_facts(facts),
            **grading_as_facts(grading),
            "aware_at": AWARE.isoformat(),
        },
        restricted=True,
        deadlines=start(facts, grading.severity, aware_at=AWARE),
        steps=steps_of(choose(facts).steps, aware_at=AWARE),
    )


# Head count → which of the clocks of larger incidents run: for certain, conditionally, not at all.
@pytest.mark.parametrize(
    ("people", "added", "ended"),
    [
        (0, set(), Outcome.NOT_APPLICABLE),
        (999_999, set(), Outcome.NOT_APPLICABLE),
        (1_000_000, {"cac-4h", "closing-30d"}, Outcome.SUPERSEDED),
        (1_000_001, {"cac-4h", "closing-30d"}, Outcome.SUPERSEDED),
    ],
)
def test_a_head_count_decides_the_conditional_clocks(
    people: int, added: set[str], ended: Outcome
) -> None:
    found = revise(incident(), {"people": people}, now=NOW, by="P-2")
    assert {one.id for one in found.added} == added
    assert {(one.key, one.outcome) for one in found.ended} == {
        ("cac-4h.if", ended),
        ("closing-30d.if", ended),
    }
    assert all(one.satisfied_at == NOW and one.reference for one in found.ended)


def test_a_clock_added_late_still_counts_from_awareness() -> None:
    found = revise(incident(), {"people": 2_000_000}, now=NOW, by="P-2")
    four_hours = next(one for one in found.added if one.id == "cac-4h")
    assert four_hours.due_at == AWARE + timedelta(hours=4)


def test_facts_that_shrink_end_no_certain_clock_but_name_it() -> None:
    found = revise(incident(people=2_000_000), {"people": 5}, now=NOW, by="P-2")
    assert found.ended == ()
    assert {one.id for one in found.doubtful} == {"cac-4h", "closing-30d"}
    assert {one.id for one in found.ticket.deadlines} >= {"cac-4h", "closing-30d"}


def test_the_kind_once_known_adds_the_steps_of_its_playbook() -> None:
    before = incident(IncidentKind.OTHER)
    found = revise(before, {"kind": IncidentKind.RANSOMWARE}, now=NOW, by="P-2").ticket
    assert found.steps[: len(before.steps)] == before.steps
    assert [one.step.number for one in found.steps] == list(range(1, len(found.steps) + 1))
    texts = [one.step.text for one in found.steps]
    assert len(set(texts)) == len(texts) > len(before.steps)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "people": st.one_of(st.none(), st.sampled_from([0, 999_999, 1_000_000, 10**8])),
        "sensitive": st.one_of(st.none(), st.booleans()),
        "critical_infrastructure": st.booleans(),
        "minors": st.booleans(),
        "eu_residents": st.booleans(),
        "suspected_crime": st.booleans(),
        "bank": st.booleans(),
        "kind": st.sampled_from(IncidentKind),
    },
)


@given(st.lists(CHANGES, max_size=4))
def test_whatever_becomes_known_no_running_clock_moves_or_goes(
    changes: list[dict[str, object]],
) -> None:
    ticket = incident()
    for change in changes:
        try:
            later = revise(ticket, change, now=NOW, by="P-2").ticket
        except BadInput:
            continue
        before = {one.key: (one.due_at, one.started_at) for one in ticket.deadlines}
        after = {one.key: (one.due_at, one.started_at) for one in later.deadlines}
        assert len(after) == len(later.deadlines)
        assert before.items() <= after.items()
        gone = [o for o in later.deadlines if o.satisfied_at and not o.conditional]
        assert gone == []
        ticket = later


def test_facts_already_known_are_refused() -> None:
    with pytest.raises(BadInput):
        revise(incident(people=5), {"people": 5}, now=NOW, by="P-2")


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, False), (0, True), (1, True)])
def test_a_clock_is_met_no_earlier_than_awareness(seconds: int, allowed: bool) -> None:
    at = AWARE + timedelta(seconds=seconds)

    def act() -> None:
        settle(
            incident(),
            "pipl57-authority",
            outcome=Outcome.DONE,
            at=at,
            by="P-2",
            reference="回执 118",
        )

    if allowed:
        act()
    else:
        with pytest.raises(BadInput):
            act()


def test_a_clock_ends_once_and_only_one_that_exists() -> None:
    done, ended = settle(
        incident(), "dsl29", outcome=Outcome.DONE, at=NOW, by="P-2", reference="回执"
    )
    assert (ended.satisfied_by, ended.reference, ended.outcome) == ("P-2", "回执", Outcome.DONE)
    with pytest.raises(Conflict):
        settle(done, "dsl29", outcome=Outcome.NOT_APPLICABLE, at=NOW, by="P-3", reference="不")
    with pytest.raises(NotFound):
        settle(done, "no-such", outcome=Outcome.DONE, at=NOW, by="P-3", reference="不")


def test_a_step_is_done_once_and_a_handed_over_one_still_waits() -> None:
    given_to = hand_over(incident(), 1, to="P-9")
    assert given_to.steps[0].owner == "P-9"
    taken = take(given_to, 1, at=NOW, by="P-9", note="已擦除")
    with pytest.raises(Conflict):
        skip(taken, 1, at=NOW, by="P-2", reason="多余")
    with pytest.raises(NotFound):
        take(taken, 99, at=NOW, by="P-2", note="")


def test_the_end_of_the_handling_starts_the_clock_that_waits_for_it_once() -> None:
    ticket = incident(people=2_000_000)
    handled = move(ticket, State.HANDLED, now=NOW)
    closing = {one.id: one.due_at for one in handled.deadlines}["closing-30d"]
    assert closing is not None
    again = move(move(handled, State.OPEN, now=NOW), State.HANDLED, now=NOW + timedelta(days=9))
    assert {one.id: one.due_at for one in again.deadlines}["closing-30d"] == closing


def test_closing_waits_for_every_clock_and_step() -> None:
    ticket = move(incident(people=5), State.HANDLED, now=NOW)
    with pytest.raises(Conflict) as refusal:
        close(ticket, "报告")
    assert "第1步" in refusal.value.message.zh
    for one in ticket.steps:
        ticket = skip(ticket, one.step.number, at=NOW, by="P-2", reason="演示")
    last = ticket.deadlines[-1].key
    for clock in ticket.deadlines[:-1]:
        ticket, _ = settle(
            ticket, clock.key, outcome=Outcome.DONE, at=NOW, by="P-2", reference="回执"
        )
    with pytest.raises(Conflict):
        close(ticket, "报告")
    ticket, _ = settle(ticket, last, outcome=Outcome.DONE, at=NOW, by="P-2", reference="回执")
    closed = close(ticket, "报告")
    assert (closed.state, closed.facts["closing_report"]) == (State.CLOSED, "报告")
    with pytest.raises(Conflict):
        revise(closed, {"people": 7}, now=NOW, by="P-2")
    with pytest.raises(Conflict):
        close(replace(ticket, state=State.OPEN), "报告")
