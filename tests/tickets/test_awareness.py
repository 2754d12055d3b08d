"""The moment of awareness is read where it is plain and nowhere else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.beijing import SHANGHAI
from tickets.incidents.awareness import aware_from_text

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Beijing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天早上9点发现笔记本丢了", "2026-11-23T09:00"),
        ("今早八点半发现服务器被加密", "2026-11-23T08:30"),
        ("昨晚11点才发现，电脑落在出租车上", "2026-11-22T23:00"),
        ("昨天下午3点20分接到客户投诉，名单被发错", "2026-11-22T15:20"),
        ("前天中午12点发现", "2026-11-21T12:00"),
        ("电脑昨晚8点丢的，今天上午九点发现", "2026-11-23T09:00"),
        ("11月20日20:15发现U盘不见了", "2026-11-20T20:15"),
        ("2025年12月30日16点得知供应商泄露", "2025-12-30T16:00"),
        ("12月30日下午4点得知供应商泄露", "2025-12-30T16:00"),
        ("凌晨2点收到告警", "2026-11-23T02:00"),
        ("今天零点5分发现笔记本不见了", "2026-11-23T00:05"),
        ("9:30发现", "2026-11-23T09:30"),
        ("noticed at 9 am today that a laptop is gone", "2026-11-23T09:00"),
        ("We discovered it yesterday at 20:15", "2026-11-22T20:15"),
    ],
)
def test_a_plain_time_of_noticing_is_read(text: str, expected: str) -> None:
    wanted = datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
    assert aware_from_text(text, NOW) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "笔记本丢了",
        "昨晚8点电脑丢了",  # when it was lost, not when it was noticed
        "9点发现笔记本丢了",  # morning or evening
        "今天发现笔记本丢了",
        "今天早上9点张三发现，昨天下午5点李四发现",  # two moments
        "晚上12点发现",  # which midnight
        "今天上午11点发现",  # an hour from now
        "今天早上25点发现",
        "2月30日下午3点发现",
        "noticed at 9 today",
        "客户明天早上9点来",
    ],
)
def test_what_is_not_plain_is_not_guessed(text: str) -> None:
    assert aware_from_text(text, NOW) is None


@given(st.text(alphabet="今昨前天早上下午晚凌晨点半分发现得知:0123456789十二月日，", max_size=40))
def test_no_text_gives_a_moment_in_the_future(text: str) -> None:
    found = aware_from_text(text, NOW)
    assert found is None or found <= NOW
