"""Inventories at the web doors: listed, read and saved by those who may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.redaction.scan_folder import scan_folder
from assistant.redaction.started_scans import (
    ScanState,
    StartedScan,
    follow_scan,
    run_scan,
    start_scan,
    started_scans,
)
from pii.errors import ScanRunning
from records.people import Person, Role

Browser = Callable[..., TestClient]
Headers = Callable[..., dict[str, str]]


def test_an_inventory_is_listed_read_and_saved_without_what_is_in_the_files(
    app: App,
    administrator: Person,
    browser: Browser,
    client: TestClient,
    bearer: Headers,
    tmp_path: Path,
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "周明轩的资料.txt").write_text("姓名：周明轩，13800138000", encoding="utf-8")
    (tree / "图.exe").write_bytes(b"MZ\x90")
    done = scan_folder(
        app, administrator, tree, progress=lambda *_: None, workers=1, hide_names=True
    )

    officer = browser(Role.OFFICER)
    assert f"/scans/{done.scan_id}/inventory.html" in officer.get("/scans").text
    page = officer.get(f"/scans/{done.scan_id}/inventory.html")
    # The policy of our pages allows no style inside a page.
    assert "<style" not in page.text and '<link rel="stylesheet"' in page.text
    assert officer.get("/scans/inventory.css").headers["content-type"].startswith("text/css")
    table = officer.get(f"/scans/{done.scan_id}/inventory.csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert "手机号" in table.text and "类型不支持" in table.text
    for secret in ("周明轩", "13800138000"):
        assert secret not in page.text + table.text
    for path in ("/scans/S-none/inventory.csv", f"/scans/{done.scan_id}/summary.json"):
        assert officer.get(path).status_code == 404

    listed = client.get("/api/scans", headers=bearer(Role.OFFICER)).json()
    assert [(one["files"], one["unread"]) for one in listed] == [(2, 1)]
    assert client.get("/api/scans", headers=bearer(Role.EMPLOYEE)).status_code == 403
    assert browser(Role.EMPLOYEE).get("/scans").status_code == 403


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    """A folder scans may start below, one file in it, and one beside it that they may not see."""
    inside, outside = tmp_path / "yard" / "2023", tmp_path / "private"
    for folder in (inside, outside):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text("姓名：周明轩，13800138000", encoding="utf-8")
    (tmp_path / "yard" / "way_out").symlink_to(outside)
    return tmp_path / "yard"


@dataclass
class Queue:
    """Jobs as handed in."""

    given: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)

    def submit(self, kind: str, job_id: str, payload: Mapping[str, str]) -> None:
        self.given.append((kind, job_id, payload))


def test_a_scan_started_on_the_page_runs_as_a_job_and_shows_its_result(
    app: App, yard: Path, browser: Browser
) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"scan_root": yard}))
    queue, officer = Queue(), browser(Role.OFFICER)
    officer.app.state.app, officer.app.state.submit = app, queue.submit  # type: ignore[attr-defined]
    assert '<option value="2023">' in officer.get("/scans").text
    assert "way_out" not in officer.get("/scans").text
    assert officer.post("/scans", data={"folder": "2023", "hide_names": "on"}).status_code == 303
    waiting = officer.get("/scans").text
    assert "等待开始" in waiting and 'http-equiv="refresh"' in waiting

    ((kind, job_id, payload),) = queue.given
    assert (kind, "2023" in str(payload)) == ("scan", False)
    for _ in range(2):  # a crash after the end: run again, it reads nothing twice
        run_scan(app, payload)
    page = officer.get("/scans").text
    assert "已完成" in page and 'http-equiv="refresh"' not in page
    (started,) = officer.get("/api/scans/started").json()
    assert (started["job_id"], started["state"], started["done"]) == (job_id, "done", 1)
    assert officer.get(f"/scans/{started['scan_id']}/inventory.html").status_code == 200


@pytest.mark.parametrize(
    "folder", ["way_out", "..", "../private", "/", "2023/../../private", "none", "a\0b", "x" * 999]
)
def test_no_scan_starts_outside_the_folder_that_is_set(
    app: App, yard: Path, client: TestClient, bearer: Headers, folder: str
) -> None:
    queue = Queue()
    settings = app.settings.model_copy(update={"scan_root": yard})
    client.app.state.app = replace(app, settings=settings)  # type: ignore[attr-defined]
    client.app.state.submit = queue.submit  # type: ignore[attr-defined]
    answer = client.post("/api/scans", json={"folder": folder}, headers=bearer(Role.OFFICER))
    assert answer.status_code in (400, 404, 422)
    assert str(yard.parent) not in answer.text
    assert queue.given == []


def test_a_folder_swapped_for_a_link_before_the_job_runs_is_not_read(
    app: App, yard: Path, administrator: Person
) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"scan_root": yard}))
    queue = Queue()
    start_scan(app, administrator, "2023", queue.submit)
    (yard / "2023").rename(yard / "old")
    (yard / "2023").symlink_to(yard.parent / "private")
    run_scan(app, queue.given[0][2])
    (started,) = started_scans(app, administrator)
    assert (started.state, started.done, started.scan_id) == (ScanState.FAILED, 0, "")
    assert started.problem is not None


def test_progress_is_seen_while_a_scan_runs(
    app: App, yard: Path, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"scan_root": yard}))
    seen: list[StartedScan] = []

    def scan(*_: object, progress: Callable[[int, int, int], None], **__: object) -> object:
        progress(3, 40, 1000)
        seen.extend(started_scans(app, administrator))
        raise ScanRunning

    monkeypatch.setattr("assistant.redaction.started_scans.scan_folder", scan)
    monkeypatch.setattr("assistant.redaction.started_scans._WRITE_SECONDS", -1)
    queue = Queue()
    start_scan(app, administrator, "", queue.submit)
    run_scan(app, queue.given[0][2])
    assert [(one.state, one.done, one.total) for one in seen] == [(ScanState.RUNNING, 3, 40)]
    (after,) = started_scans(app, administrator)
    assert (after.state, after.problem) == (ScanState.FAILED, ScanRunning().message)


def test_without_a_folder_set_the_page_offers_no_start(
    client: TestClient, browser: Browser, bearer: Headers
) -> None:
    assert '<form method="post" action="/scans"' not in browser(Role.OFFICER).get("/scans").text
    answer = client.post("/api/scans", json={"folder": ""}, headers=bearer(Role.OFFICER))
    assert answer.status_code == 503
    assert (
        client.post("/api/scans", json={"folder": ""}, headers=bearer(Role.EMPLOYEE)).status_code
        == 403
    )


def test_the_progress_of_a_scan_is_told_as_events_until_it_has_ended(
    app: App, yard: Path, client: TestClient, bearer: Headers
) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"scan_root": yard}))
    queue = Queue()
    client.app.state.app = app  # type: ignore[attr-defined]
    client.app.state.submit = queue.submit  # type: ignore[attr-defined]
    headers = bearer(Role.OFFICER)
    job = client.post("/api/scans", json={"folder": "2023"}, headers=headers).json()["job_id"]
    run_scan(app, queue.given[0][2])
    told = client.get(f"/api/scans/started/{job}/events", headers=headers)
    assert told.headers["content-type"].startswith("text/event-stream")
    assert told.text.startswith("event: progress\ndata: {")
    assert '"state": "done"' in told.text
    for other in ("J-20261123-020000-ffffff", "..%2f..%2fkeys", "J-x"):
        missing = client.get(f"/api/scans/started/{other}/events", headers=headers)
        assert missing.status_code == 404


def test_each_change_of_a_scan_is_told_once(app: App, yard: Path, administrator: Person) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"scan_root": yard}))
    queue = Queue()
    job = start_scan(app, administrator, "2023", queue.submit).job_id
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            run_scan(app, queue.given[0][2])

    told = [one.state for one in follow_scan(app, administrator, job, wait=wait)]
    assert told == [ScanState.WAITING, ScanState.DONE]
