"""Work on an incident by program: facts, clocks, steps, notes, state, closing."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from assistant.incidents.correct_awareness import correct_awareness, decide_awareness
from assistant.incidents.describe_incident import describe_incident
from assistant.incidents.draft_notice import DraftedNotice, draft_notice
from assistant.incidents.grade_incident import Graded, grade_incident
from assistant.incidents.steps import hand_over_step, skip_step, take_step
from assistant.incidents.work_incident import (
    close_incident,
    move_incident,
    note_incident,
    revise_incident,
    settle_clock,
)
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from integrations.web.tickets import DeadlineView, GradingView, TicketModel
from tickets.drafts.filling import DESCRIBED, DraftKind
from tickets.incidents.awareness_correction import Corrected
from tickets.incidents.fact_values import NAMES, Fact
from tickets.incidents.facts import IncidentKind
from tickets.incidents.work import Revision
from tickets.ticket import State, Ticket

router = APIRouter(tags=["tickets"])


class KnownFacts(RequestBody):
    """What is known; what is left out is unknown, or stays as it was."""

    kind: IncidentKind | None = None
    people: int | None = Field(default=None, ge=0, examples=[1200000])
    sensitive: bool | None = None
    important_data: bool | None = None
    critical_infrastructure: bool | None = None
    whole_outage_minutes: int | None = Field(default=None, ge=0)
    main_outage_minutes: int | None = Field(default=None, ge=0)
    lives_affected: int | None = Field(default=None, ge=0)
    loss_yuan: int | None = Field(default=None, ge=0)
    minors: bool | None = None
    eu_residents: bool | None = None
    suspected_crime: bool | None = None
    central_organ: bool | None = None
    bank: bool | None = None
    archives: bool | None = None

    def given(self) -> dict[str, Fact]:
        """The facts that were given."""
        return {name: getattr(self, name) for name in self.model_fields_set & set(NAMES)}


class Facts(KnownFacts):
    """New facts, and how they became known."""

    reason: str = Field(examples=["日志核对：涉及 120 万人"])


class Awareness(RequestBody):
    """When somebody really knew."""

    aware_at: datetime = Field(description="Beijing time if without zone")
    reason: str = Field(examples=["前台登记簿显示 18:10 已接到电话"])


class Decision(RequestBody):
    """Whether a later moment of awareness is approved."""

    approve: bool
    reason: str


class ClockEnd(RequestBody):
    """How a clock ended."""

    reference: str = Field(examples=["网信办回执 2026-118"])
    done_at: datetime | None = Field(
        default=None, description="When; Beijing time if without zone, now if left out"
    )
    applies: bool = Field(default=True, description="False: set aside, the reference says why")


class StepTaken(RequestBody):
    """A step taken, with the evidence kept."""

    note: str = ""


class Because(RequestBody):
    """Why."""

    reason: str


class HandedOver(RequestBody):
    """To whom a step goes."""

    person_id: str = Field(examples=["P-1a2b3c4d"])


class Remark(RequestBody):
    """A line for the timeline."""

    text: str


class Move(RequestBody):
    """The state the incident is in now."""

    state: State
    reason: str


class Closing(RequestBody):
    """The closing report."""

    report: str


class Elements(RequestBody):
    """What the writer adds to a draft, by element."""

    given: dict[str, str] = Field(default_factory=dict, examples=[{"harm": "冒名办卡"}])


class Description(RequestBody):
    """What reports and notices must say; an empty text takes one back."""

    described: dict[str, str] = Field(
        min_length=1, max_length=len(DESCRIBED), examples=[{"harm": "冒名办卡", "data": "身份证号"}]
    )


class DraftView(View):
    """A draft as text, and what it must not go out without."""

    name: str
    text: str
    missing: tuple[Said, ...]


class GradedView(View):
    """The grade with its reasons, and the clocks that would run from now."""

    grading: GradingView
    clocks: tuple[DeadlineView, ...]


class CorrectedView(View):
    """What a correction or a decision did to the clocks."""

    ticket: TicketModel
    added: tuple[DeadlineView, ...]
    ended: tuple[DeadlineView, ...]


class RevisionView(View):
    """What new facts did; `doubtful` clocks run on until a person ends them."""

    ticket: TicketModel
    grading: GradingView
    added: tuple[DeadlineView, ...]
    ended: tuple[DeadlineView, ...]
    doubtful: tuple[DeadlineView, ...]


@router.post("/incidents/{ticket_id}/facts", response_model=RevisionView)
def facts(desk: SignedIn, ticket_id: str, body: Facts) -> Revision:
    """New facts: graded anew, clocks added, none moved."""
    facts = body.given()
    return revise_incident(desk.app, desk.person, ticket_id, facts=facts, reason=body.reason)


@router.post("/incidents/grade", response_model=GradedView)
def graded(desk: SignedIn, body: KnownFacts) -> Graded:
    """The grade these facts give, what would raise it, and the clocks. Opens no ticket."""
    return grade_incident(desk.app, desk.person, facts=body.given())


@router.post("/incidents/{ticket_id}/awareness", response_model=CorrectedView)
def awareness(desk: SignedIn, ticket_id: str, body: Awareness) -> Corrected:
    """The moment of awareness corrected: clocks counted anew beside those that run."""
    return correct_awareness(desk.app, desk.person, ticket_id, **dict(body))


@router.post("/incidents/{ticket_id}/awareness/decision", response_model=CorrectedView)
def awareness_decision(desk: SignedIn, ticket_id: str, body: Decision) -> Corrected:
    """The second person's decision on a later moment."""
    return decide_awareness(desk.app, desk.person, ticket_id, **dict(body))


@router.post("/incidents/{ticket_id}/clocks/{clock}", response_model=TicketModel)
def clock_end(desk: SignedIn, ticket_id: str, clock: str, body: ClockEnd) -> Ticket:
    """A clock met, or set aside."""
    return settle_clock(desk.app, desk.person, ticket_id, clock, **dict(body))


@router.post("/incidents/{ticket_id}/steps/{number}/taken", response_model=TicketModel)
def step_taken(desk: SignedIn, ticket_id: str, number: int, body: StepTaken) -> Ticket:
    """A step taken."""
    return take_step(desk.app, desk.person, ticket_id, number, note=body.note)


@router.post("/incidents/{ticket_id}/steps/{number}/skipped", response_model=TicketModel)
def step_skipped(desk: SignedIn, ticket_id: str, number: int, body: Because) -> Ticket:
    """A step skipped, with the reason."""
    return skip_step(desk.app, desk.person, ticket_id, number, reason=body.reason)


@router.post("/incidents/{ticket_id}/steps/{number}/owner", response_model=TicketModel)
def step_owner(desk: SignedIn, ticket_id: str, number: int, body: HandedOver) -> Ticket:
    """A step handed to somebody."""
    return hand_over_step(desk.app, desk.person, ticket_id, number, to=body.person_id)


@router.post("/incidents/{ticket_id}/notes", response_model=TicketModel)
def note(desk: SignedIn, ticket_id: str, body: Remark) -> Ticket:
    """A line in the timeline."""
    return note_incident(desk.app, desk.person, ticket_id, body.text)


@router.post("/incidents/{ticket_id}/state", response_model=TicketModel)
def state(desk: SignedIn, ticket_id: str, body: Move) -> Ticket:
    """Contained, handled, or open again."""
    return move_incident(desk.app, desk.person, ticket_id, body.state, reason=body.reason)


@router.post("/incidents/{ticket_id}/description", response_model=TicketModel)
def description(desk: SignedIn, ticket_id: str, body: Description) -> Ticket:
    """What reports and notices must say, kept with the incident; every draft is filled with it."""
    return describe_incident(desk.app, desk.person, ticket_id, described_as=body.described)


@router.post("/incidents/{ticket_id}/drafts/{kind}", response_model=DraftView)
def drafted(desk: SignedIn, ticket_id: str, kind: DraftKind, body: Elements) -> DraftedNotice:
    """A draft filled from the ticket, and the elements still missing. Nothing is sent."""
    return draft_notice(desk.app, desk.person, ticket_id, kind, given=body.given)


@router.post("/incidents/{ticket_id}/closing", response_model=TicketModel)
def closing(desk: SignedIn, ticket_id: str, body: Closing) -> Ticket:
    """The incident closed with its report."""
    return close_incident(desk.app, desk.person, ticket_id, body.report)
