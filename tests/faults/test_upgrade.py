"""An upgrade in the middle: work waits, the first start of the new release is killed, the next ends it."""

import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest
from sqlalchemy import text

from assistant.app import App, build
from assistant.incidents.report_incident import report_incident
from assistant.operations.check_records import check_records
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import fetch_redacted
from records.jobs import Jobs
from records.keys import read_keys
from records.people import Person
from records.table_copy import revision_of
from tests.records.going_back import downgraded

ROOT = Path(__file__).parents[2]
# Dies when the migration has made its table and nothing says yet that it was done.
KILLED = """
import os, signal, sys
from alembic.runtime.migration import HeadMaintainer
from assistant.app import build
from assistant.settings import Settings

HeadMaintainer.update_to_step = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
build(Settings(home=sys.argv[1], database_url=sys.argv[2]))
"""


@pytest.mark.both_engines
def test_killed_in_the_upgrade_nothing_is_lost_and_the_work_that_waited_is_done(
    app: App, administrator: Person
) -> None:
    settings = app.settings
    # As the release before was from its first start on: every key derives from the master key.
    downgraded(app.database, "0018")
    with app.database.transaction() as session:
        session.execute(text("DELETE FROM audit_events"))
    old = build(settings, clock=app.clock, detector=app.detector)
    master = (settings.home / "keys" / "master.key").read_text(encoding="ascii").strip()
    assert old.keys == read_keys(master)
    file_id = redact_file(old, administrator, "手机：13800138000".encode(), "a.txt").file_id
    ticket = report_incident(old, administrator, "笔记本电脑丢失").ticket.id
    jobs = Jobs(settings.jobs_database, old.keys.derive("jobs"))
    jobs.start()
    jobs.submit("note", "waits", {"text": "13800138000"})
    jobs.stop()
    downgraded(old.database, "0018")
    old.close()

    command = [sys.executable, "-c", KILLED, str(settings.home), settings.database_url]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    with app.database.reading() as session:
        assert revision_of(session.connection()) == "0018"

    new = build(settings, clock=app.clock, detector=app.detector)
    given: SimpleQueue[object] = SimpleQueue()
    again = Jobs(settings.jobs_database, new.keys.derive("jobs"), polling_seconds=0.05)
    again.handle("note", given.put)
    again.start()
    try:
        assert given.get(timeout=20) == {"text": "13800138000"}
        assert fetch_redacted(new, administrator, file_id)
        with new.database.reading() as session:
            assert new.ticket_store.get(session, ticket).deadlines
        assert [one.name for one in check_records(new, administrator) if not one.whole] == []
    finally:
        again.stop()
        new.close()
