"""Corrected awareness adds clocks beside; later never removes earlier without a second person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import BadInput, Conflict, NotPermitted, ProductError
from tickets.clocks.deadlines import Deadline, Outcome, start
from tickets.incidents.awareness_correction import (
    Corrected,
    aware_at,
    correct,
    corrections,
    decide,
    pending,
)
from tickets.incidents.grade import IncidentFacts, IncidentKind, grade
from tickets.incidents.work import revise, settle
from tickets.playbooks.data import choose
from tickets.ticket import State, Ticket, TicketKind, steps_of
from tickets.ticket_facts import grading_as_facts, incident_as_facts

AWARE = datetime(2026, 11, 20, 12, 15, tzinfo=UTC)
NOW = AWARE + timedelta(hours=3)
HOUR = timedelta(hours=1)
LARGE = IncidentFacts(IncidentKind.LOST_DEVICE, people=2_000_000, eu_residents=True)


def incident(facts: IncidentFacts = LARGE) -> Ticket:
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
        deadlines=start(facts, grading.severity, aware_at=AWARE),
        steps=steps_of(choose(facts).steps, aware_at=AWARE),
    )


def clocks(ticket: Ticket) -> dict[str, Deadline]:
    return {one.key: one for one in ticket.deadlines}


def test_earlier_counts_at_once_beside_the_clocks_that_run() -> None:
    found = correct(incident(), AWARE - HOUR, by="P-2")
    after = clocks(found.ticket)
    assert aware_at(found.ticket) == AWARE - HOUR
    assert after["cac-4h"] == clocks(incident())["cac-4h"]
    assert after["cac-4h@2"].due_at == AWARE + 3 * HOUR
    assert after["gdpr-33@2"].due_at == AWARE + 71 * HOUR
    assert "知悉时间更正为 2026-11-20 19:15" in after["cac-4h@2"].reason.zh
    # In a list of names alone the two are told apart; counted a third time it names the last moment only.
    assert after["cac-4h@2"].name.zh.endswith("（按知悉 2026-11-20 19:15 计）")
    third = clocks(correct(found.ticket, AWARE - 2 * HOUR, by="P-3").ticket)["cac-4h@3"]
    assert third.name.zh.count("按知悉") == 1 and "18:15" in third.name.zh
    assert {one.key for one in found.added} == {"cac-4h@2", "gdpr-33@2"}
    assert pending(found.ticket) is None


def test_steps_that_wait_are_due_no_later_than_from_the_earlier_moment() -> None:
    before = incident()
    after = correct(before, AWARE - HOUR, by="P-2").ticket
    for old, new in zip(before.steps, after.steps, strict=True):
        assert old.due_at is not None and new.due_at == old.due_at - HOUR
    assert correct(before, AWARE + HOUR, by="P-2").ticket.steps == before.steps


def test_later_waits_for_a_second_person_and_until_then_nothing_ends() -> None:
    found = correct(incident(), AWARE + HOUR, by="P-2")
    assert aware_at(found.ticket) == AWARE
    assert clocks(found.ticket)["cac-4h"].satisfied_at is None
    assert clocks(found.ticket)["cac-4h@2"].due_at == AWARE + 5 * HOUR
    with pytest.raises(NotPermitted):
        decide(found.ticket, approve=True, now=NOW, by="P-2")
    approved = decide(found.ticket, approve=True, now=NOW, by="P-3")
    assert aware_at(approved.ticket) == AWARE + HOUR
    assert {one.key for one in approved.ended} == {"cac-4h", "gdpr-33"}
    assert {one.outcome for one in approved.ended} == {Outcome.SUPERSEDED}
    assert clocks(approved.ticket)["cac-4h@2"].satisfied_at is None
    with pytest.raises(Conflict):
        decide(approved.ticket, approve=True, now=NOW, by="P-3")


def test_a_declined_later_moment_ends_only_its_own_clocks() -> None:
    later = correct(incident(), AWARE + HOUR, by="P-2").ticket
    declined = decide(later, approve=False, now=NOW, by="P-3")
    assert {one.key for one in declined.ended} == {"cac-4h@2", "gdpr-33@2"}
    assert clocks(declined.ticket)["cac-4h"].satisfied_at is None
    assert aware_at(declined.ticket) == AWARE


def test_a_clock_met_before_the_correction_shows_whether_it_was_met_in_time() -> None:
    done, _ = settle(incident(), "cac-4h", outcome=Outcome.DONE, at=NOW, by="P-2", reference="回执")
    after = clocks(correct(done, AWARE - 2 * HOUR, by="P-2").ticket)["cac-4h@2"]
    assert (after.satisfied_at, after.reference) == (NOW, "回执")
    assert after.due_at is not None and after.due_at < NOW


def test_one_report_ends_the_clock_however_often_it_was_counted() -> None:
    twice = correct(incident(), AWARE - HOUR, by="P-2").ticket
    done, ended = settle(
        twice, "cac-4h@2", outcome=Outcome.DONE, at=NOW, by="P-2", reference="回执"
    )
    assert ended.key == "cac-4h@2"
    assert clocks(done)["cac-4h"].outcome is Outcome.DONE
    assert clocks(done)["gdpr-33"].satisfied_at is None


def test_the_same_moment_is_no_correction() -> None:
    with pytest.raises(BadInput):
        correct(incident(), AWARE, by="P-2")
    later = correct(incident(), AWARE + HOUR, by="P-2").ticket
    with pytest.raises(BadInput):
        correct(later, AWARE + HOUR, by="P-4")


def test_a_clock_added_after_a_correction_counts_from_it_and_follows_an_approval() -> None:
    small = replace(LARGE, people=5)
    earlier = correct(incident(small), AWARE - HOUR, by="P-2").ticket
    later = correct(earlier, AWARE + HOUR, by="P-2").ticket
    added = revise(later, {"people": 2_000_000}, now=NOW, by="P-2")
    assert {one.key: one.due_at for one in added.added}["cac-4h@2"] == AWARE + 3 * HOUR
    approved = decide(added.ticket, approve=True, now=NOW, by="P-3")
    assert {one.key for one in approved.added} == {"cac-4h@3"}
    assert clocks(approved.ticket)["cac-4h@3"].due_at == AWARE + 5 * HOUR


MINUTES = st.integers(min_value=-600, max_value=600)
ACTS = st.one_of(
    st.tuples(st.just("correct"), MINUTES, st.sampled_from("AB")),
    st.tuples(st.just("decide"), st.booleans(), st.sampled_from("AB")),
    st.tuples(st.just("people"), st.sampled_from([5, 2_000_000, None]), st.just("A")),
    st.tuples(st.just("settle"), st.sampled_from(["cac-4h", "gdpr-33"]), st.just("A")),
)


def act(ticket: Ticket, what: str, value: object, by: str) -> Ticket:
    try:
        if what == "correct":
            assert isinstance(value, int)
            return correct(ticket, AWARE + timedelta(minutes=value), by=by).ticket
        if what == "decide":
            return decide(ticket, approve=bool(value), now=NOW, by=by).ticket
        if what == "people":
            return revise(ticket, {"people": value}, now=NOW, by=by).ticket
        return settle(
            ticket, str(value), outcome=Outcome.DONE, at=AWARE + 12 * HOUR, by=by, reference="x"
        )[0]
    except ProductError:
        return ticket


@given(st.lists(ACTS, max_size=8))
def test_whatever_is_corrected_no_row_moves_and_only_a_second_person_takes_an_earlier_due_away(
    acts: list[tuple[str, object, str]],
) -> None:
    ticket = incident(replace(LARGE, people=None))
    for what, value, by in acts:
        waiting = pending(ticket)
        after = act(ticket, what, value, by)
        before, now = clocks(ticket), clocks(after)
        assert len(now) == len(after.deadlines)
        for key, one in before.items():
            assert (now[key].due_at, now[key].started_at) == (one.due_at, one.started_at)
        if aware_at(after) > aware_at(ticket):
            assert waiting is not None and what == "decide" and by != waiting.by
        if what == "correct":
            assert all(now[key] == one for key, one in before.items())
            assert earliest(after) <= earliest(ticket)
        ticket = after


def earliest(ticket: Ticket) -> datetime:
    """The first due time that still runs."""
    running = [o.due_at for o in ticket.deadlines if o.due_at and not o.satisfied_at]
    return min(running, default=datetime.max.replace(tzinfo=UTC))


@given(st.lists(MINUTES, min_size=1, max_size=5))
def test_without_a_second_person_the_earliest_moment_ever_stated_counts(
    minutes: list[int],
) -> None:
    ticket, stated = incident(), [0]
    for minute in minutes:
        try:
            found: Corrected = correct(ticket, AWARE + timedelta(minutes=minute), by="P-2")
        except BadInput:
            continue
        ticket = found.ticket
        stated.append(minute)
    assert aware_at(ticket) == AWARE + timedelta(minutes=min(stated))
    assert len(corrections(ticket)) == len(stated) - 1
