"""Ingest, audit check, status and health."""

from datetime import date, datetime
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import text

from assistant.answering.answers import Outcome
from assistant.app import App
from assistant.law.ingest_knowledge import ingest_knowledge
from assistant.operations.check_audit import verify_audit
from assistant.operations.check_setup import check_setup
from assistant.operations.read_audit import MOST, SHOWN, AuditTrail, read_audit
from assistant.operations.setup_part import Part, State
from assistant.overview import Overview, overview
from assistant.questions.read_quality import Measured, Quality, read_quality
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


class EventView(View):
    """One event of the audit log."""

    number: int
    at: datetime
    person_id: str
    action: str
    subject: str
    details: dict[str, str | int | bool | None]


class NamedEventView(View):
    """An event, what it is called, and whose it is."""

    event: EventView
    name: Said
    person: str


class TrailView(View):
    """Events, newest first; `older`: give it as `before` for the next ones."""

    events: tuple[NamedEventView, ...]
    older: int | None


class WeekView(View):
    """A week from its Monday in China."""

    monday: date
    outcomes: dict[Outcome, int]
    right: int
    wrong: int
    handed_over: int


class QualityView(View):
    """The last weeks, the oldest first; what waits for a person; the release's figures."""

    weeks: tuple[WeekView, ...]
    waiting: int
    reply_hours: float | None
    measured: Measured


class SetupPart(View):
    """One part of the set-up, and how it stands."""

    name: str = Field(examples=["officer"])
    state: State
    text: Said


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


@router.get("/audit/events", response_model=TrailView)
def events(
    desk: SignedIn,
    *,
    person: Annotated[str, Query(max_length=40)] = "",
    subject: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=60, examples=["incident"])] = "",
    since: date | None = None,
    until: date | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = SHOWN,
) -> AuditTrail:
    """Who did what, newest first; days in China, both counted."""
    return read_audit(
        desk.app,
        desk.person,
        person_id=person,
        subject=subject,
        action=action,
        since=since,
        until=until,
        before=before,
        limit=limit,
    )


@router.get("/quality", response_model=QualityView)
def quality(desk: SignedIn) -> Quality:
    """What became of the questions of the last twelve weeks, and what was measured of this release."""
    return read_quality(desk.app, desk.person)


@router.get("/setup", response_model=tuple[SetupPart, ...])
def setup(desk: SignedIn) -> tuple[Part, ...]:
    """What is configured, what is missing, what would be better."""
    return check_setup(desk.app, desk.person)


@router.get("/status", response_model=StatusView)
def status(desk: SignedIn) -> Overview:
    """What is loaded, open and configured."""
    return overview(desk.app, desk.person)


class Readiness(View):
    """What a question needs: the database, and laws to answer from, loaded and searchable."""

    database: bool
    knowledge: bool


def readiness(app: App) -> Readiness:
    """Which parts are there; nothing is raised."""
    try:
        healthy(app)
        loaded = bool(app.library.counts()["provisions"])
        return Readiness(database=True, knowledge=loaded and app.library.problem() is None)
    except ProductError:
        return Readiness(database=False, knowledge=False)


def healthy(app: App) -> Health:
    """Raises when the database cannot be reached."""
    with app.database.reading() as session:
        session.execute(text("SELECT 1"))
    return Health(status="ok")
