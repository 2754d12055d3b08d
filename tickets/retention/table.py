"""A table of records read row by row: columns known by their header words, each row decided alone.

A bad row is told with its column and stops nothing. What is left empty is unknown, what is there
and not understood is an error: guessing would shorten or lengthen a period.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self, TypeVar

from pydantic import model_validator

from records.data_files import Entry, load
from records.errors import BadInput
from records.language import Bilingual
from tickets.retention.decision import decide, record_facts_from_text
from tickets.retention.facts import (
    Decision,
    Flag,
    HolderType,
    RecordFacts,
    RecordKind,
    StartEvent,
)
from tickets.retention.record_text import holder_named
from tickets.retention.rules import FOLDER, rulebook

Cell = str | int | float | bool | date | datetime | None
Choice = TypeVar("Choice", bound=StrEnum)
_PLAIN = {"kind", "holder", "hold", "dispute", "date"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")
_HEADER_ROWS = 10


class ColumnFile(Entry):
    """columns.yaml."""

    columns: dict[str, tuple[str, ...]]
    values: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _names_all(self) -> Self:
        needed = {*_PLAIN, *StartEvent, *Flag}
        if needed ^ set(self.columns):
            raise ValueError(f"columns differ: {sorted(needed ^ set(self.columns))}")
        words = [plain_word(word) for found in self.columns.values() for word in found]
        if len(words) != len(set(words)):
            raise ValueError("a header word stands for two columns")
        return self


class RowError(Exception):
    """What is wrong with a row, naming the column and never what it holds."""

    def __init__(self, said: Bilingual) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True)
class DecidedRow:
    """A row of the table with its decision, or what is wrong with it."""

    number: int
    cells: tuple[Cell, ...]
    decision: Decision | None
    error: Bilingual | None


@dataclass(frozen=True)
class Header:
    """Where the header stands and which column is what."""

    row: int
    cells: tuple[Cell, ...]
    columns: Mapping[str, int]


def find_header(rows: Sequence[Sequence[Cell]]) -> Header:
    """The first of the top rows that names the kind of record. Raises BadInput."""
    for number, cells in enumerate(rows[:_HEADER_ROWS]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = header_words().get(plain_word(str(cell or "")))
            if name in columns:
                raise BadInput(
                    f"有两列都表示同一项（第 {columns[name] + 1}、{place + 1} 列），请只留一列。",
                    f"Columns {columns[name] + 1} and {place + 1} mean the same; keep one.",
                )
            if name:
                columns[name] = place
        if "kind" in columns:
            return Header(number, tuple(cells), columns)
    raise BadInput(
        "表头里没有“资料种类”一列。表头词见 tickets/retention/columns.yaml，"
        "例如：资料种类、单位类型、解约日期。",
        "No column “kind” in the header. For example: kind, holder, contract ended.",
    )


def decide_rows(
    header: Header,
    rows: Iterator[Sequence[Cell]],
    *,
    today: date,
    holder: HolderType | None = None,
) -> Iterator[DecidedRow]:
    """Every row after the header with its decision or its error; empty rows are left out."""
    for number, row in enumerate(rows, start=header.row + 2):
        cells = tuple(row)
        if not any(cell_text(cell) for cell in cells):
            continue
        try:
            facts = row_facts(header.columns, cells, holder)
            yield DecidedRow(number, cells, decide(facts, today=today), None)
        except RowError as error:
            yield DecidedRow(number, cells, None, error.said)


def row_facts(
    columns: Mapping[str, int],
    cells: Sequence[Cell],
    holder: HolderType | None,
    *,
    kind: RecordKind | None = None,
) -> RecordFacts:
    """The facts a row gives; `kind` where the table has no column for it. Raises RowError."""
    given = {
        name: cells[place]
        for name, place in columns.items()
        if place < len(cells) and cell_text(cells[place])
    }
    facts = _kind(given.get("kind")) if kind is None else RecordFacts(kind=kind)
    dates: dict[StartEvent, date] = {}
    waiting: set[StartEvent] = set()
    for name in ("date", *StartEvent):
        if name in given:
            event = rulebook().kinds[facts.kind].event if name == "date" else StartEvent(name)
            day = _day(name, given[name])
            if day is None:
                waiting.add(event)
            elif dates.setdefault(event, day) != day:
                raise RowError(Bilingual("两列日期互相矛盾", "two date columns contradict"))
    return replace(
        facts,
        holder=_named(HolderType, "holder", given["holder"]) if "holder" in given else holder,
        dates=dates,
        not_happened=frozenset(waiting),
        hold=yes_or_no("hold", given.get("hold")) or False,
        dispute=yes_or_no("dispute", given.get("dispute")) or False,
        flags={flag: bool(yes_or_no(flag, given[flag])) for flag in Flag if flag in given},
    )


def _kind(cell: Cell) -> RecordFacts:
    """The kind by its name; other words as they would be read in a question."""
    if cell is None:
        raise RowError(Bilingual("没有写资料种类", "the kind of record is missing"))
    try:
        return RecordFacts(kind=_named(RecordKind, "kind", cell))
    except RowError:
        read = record_facts_from_text(f"销毁：{cell_text(cell)}", today=date.min)
        if read is None:
            raise
        return RecordFacts(kind=read.kind, also=read.also)


def _named(choices: type[Choice], column: str, cell: Cell) -> Choice:
    found = named(choices, cell_text(cell))
    if found is None:
        known = names_of(choices)
        raise RowError(
            Bilingual(
                f"“{_column(column)}”看不懂，请从这些里选：{known.zh}",
                f"column {column} is not understood; choose one of: {known.en}",
            )
        )
    return found


def named(choices: type[Choice], text: str) -> Choice | None:
    """The kind of record or company by its id or its name in either language; None if unknown."""
    found = _names(choices).get(plain_word(text))
    if found is None and choices is HolderType:
        found = holder_named(text)
    return None if found is None else choices(found)


def names_of(choices: type[StrEnum]) -> Bilingual:
    """The names of all kinds of record or company, as they may be written."""
    said = [_name(one) for one in choices]
    return Bilingual("；".join(one.zh for one in said), ", ".join(choices))


def _name(one: StrEnum) -> Bilingual:
    book = rulebook()
    return book.kinds[one].name if isinstance(one, RecordKind) else book.holders[HolderType(one)]


@cache
def _names(choices: type[StrEnum]) -> Mapping[str, str]:
    """Every name of the choices, and the part of a Chinese one before its bracket."""
    found: dict[str, str] = {}
    for one in choices:
        said = _name(one)
        for name in (one.value, said.zh, said.en, said.zh.split("（")[0], said.en.split(" (")[0]):
            found.setdefault(plain_word(name), one.value)
    return found


def _day(column: str, cell: Cell) -> date | None:
    """The day, or None for what is known not to have happened yet."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _MIDNIGHT.sub("", cell_text(cell))
    if plain_word(text) in _words("not_yet"):
        return None
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        raise RowError(
            Bilingual(
                f"“{_column(column)}”应写成 2021-06-30 这样的日期",
                f"column {column}: write the date like 2021-06-30",
            )
        ) from None


def yes_or_no(column: str, cell: Cell) -> bool | None:
    """What a yes-or-no cell says; None where it is empty. Raises RowError."""
    if cell is None:
        return None
    if plain_word(cell_text(cell)) in _words("yes"):
        return True
    if plain_word(cell_text(cell)) in _words("no"):
        return False
    raise RowError(
        Bilingual(f"“{_column(column)}”请写“是”或“否”", f"column {column}: write yes or no")
    )


@cache
def _file() -> ColumnFile:
    return load(Path(FOLDER) / "columns.yaml", ColumnFile)


@cache
def header_words() -> Mapping[str, str]:
    """Column by header word, as `plain_word` writes it."""
    columns = _file().columns
    own = {plain_word(name): name for name in columns}
    return own | {plain_word(word): name for name, words in columns.items() for word in words}


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(plain_word(word) for word in _file().values[name])


def _column(name: str) -> str:
    return _file().columns.get(name, (name,))[0]


def cell_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def plain_word(text: str) -> str:
    return re.sub(r"[\s_：:*＊]", "", text).lower()
