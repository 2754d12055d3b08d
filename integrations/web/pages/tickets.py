"""Tickets: the list, one ticket with its clocks or its decision, and the two forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.destruction.destroy_data import request_destruction
from assistant.destruction.steps import Destruction
from assistant.incidents.drills import feed_drill
from assistant.incidents.evidence import EVIDENCE, kept_files
from assistant.incidents.report_incident import report_incident
from assistant.my_work import may_approve
from assistant.tickets_view import TicketView, list_tickets, read_ticket
from integrations.replies.destruction import next_step, on_record
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.beijing import SHANGHAI
from records.errors import ProductError
from records.language import Bilingual
from tickets.clocks.deadlines import most_pressing_first
from tickets.destruction.data import destruction_data
from tickets.destruction.dossier import dossier
from tickets.drafts.filling import DESCRIBED
from tickets.drills.score import INJECT, score_of
from tickets.incidents.awareness_correction import pending
from tickets.incidents.fact_values import NAMES, read_fact, read_facts
from tickets.incidents.facts import IncidentKind, Severity
from tickets.incidents.review import review_of
from tickets.playbooks.data import Playbook, playbooks
from tickets.retention.facts import Flag, HolderType, RecordKind, StartEvent
from tickets.ticket import MOVES, Json, Ticket, TicketKind

router = APIRouter(include_in_schema=False)
Choice = TypeVar("Choice", bound=StrEnum)

INCIDENT_FIELDS = ("description", "aware_at", "people", "sensitive", "critical_infrastructure")
DESTRUCTION_FIELDS = (
    "description",
    "record_kind",
    "holder",
    "event",
    "event_date",
    "hold",
    "dispute",
)
# What the grading asks besides; carried along by the form when it was asked before the report.
FURTHER_FACTS = tuple(name for name in NAMES if name not in INCIDENT_FIELDS)
# What the retention decision may ask for that is chosen; all else is a day.
FACT_CHOICES = {
    "holder": tuple(HolderType),
    "record_kind": tuple(RecordKind),
    **dict.fromkeys((flag.value for flag in Flag), ("yes", "no")),
}
ACTION_ROWS = 3
YES_NO = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, slots=True)
class ShownGrade:
    """The grade of an incident as its ticket keeps it."""

    severity: Severity
    provisional: bool
    reasons: tuple[Bilingual, ...]
    would_raise: tuple[Bilingual, ...]


@router.get("/tickets")
def ticket_list(request: Request, desk: SignedIn, kind: str = "") -> Response:
    """The tickets this person may see, all or of one kind."""
    chosen = TicketKind(kind) if kind in set(TicketKind) else None
    return pages_of(request).page(
        request,
        desk,
        "tickets.html",
        tickets=list_tickets(desk.app, desk.person, chosen),
        kind=chosen.value if chosen else "",
    )


@router.get("/tickets/{ticket_id}")
def ticket_page(request: Request, desk: SignedIn, ticket_id: str, new: bool = False) -> Response:
    """One ticket in full."""
    return show_ticket(request, desk, ticket_id, new=new)


@router.get("/incidents/new")
def incident_form(request: Request, desk: SignedIn) -> Response:
    """The form for an incident."""
    return _incident_form(request, desk, dict.fromkeys((*INCIDENT_FIELDS, *FURTHER_FACTS), ""))


@router.post("/incidents/new")
def incident_report(request: Request, desk: SignedIn, fields: Form) -> Response:
    """Opens the ticket and goes there, or shows the form again with the reason."""
    form = {name: fields.get(name, "") for name in (*INCIDENT_FIELDS, *FURTHER_FACTS)}
    try:
        done = report_incident(
            desk.app,
            desk.person,
            form["description"],
            aware_at=typed_moment(form["aware_at"]),
            people=typed_number(form["people"]),
            sensitive=YES_NO.get(form["sensitive"]),
            critical_infrastructure=bool(form["critical_infrastructure"]),
            facts=read_facts({name: fields.get(name, "") for name in FURTHER_FACTS}),
        )
    except ProductError as error:
        return _incident_form(request, desk, form, error)
    return RedirectResponse(f"/tickets/{done.ticket.id}?new=1", 303)


@router.get("/destructions/new")
def destruction_form(request: Request, desk: SignedIn) -> Response:
    """The form for a destruction."""
    return _destruction_form(request, desk, dict.fromkeys(DESTRUCTION_FIELDS, ""))


@router.post("/destructions/new")
def destruction_request(request: Request, desk: SignedIn, fields: Form) -> Response:
    """Opens the ticket and goes there, or shows the form again with the reason."""
    form = {name: fields.get(name, "") for name in DESTRUCTION_FIELDS}
    try:
        done = request_destruction(
            desk.app,
            desk.person,
            form["description"],
            record_kind=_choice(RecordKind, form["record_kind"]),
            holder=_choice(HolderType, form["holder"]),
            dates=_dates(form["event"], form["event_date"]),
            hold=bool(form["hold"]),
            dispute=bool(form["dispute"]),
        )
    except ProductError as error:
        return _destruction_form(request, desk, form, error)
    return RedirectResponse(f"/tickets/{done.ticket.id}?new=1", 303)


def show_ticket(
    request: Request,
    desk: Desk,
    ticket_id: str,
    *,
    new: bool = False,
    error: ProductError | None = None,
) -> Response:
    """The page of one ticket, with what was wrong if a form on it could not be done."""
    view = read_ticket(desk.app, desk.person, ticket_id)
    if view.ticket.drill:
        # What the scenario has by now comes in before the page is drawn.
        feed_drill(desk.app, view.ticket.id)
        view = read_ticket(desk.app, desk.person, ticket_id)
    ticket = view.ticket
    told = dossier(view.timeline) if ticket.kind is TicketKind.DESTRUCTION else None
    found = Destruction(ticket, told, view.decision) if told and view.decision else None
    return pages_of(request).page(
        request,
        desk,
        "ticket.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        kinds=tuple(IncidentKind),
        described=DESCRIBED,
        **_of_incident(view),
        moves=sorted(MOVES[ticket.kind].get(ticket.state, ())),
        ticket=ticket,
        timeline=view.timeline,
        decision=view.decision,
        grade=_grade(ticket),
        playbook=_playbook(ticket),
        new=new,
        destruction=found,
        on_record=tuple(on_record(found)) if found else (),
        next_step=next_step(found) if found else None,
        may_approve=may_approve(ticket, desk.person),
        data=destruction_data(),
        fact_choices=FACT_CHOICES,
    )


def _of_incident(view: TicketView) -> dict[str, object]:
    """What only the page of an incident shows."""
    ticket = view.ticket
    if ticket.kind is not TicketKind.INCIDENT:
        return {}
    return {
        "clocks": most_pressing_first(ticket.deadlines),
        "pending": pending(ticket),
        "review": review_of(ticket),
        "score": score_of(ticket),
        "injects": [one for one in view.timeline if one.what == INJECT],
        "evidence": [one for one in kept_files(view.timeline) if one.what == EVIDENCE],
        "action_rows": range(1, ACTION_ROWS + 1),
    }


def _incident_form(
    request: Request, desk: Desk, form: Mapping[str, str], error: ProductError | None = None
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "incident_new.html",
        status=status_of(error) if error else 200,
        form=form,
        further=[name for name in FURTHER_FACTS if form[name]],
        problem=error.message if error else None,
    )


def _destruction_form(
    request: Request, desk: Desk, form: Mapping[str, str], error: ProductError | None = None
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "destruction_new.html",
        status=status_of(error) if error else 200,
        form=form,
        problem=error.message if error else None,
        record_kinds=tuple(RecordKind),
        holders=tuple(HolderType),
        events=tuple(StartEvent),
    )


def _grade(ticket: Ticket) -> ShownGrade | None:
    facts = ticket.facts
    severity = facts.get("severity")
    if severity is None:
        return None
    return ShownGrade(
        severity=Severity(str(severity)),
        provisional=bool(facts.get("provisional")),
        reasons=_both(facts, "reasons"),
        would_raise=_both(facts, "would_raise"),
    )


def _both(facts: Mapping[str, Json], name: str) -> tuple[Bilingual, ...]:
    pairs = zip(_texts(facts, f"{name}_zh"), _texts(facts, f"{name}_en"), strict=True)
    return tuple(Bilingual(zh, en) for zh, en in pairs)


def _texts(facts: Mapping[str, Json], name: str) -> list[str]:
    found = facts.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def _playbook(ticket: Ticket) -> Playbook | None:
    wanted = ticket.facts.get("playbook")
    return next((one for one in playbooks() if one.id == wanted), None)


def typed_moment(text: str) -> datetime | None:
    """A time typed on the page, which is Beijing time."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise BadFields(
            "知悉时间，例如 2026-11-20 20:15", "when somebody knew, for example 2026-11-20 20:15"
        ) from None


def typed_number(text: str) -> int | None:
    """A head count typed on the page."""
    try:
        people = read_fact("people", text)
    except ProductError:
        raise BadFields("人数，例如 1200", "how many people, for example 1200") from None
    return people if isinstance(people, int) else None


def _choice(choices: type[Choice], text: str) -> Choice | None:
    if not text:
        return None
    try:
        return choices(text)
    except ValueError:
        raise BadFields("下拉选项", "the choices") from None


def _dates(event: str, day: str) -> dict[StartEvent, date]:
    chosen = _choice(StartEvent, event)
    if chosen is None and not day:
        return {}
    try:
        if chosen is None:
            raise ValueError
        return {chosen: date.fromisoformat(day)}
    except ValueError:
        raise BadFields(
            "起算事件和起算日期要一起填写", "what starts the period and on which day go together"
        ) from None
