"""Review, actions, evidence and bundle of an incident by program, and drills."""

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.incidents.bundle import export_incident
from assistant.incidents.drills import (
    Drill,
    end_drill,
    list_drills,
    list_scenarios,
    read_drill,
    start_drill,
)
from assistant.incidents.evidence import add_incident_evidence
from assistant.incidents.review_incident import (
    PlannedAction,
    finish_action,
    read_report,
    review_incident,
)
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.incidents import Remark
from integrations.web.tickets import TicketModel
from integrations.web.uploads import Uploaded
from tickets.drills.data import Scenario
from tickets.ticket import Ticket

router = APIRouter(tags=["tickets"])


class ActionBody(RequestBody):
    """Something to be done, by whom, by when."""

    text: str = Field(examples=["全公司笔记本电脑全盘加密"])
    owner: str = Field(examples=["P-1a2b3c4d"])
    due_on: date


class ReviewBody(RequestBody):
    """The review; written again it replaces the words and adds the actions."""

    happened: str
    cause: str
    worked: str = ""
    better: str = ""
    actions: list[ActionBody] = Field(default_factory=list)


class DrillStart(RequestBody):
    """Which scenario, and who takes part."""

    scenario: str = Field(examples=["lost-laptop"])
    participants: list[str] = Field(examples=[["P-1a2b3c4d"]])


class ScenarioView(View):
    """A scenario, without what it holds in store."""

    id: str
    name: Said
    about: Said
    minutes: int


class ItemView(View):
    """One thing expected, and what it earned."""

    what: Said
    points: int
    most: int
    why: Said


class ScoreView(View):
    """The score of a drill that has ended."""

    items: tuple[ItemView, ...]
    points: int
    most: int
    percent: int
    passed: bool


class LineView(View):
    """A line of the timeline."""

    at: datetime
    person_id: str
    what: str
    details: dict[str, Any]


class DrillView(View):
    """A drill as it stands."""

    ticket: TicketModel
    timeline: tuple[LineView, ...]
    score: ScoreView | None


@router.post("/incidents/{ticket_id}/review", response_model=TicketModel)
def review(desk: SignedIn, ticket_id: str, body: ReviewBody) -> Ticket:
    """The review after the incident."""
    said = body.model_dump(exclude={"actions"})
    actions = [PlannedAction(**dict(one)) for one in body.actions]
    return review_incident(desk.app, desk.person, ticket_id, **said, actions=actions)


@router.post("/incidents/{ticket_id}/actions/{number}", response_model=TicketModel)
def action(desk: SignedIn, ticket_id: str, number: int, body: Remark) -> Ticket:
    """An action of the review done, with what shows it."""
    return finish_action(desk.app, desk.person, ticket_id, number, note=body.text)


@router.post("/incidents/{ticket_id}/evidence", response_model=TicketModel)
def evidence(desk: SignedIn, ticket_id: str, upload: Uploaded) -> Ticket:
    """A file of evidence; `what` says what it is."""
    what, data = upload.fields.get("what", ""), upload.untrusted_data
    return add_incident_evidence(desk.app, desk.person, ticket_id, data, what=what)


@router.get("/incidents/{ticket_id}/report", response_class=Response)
def report(desk: SignedIn, ticket_id: str) -> Response:
    """The closing report as PDF; of a drill the report after it."""
    found = read_report(desk.app, desk.person, ticket_id)
    return attachment(found.name, found.data)


@router.post("/incidents/{ticket_id}/bundle", response_class=Response)
def bundle(desk: SignedIn, ticket_id: str) -> Response:
    """The signed bundle of everything on record, as zip."""
    made = export_incident(desk.app, desk.person, ticket_id)
    return attachment(made.name, made.data)


@router.get("/drills/scenarios", response_model=list[ScenarioView])
def scenarios(desk: SignedIn) -> list[Scenario]:
    """The scenarios there are."""
    return list(list_scenarios(desk.app, desk.person))


@router.get("/drills", response_model=list[TicketModel])
def drills(desk: SignedIn) -> list[Ticket]:
    """The drills this person may see."""
    return list_drills(desk.app, desk.person)


@router.post("/drills", response_model=DrillView, status_code=201)
def begin(desk: SignedIn, body: DrillStart) -> Drill:
    """A drill begun: its clocks run from now. Nothing of it is ever sent."""
    return start_drill(desk.app, desk.person, body.scenario, body.participants)


@router.get("/drills/{ticket_id}", response_model=DrillView)
def drill(desk: SignedIn, ticket_id: str) -> Drill:
    """A drill with what has come in so far."""
    return read_drill(desk.app, desk.person, ticket_id)


@router.post("/drills/{ticket_id}/end", response_model=DrillView)
def end(desk: SignedIn, ticket_id: str) -> Drill:
    """The drill ended and scored."""
    return end_drill(desk.app, desk.person, ticket_id)
