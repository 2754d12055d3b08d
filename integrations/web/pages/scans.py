"""Inventories made by `compliance scan`: the list, and one of them to read or save."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from assistant.scan_folder import list_scans, read_scan
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.render import pages_of

router = APIRouter(include_in_schema=False)


@router.get("/scans")
def scans_page(request: Request, desk: SignedIn) -> Response:
    """The inventories, the newest first."""
    scans = list_scans(desk.app, desk.person)
    return pages_of(request).page(request, desk, "scans.html", scans=scans)


@router.get("/scans/{scan_id}/{name}")
def scan_file(desk: SignedIn, scan_id: str, name: str) -> Response:
    """A file of an inventory to save; its page, which holds its own style and no script, to read."""
    data = read_scan(desk.app, desk.person, scan_id, name)
    if name.endswith(".html"):
        return HTMLResponse(data)
    return attachment(f"{scan_id}.{name}", data)
