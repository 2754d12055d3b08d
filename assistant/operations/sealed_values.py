"""Every sealed value of the database, in a column of its own or inside JSON, and whether it opens.

A new sealed table or field belongs here: `tests/assistant/test_sealed_values.py` compares this with
the purposes that keys are derived for.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import JSON, LargeBinary, RowMapping, Table, Text, cast, select
from sqlalchemy.orm import Session

from assistant.app import App
from records.errors import ProductError
from records.sealing import Sealing
from records.table_copy import tables_of

# Sealed columns: the purpose of their key, and what each is bound to. The vault's are opened through it.
COLUMNS: dict[tuple[str, str], tuple[str, str]] = {
    ("accounts", "totp"): ("authenticators", "{person_id}"),
    ("accounts", "totp_offered"): ("authenticators", "{person_id}"),
    ("closing_clients", "sealed"): ("closing-clients", "{project_id}/{number}"),
    ("closing_decisions", "sealed"): ("closing-clients", "{project_id}/decision/{id}"),
    ("closing_projects", "sealed"): ("closing-projects", "{id}"),
    ("destruction_register", "sealed"): ("destruction-register", "{serial}"),
    ("kept_replies", "sealed"): ("kept-replies", "{id}"),
    ("notice_deliveries", "sealed"): ("notices", "{key}"),
    ("notices", "sealed"): ("notices", "{id}"),
    ("redaction_rules", "sealed"): ("redaction-rules", "{id}"),
    ("reviews", "sealed"): ("reviews", "{id}"),
    ("slack_installations", "sealed"): ("slack-installations", "{team_id}"),
    ("vault_certificates", "sealed"): ("certificates", "{serial}"),
}
# Without the data root the product would not have started.
OPENED_ELSEWHERE = {"vault_clients", "vault_cases", "vault_pages", "data_root"}
_TEXT = "as_text"

# Of values sealed inside JSON: what each is bound to, and the text it is kept as.
Found = Iterator[tuple[str, str]]


def _of_entry(row: RowMapping, facts: Mapping[str, Any]) -> Found:
    """The sealed fields of a register entry, with every value they had before."""
    for name, history in facts.get("sealed", {}).items():
        yield from ((f"{row['id']}/{name}", value) for value in history if value is not None)


def _of_event(row: RowMapping, details: Mapping[str, Any]) -> Found:
    """The paths of files that a destruction is to erase."""
    if row["what"] == "destruction:appraised":
        for one in details["targets"]:
            if one["sealed"]:
                yield f"{row['ticket_id']}/{one['name']}", one["sealed"]


@dataclass(frozen=True, slots=True)
class Inside:
    """How values sealed in one column of JSON are found and opened."""

    purpose: str
    found: Callable[[RowMapping, Mapping[str, Any]], Found]
    decode: Callable[[str], bytes]


INSIDE: dict[tuple[str, str], Inside] = {
    ("tickets", "facts"): Inside("register-entries", _of_entry, base64.b64decode),
    ("ticket_events", "details"): Inside("destruction-targets", _of_event, bytes.fromhex),
}


def sealed_values(app: App, session: Session) -> Iterator[tuple[str, bool]]:
    """Each value with the row it stands in, by table and key, and whether it opens.

    JSON that cannot be read counts as one that does not.
    """
    for table in tables_of(session.connection()):
        for column in table.columns:
            place = (table.name, column.name)
            if place in COLUMNS:
                yield from _in_columns(app, session, table, column.name)
            elif isinstance(column.type, JSON):
                yield from _in_json(app, session, table, column.name)


def not_opened(session: Session) -> list[str]:
    """Tables with bytes in them that nothing here knows how to open."""
    known = {table for table, _ in COLUMNS} | OPENED_ELSEWHERE
    return sorted(
        table.name
        for table in tables_of(session.connection())
        if table.name not in known and any(isinstance(c.type, LargeBinary) for c in table.columns)
    )


def opens(open_it: Callable[[], object]) -> bool:
    """Whether something sealed, or a chain, is read without an error that damage makes."""
    try:
        open_it()
    except (ProductError, InvalidTag, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _in_columns(app: App, session: Session, table: Table, name: str) -> Iterator[tuple[str, bool]]:
    purpose, bound_to = COLUMNS[table.name, name]
    sealing = Sealing(app.keys.derive(purpose))
    for row in session.execute(select(table).where(table.c[name].is_not(None))).mappings():
        bound = bound_to.format(**row)
        yield _place(table, row), opens(partial(sealing.open, row[name], row=bound))


def _in_json(app: App, session: Session, table: Table, name: str) -> Iterator[tuple[str, bool]]:
    inside = INSIDE.get((table.name, name))
    # As text: a row whose JSON is broken must not end the reading of the others.
    others = [column for column in table.columns if not isinstance(column.type, JSON)]
    for row in session.execute(select(*others, cast(table.c[name], Text).label(_TEXT))).mappings():
        values: list[tuple[str, str]] = []
        if not opens(partial(_read_into, values, row, inside)):
            yield _place(table, row), False
        if inside is not None:
            sealing = Sealing(app.keys.derive(inside.purpose))
            for bound, text in values:
                yield _place(table, row), opens(partial(_open, sealing, inside, text, bound))


def _read_into(values: list[tuple[str, str]], row: RowMapping, inside: Inside | None) -> None:
    """What is sealed in one value of JSON, as far as it can be found."""
    read = json.loads(row[_TEXT])
    values.extend(inside.found(row, read) if inside else ())


def _open(sealing: Sealing, inside: Inside, text: str, bound: str) -> None:
    sealing.open(inside.decode(text), row=bound)


def _place(table: Table, row: RowMapping) -> str:
    return f"{table.name} {'/'.join(str(row[one.name]) for one in table.primary_key)}"
