"""Migrations on both engines: from nothing, and forward from every released schema with its data."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from records.database import MIGRATIONS, Base, Database
from records.table_copy import revision_of
from tests.records.going_back import downgraded

# One of each kind of row the first releases could hold.
FIRST_ROWS = (
    "INSERT INTO people (id, name, roles, language, created_at)"
    " VALUES ('P-1', '林晓', 'employee', 'zh', '2026-01-02 03:04:05.000006+00:00')",
    "INSERT INTO files (id, name, owner_id, sha256, size, created_at, keep_until)"
    " VALUES ('F-1', 'a', 'P-1', 'x', 1, '2026-01-02 03:04:05+00:00', '2026-01-03 03:04:05+00:00')",
    "INSERT INTO tickets (id, kind, state, title, description, facts, opened_by, opened_at,"
    " restricted) VALUES ('DES-2026-0001', 'destruction', 'requested', 't', 'd', '{}', 'P-1',"
    " '2026-01-02 03:04:05+00:00', FALSE)",
    "INSERT INTO ticket_events (id, ticket_id, at, person_id, what, details)"
    " VALUES (1, 'DES-2026-0001', '2026-01-02 03:04:05+00:00', 'P-1', 'opened', '{}')",
    "INSERT INTO audit_events (number, at, person_id, action, subject, details, previous, seal)"
    " VALUES (1, '2026-01-02 03:04:05+00:00', 'P-1', 'a:b', 'DES-2026-0001', '{}', '0', 's')",
)
TABLES = ("people", "files", "tickets", "ticket_events", "audit_events")


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return sorted(one.revision for one in found)


def test_the_file_of_the_newest_migration_bears_the_highest_number() -> None:
    numbers = [file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert max(numbers) == ScriptDirectory.from_config(config).get_current_head()


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without any table."""
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    if engine == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")()
    made = Database(url)
    yield made
    made.close()


def shape(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    return {
        name: sorted(column["name"] for column in found.get_columns(name))
        for name in found.get_table_names()
    }


@pytest.mark.both_engines
def test_from_nothing_the_migrations_make_exactly_the_declared_tables(empty: Database) -> None:
    import integrations.slack.bot
    import integrations.web.api  # noqa: F401 - every package's tables

    empty.upgrade()
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.both_engines
def test_every_released_schema_comes_forward_with_its_data(empty: Database) -> None:
    first, *later = revisions()
    empty.upgrade(first)
    with empty.transaction() as session:
        for row in FIRST_ROWS:
            session.execute(text(row))
    for revision in later:
        empty.upgrade(revision)
        with empty.reading() as session:
            assert revision_of(session.connection()) == revision
            for table in TABLES:
                assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 1, revision
    with empty.reading() as session:
        assert session.scalar(text("SELECT name FROM people")) == "林晓"
    # The rules of 0010 hold for what was there before them.
    with pytest.raises(IntegrityError), empty.transaction() as session:
        session.execute(text("DELETE FROM ticket_events"))


AT = "'2026-01-02 03:04:05+00:00'"
CLOSING_ROWS = (
    "INSERT INTO closing_projects (id, route, entity, opened_by, opened_at, days, sealed, custodian,"
    f" ended_by, ended_because) VALUES ('CLO-1', 'general', 'company', 'P-1', {AT}, '{{}}', :sealed,"
    " FALSE, '', '')",
    "INSERT INTO notices (id, kind, tongue, drill, state, revision, sha256, sealed, written_by,"
    f" written_at) VALUES ('N-2026-0001', 'destruction', 'zh', FALSE, 'draft', 1, 'x', :sealed,"
    f" 'P-1', {AT})",
    "INSERT INTO closing_weighed (project_id, key, facts, kind, status, bound, law)"
    " VALUES ('CLO-1', 'w', '{}', 'contract', 'not_yet', FALSE, '')",
    *(
        "INSERT INTO closing_clients (project_id, number, mark, holder, sealed, files,"
        f" sensitive_files, notice, notice_id, notice_at) VALUES ('CLO-1', {number}, 'm{number}',"
        f" 'H', :sealed, 0, 0, {told})"
        for number, told in (
            (1, f"'sent', 'N-2026-0001', {AT}"),
            (2, f"'delivered', '批次 7', {AT}"),
            (3, "'', '', NULL"),
        )
    ),
    *(
        "INSERT INTO closing_records (project_id, number, client, kind, weighed, sensitive, public,"
        f" fate, settled_note) VALUES ('CLO-1', {number}, {client}, 'contract', 'w', FALSE, FALSE,"
        f" '{fate}', '')"
        for number, client, fate in (
            (1, 1, "destroy"), (2, 1, "keep"), (3, 1, ""), (4, 2, "destroy"), (5, 2, "keep"),
            (6, 3, "destroy"),
        )
    ),
)  # fmt: skip


@pytest.mark.both_engines
def test_what_a_client_was_told_comes_forward_to_the_records_it_was_about(empty: Database) -> None:
    empty.upgrade("0023")
    with empty.transaction() as session:
        for row in CLOSING_ROWS:
            session.execute(text(row), {"sealed": b"x"} if ":sealed" in row else {})
    empty.upgrade("0024")
    found = text("SELECT number, notice, notice_id FROM closing_records ORDER BY number")
    with empty.reading() as session:
        assert [tuple(row) for row in session.execute(found)] == [
            (1, "sent", "N-2026-0001"), (2, "", ""), (3, "", ""),
            (4, "delivered", "批次 7"), (5, "delivered", "批次 7"), (6, "", ""),
        ]  # fmt: skip
        dated = text("SELECT count(*) FROM closing_records WHERE notice_at IS NOT NULL")
        assert session.scalar(dated) == 3
    downgraded(empty, "0023")
    found = text("SELECT number, notice, notice_id FROM closing_clients ORDER BY number")
    with empty.reading() as session:
        # Told of one of two decisions is not told, where there is one state for both.
        assert [tuple(row) for row in session.execute(found)] == [
            (1, "", ""), (2, "delivered", "批次 7"), (3, "", ""),
        ]  # fmt: skip


@pytest.mark.both_engines
def test_several_processes_that_start_at_once_bring_the_schema_up_once(empty: Database) -> None:
    code = "import sys; from records.database import Database; Database(sys.argv[1]).upgrade()"
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen([sys.executable, "-c", code, empty.url], cwd=root) for _ in range(2)
    ]
    assert [one.wait(timeout=60) for one in started] == [0, 0]
    with empty.reading() as session:
        assert revision_of(session.connection()) == revisions()[-1]


@pytest.mark.both_engines
@pytest.mark.parametrize("revision", ["0010", "0007"])
def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    empty: Database, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = f"{int(revision) - 1:04d}"
    empty.upgrade(before)
    shaped = shape(empty.engine)
    calls = 0

    def fail_at_the_end(*_: object, **__: object) -> None:
        nonlocal calls
        calls += 1
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail_at_the_end)
    with pytest.raises(KeyboardInterrupt):
        empty.upgrade(revision)
    monkeypatch.undo()
    assert calls == 1
    assert shape(empty.engine) == shaped
    empty.upgrade()
    with empty.reading() as session:
        assert revision_of(session.connection()) == revisions()[-1]
