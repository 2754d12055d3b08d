"""The clients of a closing project: taken in from a table, joined to an inventory, looked at."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.app import App
from assistant.closing.steps import ClosingStep, closing_step
from assistant.papers.table_files import table_rows
from assistant.redaction.scan_folder import read_scan, scan_file
from pii.inventory import STATES, State
from pii.inventory_files import CLASSES
from pii.kinds import Sensitivity
from records.audit import Detail
from records.errors import BadInput, NotFound
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.closing import progress as closing_progress
from tickets.closing.client_import import ReadRow, read_clients, unread_columns
from tickets.closing.progress import RecordGroup
from tickets.closing.records import Client, Filter, Identity, NewRecord, Record, facts_key
from tickets.closing.store import LinkedInventory
from tickets.retention.facts import Decision, HolderType, RecordKind, Status

PAGE = 50
MOST_ROWS = 100_000
LARGEST_BYTES = 50 * 1024 * 1024
MOST_ERRORS = 20
# Columns of inventory.csv that stand first in either language (pii/inventory_files.py).
_PATH, _STATE, _CLASS, _HOLDER, _SAME = 0, 3, 4, 9, 10


@dataclass(frozen=True, slots=True)
class Imported:
    """What a table gave: counts, and what is wrong with which rows."""

    rows: int
    clients: int
    records: int
    known: int
    """Records that stood there already with the same facts."""
    replaced: int
    """Records given anew with other facts; what was decided about them is open again."""
    renewed: int
    """Known clients whose name or contact the table corrects."""
    unread: tuple[str, ...]
    """Header words that mean nothing to us: their columns were not taken in."""
    errors: tuple[tuple[int, Bilingual], ...]
    dry_run: bool

    @property
    def faults(self) -> list[tuple[str, Bilingual]]:
        """What is wrong, each thing once, with the rows it is wrong with."""
        return _faults(self.errors)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records with their clients, and all records by what the law says of them."""

    records: tuple[Record, ...]
    clients: dict[int, Client]
    total: int
    page: int
    groups: tuple[RecordGroup, ...]
    missing: tuple[Bilingual, ...] = ()
    """Questions that must be answered before the law says anything of some of all these records."""
    ended: bool = False
    """Whether the project has, and nothing changes any more."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class ClientView:
    """One client with all its records and what each decision says."""

    client: Client
    records: tuple[Record, ...]
    terms: dict[int, dict[str, str]]
    missing: dict[int, tuple[Bilingual, ...]]
    """By number of the record, as in `RecordPage`."""


def import_clients(
    app: App,
    person: Person,
    project_id: str,
    untrusted_data: bytes,
    untrusted_name: str,
    *,
    kinds: Sequence[RecordKind] = (),
    holder: HolderType | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
) -> Imported:
    """The clients and records of a table, in one transaction: all of them or none.

    A client given again is known by its number or name. Raises BadInput for a bad table, and for
    bad rows unless they are to be skipped.
    """
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        if len(untrusted_data) > LARGEST_BYTES:
            raise BadInput("表格超过 50 MB，请拆分。", "The table is over 50 MB; split it.")
        rows = list(table_rows(untrusted_data, untrusted_name, most=MOST_ROWS))
        read = list(read_clients(rows, kinds=kinds, holder=holder or app.settings.holder))
        errors = tuple((one.number, one.error) for one in read if one.error)
        if errors and not (skip_bad or dry_run):
            raise _bad_rows(errors)
        good = [one for one in read if one.error is None]
        done = _taken_in(at, good, errors, unread_columns(rows), dry_run=dry_run)
        counts: dict[str, Detail] = {
            "rows": done.rows,
            "clients": done.clients,
            "records": done.records,
        }
        counts |= {"replaced": done.replaced, "errors": len(errors)}
        if dry_run:
            app.append(at.session, person, "closing:import_tried", at.id, counts)
        else:
            _count_files(at)
            at.keep("imported", counts, counts)
    return done


def link_inventory(app: App, person: Person, project_id: str, scan_id: str) -> LinkedInventory:
    """An inventory of `compliance scan` joined to the clients: how many files each has.

    The inventory names whose a file is only by a keyed mark, and we know our clients' marks, so no
    name is read. Raises NotPermitted, NotFound.
    """
    app.authorise(person, Permission.CLOSING_MANAGE)
    data = read_scan(app, person, scan_id, "inventory.csv")
    rows, read = _inventory_rows(data), STATES[State.READ]
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        joined = LinkedInventory(
            scan_id=scan_id,
            sha256=hashlib.sha256(data).hexdigest(),
            files=len(rows),
            sensitive=sum(map(_is_grave, rows)),
            unread=sum(row[_STATE] not in (read.zh, read.en) for row in rows),
            unassigned=len(rows),
            at=app.clock(),
        )
        projects = at.stores.projects
        projects.keep_inventory(at.session, at.id, joined)
        _count_files(at)
        every = projects.inventories(at.session, at.id)
        linked = next(one for one in every if one.scan_id == scan_id)
        counts: dict[str, Detail] = {
            "scan": scan_id,
            "files": linked.files,
            "unassigned": linked.unassigned,
        }
        at.keep("inventory_linked", counts, counts)
    return linked


def _count_files(at: ClosingStep) -> None:
    """How many files each client has by all inventories joined; one found by two counts once."""
    projects, marks = at.stores.projects, closing_progress.marks(at.session, at.id)
    found: Counter[tuple[str, str, str, bool]] = Counter()
    for one in projects.inventories(at.session, at.id):
        try:
            rows = _inventory_rows(scan_file(at.app, one.scan_id, "inventory.csv"))
        except NotFound:  # removed since it was joined; its sums stay
            continue
        found |= Counter((row[_PATH], row[_SAME], row[_HOLDER], _is_grave(row)) for row in rows)
        unassigned = sum(row[_HOLDER] not in marks for row in rows)
        projects.keep_inventory(at.session, at.id, replace(one, unassigned=unassigned))
    files: Counter[str] = Counter()
    grave: Counter[str] = Counter()
    for (_, _, mark, is_grave), count in found.items():
        files[mark] += count
        grave[mark] += count * is_grave
    closing_progress.set_files(
        at.session, at.id, {mark: (files[mark], grave[mark]) for mark in marks}
    )


def _inventory_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]


def _is_grave(row: Sequence[str]) -> bool:
    grave = CLASSES[Sensitivity.SENSITIVE]
    return row[_CLASS] in (grave.zh, grave.en)


def list_closing_records(
    app: App, person: Person, project_id: str, wanted: Filter, *, page: int = 1
) -> RecordPage:
    """One page of the records asked for, with names. Raises NotPermitted, NotFound."""
    with closing_step(app, person, Permission.CLOSING_READ, project_id, change=False) as at:
        clients = at.stores.clients
        total = clients.count(at.session, at.id, wanted)
        found = clients.records(
            at.session, at.id, wanted, limit=PAGE, offset=(max(page, 1) - 1) * PAGE
        )
        people = clients.clients(at.session, at.id, {one.client for one in found})
        groups = closing_progress.groups(at.session, at.id)
        missing = _missing(at, wanted)
        app.append(at.session, person, "closing:records_listed", at.id, {"records": len(found)})
    return RecordPage(
        tuple(found),
        {one.number: one for one in people},
        total,
        max(page, 1),
        groups,
        missing,
        ended=at.project.ended_at is not None,
    )


def read_closing_client(app: App, person: Person, project_id: str, number: int) -> ClientView:
    """One client with everything decided about it. Raises NotPermitted, NotFound."""
    with closing_step(app, person, Permission.CLOSING_READ, project_id, change=False) as at:
        clients = at.stores.clients
        client = clients.client(at.session, at.id, number)
        records = tuple(clients.records(at.session, at.id, Filter(client=number)))
        terms = clients.terms(at.session, at.id, {one.decision_id for one in records})
        missing = {one.number: _asked(at.engine(one.facts)) for one in records}
        app.append(at.session, person, "closing:client_read", at.id, {"client": client.code})
    return ClientView(client, records, terms, missing)


def _missing(at: ClosingStep, wanted: Filter) -> tuple[Bilingual, ...]:
    """What is asked before anything can be said of the records, each question once."""
    if wanted.status not in (None, Status.NEEDS_FACT):
        return ()
    unclear = at.stores.clients.shared(at.session, at.id, replace(wanted, status=Status.NEEDS_FACT))
    asked = (question for one in unclear for question in _asked(at.engine(one.facts)))
    return tuple(dict.fromkeys(asked))


def _asked(decision: Decision) -> tuple[Bilingual, ...]:
    if decision.status is not Status.NEEDS_FACT:
        return ()
    return tuple(fact.question for fact in decision.missing)


def _taken_in(
    at: ClosingStep,
    read: Sequence[ReadRow],
    errors: tuple[tuple[int, Bilingual], ...],
    unread: tuple[str, ...],
    *,
    dry_run: bool,
) -> Imported:
    store = at.stores.clients
    known = store.known(at.session, at.id)
    fresh: dict[str, Identity] = {}
    again: dict[int, Identity] = {}
    given: dict[tuple[str, RecordKind], dict[str, NewRecord]] = {}
    for row in read:
        mark = store.mark(at.id, row.identity)
        if mark not in known:
            fresh.setdefault(mark, row.identity)
        else:
            again[known[mark]] = row.identity
        for one in row.records:
            given.setdefault((mark, one.facts.kind), {})[facts_key(one.facts)] = one
    first = max(known.values(), default=0) + 1
    numbers = known | {mark: number for number, mark in enumerate(fresh, first)}
    there = closing_progress.existing(at.session, at.id, at.chosen())
    changes = _changes(numbers, given, there)
    renewed = 0
    if not dry_run:
        renewed = store.renew(at.session, at.id, again)
        store.add_clients(at.session, at.id, fresh, first=first)
        closing_progress.drop(at.session, at.id, changes.replaced)
        store.add_records(at.session, at.id, changes.new, at.engine)
    return Imported(
        rows=len(read) + len(errors),
        clients=len(fresh),
        records=len(changes.new),
        known=changes.known,
        replaced=len(changes.replaced),
        renewed=renewed,
        unread=unread,
        errors=errors,
        dry_run=dry_run,
    )


@dataclass(frozen=True, slots=True)
class _Changes:
    new: list[tuple[int, NewRecord]]
    replaced: list[tuple[int, RecordKind]]
    known: int


def _changes(
    numbers: dict[str, int],
    given: dict[tuple[str, RecordKind], dict[str, NewRecord]],
    there: dict[tuple[int, RecordKind], tuple[frozenset[str], bool]],
) -> _Changes:
    """What the table adds, replaces or repeats. Raises BadInput where something was begun."""
    new: list[tuple[int, NewRecord]] = []
    replaced, counts = [], Counter[str]()
    for (mark, kind), records in given.items():
        client = numbers[mark]
        before, begun = there.get((client, kind), (frozenset(), False))
        if before == set(records):
            counts["known"] += len(records)
            continue
        if before:
            counts["begun"] += begun
            replaced.append((client, kind))
        new += [(client, one) for one in records.values()]
    if counts["begun"]:
        raise BadInput(
            f"表中 {counts['begun']} 份资料已开销毁单、已办结或按客户的选择处理，事实不能再改；没有导入任何内容。",
            f"{counts['begun']} records in the table go by a ticket, are settled or were chosen for "
            "by their client; their facts no longer change. Nothing was imported.",
        )
    return _Changes(new, replaced, counts["known"])


def _faults(errors: Iterable[tuple[int, Bilingual]]) -> list[tuple[str, Bilingual]]:
    rows: dict[Bilingual, list[int]] = {}
    for number, said in errors:
        rows.setdefault(said, []).append(number)
    return [
        (", ".join(map(str, found[:MOST_ERRORS])) + (" …" if found[MOST_ERRORS:] else ""), said)
        for said, found in rows.items()
    ]


def _bad_rows(errors: tuple[tuple[int, Bilingual], ...]) -> BadInput:
    shown = _faults(errors)[:MOST_ERRORS]
    zh = "；".join(f"第 {rows} 行：{said.zh}" for rows, said in shown)
    en = "; ".join(f"row {rows}: {said.en}" for rows, said in shown)
    return BadInput(
        f"有 {len(errors)} 行有误，没有导入任何内容。{zh}。改正后再导入，或选“跳过有误的行”（--skip-bad）。",
        f"{len(errors)} rows are wrong and nothing was imported: {en}. Correct them, or choose to "
        "skip bad rows (--skip-bad).",
    )
