"""Vectors in PostgreSQL with the extension pgvector, a table a generation of the index.

Every vector of the audience is compared, so the answer is exact; a whole library of 26,000 texts takes
some ten milliseconds. The extension must be there, or the role must be allowed to create it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from knowledge.embeddings import Vectors
from knowledge.errors import DamagedIndex, VectorsUnavailable
from knowledge.vectors import Progress, Rows
from records.database import database_url

# Numbers of our advisory lock: `CREATE EXTENSION IF NOT EXISTS` fails when two do it at once.
_EXTENSION = 0x434F4D52


class PgVectors:
    """The vectors of one generation; the embedding is always ours."""

    def __init__(self, url: str, generation: str) -> None:
        self._engine = _engine(url)
        # Generations are named by us: "g-" and hexadecimal digits.
        self._table = f"vectors_{generation.replace('-', '_')}"

    def add(self, audience: str, rows: Rows, vectors: Vectors, progress: Progress) -> None:
        """Store one vector a row for an audience; all of them, or none."""
        size = vectors.shape[1]
        # As pgvector receives it: dimensions, two bytes unused, then numbers of four bytes.
        head = size.to_bytes(2, "big") + b"\0\0"
        raw = np.ascontiguousarray(vectors, dtype=">f4")
        with _translated(), self._engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_EXTENSION})"))
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
            connection.execute(
                text(
                    f"CREATE TABLE IF NOT EXISTS {self._table}"
                    f" (number integer PRIMARY KEY, audience text, vector vector({size}))"
                )
            )
            driver = connection.connection.driver_connection
            assert driver is not None
            into = f"COPY {self._table} FROM STDIN (FORMAT BINARY)"
            with driver.cursor() as cursor, cursor.copy(into) as copy:
                copy.set_types(["int4", "text", "bytea"])
                for row, vector in zip(rows.tolist(), raw, strict=True):
                    copy.write_row((row, audience, head + vector.tobytes()))
        progress("vectors", len(rows), len(rows))

    def nearest(self, vector: Vectors, audiences: frozenset[str], limit: int) -> list[int]:
        """The rows nearest to a vector among those of the audiences, nearest first."""
        statement = text(
            f"SELECT number FROM {self._table} WHERE audience = ANY(:audiences)"  # noqa: S608
            " ORDER BY vector <=> CAST(:vector AS vector), number LIMIT :limit"
        )
        sought = f"[{','.join(map(repr, vector.astype(float).tolist()))}]"
        given = {"audiences": sorted(audiences), "vector": sought, "limit": limit}
        with _translated(), self._engine.connect() as connection:
            return [int(row) for row in connection.scalars(statement, given)]

    def count(self) -> int:
        """How many vectors are held."""
        with _translated(), self._engine.connect() as connection:
            statement = text(f"SELECT count(*) FROM {self._table}")  # noqa: S608
            return int(connection.scalar(statement) or 0)

    def drop(self) -> None:
        """Forget everything."""
        with _translated(), self._engine.begin() as connection:
            connection.execute(text(f"DROP TABLE IF EXISTS {self._table}"))


@cache
def _engine(url: str) -> Engine:
    return create_engine(
        database_url(url),
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=8,
        hide_parameters=True,
        connect_args={"connect_timeout": 10},
    )


@contextmanager
def _translated() -> Iterator[None]:
    """The server's errors as ours: a server that does not answer, or a part that is missing."""
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionFree) as error:
        raise VectorsUnavailable from error
    except DBAPIError as error:
        raise DamagedIndex from error
