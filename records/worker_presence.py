"""Which of several worker processes live: a lock each holds that goes when the process dies.

On PostgreSQL it is an advisory lock of a connection kept open, on SQLite the lock of a file beside
the database. No clock is compared and no heartbeat missed: the server or the kernel lets go of it.
"""

import contextlib
import fcntl
import time
import uuid
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

# After our own connection was lost the others' may be, too: they get this long to come back.
GRACE_SECONDS = 10.0


class Presence(Protocol):
    """This process among the workers."""

    id: str

    def hold(self) -> bool:
        """Say that we live; harmless when said. Whether we can tell of others just now."""

    def lives(self, worker_id: str) -> bool:
        """Whether that worker lives."""

    def leave(self) -> None:
        """Say that we are gone."""


def presence_of(url: str) -> Presence:
    """The way workers of that database know each other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return ServerPresence(url)
    database = Path(parsed.database or "jobs.db")
    return FilePresence(database.with_name(f"workers-of-{database.name}"))


class ServerPresence:
    """By an advisory lock on PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.id = uuid.uuid4().hex
        self._engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"connect_timeout": 10},
        )
        self._connection: Connection | None = None
        self._trusted_at = 0.0

    def hold(self) -> bool:
        """Take the lock, or see that we still have it."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return time.monotonic() >= self._trusted_at
            except DBAPIError:
                self._connection.close()
                self._connection = None
                self._trusted_at = time.monotonic() + GRACE_SECONDS
        connection = self._engine.connect()
        connection.execute(
            text("SELECT pg_advisory_lock(hashtextextended(:id, 0))"), {"id": self.id}
        )
        self._connection = connection
        return time.monotonic() >= self._trusted_at

    def lives(self, worker_id: str) -> bool:
        """Whether somebody holds that worker's lock."""
        if self._connection is None:
            return True
        given = {"id": worker_id}
        take = text("SELECT pg_try_advisory_lock(hashtextextended(:id, 0))")
        if not self._connection.scalar(take, given):
            return True
        self._connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:id, 0))"), given)
        return False

    def leave(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()


class FilePresence:
    """By a locked file; for the processes of one machine."""

    def __init__(self, folder: Path) -> None:
        self.id = uuid.uuid4().hex
        self._folder = folder
        self._file: IO[bytes] | None = None

    def hold(self) -> bool:
        """Take the lock, which nobody else wants."""
        if self._file is None:
            self._folder.mkdir(exist_ok=True, mode=0o700)
            self._file = (self._folder / self.id).open("wb")
            # A POSIX lock: a child that is forked does not hold it after our death.
            fcntl.lockf(self._file, fcntl.LOCK_EX)
        return True

    def lives(self, worker_id: str) -> bool:
        """Whether somebody holds that worker's file; a dead worker's file is removed."""
        path = self._folder / Path(worker_id).name
        try:
            with path.open("r+b") as file:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return True
        except FileNotFoundError:
            return False
        path.unlink(missing_ok=True)
        return False

    def leave(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
            with contextlib.suppress(OSError):
                (self._folder / self.id).unlink()
