"""Clocks: which run, for whom, until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from records.beijing import SHANGHAI
from tickets.citation import Confidence
from tickets.clocks.deadlines import (
    CountedFrom,
    Deadline,
    added,
    handling_ended,
    most_pressing_first,
    start,
)
from tickets.incidents.grade import IncidentFacts, IncidentKind, Severity, grade

Kind = IncidentKind
# Friday 20:15 in Beijing.
AWARE = datetime(2026, 11, 20, 20, 15, tzinfo=SHANGHAI)


def clocks(facts: IncidentFacts, aware: datetime = AWARE) -> dict[str, Deadline]:
    found = start(facts, grade(facts).severity, aware_at=aware)
    return {one.id: one for one in found}


ALWAYS = {"pipl57-authority", "pipl57-individuals", "dsl29", "consumer-remedy"}
NETWORK = ALWAYS | {"csl44-users", "ndr11"}
LARGER = NETWORK | {"cac-4h", "closing-30d"}
CII = NETWORK | {"cii-1h", "closing-30d"}

CASES = [
    (IncidentFacts(Kind.LOST_DEVICE, people=1200), NETWORK),
    (IncidentFacts(Kind.LOST_DEVICE, people=0), NETWORK),
    (IncidentFacts(Kind.LOST_DEVICE, people=999_999), NETWORK),
    (IncidentFacts(Kind.LOST_DEVICE, people=1_000_000), LARGER),
    (IncidentFacts(Kind.EXPOSED_STORAGE, people=9_999_999), LARGER),
    (IncidentFacts(Kind.EXPOSED_STORAGE, people=10_000_000), LARGER),
    (IncidentFacts(Kind.EXPOSED_STORAGE, people=100_000_000), LARGER),
    (IncidentFacts(Kind.LOST_DEVICE), LARGER),
    (IncidentFacts(Kind.LOST_DEVICE, people=5, critical_infrastructure=True), CII),
    (IncidentFacts(Kind.LOST_DEVICE, people=2_000_000, critical_infrastructure=True), CII),
    (IncidentFacts(Kind.LOST_DEVICE, critical_infrastructure=True), CII),
    (
        IncidentFacts(Kind.LOST_DEVICE, people=2_000_000, central_organ=True),
        NETWORK | {"central-organ-2h", "closing-30d"},
    ),
    (IncidentFacts(Kind.LOST_DEVICE, people=2_000, central_organ=True), NETWORK),
    (IncidentFacts(Kind.LOST_PAPER, people=300), ALWAYS),
    (IncidentFacts(Kind.LOST_PAPER), ALWAYS),
    (IncidentFacts(Kind.LOST_PAPER, people=2_000_000), ALWAYS),
    (IncidentFacts(Kind.LOST_PAPER, people=300, archives=True), ALWAYS | {"archives-44"}),
    (
        IncidentFacts(Kind.MISSENT_MAIL, people=1, eu_residents=True),
        NETWORK | {"gdpr-33", "gdpr-34"},
    ),
    (IncidentFacts(Kind.MISSENT_MAIL, people=1, minors=True), NETWORK | {"minors-35"}),
    (IncidentFacts(Kind.MISSENT_MAIL, people=1, bank=True), NETWORK | {"bank-2h", "bank-24h"}),
    (IncidentFacts(Kind.RANSOMWARE, people=1, suspected_crime=True), NETWORK | {"police"}),
    (IncidentFacts(Kind.VENDOR_BREACH, people=1), NETWORK | {"contract"}),
    (IncidentFacts(Kind.REGULATOR_INQUIRY), {"inspection"}),
    (
        IncidentFacts(Kind.REGULATOR_INQUIRY, people=5_000_000, minors=True, bank=True),
        {"inspection"},
    ),
    (IncidentFacts(Kind.OTHER, people=3), NETWORK),
]


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_exactly_the_clocks_that_apply_run(facts: IncidentFacts, expected: set[str]) -> None:
    assert set(clocks(facts)) == expected


@pytest.mark.parametrize(
    ("facts", "clock", "after"),
    [
        (IncidentFacts(Kind.LOST_DEVICE, people=1_000_000), "cac-4h", timedelta(hours=4)),
        (
            IncidentFacts(Kind.LOST_DEVICE, people=1, critical_infrastructure=True),
            "cii-1h",
            timedelta(hours=1),
        ),
        (
            IncidentFacts(Kind.LOST_DEVICE, people=1_000_000, central_organ=True),
            "central-organ-2h",
            timedelta(hours=2),
        ),
        (
            IncidentFacts(Kind.LOST_DEVICE, people=1, eu_residents=True),
            "gdpr-33",
            timedelta(hours=72),
        ),
        (IncidentFacts(Kind.LOST_DEVICE, people=1, bank=True), "bank-2h", timedelta(hours=2)),
        (IncidentFacts(Kind.LOST_DEVICE, people=1, bank=True), "bank-24h", timedelta(hours=24)),
    ],
)
def test_hours_run_from_the_moment_of_awareness(
    facts: IncidentFacts, clock: str, after: timedelta
) -> None:
    found = clocks(facts)[clock]
    assert found.due_at == AWARE + after
    assert found.started_at == AWARE


def test_pipl_57_is_at_once_and_comes_first() -> None:
    found = start(IncidentFacts(Kind.LOST_DEVICE), Severity.GENERAL, aware_at=AWARE)
    assert found[0].id == "pipl57-authority" or found[0].at_once
    assert {one.id for one in found[:2] if one.at_once}
    authority = clocks(IncidentFacts(Kind.LOST_DEVICE))["pipl57-authority"]
    assert (authority.instrument, authority.article) == ("中华人民共和国个人信息保护法", "57")
    assert authority.confidence is Confidence.VERIFIED


def test_an_unknown_head_count_makes_the_larger_clocks_conditional_with_a_time() -> None:
    found = clocks(IncidentFacts(Kind.LOST_DEVICE))
    assert found["cac-4h"].conditional
    assert found["cac-4h"].name.zh.startswith("若达到较大以上")
    assert found["cac-4h"].due_at == AWARE + timedelta(hours=4)
    assert not found["pipl57-authority"].conditional


def test_a_known_large_head_count_is_not_conditional() -> None:
    found = clocks(IncidentFacts(Kind.LOST_DEVICE, people=1_000_000))
    assert not found["cac-4h"].conditional
    assert found["cac-4h"].confidence is Confidence.VERIFIED_SECONDARY


def test_what_is_unverified_says_so_and_is_no_law() -> None:
    for name in ("bank-2h", "bank-24h"):
        found = clocks(IncidentFacts(Kind.LOST_DEVICE, people=1, bank=True))[name]
        assert not found.is_law
        assert "待核实" in found.name.zh
        assert found.article is None


def test_the_closing_report_waits_for_the_end_of_the_handling() -> None:
    found = start(
        IncidentFacts(Kind.LOST_DEVICE, people=1_000_000), Severity.LARGER, aware_at=AWARE
    )
    closing = {one.id: one for one in found}["closing-30d"]
    assert closing.awaits_end
    assert not closing.at_once
    assert closing.counted_from is CountedFrom.HANDLING_ENDED
    ended_at = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)  # already 1 December in Beijing
    after = {one.id: one for one in handling_ended(found, ended_at=ended_at)}
    assert after["closing-30d"].due_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
    assert after["cac-4h"] == {one.id: one for one in found}["cac-4h"]


def test_new_facts_add_clocks_and_move_none() -> None:
    before = start(IncidentFacts(Kind.LOST_DEVICE, people=10), Severity.GENERAL, aware_at=AWARE)
    later = AWARE + timedelta(hours=5)
    fresh = start(
        IncidentFacts(Kind.LOST_DEVICE, people=1_000_000, minors=True),
        Severity.LARGER,
        aware_at=later,
    )
    assert {one.id for one in added(before, fresh)} == {"cac-4h", "closing-30d", "minors-35"}
    assert added(before, before) == ()


def test_a_conditional_clock_becomes_firm_and_a_firm_one_never_conditional() -> None:
    unknown = start(IncidentFacts(Kind.LOST_DEVICE), Severity.GENERAL, aware_at=AWARE)
    firm = start(IncidentFacts(Kind.LOST_DEVICE, people=1_000_000), Severity.LARGER, aware_at=AWARE)
    assert {(one.id, one.conditional) for one in added(unknown, firm)} == {
        ("cac-4h", False),
        ("closing-30d", False),
    }
    assert added(firm, unknown) == ()


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2026, 11, 20, 20, 15)  # noqa: DTZ001  (that is the point)
    with pytest.raises(ValueError, match="time zone"):
        start(IncidentFacts(Kind.OTHER), Severity.GENERAL, aware_at=naive)


def test_the_most_pressing_comes_first_and_what_ended_last() -> None:
    facts = IncidentFacts(Kind.LOST_DEVICE, people=1_000_000, eu_residents=True)
    found = start(facts, Severity.LARGER, aware_at=AWARE)
    done = [replace(one, satisfied_at=AWARE) if one.id == "cac-4h" else one for one in found]
    later = [replace(one, due_at=AWARE, series=2) for one in found if one.id == "gdpr-33"]
    ordered = [one.key for one in most_pressing_first([*done, *later])]
    assert ordered[-1] == "cac-4h"
    figures = [key for key in ordered if key.startswith(("gdpr-33", "closing"))]
    assert figures == ["gdpr-33@2", "gdpr-33", "closing-30d"]
    assert ordered[0] == "pipl57-authority"
