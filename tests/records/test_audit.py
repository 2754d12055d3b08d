"""The audit chain: what it catches, and what it cannot."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from records.audit import AuditLog, Sought, events_of, has_seal, latest_events
from records.database import Database

NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
LOG = AuditLog(b"k" * 32)

pytestmark = pytest.mark.both_engines


@pytest.fixture
def database(database: Database) -> Database:
    with database.transaction() as session:
        for number in range(5):
            LOG.append(
                session,
                at=NOW + timedelta(minutes=number),
                person_id="P-1",
                action="question:answered",
                subject=f"Q-{number}",
                details={"quotations": number},
            )
    return database


def test_an_untouched_chain_is_whole(database: Database) -> None:
    with database.reading() as session:
        check = LOG.verify(session)
    assert check.whole
    assert check.events == 5


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE audit_events SET subject = 'Q-9' WHERE number = 3", 3),
        ("UPDATE audit_events SET details = '{}' WHERE number = 1", 1),
        ("UPDATE audit_events SET person_id = 'P-2' WHERE number = 5", 5),
        ("UPDATE audit_events SET at = '2026-11-23 08:02:00.123457+00:00' WHERE number = 3", 3),
        ("DELETE FROM audit_events WHERE number = 2", 2),
        ("DELETE FROM audit_events WHERE number = 1", 1),
        ("UPDATE audit_events SET number = number + 10 WHERE number = 4", 4),
    ],
)
def test_a_change_shows_at_the_event_it_touched(
    database: Database, change: str, broken_at: int
) -> None:
    with database.transaction() as session:
        session.execute(text(change))
    with database.reading() as session:
        assert LOG.verify(session).broken_at == broken_at


def test_a_chain_sealed_with_another_key_does_not_hold(database: Database) -> None:
    with database.reading() as session:
        assert AuditLog(b"x" * 32).verify(session).broken_at == 1


def test_events_cut_off_the_end_show_against_a_head_noted_earlier(database: Database) -> None:
    with database.reading() as session:
        head = LOG.verify(session).head
        assert has_seal(session, head)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_events WHERE number = 5"))
    with database.reading() as session:
        assert LOG.verify(session).whole
        assert not has_seal(session, head)


def test_an_event_is_undone_with_the_change_it_belongs_to(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        LOG.append(session, at=NOW, person_id="P-1", action="a:b", subject="never", details={})
        raise RuntimeError
    with database.reading() as session:
        assert [event.subject for event in latest_events(session, 1)] == ["Q-4"]


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("sought", "numbers"),
    [
        (Sought(), [6, 5, 4, 3, 2, 1]),
        (Sought(person_id="P-2"), [6]),
        (Sought(subject="Q-2"), [3]),
        (Sought(action="question"), [5, 4, 3, 2, 1]),
        (Sought(action="question:answered"), [5, 4, 3, 2, 1]),
        (Sought(action="quest"), []),
        (Sought(action="quest%"), []),
        (Sought(since=at(3)), [6, 5, 4]),
        (Sought(until=at(3)), [3, 2, 1]),
        (Sought(since=at(1), until=at(2)), [2]),
        (Sought(person_id="P-1", subject="I-1"), []),
    ],
)
def test_events_are_found_by_all_that_is_given(
    database: Database, sought: Sought, numbers: list[int]
) -> None:
    with database.transaction() as session:
        LOG.append(
            session, at=at(9), person_id="P-2", action="incident:read", subject="I-1", details={}
        )
        assert [one.number for one in events_of(session, sought)] == numbers
        older = events_of(session, sought, limit=2, before=5)
        assert [one.number for one in older] == [one for one in numbers if one < 5][:2]
