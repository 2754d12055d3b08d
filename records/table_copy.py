"""The rows of a database as lines of text, the same from either engine, and back into another.

Tables are read as they stand (by reflection), so that a backup of an older release goes into that
release's schema and is then brought forward by the migrations.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)

from records.database import Database

VERSION_TABLE = "alembic_version"
ROWS_AT_ONCE = 500


def tables_of(connection: Connection, schema: str | None = None) -> list[Table]:
    """Every table, each after those it points to."""
    found = MetaData()
    found.reflect(connection, schema=schema)
    return [one for one in found.sorted_tables if one.name != VERSION_TABLE]


def revision_of(connection: Connection) -> str:
    """The migration the schema stands at."""
    return str(connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")))  # noqa: S608


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a line of JSON, in the order of the primary key."""
    keys = list(table.primary_key.columns)
    names = [one.name for one in table.columns]
    yield json.dumps(names).encode() + b"\n"
    for row in connection.execute(select(table).order_by(*keys)):
        values = [_plain(value) for value in row]
        yield json.dumps(values, ensure_ascii=False).encode() + b"\n"


def put_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """How many rows were written; triggers do not judge what was lawful when it was done."""
    remaining = iter(lines)
    names = json.loads(next(remaining))
    columns = [table.columns[name] for name in names]
    count, waiting = 0, list[dict[str, Any]]()
    rules = _Rules(connection, table)
    for line in remaining:
        values = [_typed(c.type, v) for c, v in zip(columns, json.loads(line), strict=True)]
        waiting.append(dict(zip(names, values, strict=True)))
        count += 1
        if len(waiting) == ROWS_AT_ONCE:
            connection.execute(insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)
    rules.restore()
    _raise_sequence(connection, table)
    return count


def copy_tables(source: Database, target: Database) -> int:
    """How many rows were copied from one database to another at the same migration."""
    with source.reading() as out, target.transaction() as into:
        given, taking = out.connection(), into.connection()
        wanted = {one.name: one for one in tables_of(taking)}
        return sum(
            put_lines(taking, wanted[one.name], lines_of(given, one)) for one in tables_of(given)
        )


class _Rules:
    """The triggers of a table, set aside while rows that passed them before are put back."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._kept: list[tuple[str, str]] = []
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {self._name} DISABLE TRIGGER USER"))
            return
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        for name, sql in connection.execute(text(query), {"table": table.name}).all():
            self._kept.append((name, sql))
            connection.execute(text(f'DROP TRIGGER "{name}"'))

    @property
    def _name(self) -> str:
        return self._connection.dialect.identifier_preparer.format_table(self._table)

    def restore(self) -> None:
        """The triggers in place again."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text(f"ALTER TABLE {self._name} ENABLE TRIGGER USER"))
        for _, sql in self._kept:
            self._connection.exec_driver_sql(sql)


def _raise_sequence(connection: Connection, table: Table) -> None:
    """Numbers given from now on come after those put back."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return
    named = connection.dialect.identifier_preparer.format_table(table)
    given = {"table": named, "column": keys[0].name}
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), given)
    highest = connection.scalar(select(func.max(keys[0]))) if sequence else None
    if highest:
        connection.execute(
            text("SELECT setval(:name, :value)"), {"name": sequence, "value": highest}
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # SQLite gives times without zone: they were stored in UTC.
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, Integer):
        return int(value)
    return value
