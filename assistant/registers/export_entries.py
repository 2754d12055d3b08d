"""A register as a file: CSV, Excel or JSON. What is sealed stays out; no cell runs as a formula."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from assistant.app import App
from assistant.papers.table_files import csv_file
from assistant.registers.entry_access import kind_named, refusals_on_record
from assistant.registers.read_registers import Listed, listed
from records.beijing import to_the_minute
from records.errors import NotPermitted
from records.language import Language
from records.people import ROLE_NAMES, Person
from records.permissions import Permission
from tickets.registers.entries import readers
from tickets.registers.kinds import Kind


class ExportForm(StrEnum):
    """What a register can be had as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Export:
    """The file."""

    name: str
    data: bytes = field(repr=False)
    entries: int


def export_entries(
    app: App,
    person: Person,
    kind: str,
    form: ExportForm = ExportForm.XLSX,
    *,
    language: Language = Language.ZH,
) -> Export:
    """A whole register, for the roles that see all of it. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.REGISTER_USE)
    found = kind_named(app, kind)
    with refusals_on_record(app, person, found.id):
        _check_reader(found, person)
    with app.database.reading() as session:
        rows = listed(app, session, person, (found,))
    data = _WRITERS[form](found, rows, language)
    app.record(person, "entry:exported", found.id, {"entries": len(rows), "form": form.value})
    return Export(f"{found.id}-{app.today():%Y%m%d}.{form}", data, len(rows))


def _check_reader(kind: Kind, person: Person) -> None:
    if person.roles & readers(kind):
        return
    names = [ROLE_NAMES[one] for one in sorted(readers(kind))]
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    raise NotPermitted(
        f"您只能看到自己的条目，不能导出整个台账。请联系：{zh}。",
        f"You see your own entries only and cannot export the register. Ask: {en}.",
    )


def _table(kind: Kind, rows: tuple[Listed, ...], language: Language) -> Iterator[list[str]]:
    zh = language is Language.ZH
    fixed = ["编号", "状态", "登记时间", "登记人", "下一时限", "保存至"]
    named = ["number", "state", "opened", "opened by", "next due", "keep until"]
    yield [*(fixed if zh else named), *(one.name.pick(language) for one in kind.fields)]
    for one in rows:
        entry, state = one.shown.entry, kind.state(one.shown.entry.state)
        due = one.next_due.due_at if one.next_due else None
        yield [
            entry.id,
            state.name.pick(language) if state else entry.state,
            to_the_minute(entry.opened_at),
            entry.opened_by,
            to_the_minute(due) if due else "",
            entry.keep_until.isoformat() if entry.keep_until else "",
            *(
                one.shown.shown[f.id].pick(language) if f.id in one.shown.shown else ""
                for f in kind.fields
            ),
        ]


def _csv(kind: Kind, rows: tuple[Listed, ...], language: Language) -> bytes:
    return csv_file(_table(kind, rows, language))


def _xlsx(kind: Kind, rows: tuple[Listed, ...], language: Language) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = kind.name.pick(language)[:31].translate(dict.fromkeys(map(ord, r"[]:*?/\ "), "_"))
    for number, line in enumerate(_table(kind, rows, language), start=1):
        for column, text in enumerate(line, start=1):
            cell = sheet.cell(number, column, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"  # never a formula, whatever it begins with
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _json(kind: Kind, rows: tuple[Listed, ...], _language: Language) -> bytes:
    entries: list[dict[str, Any]] = [
        {
            "number": one.shown.entry.id,
            "state": one.shown.entry.state,
            "opened_at": one.shown.entry.opened_at.isoformat(),
            "opened_by": one.shown.entry.opened_by,
            "keep_until": str(one.shown.entry.keep_until or "") or None,
            "values": dict(one.shown.entry.values),
            "sealed": sorted(one.shown.entry.sealed),
            "clocks": [
                {
                    "id": clock.id,
                    "due_at": clock.due_at.isoformat() if clock.due_at else None,
                    "satisfied_at": clock.satisfied_at.isoformat() if clock.satisfied_at else None,
                    "outcome": clock.outcome.value if clock.outcome else None,
                }
                for clock in one.shown.entry.deadlines
            ],
            "evidence": [
                {"field": file.field, "sha256": file.sha256, "size": file.size}
                for file in one.shown.entry.evidence
            ],
        }
        for one in rows
    ]
    return json.dumps({"kind": kind.id, "entries": entries}, ensure_ascii=False, indent=2).encode()


_WRITERS = {ExportForm.CSV: _csv, ExportForm.XLSX: _xlsx, ExportForm.JSON: _json}
