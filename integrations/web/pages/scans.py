"""Inventories made by `compliance scan`: the list, and one of them to read or save."""

import re

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from assistant.scan_folder import list_scans, read_scan
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.render import pages_of
from pii.inventory_page import STYLE

router = APIRouter(include_in_schema=False)

_STYLE_INSIDE = re.compile(rb"<style>.*?</style>", re.DOTALL)
_LINKED = b'<link rel="stylesheet" href="/scans/inventory.css">'


@router.get("/scans")
def scans_page(request: Request, desk: SignedIn) -> Response:
    """The inventories, the newest first."""
    scans = list_scans(desk.app, desk.person)
    return pages_of(request).page(request, desk, "scans.html", scans=scans)


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
