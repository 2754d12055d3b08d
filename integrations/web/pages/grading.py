"""Grading step by step: one question a page, each may be left unanswered, the grade beside it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.incidents.grade_incident import grade_incident
from integrations.web.desk import Desk, SignedIn
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError
from tickets.incidents.fact_values import NAMES, read_facts
from tickets.incidents.facts import COUNTS, IncidentKind

router = APIRouter(include_in_schema=False)


@router.get("/incidents/grade")
def first(request: Request, desk: SignedIn, ticket: str = "") -> Response:
    """The first question."""
    return _page(request, desk, {"ticket": ticket})


@router.post("/incidents/grade")
def following(request: Request, desk: SignedIn, fields: Form) -> Response:
    """The answer taken; the next question, the one before, or the result."""
    return _page(request, desk, fields)


def _page(request: Request, desk: Desk, fields: dict[str, str]) -> Response:
    answers = {name: fields[name] for name in NAMES if fields.get(name, "").strip()}
    step = int(fields["step"]) if fields.get("step", "").isdigit() else 0
    problem = None
    try:
        given = read_facts(answers)
    except ProductError as error:
        # What cannot be read is asked for again.
        problem, step = error, max(step - 1, 0)
        answers = {name: text for name, text in answers.items() if _reads(name, text)}
        given = read_facts(answers)
    ticket_id = fields.get("ticket", "")
    graded = grade_incident(desk.app, desk.person, facts=given, ticket_id=ticket_id)
    asked = list(graded.questions.items())
    step = min(step, len(asked))
    return pages_of(request).page(
        request,
        desk,
        "incident_grade.html",
        status=status_of(problem) if problem else 200,
        problem=problem.message if problem else None,
        graded=graded,
        answers=answers,
        ticket_id=ticket_id,
        step=step,
        steps=len(asked),
        current=asked[step] if step < len(asked) else None,
        answered=[(name, one) for name, one in asked if name in answers],
        counts=COUNTS,
        kinds=tuple(IncidentKind),
    )


def _reads(name: str, text: str) -> bool:
    try:
        read_facts({name: text})
    except ProductError:
        return False
    return True
