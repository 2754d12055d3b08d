"""Inventories at the web doors: listed, read and saved by those who may."""

from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from assistant.app import App
from assistant.scan_folder import scan_folder
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
