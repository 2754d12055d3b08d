"""A backup put back into an empty place, on either engine, whichever it was made on."""

import base64
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dbos import DBOS
from sqlalchemy import Connection, delete, inspect

from assistant.app import RESTORING, build, data_root, vault_keys
from assistant.operations.back_up import JOBS_SCHEMA, jobs_schema, key_id
from assistant.operations.upkeep import SYSTEM
from assistant.settings import Settings
from records.database import Database, database_url
from records.errors import Conflict, ProductError, Unavailable
from records.sealed_archive import ArchiveReader, BadArchive
from records.table_copy import put_lines, tables_of
from records.wrapping_keys import WrappingKey


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back. `outside` holds the folders whose settings now point elsewhere."""

    made_at: str
    version: str
    rows: int
    jobs: int
    files: int
    audit_head: str
    outside: tuple[str, ...]


def restore_backup(settings: Settings, source: Path, *, passphrase: str) -> RestoreReport:
    """Everything put back, after the whole backup was read and found sound.

    Nothing is overwritten. What is put back takes its place last, from a folder beside it.
    Raises BadArchive, Conflict.
    """
    archive = ArchiveReader(source, passphrase)
    manifest = archive.manifest()
    _must_be_empty(settings)
    staged = settings.home / RESTORING
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True, mode=0o700)
    inside = settings.model_copy(update={"home": staged})
    try:
        files, outside = _put_files(archive, staged)
        _same_key(inside, manifest)
    except ProductError:
        # Refused before anything was in place: nothing of it stays.
        shutil.rmtree(staged, ignore_errors=True)
        raise
    database = Database(inside.database)
    try:
        rows = _put_records(archive, database, str(manifest["revision"]))
    finally:
        database.close()
    jobs = _put_jobs(archive, inside)
    for one in list(staged.iterdir()):
        one.rename(settings.home / one.name)
    staged.rmdir()
    return RestoreReport(
        made_at=str(manifest["made_at"]),
        version=str(manifest["version"]),
        rows=rows,
        jobs=jobs,
        files=files,
        audit_head=str(manifest["audit_head"]),
        outside=outside,
    )


def note_restore(settings: Settings, report: RestoreReport) -> None:
    """The restore as an event of the log it brought back; who did it had no role here yet."""
    app = build(settings)
    try:
        details = {"rows": report.rows, "files": report.files}
        app.record(SYSTEM, "backup:restored", "backup", details)
    finally:
        app.close()


def _must_be_empty(settings: Settings) -> None:
    home = settings.home
    if home.exists() and any(one.name != RESTORING for one in home.iterdir()):
        raise Conflict(
            f"{settings.home} 里已有内容，恢复不会覆盖。请换一个空的 COMPLIANCE_HOME。",
            f"There is something in {settings.home}, and a restore overwrites nothing. "
            "Set COMPLIANCE_HOME to an empty folder.",
        )
    for url in {settings.database, settings.jobs_database}:
        parsed = database_url(url)
        if parsed.get_backend_name() == "sqlite":
            path = Path(parsed.database or "")
            taken = path.exists() and path.stat().st_size > 0
        else:
            database = Database(url)
            with database.reading() as session:
                found = inspect(session.connection())
                taken = bool(found.get_table_names() + found.get_table_names(schema=JOBS_SCHEMA))
            database.close()
        if taken:
            shown = parsed.render_as_string(hide_password=True)
            raise Conflict(
                f"数据库 {shown} 里已有表，恢复不会覆盖。请给一个空的数据库。",
                f"The database {shown} has tables, and a restore overwrites nothing. "
                "Give an empty one.",
            )


def _same_key(settings: Settings, manifest: dict[str, Any]) -> None:
    """Before a row is written: the keys at hand open what everything was sealed with."""
    root = data_root(settings)
    try:
        if "wrapped_root" in manifest:
            wrapped = base64.b64decode(manifest["wrapped_root"])
            found = [root.opened(str(manifest["master_key_id"]), wrapped)]
        else:  # made before there was a root: the master key itself
            found = [one.keys for one in root.source.ring().all if isinstance(one, WrappingKey)]
    except Unavailable:
        found = []
    if manifest["key_id"] not in map(key_id, found):
        raise Conflict(
            "主密钥不是做备份时的那一把。请设置原来的 COMPLIANCE_MASTER_KEY。",
            "The master key is not the one of the backup. Set the COMPLIANCE_MASTER_KEY of then.",
        )
    needed = set(manifest.get("vault_key_ids", []))
    if needed and not needed <= {one.id for one in vault_keys(settings).ring().all}:
        raise Conflict(
            "保险库密钥不是做备份时的那一把，化名与加密文本将无法还原。请设置原来的 COMPLIANCE_VAULT_KEY"
            "（已更换的设为 COMPLIANCE_VAULT_KEY_PREVIOUS）。",
            "The vault's key is not the one of the backup, so pseudonyms and encrypted texts could not be "
            "restored. Set the COMPLIANCE_VAULT_KEY of then (as COMPLIANCE_VAULT_KEY_PREVIOUS where it "
            "was exchanged since).",
        )


def _put_files(archive: ArchiveReader, home: Path) -> tuple[int, tuple[str, ...]]:
    count, outside = 0, set[str]()
    for name, content in archive.entries():
        kind, _, rest = name.partition("/")
        if kind in ("home", "keys", "outside"):
            inner = {"home": "", "keys": "keys", "outside": "restored"}[kind]
            _put_file(home / inner / _harmless(rest), content)
            count += 1
            if kind == "outside":
                outside.add(rest.partition("/")[0])
        for _ in content:
            pass
    return count, tuple(sorted(outside))


def _put_file(path: Path, content: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        for part in content:
            file.write(part)


def _harmless(name: str) -> Path:
    """A path that stays below where it is put, whoever made the backup."""
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise BadArchive("备份里的文件名不安全。", "A file name in the backup is unsafe.")
    return Path(pure)


def _put_records(archive: ArchiveReader, database: Database, revision: str) -> int:
    """Rows into the schema they come from, then forward to ours."""
    database.upgrade(revision)
    with database.transaction() as session:
        rows = _put_tables(session.connection(), archive, "product")["rows"]
    database.upgrade()
    return rows


def _put_jobs(archive: ArchiveReader, settings: Settings) -> int:
    """The jobs that waited or ran, to be gone on with at the next start."""
    url = database_url(settings.jobs_database)
    DBOS.migrate(url.render_as_string(hide_password=False))
    database = Database(settings.jobs_database)
    try:
        with database.transaction() as session:
            schema = jobs_schema(settings.jobs_database)
            put = _put_tables(session.connection(), archive, "jobs", schema)
    finally:
        database.close()
    return put.get("workflow_status", 0)


def _put_tables(
    connection: Connection, archive: ArchiveReader, part: str, schema: str | None = None
) -> dict[str, int]:
    """How many rows went into each table, and in all."""
    tables = {one.name: one for one in tables_of(connection, schema)}
    put = {"rows": 0}
    for name, content in archive.entries():
        kind, _, rest = name.partition("/")
        if kind == part:
            table = tables.get(rest.removesuffix(".jsonl"))
            if table is None:
                raise BadArchive(
                    f"备份里的表 {rest} 本版本不认识：请用做备份时的版本或更新的版本恢复。",
                    f"This release does not know the table {rest} of the backup: restore with the "
                    "release that made it, or a newer one.",
                )
            connection.execute(delete(table))
            put[table.name] = put_lines(connection, table, content)
            put["rows"] += put[table.name]
        for _ in content:
            pass
    return put
