"""Scans started at a desk: a durable job over a folder of the server, with its progress.

Only folders below the one set as COMPLIANCE_SCAN_ROOT can be named. Each start is a small file beside
the inventories; a job cut short by a stop or a crash goes on where the manifest ends.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from assistant.app import App
from assistant.redaction.scan_folder import scan_folder
from records.errors import BadInput, NotFound, ProductError, Unavailable
from records.language import Bilingual
from records.people import Person, person_by_id
from records.permissions import Permission

KIND = "scan"
SHOWN = 5
_WRITE_SECONDS = 1.0
_JOB_ID = re.compile(r"J-\d{8}-\d{6}-[0-9a-f]{6}")

Submit = Callable[[str, str, Mapping[str, str]], None]
"""As `Jobs.submit`: kind, id, payload."""


class ScanState(StrEnum):
    """How far a started scan is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> Bilingual:
        """What a page calls it."""
        return _STATES[self]


_STATES = {
    ScanState.WAITING: Bilingual("等待开始", "waiting"),
    ScanState.RUNNING: Bilingual("正在清点", "running"),
    ScanState.DONE: Bilingual("已完成", "done"),
    ScanState.FAILED: Bilingual("未完成", "not finished"),
}


@dataclass(frozen=True, slots=True)
class StartedScan:
    """One start: the folder below the root, how far it is, and what came of it."""

    job_id: str
    folder: str
    started_at: datetime
    state: ScanState = ScanState.WAITING
    done: int = 0
    total: int = 0
    scan_id: str = ""
    problem: Bilingual | None = None


_ADAPTER: TypeAdapter[StartedScan] = TypeAdapter(StartedScan)


def start_scan(
    app: App, person: Person, folder: str, submit: Submit | None, *, hide_names: bool = False
) -> StartedScan:
    """The scan as written down; it runs in the background, once, also after a crash.

    Raises NotPermitted, Unavailable where nothing is set or no jobs run, NotFound for what is not
    a folder below the root.
    """
    app.authorise(person, Permission.FILE_SCAN)
    _below(app, folder)
    if submit is None:
        raise Unavailable(
            "后台任务没有启动，不能从网页清点。", "Background jobs are not running; cannot scan."
        )
    now = app.clock()
    started = StartedScan(f"J-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}", folder, now)
    _write(app, started)
    app.record(person, "scan:requested", started.job_id)
    names = "yes" if hide_names else ""
    payload = {"job": started.job_id, "person": person.id, "hide_names": names}
    submit(KIND, started.job_id, payload)
    return started


def started_scans(app: App, person: Person) -> list[StartedScan]:
    """The newest starts, the latest first."""
    app.authorise(person, Permission.FILE_SCAN)
    found = sorted(_folder(app).glob("J-*.json"), reverse=True)[:SHOWN]
    app.record(person, "scan:followed", "scans", {"scans": len(found)})
    return [_ADAPTER.validate_json(path.read_bytes()) for path in found]


def follow_scan(
    app: App,
    person: Person,
    job_id: str,
    *,
    wait: Callable[[float], None] = time.sleep,
    seconds: float = 600,
) -> Iterator[StartedScan]:
    """How far a start is, told again whenever that changes, until it has ended or the time is over.

    Raises NotPermitted, NotFound.
    """
    app.authorise(person, Permission.FILE_SCAN)
    path = _folder(app) / f"{job_id}.json"
    if not _JOB_ID.fullmatch(job_id) or not path.is_file():
        raise NotFound("没有这次清点。", "There is no such scan.")
    app.record(person, "scan:followed", job_id)
    return _changes(path, wait, seconds)


def _changes(path: Path, wait: Callable[[float], None], seconds: float) -> Iterator[StartedScan]:
    told, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        data = path.read_bytes()
        if data != told:
            told = data
            now = _ADAPTER.validate_json(data)
            yield now
            if now.state in (ScanState.DONE, ScanState.FAILED):
                return
        wait(_WRITE_SECONDS / 2)


def scannable_folders(app: App) -> list[str] | None:
    """The folders right below the root; None where scans cannot be started here."""
    root = app.settings.scan_root
    if root is None or not root.is_dir():
        return None
    return sorted(p.name for p in root.iterdir() if p.is_dir() and not p.is_symlink())


def run_scan(app: App, payload: Mapping[str, str]) -> None:
    """The job itself. What stops it for good is written down; it may be run again at any point."""
    path = _folder(app) / f"{payload['job']}.json"
    started = _ADAPTER.validate_json(path.read_bytes())
    with app.database.reading() as session:
        person = person_by_id(session, payload["person"])
    progress = _Progress(app, replace(started, state=ScanState.RUNNING, problem=None))
    try:
        if person is None:
            raise NotFound("发起人已不存在。", "Whoever started it is gone.")
        done = scan_folder(
            app,
            person,
            _below(app, started.folder),
            progress=progress.show,
            hide_names=bool(payload["hide_names"]),
        )
    except ProductError as error:
        progress.end(state=ScanState.FAILED, problem=error.message)
    else:
        progress.end(state=ScanState.DONE, scan_id=done.scan_id)


class _Progress:
    """Writes down how far a scan is, once a second."""

    def __init__(self, app: App, started: StartedScan) -> None:
        self._app, self._now = app, started
        self._written = time.monotonic()
        _write(app, started)

    def show(self, done: int, total: int, _size: int) -> None:
        self._now = replace(self._now, done=done, total=total)
        if time.monotonic() - self._written > _WRITE_SECONDS:
            self._written = time.monotonic()
            _write(self._app, self._now)

    def end(self, *, state: ScanState, scan_id: str = "", problem: Bilingual | None = None) -> None:
        self._now = replace(self._now, state=state, scan_id=scan_id, problem=problem)
        _write(self._app, self._now)


def _below(app: App, folder: str) -> Path:
    """A folder below the root, links resolved: one that leads out is not below it."""
    root = app.settings.scan_root
    if root is None or not root.is_dir():
        raise Unavailable(
            "没有设置可清点的文件夹。请管理员设置 COMPLIANCE_SCAN_ROOT。",
            "No folder is set for scans. Ask the administrator to set COMPLIANCE_SCAN_ROOT.",
        )
    if "\0" in folder or len(folder) > 1000:
        raise BadInput("文件夹名称不对。", "This is no name of a folder.")
    whole = root.resolve()
    try:
        found = (whole / folder).resolve()
        inside = found.is_relative_to(whole) and found.is_dir()
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise NotFound(
            "可清点的位置下没有这个文件夹。请核对名称。",
            "There is no such folder where scans are allowed. Check its name.",
        )
    return found


def _folder(app: App) -> Path:
    return app.settings.home / "scans" / "started"


def _write(app: App, started: StartedScan) -> None:
    folder = _folder(app)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"{started.job_id}.part"
    draft.write_bytes(_ADAPTER.dump_json(started))
    draft.replace(folder / f"{started.job_id}.json")
