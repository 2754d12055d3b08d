"""Ingest, audit check, status and health."""

from threading import Lock

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import text

from assistant.app import App
from assistant.check_audit import verify_audit
from assistant.ingest_knowledge import ingest_knowledge
from assistant.overview import Overview, overview
from integrations.web.bodies import Said, View
from integrations.web.desk import SignedIn
from integrations.web.errors import IngestRunning
from integrations.web.tickets import TicketModel
from knowledge.ingest import IngestReport
from records.audit import ChainCheck
from records.errors import ProductError

router = APIRouter(tags=["system"])
_ingesting = Lock()


class ChainView(View):
    """How far the audit chain holds."""

    events: int
    head: str
    broken_at: int | None
    whole: bool


class IngestView(View):
    """What is loaded now and what changed."""

    instruments: int
    provisions: int
    policies: int
    policy_sections: int
    duties: int
    changed: int
    removed: int
    rebuilt: bool


class PartView(View):
    """One part of the product: ready or not."""

    ready: bool
    text: Said


class StatusView(View):
    """What is loaded, set up and open."""

    counts: dict[str, int]
    lines: tuple[PartView, ...]
    tickets: tuple[TicketModel, ...]


class Health(View):
    """That the service answers and reaches its database."""

    status: str = Field(examples=["ok"])


@router.post("/ingest", response_model=IngestView)
def ingest(desk: SignedIn) -> IngestReport:
    """Laws, duties and the configured policy folders taken in; no path comes over the wire."""
    if not _ingesting.acquire(blocking=False):
        raise IngestRunning
    try:
        return ingest_knowledge(desk.app, desk.person)
    finally:
        _ingesting.release()


@router.get("/audit/verify", response_model=ChainView)
def verify(desk: SignedIn) -> ChainCheck:
    """Every audit event checked in order."""
    return verify_audit(desk.app, desk.person).chain


@router.get("/status", response_model=StatusView)
def status(desk: SignedIn) -> Overview:
    """What is loaded, open and configured."""
    return overview(desk.app, desk.person)


class Readiness(View):
    """What a question needs: the database, and laws to answer from."""

    database: bool
    knowledge: bool


def readiness(app: App) -> Readiness:
    """Which parts are there; nothing is raised."""
    try:
        healthy(app)
        return Readiness(database=True, knowledge=bool(app.library.counts()["provisions"]))
    except ProductError:
        return Readiness(database=False, knowledge=False)


def healthy(app: App) -> Health:
    """Raises when the database cannot be reached."""
    with app.database.reading() as session:
        session.execute(text("SELECT 1"))
    return Health(status="ok")
