"""GET /api/scans and the files of each: inventories made by `compliance scan`."""

from datetime import date, datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from assistant.redaction.scan_folder import ListedScan, list_scans, read_scan
from assistant.redaction.started_scans import (
    ScanState,
    StartedScan,
    Submit,
    follow_scan,
    start_scan,
    started_scans,
)
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.streams import Tell, stream

router = APIRouter(tags=["scans"])


class ScanView(View):
    """An inventory and its sums."""

    scan_id: str
    day: date
    files: int
    sensitive: int
    repeats: int
    unread: int


class ScanBody(RequestBody):
    """Which folder below the one set on the server."""

    folder: str = Field(max_length=1000, examples=["2023/客户档案"])
    hide_names: bool = Field(default=False, description="Hide names and numbers in paths too")


class StartedView(View):
    """A scan in the background: how far it is, and the inventory it gave."""

    job_id: str
    folder: str
    started_at: datetime
    state: ScanState
    done: int
    total: int
    scan_id: str
    problem: Said | None


@router.post("/scans", response_model=StartedView, status_code=202)
def start(request: Request, desk: SignedIn, body: ScanBody) -> StartedScan:
    """A folder of the server, scanned in the background."""
    submit = submit_of(request)
    return start_scan(desk.app, desk.person, body.folder, submit, hide_names=body.hide_names)


@router.get("/scans/started", response_model=list[StartedView])
def started(desk: SignedIn) -> list[StartedScan]:
    """The newest scans started here, and how far they are."""
    return started_scans(desk.app, desk.person)


@router.get(
    "/scans/started/{job_id}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Events: progress, again with each change; or problem",
            "content": {"text/event-stream": {}},
        }
    },
)
def progress(desk: SignedIn, job_id: str) -> StreamingResponse:
    """How far one scan is, as it goes on. Ends with the scan, or after ten minutes: ask again."""
    changes = follow_scan(desk.app, desk.person, job_id)

    def work(tell: Tell) -> None:
        for now in changes:
            view = StartedView.model_validate(now, from_attributes=True)
            tell("progress", view.model_dump(mode="json"))

    return stream(work)


def submit_of(request: Request) -> Submit | None:
    """How a job is handed in; None where the service runs without jobs."""
    submit: Submit | None = request.app.state.submit
    return submit


@router.get("/scans", response_model=list[ScanView])
def scans(desk: SignedIn) -> list[ListedScan]:
    """The inventories, the newest first."""
    return list_scans(desk.app, desk.person)


@router.get("/scans/{scan_id}/{name}", response_class=Response)
def scan_file(desk: SignedIn, scan_id: str, name: str) -> Response:
    """inventory.csv, inventory.xlsx or inventory.html."""
    return attachment(f"{scan_id}.{name}", read_scan(desk.app, desk.person, scan_id, name))
