"""The clocks of entries, on both sides of every boundary, and working days by the company's calendar."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from records.beijing import SHANGHAI
from records.data_files import BadDataFile
from tickets.clocks.deadlines import CountedFrom, Deadline
from tickets.registers.clocks import HOUSE
from tickets.registers.entries import opened
from tickets.registers.entry import Acting, RegisterEntry
from tickets.registers.kind_files import load_kinds
from tickets.registers.kinds import FOLDER, Kind
from tickets.reminders import Stage, stage_at
from tickets.working_days import WorkCalendar, YearOf, after, load_calendar

KINDS = load_kinds(FOLDER)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def clock(kind: str, name: str, values: dict[str, Any], **more: Any) -> Deadline:
    """The deadline of a clock that these values start."""
    found: Kind = KINDS[kind]
    calendar = more.pop("calendar", WorkCalendar())
    entry = RegisterEntry("X-1", kind, found.first.id, values, "P-1", NOW)
    with_required = found.model_copy(
        update={"fields": tuple(one.model_copy(update={"required": False, "required_when": {}})
                                for one in found.fields)}
    )  # fmt: skip
    started = opened(with_required, entry, Acting("P-1", frozenset(), NOW, calendar))
    return next(one for one in started.deadlines if one.id == name)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "name", "values", "last"),
    [
        # 民法典 201: the first day is not counted; the last ends at midnight in Beijing.
        ("rights_request", "thirty_days",
         {"right": "copy", "received_at": "2026-11-20T01:30:00+00:00"}, "2026-12-20T23:59:59"),
        # 23:59 and 00:01 in Beijing are two days, though one in UTC.
        ("rights_request", "thirty_days",
         {"right": "copy", "received_at": "2026-11-20T15:59:00+00:00"}, "2026-12-20T23:59:59"),
        ("rights_request", "thirty_days",
         {"right": "copy", "received_at": "2026-11-20T16:01:00+00:00"}, "2026-12-21T23:59:59"),
        ("rights_request", "identity",
         {"right": "copy", "received_at": "2026-02-26T01:30:00+00:00"}, "2026-03-01T23:59:59"),
        ("dispute", "credit", {"regime": "credit", "received_at": "2026-11-10T01:00:00+00:00"},
         "2026-11-30T23:59:59"),
        ("dispute", "aml", {"regime": "aml", "received_at": "2026-11-10T01:00:00+00:00"},
         "2026-11-25T23:59:59"),
        ("dispute", "house", {"regime": "general", "received_at": "2026-11-10T01:00:00+00:00"},
         "2026-12-10T23:59:59"),
        ("change", "registration", {"whose": "company_register", "changed_on": "2026-11-01"},
         "2026-12-01T23:59:59"),
        # Thirty working days by weekends alone.
        ("change", "officer", {"whose": "officer", "changed_on": "2026-10-09"},
         "2026-11-20T23:59:59"),
        ("verification", "due", {"due_on": "2028-02-29"}, "2028-02-29T23:59:59"),
        ("entrusting", "supervise", {"supervised_on": "2024-02-29"}, "2025-02-28T23:59:59"),
        ("impact_assessment", "first", {}, "2026-12-23T23:59:59"),
    ],
)  # fmt: skip
def test_a_clock_ends_on_its_day_in_beijing(
    kind: str, name: str, values: dict[str, Any], last: str
) -> None:
    found = clock(kind, name, values)
    assert found.due_at == beijing(last)
    before, behind = found.due_at - timedelta(seconds=1), found.due_at
    assert stage_at(found, before) is not Stage.EXPIRED
    assert stage_at(found, behind) is Stage.EXPIRED


@pytest.mark.parametrize(
    ("kind", "name", "values"),
    [
        ("dispute", "credit", {"regime": "general", "received_at": "2026-11-10T01:00:00+00:00"}),
        ("dispute", "house", {"regime": "aml", "received_at": "2026-11-10T01:00:00+00:00"}),
        ("rights_request", "fifteen_days",
         {"right": "copy", "received_at": "2026-11-10T01:00:00+00:00"}),
        ("rights_request", "promptly", {"right": "copy"}),
        ("risk", "remedy", {"flaw": False}),
        ("sharing", "end", {"ends_on": "2027-01-01"}),
    ],
)  # fmt: skip
def test_a_clock_whose_facts_are_not_there_does_not_run(
    kind: str, name: str, values: dict[str, Any]
) -> None:
    with pytest.raises(StopIteration):
        clock(kind, name, values)


def test_a_period_of_the_house_is_named_so_and_never_law() -> None:
    found = clock("verification", "due", {"due_on": "2026-12-31"})
    assert (found.instrument, found.duty_id, found.is_law) == (HOUSE.zh, "", False)


def test_promptly_is_asked_for_again_after_days_and_never_expires() -> None:
    found = clock("risk", "remedy", {"flaw": True})
    assert found.counted_from is CountedFrom.ENTRY
    stages = [stage_at(found, NOW + timedelta(days=n)) for n in (0, 2, 3, 6, 7, 400)]
    expected = [Stage.STARTED, Stage.STARTED, Stage.HALF, Stage.HALF, Stage.NEAR, Stage.NEAR]
    assert stages == expected


YEAR = YearOf(
    year=2026,
    source="示例：公司录入",
    days_off=(date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5)),
    working=(date(2026, 10, 10),),
)


@pytest.mark.parametrize(
    ("start", "days", "last", "sure"),
    [
        ("2026-09-30", 1, "2026-10-06", True),  # three days off and a weekend in between
        ("2026-09-30", 4, "2026-10-09", True),
        ("2026-09-30", 5, "2026-10-10", True),  # a Saturday that is worked
        ("2026-09-30", 6, "2026-10-12", True),
        ("2026-12-31", 1, "2027-01-01", False),  # nobody entered 2027
    ],
)
def test_working_days_follow_the_calendar_the_company_entered(
    start: str, days: int, last: str, sure: bool
) -> None:
    counted = after(date.fromisoformat(start), days, WorkCalendar({2026: YEAR}))
    assert (counted.last_day.isoformat(), counted.sure) == (last, sure)


def test_without_the_calendar_of_the_year_the_clock_says_that_only_weekends_were_left_out() -> None:
    values = {"right": "close_account", "received_at": "2026-10-09T01:00:00+00:00"}
    assert "只扣除周末" in clock("rights_request", "fifteen_days", values).reason.zh
    known = clock("rights_request", "fifteen_days", values, calendar=WorkCalendar({2026: YEAR}))
    assert "只扣除周末" not in known.reason.zh


def test_a_calendar_with_a_day_of_another_year_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    assert load_calendar(path) == WorkCalendar()
    path.write_text(
        "years:\n  - year: 2026\n    source: 公司录入\n    days_off:\n      - 2027-01-01\n"
    )
    with pytest.raises(BadDataFile, match=r"calendar\.yaml:5"):
        load_calendar(path)
