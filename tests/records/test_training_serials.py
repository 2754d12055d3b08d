"""Serials of training results: one each, whoever finishes at the same moment; none given twice."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from records.database import Database
from records.training import forget_results, keep_result, kept_from, results

pytestmark = pytest.mark.both_engines

NEW_YEAR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Beijing
AT_ONCE = 8


def kept(database: Database, source: str, now: datetime = NEW_YEAR) -> str:
    """The serial of one result more."""
    with database.transaction() as session:
        return keep_result(
            session, person_id="P-1", source=source, subject="QZ-1", title="季度考试",
            points=5, out_of=6, pass_percent=80, now=now,
        ).serial  # fmt: skip


def test_exams_that_finish_at_once_get_a_serial_each(database: Database) -> None:
    start, serials, failed = threading.Barrier(AT_ONCE), [], []

    def finish(source: str) -> None:
        start.wait()
        try:
            serials.append(kept(database, source))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=finish, args=(f"AT-{n}",)) for n in range(AT_ONCE)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert sorted(serials) == [f"TR-2027-{n:05}" for n in range(1, AT_ONCE + 1)]


def test_a_source_counts_once(database: Database) -> None:
    assert kept(database, "AT-1") == kept(database, "AT-1") == "TR-2027-00001"
    assert kept(database, "AT-2") == "TR-2027-00002"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE training_results SET points = 6",
        "UPDATE training_results SET person_id = 'P-2'",
        "DELETE FROM training_results",
    ],
)
def test_a_result_on_record_is_neither_changed_nor_removed(
    database: Database, statement: str
) -> None:
    kept(database, "AT-1")
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text(statement))
    with database.reading() as session:
        rows = session.execute(text("SELECT person_id, points FROM training_results")).all()
    assert [tuple(row) for row in rows] == [("P-1", 5)]


def test_results_go_once_their_three_years_are_over_and_not_before(database: Database) -> None:
    """By the real clock: the database asks its own."""
    now = datetime.now(UTC)
    start = kept_from(now)
    assert start <= now - timedelta(days=3 * 365)
    kept(database, "AT-gone", start - timedelta(microseconds=1))
    kept(database, "AT-kept", start + timedelta(days=2))
    with pytest.raises(IntegrityError), database.transaction() as session:
        forget_results(session, now + timedelta(days=5))
    with database.transaction() as session:
        assert forget_results(session, now) == 1
        assert forget_results(session, now) == 0
    with database.reading() as session:
        assert [one.source for one in results(session)] == ["AT-kept"]


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-11-27T15:59:59+00:00", "2023-11-27T00:00:00+08:00"),
        ("2026-11-27T16:00:00+00:00", "2023-11-28T00:00:00+08:00"),
        ("2028-02-29T04:00:00+00:00", "2025-02-28T00:00:00+08:00"),
        ("2027-03-01T04:00:00+00:00", "2024-03-01T00:00:00+08:00"),
    ],
)
def test_three_years_are_counted_by_days_of_beijing(now: str, start: str) -> None:
    assert kept_from(datetime.fromisoformat(now)).isoformat() == start
