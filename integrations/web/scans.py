"""GET /api/scans and the files of each: inventories made by `compliance scan`."""

from datetime import date

from fastapi import APIRouter, Response

from assistant.scan_folder import ListedScan, list_scans, read_scan
from integrations.web.bodies import View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment

router = APIRouter(tags=["scans"])


class ScanView(View):
    """An inventory and its sums."""

    scan_id: str
    day: date
    files: int
    sensitive: int
    repeats: int
    unread: int


@router.get("/scans", response_model=list[ScanView])
def scans(desk: SignedIn) -> list[ListedScan]:
    """The inventories, the newest first."""
    return list_scans(desk.app, desk.person)


@router.get("/scans/{scan_id}/{name}", response_class=Response)
def scan_file(desk: SignedIn, scan_id: str, name: str) -> Response:
    """inventory.csv, inventory.xlsx or inventory.html."""
    return attachment(f"{scan_id}.{name}", read_scan(desk.app, desk.person, scan_id, name))
