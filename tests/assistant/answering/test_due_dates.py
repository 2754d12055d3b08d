"""The day a limit ends, where the question gives the day it begins."""

from datetime import date

import pytest

from assistant.answering.due_dates import due_dates
from knowledge.duties import load_duties

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("duty", "question", "days"),
    [
        ("OB-108", "2026年12月1日决议解散，最迟哪天成立清算组", ("2026-12-16",)),
        ("OB-110", "清算组12月5日成立，什么时候通知债权人", ("2026-12-15", "2027-02-03")),
        ("OB-110", "清算组1月5日成立，什么时候公告", ("2027-01-15", "2027-03-06")),
        ("OB-119", "we moved on 3 December 2026, when must we file", ("2027-01-02",)),
        # No exact day, no limit in days, or working days: nothing is worked out.
        ("OB-108", "上个月决议解散，什么时候成立清算组", ()),
        ("OB-075", "2026年12月1日解约，什么时候删", ()),
        ("OB-141", "负责人2026年12月1日换了，几天内报", ()),
    ],
)
def test_the_day_of_the_event_is_not_counted(
    duty: str, question: str, days: tuple[str, ...]
) -> None:
    said = due_dates(load_duties()[duty], question, TODAY)
    assert (said is not None) == bool(days)
    for day in days:
        assert said and day in said.zh and day in said.en
