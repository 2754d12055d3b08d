"""Reminders follow from deadlines, what was sent, and the clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from records.beijing import SHANGHAI
from tickets.clocks.deadlines import Deadline, start
from tickets.incidents.grade import IncidentFacts, IncidentKind, Severity
from tickets.reminders import Sent, Stage, due, stage_at

AWARE = datetime(2026, 11, 20, 20, 15, tzinfo=SHANGHAI)
LARGER = IncidentFacts(IncidentKind.LOST_DEVICE, people=1_000_000)
STARTED = {one.id: one for one in start(LARGER, Severity.LARGER, aware_at=AWARE)}
FOUR_HOURS = STARTED["cac-4h"]
AT_ONCE = STARTED["pipl57-authority"]
CLOSING = STARTED["closing-30d"]


@pytest.mark.parametrize(
    ("deadline", "minutes", "stage"),
    [
        (FOUR_HOURS, -1, None),
        (FOUR_HOURS, 0, Stage.STARTED),
        (FOUR_HOURS, 119, Stage.STARTED),
        (FOUR_HOURS, 120, Stage.HALF),
        (FOUR_HOURS, 179, Stage.HALF),
        (FOUR_HOURS, 180, Stage.NEAR),
        (FOUR_HOURS, 239, Stage.NEAR),
        (FOUR_HOURS, 240, Stage.EXPIRED),
        (FOUR_HOURS, 10_000, Stage.EXPIRED),
        (AT_ONCE, 0, Stage.STARTED),
        (AT_ONCE, 29, Stage.STARTED),
        (AT_ONCE, 30, Stage.HALF),
        (AT_ONCE, 120, Stage.NEAR),
        (CLOSING, 500, None),
    ],
)
def test_each_stage_begins_on_its_minute(
    deadline: Deadline, minutes: int, stage: Stage | None
) -> None:
    assert stage_at(deadline, AWARE + timedelta(minutes=minutes)) is stage


def test_each_stage_is_sent_once_across_restarts() -> None:
    sent: list[Sent] = []
    stages = []
    for minute in range(0, 300, 10):
        for one in due("INC-2026-0001", [FOUR_HOURS], sent, now=AWARE + timedelta(minutes=minute)):
            stages.append(one.stage)
            sent.append(Sent(one.ticket_id, one.deadline.id, one.stage))
    assert stages == [Stage.STARTED, Stage.HALF, Stage.NEAR, Stage.EXPIRED]


def test_after_a_long_silence_only_the_latest_stage_is_sent() -> None:
    found = due("INC-2026-0001", [FOUR_HOURS], [], now=AWARE + timedelta(hours=9))
    assert [one.stage for one in found] == [Stage.EXPIRED]


def test_a_satisfied_deadline_is_silent() -> None:
    told = replace(FOUR_HOURS, satisfied_at=AWARE, satisfied_by="officer")
    assert due("INC-2026-0001", [told], [], now=AWARE + timedelta(hours=9)) == ()


def test_what_another_ticket_was_sent_does_not_count() -> None:
    sent = [Sent("INC-2026-0002", FOUR_HOURS.id, Stage.EXPIRED)]
    assert due("INC-2026-0001", [FOUR_HOURS], sent, now=AWARE + timedelta(hours=9))
