"""One sealed file with everything that cannot be made again: both databases, files, keys, texts.

Writers wait while it is made, so that rows and files are of one moment. The search index is left
out (`compliance ingest` makes it again), and so are keys that come from the environment.
"""

import base64
import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import inspect, select

from assistant.app import App
from assistant.settings import Settings
from records.database import Database, database_url
from records.errors import Conflict
from records.keys import Keys
from records.letter_box import FOLDER as LETTERS
from records.people import Person
from records.permissions import Permission
from records.sealed_archive import ArchiveWriter
from records.table_copy import lines_of, revision_of, tables_of
from records.vault_tables import ClientRow

# Of the home folder: what is made again, what is read through the database, what is a lock.
LEFT_OUT = ("index", "embedded.db", "compliance.db", "jobs.db", "workers-of-", "keys", LETTERS)
# Settings that name files or folders of the company's own, outside the home folder.
OUTSIDE = (
    *("policy_folder", "regulations_folder", "knowledge_sources"),
    *("allow_list", "redaction_policies"),
)
JOBS_SCHEMA = "dbos"
# Of what DBOS keeps: the jobs and what their steps gave. Queues and schedules are set at each start.
JOBS_TABLES = ("workflow_status", "workflow_input", "workflow_output", "operation_outputs")
_READ_BYTES = 256 * 1024
# Which keys of the vault still open a client.
_VAULT_KEYS = select(ClientRow.wrapped_with).where(ClientRow.wrapped_key.is_not(None)).distinct()


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What is in the backup. Its head is worth noting elsewhere: it proves the log was whole."""

    name: str
    size: int
    rows: int
    files: int
    jobs: int
    audit_head: str


def back_up(app: App, person: Person, target: Path, *, passphrase: str) -> BackupReport:
    """The backup written to a new file only its owner can read. Raises NotPermitted, Conflict."""
    app.authorise(person, Permission.BACKUP_MAKE)
    if target.exists():
        raise Conflict(
            f"{target.name} 已经存在，不会覆盖。请换一个文件名。",
            f"{target.name} exists and is not overwritten. Choose another name.",
        )
    app.record(person, "backup:made", "backup")
    with _new_file(target) as draft, draft.open("wb") as file:
        archive = ArchiveWriter(file, passphrase)
        # Letters, then jobs: what becomes a job meanwhile, or ends, is done again after a restore,
        # once, and never forgotten.
        letters = _add_letters(archive, app.settings.home / LETTERS)
        jobs = _add_jobs(archive, app.settings)
        rows, files, facts = _add_records(archive, app)
        archive.close(facts)
        file.flush()
        os.fsync(file.fileno())
    return BackupReport(
        target.name, target.stat().st_size, rows, files + letters, jobs, str(facts["audit_head"])
    )


def _add_records(archive: ArchiveWriter, app: App) -> tuple[int, int, dict[str, object]]:
    with app.database.transaction() as session:
        connection = session.connection()
        rows = 0
        for table in tables_of(connection):
            counted = _Counted(lines_of(connection, table))
            archive.add(f"product/{table.name}.jsonl", counted)
            rows += counted.number - 1
        chain = app.audit.verify(session)
        master_id, wrapped = app.root.wrapped(session)
        facts: dict[str, object] = {
            "made_at": app.clock().isoformat(timespec="seconds"),
            "version": version("compliance-assistant"),
            "engine": app.database.engine.dialect.name,
            "revision": revision_of(connection),
            "audit_events": chain.events,
            "audit_head": chain.head,
            "key_id": key_id(app.keys),
            "master_key_id": master_id,
            "wrapped_root": base64.b64encode(wrapped).decode(),
            "vault_key_ids": sorted(session.scalars(_VAULT_KEYS)),
        }
        before = len(archive.entries)
        for name, path in _files(app.settings):
            archive.add(name, _parts(path))
        files = len(archive.entries) - before
    return rows, files, facts


def _add_letters(archive: ArchiveWriter, folder: Path) -> int:
    before = len(archive.entries)
    for path in _below(folder):
        with contextlib.suppress(FileNotFoundError):
            archive.add(f"home/{LETTERS}/{path.name}", [path.read_bytes()])
    return len(archive.entries) - before


def _add_jobs(archive: ArchiveWriter, settings: Settings) -> int:
    url = database_url(settings.jobs_database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return 0
    schema = jobs_schema(settings.jobs_database)
    database, jobs = Database(settings.jobs_database), 0
    try:
        with database.reading() as session:
            connection = session.connection()
            if not inspect(connection).has_table("workflow_status", schema=schema):
                return 0
            for table in tables_of(connection, schema):
                if table.name in JOBS_TABLES:
                    counted = _Counted(lines_of(connection, table))
                    archive.add(f"jobs/{table.name}.jsonl", counted)
                    jobs += counted.number - 1 if table.name == "workflow_status" else 0
    finally:
        database.close()
    return jobs


def key_id(keys: Keys) -> str:
    """Tells one data root from another, and gives nothing of it away."""
    return keys.derive("backup-key-id").hex()[:16]


def jobs_schema(url: str) -> str | None:
    """Where the tables of jobs stand: PostgreSQL has a schema for them."""
    return None if database_url(url).get_backend_name() == "sqlite" else JOBS_SCHEMA


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of each file: home, keys, and the company's own texts."""
    for path in _below(settings.home):
        inside = path.relative_to(settings.home)
        if not inside.parts[0].startswith(LEFT_OUT):
            yield f"home/{inside.as_posix()}", path
    for path in _below(settings.home / "keys"):
        yield f"keys/{path.name}", path
    for name in ("master", "vault"):
        file: Path | None = getattr(settings, f"{name}_key_file")
        if file and file.exists():
            yield f"keys/{name}.key", file
    for name in OUTSIDE:
        folder: Path | None = getattr(settings, name)
        if folder is not None:
            root = folder if folder.is_dir() else folder.parent
            for path in _below(folder):
                yield f"outside/{name}/{path.relative_to(root).as_posix()}", path


def _below(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    found = (one for one in place.rglob("*") if one.is_file() and not one.is_symlink())
    return sorted(one for one in found if one.suffix != ".part")


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_READ_BYTES):
            yield part


class _Counted:
    """Lines, counted as they pass."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.number = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.number += 1
            yield line


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A draft beside the target that takes its name when it is whole, and goes when it is not."""
    draft = target.with_name(f".{target.name}.part")
    draft.touch(mode=0o600)
    try:
        yield draft
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
