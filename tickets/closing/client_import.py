"""A table of clients read row by row: who, which records, which dates. Pure; nothing is stored.

A row is a client with one kind of record; a table without a column for the kind says for all its
rows which kinds there are. A bad row is told with its number and column, never with what it holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from records.errors import BadInput
from records.language import Bilingual
from tickets.closing.data import closing_data
from tickets.closing.records import Identity, NewRecord
from tickets.retention.facts import HolderType, RecordKind
from tickets.retention.table import (
    Cell,
    RowError,
    cell_text,
    header_words,
    plain_word,
    row_facts,
    yes_or_no,
)

_TOP_ROWS = 10
_OWN = ("name", "reference", "mail", "address", "contact", "sensitivity", "public")
LONGEST_CELL = 300


@dataclass(frozen=True)
class ReadRow:
    """A row read: who, and the records it speaks of; or what is wrong with it."""

    number: int
    identity: Identity = field(default_factory=Identity, repr=False)
    records: tuple[NewRecord, ...] = ()
    error: Bilingual | None = None


def read_clients(
    rows: Sequence[Sequence[Cell]],
    *,
    kinds: Sequence[RecordKind] = (),
    holder: HolderType | None = None,
) -> Iterator[ReadRow]:
    """Every row below the header. Raises BadInput where the header names no client or no kind."""
    header, columns = _header(rows[:_TOP_ROWS])
    if "kind" not in columns and not kinds:
        raise BadInput(
            "表里没有“资料种类”一列，请写明这些客户有哪几类资料（--kind，可多个）。",
            "The table has no column “record kind”: say which kinds these clients have (--kind).",
        )
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        if not any(cell_text(cell) for cell in row):
            continue
        try:
            yield _row(number, row, columns, kinds, holder)
        except RowError as error:
            yield ReadRow(number, error=error.said)


def unread_columns(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """The header words that mean nothing to us, as they stand: what is below them is not taken in."""
    header, columns = _header(rows[:_TOP_ROWS])
    words = [cell_text(cell) for cell in rows[header]]
    read = set(columns.values())
    return tuple(word[:40] for place, word in enumerate(words) if word and place not in read)


def _row(
    number: int,
    row: Sequence[Cell],
    columns: Mapping[str, int],
    kinds: Sequence[RecordKind],
    holder: HolderType | None,
) -> ReadRow:
    own = {
        name: row[columns[name]] if name in columns and columns[name] < len(row) else None
        for name in _OWN
    }
    said = {name: cell_text(own[name])[:LONGEST_CELL] for name in _OWN}
    who = Identity(
        said["name"], said["reference"], said["mail"] or said["address"] or said["contact"]
    )
    if not (who.name or who.reference):
        raise RowError(Bilingual("没有客户名称或编号", "no name and no number of the client"))
    given = {name: place for name, place in columns.items() if name not in _OWN}
    several = (None,) if "kind" in columns else tuple(kinds)
    sensitive = yes_or_no("敏感 sensitive", own["sensitivity"])
    public = yes_or_no("公开 public", own["public"])
    facts = [row_facts(given, row, holder, kind=kind) for kind in several]
    usual = closing_data().records.sensitive
    records = tuple(
        NewRecord(one, one.kind in usual if sensitive is None else sensitive, bool(public))
        for one in facts
    )
    return ReadRow(number, who, records)


def _header(top: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    words = {
        plain_word(word): name
        for name, found in closing_data().records.columns.items()
        for word in found
    }
    known = {**header_words(), **words}
    for number, cells in enumerate(top):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = known.get(plain_word(cell_text(cell)))
            if name in columns:
                raise BadInput(
                    f"有两列都表示同一项（第 {columns[name] + 1}、{place + 1} 列），请只留一列。",
                    f"Columns {columns[name] + 1} and {place + 1} mean the same; keep one.",
                )
            if name:
                columns[name] = place
        if "name" in columns or "reference" in columns:
            return number, columns
    raise BadInput(
        "表头里没有“客户名称”或“客户编号”一列。",
        "No column “client name” or “client number” in the header.",
    )
