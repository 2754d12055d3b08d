"""A backup holds everything, opens with its passphrase only, and goes back into either engine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from assistant.app import RESTORING, App, build
from assistant.closing.close_company import start_closing
from assistant.incidents.report_incident import report_incident
from assistant.operations.back_up import JOBS_TABLES, BackupReport, back_up
from assistant.operations.check_records import check_records
from assistant.operations.restore_backup import note_restore, restore_backup
from assistant.redaction.cases import open_case
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import fetch_redacted
from assistant.redaction.review_file import start_review
from assistant.settings import Settings
from records.audit import has_seal
from records.database import Database
from records.errors import BadInput, Conflict, Unavailable
from records.file_store import FileRow
from records.jobs import Jobs
from records.letter_box import FOLDER, PURPOSE, LetterBox
from records.people import Person, Role, add_person
from records.sealed_archive import ArchiveReader, ArchiveWriter, BadArchive
from tickets.closing.data import Route

PASSPHRASE = "correct horse battery"
# What the database itself forbids, after a restore as before.
FORBIDDEN = (
    "UPDATE tickets SET state = 'requested' WHERE kind = 'destruction'",
    "DELETE FROM ticket_events",
    "INSERT INTO ticket_approvals (ticket_id, person_id, at)"
    " SELECT id, opened_by, opened_at FROM tickets WHERE kind = 'destruction'",
)
# Tables of DBOS that its start fills, and those of features that jobs do not use.
SET_AT_EACH_START = {"dbos_migrations", "workflow_schedules", "application_versions", "queues"}
NEVER_USED = {"notifications", "workflow_events", "workflow_events_history", "streams"}
CLIENT = "姓名：周明轩 手机：13800138000".encode()


@dataclass
class Kept:
    """What was put in before the backup was made."""

    app: App
    person: Person
    file_id: str
    ticket_id: str
    path: Path
    report: BackupReport


@pytest.fixture
def kept(app: App, administrator: Person, office: Any, tmp_path: Path) -> Kept:
    """A product in use, and its backup."""
    file_id = redact_file(app, administrator, CLIENT, "客户.txt").file_id
    start_review(app, administrator, CLIENT, "客户.txt")
    open_case(app, administrator, "清和-注销", client="清和")
    number = office.approved()
    office.evidenced(number)
    ticket_id = report_incident(app, administrator, "笔记本电脑丢失").ticket.id
    waiting(app)
    path = tmp_path / "monday.backup"
    report = back_up(app, administrator, path, passphrase=PASSPHRASE)
    return Kept(app, administrator, file_id, ticket_id, path, report)


def waiting(app: App) -> None:
    """A job written down and not yet done."""
    jobs = Jobs(app.settings.jobs_database, app.keys.derive("jobs"))
    jobs.start()
    jobs.submit("note", "waits", {"text": "13800138000"})
    jobs.stop()


def restored_to(kept: Kept, home: Path, database_url: str = "") -> App:
    settings = Settings(home=home, database_url=database_url)
    report = restore_backup(settings, kept.path, passphrase=PASSPHRASE)
    assert (report.rows, report.files) == (kept.report.rows, kept.report.files)
    assert report.jobs == kept.report.jobs == 1
    note_restore(settings, report)
    return build(settings, clock=kept.app.clock)


def small_backup(folder: Path, **settings: object) -> Path:
    """A backup of a product somebody was registered in."""
    made = build(Settings(home=folder / "home", **settings))
    with made.database.transaction() as session:
        owner = add_person(session, name="林晓", roles={Role.ADMINISTRATOR}, now=made.clock())
        made.files.keep(
            session, bytes(3_000_000), name="周明轩.txt", owner_id=owner.id,
            keep_until=made.clock(), now=made.clock(),
        )  # fmt: skip
    back_up(made, owner, folder / "small.backup", passphrase=PASSPHRASE)
    made.close()
    return folder / "small.backup"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its keys are files, so they are in it."""
    return small_backup(tmp_path_factory.mktemp("small"))


def damaged(app: App, person: Person) -> set[str]:
    return {one.name for one in check_records(app, person) if not one.whole}


@pytest.mark.both_engines
def test_after_a_restore_into_the_other_engine_everything_is_readable(
    kept: Kept, engine: str, fresh_postgresql: Callable[[], str], tmp_path: Path
) -> None:
    other = fresh_postgresql() if engine == "sqlite" else ""
    again = restored_to(kept, tmp_path / "again", other)
    try:
        name, data = fetch_redacted(again, kept.person, kept.file_id)
        assert "周明轩" not in data.decode()
        assert name
        assert damaged(again, kept.person) == {"index"}  # made again by compliance ingest
        with again.database.reading() as session:
            assert again.ticket_store.get(session, kept.ticket_id).deadlines
            assert again.vault.find_case(session, "清和-注销") is not None
            assert has_seal(session, kept.report.audit_head)
        # Numbers go on from where they were.
        assert report_incident(again, kept.person, "又丢了一台").ticket.id == "INC-2026-0002"
        for statement in FORBIDDEN:
            with pytest.raises(IntegrityError), again.database.transaction() as session:
                session.execute(text(statement))
    finally:
        again.close()


def test_a_job_that_waited_is_done_after_a_restore_with_all_it_was_given(
    kept: Kept, tmp_path: Path
) -> None:
    again = restored_to(kept, tmp_path / "again")
    given: SimpleQueue[object] = SimpleQueue()
    jobs = Jobs(again.settings.jobs_database, again.keys.derive("jobs"), polling_seconds=0.05)
    jobs.handle("note", given.put)
    jobs.start()
    try:
        assert given.get(timeout=20) == {"text": "13800138000"}
    finally:
        jobs.stop()
        again.close()


def test_every_table_of_jobs_is_in_a_backup_or_set_at_each_start(kept: Kept) -> None:
    """What a newer DBOS keeps elsewhere must not stay behind."""
    database = Database(kept.app.settings.jobs_database)
    found = set(inspect(database.engine).get_table_names())
    database.close()
    assert found - SET_AT_EACH_START - NEVER_USED == set(JOBS_TABLES)


def test_nothing_is_readable_in_a_backup_and_only_its_owner_may_open_it(small: Path) -> None:
    raw = small.read_bytes()
    assert not [word for word in ("周明轩", "林晓", "people") if word.encode() in raw]
    assert small.stat().st_mode & 0o077 == 0


def test_a_wrong_passphrase_and_a_damaged_or_cut_off_backup_are_refused_by_name(
    small: Path, tmp_path: Path
) -> None:
    whole = small.read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    broken = {
        "cut.backup": (whole[:-1], PASSPHRASE),
        "piece.backup": (whole[: whole.index(b"\n") + 1 + 1024 * 1024 + 16], PASSPHRASE),
        "empty.backup": (b"", PASSPHRASE),
        "header.backup": (whole[: whole.index(b"\n") + 1], PASSPHRASE),
        "photo.backup": (b"\xff\xd8\xff" + bytes(100), PASSPHRASE),
        "changed.backup": (changed, PASSPHRASE),
        "wrong.backup": (whole, "another passphrase"),
    }
    for name, (data, passphrase) in broken.items():
        (tmp_path / name).write_bytes(data)
        settings = Settings(home=tmp_path / "never")
        with pytest.raises(BadArchive) as refusal:
            restore_backup(settings, tmp_path / name, passphrase=passphrase)
        assert name in refusal.value.message.zh
        assert name in refusal.value.message.en
        assert not settings.home.exists()


def test_a_restore_overwrites_nothing_and_one_cut_short_can_be_done_again(
    small: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "again")
    (settings.home / RESTORING).mkdir(parents=True)
    (settings.home / RESTORING / "compliance.db").write_bytes(b"half a database")
    restore_backup(settings, small, passphrase=PASSPHRASE)
    before = (settings.home / "compliance.db").read_bytes()
    with pytest.raises(Conflict):
        restore_backup(settings, small, passphrase=PASSPHRASE)
    assert (settings.home / "compliance.db").read_bytes() == before


def test_a_restore_that_was_cut_off_does_not_start(small: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "again")
    restore_backup(settings, small, passphrase=PASSPHRASE)
    (settings.home / RESTORING).mkdir()
    (settings.home / "keys").rename(settings.home / RESTORING / "keys")
    with pytest.raises(Unavailable, match="compliance db restore"):
        build(settings)
    assert not (settings.home / "keys").exists()
    with pytest.raises(Conflict):
        restore_backup(settings, small, passphrase=PASSPHRASE)


def test_another_master_key_is_refused_before_a_row_is_written(tmp_path: Path) -> None:
    then, now = SecretStr("A" * 43 + "="), SecretStr("B" * 42 + "A=")
    backup = small_backup(tmp_path, master_key=then)
    settings = Settings(home=tmp_path / "other", master_key=now)
    with pytest.raises(Conflict, match="COMPLIANCE_MASTER_KEY"):
        restore_backup(settings, backup, passphrase=PASSPHRASE)
    assert not list(settings.home.rglob("*.db"))
    both = settings.model_copy(update={"master_key_previous": then})
    restore_backup(both, backup, passphrase=PASSPHRASE)
    build(both).close()


def test_another_key_of_the_vault_is_refused_before_a_row_is_written(tmp_path: Path) -> None:
    then, now = SecretStr("A" * 43 + "="), SecretStr("B" * 42 + "A=")
    made = build(Settings(home=tmp_path / "home", vault_key=then))
    with made.database.transaction() as session:
        owner = add_person(session, name="林晓", roles={Role.ADMINISTRATOR}, now=made.clock())
    open_case(made, owner, "清和-注销")
    back_up(made, owner, tmp_path / "a.backup", passphrase=PASSPHRASE)
    made.close()
    for wrong in (now, None):
        settings = Settings(home=tmp_path / f"other-{wrong is None}", vault_key=wrong)
        with pytest.raises(Conflict, match="COMPLIANCE_VAULT_KEY"):
            restore_backup(settings, tmp_path / "a.backup", passphrase=PASSPHRASE)
        assert not list(settings.home.rglob("*.db"))
    both = Settings(home=tmp_path / "again", vault_key=now, vault_key_previous=then)
    restore_backup(both, tmp_path / "a.backup", passphrase=PASSPHRASE)
    again = build(both)
    assert "vault" not in damaged(again, owner)
    again.close()


def test_a_short_passphrase_is_refused(app: App, administrator: Person, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        back_up(app, administrator, tmp_path / "a.backup", passphrase="monday")
    assert list(tmp_path.glob("*a.backup*")) == []


def test_a_letter_that_waited_comes_back_and_one_that_is_damaged_is_named(
    app: App, administrator: Person, tmp_path: Path
) -> None:
    letter = {"body": "客户 13800138000", "heard_at": "2026-11-23T02:00:00+00:00"}
    LetterBox(app.settings.home / FOLDER, app.keys.derive(PURPOSE)).put([letter])
    path = tmp_path / "monday.backup"
    back_up(app, administrator, path, passphrase=PASSPHRASE)
    settings = Settings(home=tmp_path / "again")
    restore_backup(settings, path, passphrase=PASSPHRASE)
    again = build(settings, clock=app.clock)
    box = LetterBox(settings.home / FOLDER, again.keys.derive(PURPOSE))
    (name,) = box.waiting()
    assert box.open(name) == [letter]
    assert "letters" not in damaged(again, administrator)
    file = settings.home / FOLDER / name
    file.write_bytes(file.read_bytes()[:-1])
    assert "letters" in damaged(again, administrator)
    box.set_aside(name)
    assert "letters" in damaged(again, administrator) and box.waiting() == []
    again.close()


def test_a_check_names_what_is_damaged(kept: Kept) -> None:
    app, person = kept.app, kept.person
    assert damaged(app, person) == set()
    with app.database.transaction() as session:
        row = session.get_one(FileRow, kept.file_id)
        path = app.settings.home / "files" / row.id[2:4] / f"{row.id}.bin"
        session.execute(text("UPDATE vault_pages SET sealed = sealed || x'00'"))
        session.execute(text("UPDATE reviews SET sealed = x'00'"))
        session.execute(text("UPDATE audit_events SET subject = 'Q-9' WHERE number = 3"))
    path.write_bytes(path.read_bytes()[:-1])
    next((app.settings.home / "index").glob("g-*/rows.npz")).write_bytes(b"damaged")
    assert damaged(app, person) == {"files", "sealed", "audit", "index"}


def test_a_check_opens_jobs_and_every_table_that_is_sealed(
    kept: Kept,
) -> None:
    app, person = kept.app, kept.person
    start_closing(app, person, "清和信息咨询有限公司", route=Route.GENERAL)
    assert not {"jobs", "sealed"} & damaged(app, person)
    assert "not_opened" not in {one.name for one in check_records(app, person)}
    with app.database.transaction() as session:
        session.execute(text("UPDATE closing_projects SET sealed = x'00'"))
    jobs = Database(app.settings.jobs_database)
    with jobs.transaction() as session:
        session.execute(text("UPDATE workflow_input SET inputs = 'AAAA' || inputs"))
    assert {"jobs", "sealed"} <= damaged(app, person)
    jobs.close()


def test_a_file_of_jobs_that_is_damaged_is_named(kept: Kept) -> None:
    path = kept.app.settings.home / "jobs.db"
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 3] + b"damaged" * (len(raw) // 7))
    assert "jobs" in damaged(kept.app, kept.person)


def test_entries_come_back_however_long_they_are(tmp_path: Path) -> None:
    parts = [b"", b"x", bytes(3 * 1024 * 1024), b"tail"]
    path = tmp_path / "a.sealed"
    with path.open("wb") as file:
        writer = ArchiveWriter(file, PASSPHRASE)
        writer.add("empty", [])
        writer.add("long", parts)
        writer.close({"made": "today"})
    reader = ArchiveReader(path, PASSPHRASE)
    assert reader.manifest()["made"] == "today"
    read = {name: b"".join(content) for name, content in reader.entries()}
    assert read["empty"] == b""
    assert read["long"] == b"".join(parts)
