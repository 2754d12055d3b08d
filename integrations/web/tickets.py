"""Incidents and destructions opened by program, and the tickets somebody may see."""

from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.destruction.destroy_data import DestructionRequest, request_destruction
from assistant.incidents.report_incident import IncidentReport, report_incident
from assistant.my_work import my_work
from assistant.tickets_view import TicketView, list_tickets, read_ticket
from integrations.replies.waiting import Waiting, waiting
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from records.language import Language
from tickets.citation import Confidence
from tickets.clocks.deadlines import CountedFrom, Outcome
from tickets.drafts.kinds import DraftKind
from tickets.incidents.facts import Severity
from tickets.playbooks.data import StepRole
from tickets.retention.facts import Effect, HolderType, RecordKind, StartEvent, Status
from tickets.ticket import State, StepState, Ticket, TicketKind

router = APIRouter(tags=["tickets"])


class Incident(RequestBody):
    """What happened. What is given counts for more than what is read from the description."""

    description: str = Field(
        examples=["笔记本电脑在地铁上丢失，内有约1200名客户的姓名和身份证号，硬盘未加密"]
    )
    aware_at: datetime | None = Field(
        default=None,
        description="When somebody knew; Beijing time if without zone, now if left out",
    )
    people: int | None = Field(default=None, ge=0, examples=[1200])
    sensitive: bool | None = None
    critical_infrastructure: bool = False
    language: Language | None = None


class Destruction(RequestBody):
    """What is to be destroyed. What is given counts for more than what the description says."""

    description: str = Field(examples=["2021年已解约客户的身份证复印件86份"])
    record_kind: RecordKind | None = None
    holder: HolderType | None = None
    dates: dict[StartEvent, date] = Field(
        default_factory=dict, examples=[{"relationship_ended": "2021-06-30"}]
    )
    hold: bool = False
    dispute: bool = False
    language: Language | None = None


class WaitingView(View):
    """One thing that waits, and the page where it is done."""

    what: Said
    href: str = Field(examples=["/tickets/DES-2026-0001"])
    text: Said
    due_at: datetime | None


class CitationView(View):
    """The article a rule rests on."""

    duty_id: str
    instrument: str
    article: str | None
    confidence: Confidence


class DeadlineView(View):
    """One clock; without `due_at` it means at once, unless it awaits the end of the handling."""

    id: str
    name: Said
    recipient: Said
    due_at: datetime | None
    started_at: datetime
    duty_id: str
    instrument: str
    article: str | None
    confidence: Confidence
    reason: Said
    conditional: bool
    series: int
    counted_from: CountedFrom
    key: str
    satisfied_at: datetime | None
    satisfied_by: str | None
    outcome: Outcome | None
    reference: str | None


class StepTextView(View):
    """What a step asks for."""

    number: int
    role: StepRole
    text: Said
    within: timedelta | None
    duty_id: str | None
    instrument: str | None
    article: str | None
    evidence: Said | None
    draft: DraftKind | None


class StepView(View):
    """One step of the playbook on this ticket."""

    step: StepTextView
    due_at: datetime | None
    state: StepState
    by: str | None
    at: datetime | None
    note: str | None
    owner: str | None


class TicketModel(View):
    """A ticket; its description was redacted before it was kept."""

    id: str = Field(examples=["INC-2026-0001"])
    kind: TicketKind
    state: State
    title: str
    description: str
    opened_by: str
    opened_at: datetime
    facts: dict[str, Any]
    restricted: bool
    deadlines: tuple[DeadlineView, ...]
    steps: tuple[StepView, ...]


class EventView(View):
    """One line of the timeline."""

    at: datetime
    person_id: str
    what: str
    details: dict[str, Any]


class GradingView(View):
    """The severity and why."""

    severity: Severity
    reasons: tuple[Said, ...]
    citations: tuple[CitationView, ...]
    confidence: Confidence
    provisional: bool
    would_raise: tuple[Said, ...]


class PlaybookView(View):
    """Which playbook was chosen."""

    id: str
    name: Said


class RuleView(View):
    """One rule considered."""

    rule_id: str
    name: Said
    effect: Effect
    citation: CitationView
    applies: bool
    starts_on: date | None
    last_day: date | None
    running: bool | None
    reason: Said


class FactView(View):
    """A fact not known that would change the answer."""

    name: str
    question: Said


class DecisionCore(View):
    """What may be done with a record today, and why."""

    status: Status
    earliest: date | None
    latest: date | None
    deciding: RuleView | None
    considered: tuple[RuleView, ...]
    interim: Said | None
    conditions: tuple[Said, ...]
    missing: tuple[FactView, ...]
    summary: Said


class AlternativeView(View):
    """The decision if the holder is of this type."""

    holder: HolderType
    name: Said
    decision: DecisionCore


class DecisionView(DecisionCore):
    """A decision with what it would be for other holders."""

    alternatives: tuple[AlternativeView, ...]


class IncidentView(View):
    """The new ticket, its grade and its playbook."""

    ticket: TicketModel
    grading: GradingView
    playbook: PlaybookView
    masked: tuple[str, ...]


class DestructionView(View):
    """The new ticket and the decision."""

    ticket: TicketModel
    decision: DecisionView
    masked: tuple[str, ...]


class FullTicketView(View):
    """A ticket, what happened to it, and for a destruction what may be done today."""

    ticket: TicketModel
    timeline: tuple[EventView, ...]
    decision: DecisionView | None


@router.post("/incidents", response_model=IncidentView, status_code=201)
def open_incident(desk: SignedIn, body: Incident, response: Response) -> IncidentReport:
    """A ticket with its grade, every clock that runs, and the steps to take."""
    done = report_incident(desk.app, desk.person, **dict(body))
    response.headers["Location"] = f"/api/tickets/{done.ticket.id}"
    return done


@router.post("/destructions", response_model=DestructionView, status_code=201)
def open_destruction(desk: SignedIn, body: Destruction, response: Response) -> DestructionRequest:
    """A ticket with the earliest lawful date, or why not yet. Nothing is destroyed by it."""
    done = request_destruction(desk.app, desk.person, **dict(body))
    response.headers["Location"] = f"/api/tickets/{done.ticket.id}"
    return done


@router.get("/waiting", response_model=list[WaitingView])
def waiting_list(desk: SignedIn) -> list[Waiting]:
    """What waits for you: clocks, steps, approvals, replies, exams; what has a day first."""
    return waiting(my_work(desk.app, desk.person))


@router.get("/tickets", response_model=list[TicketModel])
def tickets(desk: SignedIn, kind: TicketKind | None = None) -> list[Ticket]:
    """The tickets this person may see, newest first."""
    return list_tickets(desk.app, desk.person, kind)


@router.get("/tickets/{ticket_id}", response_model=FullTicketView)
def ticket(desk: SignedIn, ticket_id: str) -> TicketView:
    """One ticket with its timeline."""
    return read_ticket(desk.app, desk.person, ticket_id)
