"""A head noted outside shows what the chain alone cannot: an end cut off, a log rewritten."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from records.anchors import anchor_line, check_anchors
from records.audit import AuditLog
from records.database import Database
from records.signing import Signer

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OURS, ANOTHER = Signer(b"s" * 32), Signer(b"x" * 32)


def add(database: Database, log: AuditLog, number: int) -> None:
    with database.transaction() as session:
        for one in range(number):
            log.append(session, at=NOW, person_id="P", action="a:b", subject=str(one), details={})


def anchored(database: Database, signer: Signer = OURS) -> str:
    with database.reading() as session:
        return anchor_line(session, signer, NOW)


@pytest.fixture
def lines(database: Database) -> str:
    """Three anchors: of the empty log, after two events, after five."""
    log, first = AuditLog(b"k" * 32), anchored(database)
    add(database, log, 2)
    second = anchored(database)
    add(database, log, 3)
    return first + second + anchored(database)


def holds(database: Database, lines: str) -> bool:
    with database.reading() as session:
        return check_anchors(session, lines, OURS.public_key).holds


def test_a_log_that_only_grew_bears_out_every_anchor(database: Database, lines: str) -> None:
    assert holds(database, lines)
    add(database, AuditLog(b"k" * 32), 1)
    assert holds(database, lines)


def test_an_end_cut_off_shows_and_so_does_a_log_written_anew_with_the_right_key(
    database: Database, lines: str
) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_events WHERE number = 5"))
    with database.reading() as session:
        assert AuditLog(b"k" * 32).verify(session).whole
    assert not holds(database, lines)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_events"))
    add(database, AuditLog(b"k" * 32), 6)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_events WHERE number > 4"))
        AuditLog(b"k" * 32).append(
            session, at=NOW, person_id="P", action="a:b", subject="other", details={}
        )
    assert not holds(database, lines)


def test_an_anchor_nobody_of_ours_signed_or_none_at_all_proves_nothing(
    database: Database, lines: str
) -> None:
    assert not holds(database, lines + anchored(database, ANOTHER))
    assert not holds(database, lines.replace('"events": 2', '"events": 3'))
    assert not holds(database, lines + "{}\n")
    assert not holds(database, "\n")
