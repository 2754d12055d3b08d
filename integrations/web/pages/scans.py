"""Inventories made by `compliance scan`: the list, and one of them to read or save."""

import re

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.redaction.scan_folder import list_scans, read_scan
from assistant.redaction.started_scans import (
    ScanState,
    scannable_folders,
    start_scan,
    started_scans,
)
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.scans import submit_of
from pii.inventory_page import STYLE
from records.errors import ProductError

router = APIRouter(include_in_schema=False)

_STYLE_INSIDE = re.compile(rb"<style>.*?</style>", re.DOTALL)
_LINKED = b'<link rel="stylesheet" href="/scans/inventory.css">'


@router.get("/scans")
def scans_page(request: Request, desk: SignedIn) -> Response:
    """The inventories, the newest first."""
    return _page(request, desk)


@router.post("/scans")
def scan_started(request: Request, desk: SignedIn, fields: Form) -> Response:
    """Back to the list, or the form again with the reason."""
    folder = fields.get("folder", "").strip()
    hide = "hide_names" in fields
    try:
        start_scan(desk.app, desk.person, folder, submit_of(request), hide_names=hide)
    except ProductError as error:
        return _page(request, desk, folder, error)
    return RedirectResponse("/scans", 303)


def _page(
    request: Request, desk: Desk, folder: str = "", error: ProductError | None = None
) -> Response:
    scans = list_scans(desk.app, desk.person)
    started = started_scans(desk.app, desk.person)
    running = any(one.state in (ScanState.WAITING, ScanState.RUNNING) for one in started)
    return pages_of(request).page(
        request,
        desk,
        "scans.html",
        status=status_of(error) if error else 200,
        scans=scans,
        started=started,
        running=running and error is None,
        folders=scannable_folders(desk.app) if submit_of(request) else None,
        folder=folder,
        problem=error.message if error else None,
    )


@router.get("/scans/inventory.css")
def scan_style() -> Response:
    """The style that a saved inventory carries in itself."""
    return Response(STYLE.read_bytes(), media_type="text/css")


@router.get("/scans/{scan_id}/{name}")
def scan_file(desk: SignedIn, scan_id: str, name: str) -> Response:
    """A file of an inventory to save; its page to read."""
    data = read_scan(desk.app, desk.person, scan_id, name)
    if name.endswith(".html"):
        # Our own pages may hold no style in themselves (Content-Security-Policy), so it is linked.
        return HTMLResponse(_STYLE_INSIDE.sub(_LINKED, data, count=1))
    return attachment(f"{scan_id}.{name}", data)
