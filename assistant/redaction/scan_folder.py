"""A folder of client files into an inventory: what is in them, how grave, how old, what repeats."""

import hashlib
import json
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from assistant.app import App
from assistant.redaction.engines import checked_source, chosen_engine
from pii.case import Case
from pii.cores import usable_cores
from pii.formats.opening import Limits
from pii.inventory import FileEntry, State, detector_version
from pii.inventory_files import write_csv, write_xlsx
from pii.inventory_page import inventory_page
from pii.inventory_totals import Totals, totals
from pii.kinds import Sensitivity
from pii.policy import load_policy
from pii.redact import redact_all
from pii.rules import Rules
from pii.scan import Progress, scan
from pii.scan_state import Manifest
from pii.scan_workers import Setup
from records.beijing import SHANGHAI
from records.errors import NotFound
from records.language import Language
from records.people import Person
from records.permissions import Permission

FILES = ("inventory.csv", "inventory.xlsx", "inventory.html")


@dataclass(frozen=True, slots=True)
class Inventory:
    """A finished inventory: its number, its folder, its sums."""

    scan_id: str
    folder: Path
    totals: Totals
    known_before: int


@dataclass(frozen=True, slots=True)
class ListedScan:
    """An inventory as the list shows it."""

    scan_id: str
    day: date
    files: int
    sensitive: int
    repeats: int
    unread: int


def scan_folder(
    app: App,
    person: Person,
    root: Path | str,
    *,
    progress: Progress,
    engine: str = "local",
    workers: int = 0,
    seconds: float = 120,
    hide_names: bool = False,
    language: Language | None = None,
) -> Inventory:
    """The inventory of a folder or store; run again after a break it reads only what it had not read.

    Raises NotPermitted, NotFound where there is no such folder, BadInput for our own home, Unavailable
    where an engine or a store is not at hand.
    """
    app.authorise(person, Permission.FILE_SCAN)
    place, spread = checked_source(app, str(root)), chosen_engine(engine)
    app.record(person, "scan:started", "files", {"workers": workers or usable_cores()})
    rules = app.rules.current()
    setup = Setup(app.keys.derive("inventory"), rules.rules, seconds, Limits(seconds=seconds))
    manifest = Manifest(app.settings.home / "scans" / "manifest.jsonl", rules_version(rules))
    try:
        done = scan(
            place,
            manifest,
            setup,
            workers=workers or usable_cores(),
            progress=progress,
            engine=spread,
        )
    finally:
        manifest.close()
    entries = _without_names(app, done.entries) if hide_names else done.entries
    scan_id, folder, sums = _written(app, entries, language or app.settings.language)
    details = {
        "files": sums.files,
        "sensitive": sums.by_class.get(Sensitivity.SENSITIVE, 0),
        "unread": sums.files - sums.by_state.get(State.READ, 0),
        "repeats": sums.repeats,
    }
    app.record(person, "scan:finished", scan_id, details)
    return Inventory(scan_id, folder, sums, done.known_before)


def list_scans(app: App, person: Person) -> list[ListedScan]:
    """Finished inventories, the newest first."""
    app.authorise(person, Permission.FILE_SCAN)
    found = sorted((app.settings.home / "scans").glob("S-*/summary.json"), reverse=True)
    app.record(person, "scan:listed", "scans", {"scans": len(found)})
    return [_listed(json.loads(path.read_text(encoding="utf-8"))) for path in found]


def read_scan(app: App, person: Person, scan_id: str, name: str) -> bytes:
    """One file of an inventory: CSV, workbook or page. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.FILE_SCAN)
    data = scan_file(app, scan_id, name)
    app.record(person, "scan:read", scan_id, {"file": name})
    return data


def scan_file(app: App, scan_id: str, name: str) -> bytes:
    """The same within a step that checked who asks. Raises NotFound."""
    folders = {path.name: path for path in (app.settings.home / "scans").glob("S-*")}
    if scan_id not in folders or name not in FILES:
        raise NotFound(
            "没有这份清点结果。编号见网页“文件清点”，或 compliance scan 的末行。",
            "No such inventory. Its number stands on the page of inventories and in the last line of "
            "compliance scan.",
        )
    return (folders[scan_id] / name).read_bytes()


def _written(
    app: App, entries: Sequence[FileEntry], language: Language
) -> tuple[str, Path, Totals]:
    now = app.clock().astimezone(SHANGHAI)
    sums = totals(entries, now.date())
    scan_id = f"S-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    folder = app.settings.home / "scans" / scan_id
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as place:
        draft = Path(place) / scan_id
        draft.mkdir(mode=0o700)
        _write(draft, entries, sums, made_at=now, language=language)
        draft.rename(folder)  # whole or not at all
    return scan_id, folder, sums


def _write(
    draft: Path,
    entries: Sequence[FileEntry],
    sums: Totals,
    *,
    made_at: datetime,
    language: Language,
) -> None:
    write_csv(draft / "inventory.csv", entries, language)
    write_xlsx(draft / "inventory.xlsx", entries, sums, language)
    page = inventory_page(entries, sums, made_at=made_at, language=language)
    (draft / "inventory.html").write_text(page, encoding="utf-8")
    summary = {
        "scan_id": draft.name,
        "day": made_at.date().isoformat(),
        "files": sums.files,
        "sensitive": sums.by_class.get(Sensitivity.SENSITIVE, 0),
        "repeats": sums.repeats,
        "unread": sums.files - sums.by_state.get(State.READ, 0),
    }
    (draft / "summary.json").write_text(json.dumps(summary), encoding="utf-8")


def _listed(summary: dict[str, object]) -> ListedScan:
    return ListedScan(
        scan_id=str(summary["scan_id"]),
        day=date.fromisoformat(str(summary["day"])),
        files=int(str(summary["files"])),
        sensitive=int(str(summary["sensitive"])),
        repeats=int(str(summary["repeats"])),
        unread=int(str(summary["unread"])),
    )


def _without_names(app: App, entries: Sequence[FileEntry]) -> tuple[FileEntry, ...]:
    """The entries with what is personal in their paths hidden, the same name the same way."""
    treated = redact_all(
        [one.path for one in entries],
        [None] * len(entries),
        detector=app.detector,
        policy=load_policy("standard"),
        case=Case(),
    )
    return tuple(replace(one, path=new.text) for one, new in zip(entries, treated, strict=True))


def rules_version(rules: Rules) -> str:
    """What was read by other code or under other rules is read again."""
    told = repr([(r.effect, r.kind, r.text, r.after, r.is_pattern) for r in rules.rules])
    return detector_version() + hashlib.sha256(told.encode()).hexdigest()[:12]
