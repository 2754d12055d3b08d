"""The database: an engine from a URL, transactions, and one column type that keeps time zones."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from records.errors import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
# How long a writer waits for the one before it.
PATIENCE_SECONDS = 30
# Numbers of our advisory locks on PostgreSQL: whoever writes, whoever changes the schema.
_WRITERS, _SCHEMA = 0x434F4D50, 0x434F4D51


class DatabaseUnavailable(Unavailable):
    """The database does not answer, its disk is full, or another writer holds it too long."""

    def __init__(self) -> None:
        super().__init__(
            "数据库暂时不可用（连接不上、磁盘已满或正忙），本次操作没有保存。请稍后再试，或告诉管理员。",
            "The database is not available (unreachable, disk full or busy); nothing was saved. "
            "Please try again soon, or tell your administrator.",
        )


class DatabaseDamaged(Unavailable):
    """The file of the database is not whole; SQLite alone says so."""

    def __init__(self) -> None:
        super().__init__(
            "数据库文件（compliance.db 或 jobs.db）已损坏：请停下服务，保留原文件夹，再用 compliance db restore "
            "把备份恢复到空的 COMPLIANCE_HOME。",
            "The file of a database (compliance.db or jobs.db) is damaged: stop the service, keep the folder "
            "as it is, and restore a backup into an empty COMPLIANCE_HOME: compliance db restore.",
        )


class Base(DeclarativeBase):
    """Every package declares its tables on this base."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. SQLite drops the zone; this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An engine and its transactions. Build one per process; close it at the end.

    Writers take turns on either engine, from the first statement on: a read that later writes
    would fail under a second writer, and the audit chain must see its true predecessor. Readers
    see one moment and never wait.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(database_url(url))
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._reader = self.engine
        if self.is_postgresql:
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def is_postgresql(self) -> bool:
        """Whether a server keeps it."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[Session]:
        """A session that commits at the end, or rolls back on any error; without `keep` always."""
        with (
            answering(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin() as unit,
        ):
            if self.is_postgresql:
                session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'"))
                session.execute(text(f"SELECT pg_advisory_xact_lock({_WRITERS})"))
            yield session
            if not keep:
                unit.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads and never waits for a writer."""
        with answering(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to the newest migration, wholly or not at all; harmless when there."""
        # Of several processes that start at once, one does it and the others wait.
        with answering(), self._folder_held(), self._writer.connect() as connection:
            if revision == "head" and _revision(connection) == _newest():
                return
            # Imported here: where nothing is to be done, a command starts a quarter second faster.
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            if self.is_postgresql:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_SCHEMA})"))
            config.attributes["connection"] = connection
            config.attributes["metadata"] = Base.metadata
            command.upgrade(config, revision)
            connection.commit()

    @contextmanager
    def _folder_held(self) -> Iterator[None]:
        """The folder of a database file locked; what a migration reads first is read under it."""
        file = self.engine.url.database
        if self.is_postgresql or not file or file == ":memory:":
            yield
            return
        folder = os.open(Path(file).parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def scrub(self) -> bool:
        """Whether what was deleted is gone from our files; another database sees to its own.

        SQLite overwrites deleted cells (secure_delete); the write-ahead log, which still holds
        them, is written back and cut to nothing, unless a reader holds it just now.
        """
        if self.engine.dialect.name != "sqlite":
            return False
        with self.engine.connect() as connection:
            # Outside a transaction, or the checkpoint would wait for its own connection.
            raw: Any = connection.connection.dbapi_connection
            connection.rollback()
            busy: int = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return busy == 0

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _revision(connection: Connection) -> str | None:
    """The migration the database stands at, where Alembic notes it; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@cache
def _newest() -> str:
    """The last of the migrations shipped, by the number its file begins with."""
    return max(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*_*.py"))


def database_url(url: str) -> URL:
    """The URL with the driver we ship: postgres://, postgresql:// and our own spelling are one."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


@contextmanager
def answering() -> Iterator[None]:
    """A database's errors as ours, where it cannot be worked with at all."""
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionFree) as error:
        raise DatabaseUnavailable from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        # The kinds below it speak of a statement: a rule broken, a value too long.
        if type(error) in (DatabaseError, sqlite3.DatabaseError):
            raise DatabaseDamaged from error
        raise


def _engine(url: URL) -> Engine:
    # Errors must not carry the values of a statement: they may be a client's.
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=30,
            hide_parameters=True,
            connect_args={"connect_timeout": 10},
        )
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
