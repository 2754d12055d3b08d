"""Questions to a person, and the answers officers approved: one page for each."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.answering.handovers import Handover
from assistant.questions.approve_answer import (
    Cite,
    Wish,
    approve_answer,
    list_approved,
    withdraw_answer,
)
from assistant.questions.give_feedback import give_feedback
from assistant.questions.hand_over import (
    LONGEST_REPLY,
    hand_over,
    my_questions,
    open_questions,
    read_question,
    reply_to,
)
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError
from records.people import Role
from records.permissions import Permission, allowed
from tickets.retention.facts import HolderType

router = APIRouter(include_in_schema=False)

FIELDS = ("questions", "zh", "en", "cites", "audience", "holder", "valid_until", "handover_id")


@router.get("/questions")
def questions_page(request: Request, desk: SignedIn) -> Response:
    """One's own questions to a person; for officers those that wait as well."""
    return _questions(request, desk)


@router.post("/questions")
def question_handed_over(desk: SignedIn, fields: Form) -> Response:
    """The question of an answer handed over; on to one's own questions."""
    done = hand_over(desk.app, desk.person, fields.get("answer_id", ""))
    return RedirectResponse(f"/questions#{done.id}", 303)


@router.post("/questions/{handover_id}/reply")
def question_replied(request: Request, desk: SignedIn, handover_id: str, fields: Form) -> Response:
    """The reply kept; back to what waits, or the text again with the reason."""
    reply = fields.get("reply", "")
    try:
        done = reply_to(desk.app, desk.person, handover_id, reply)
    except ProductError as error:
        return _questions(request, desk, error, kept={handover_id: reply})
    return RedirectResponse(
        f"/approved?handover={done.id}" if "approve" in fields else "/questions", 303
    )


@router.post("/answers/{answer_id}/feedback")
def answer_rated(request: Request, desk: SignedIn, answer_id: str, fields: Form) -> Response:
    """Thanks; with scripts they are shown in the place of the buttons."""
    right = fields.get("right") == "yes"
    give_feedback(desk.app, desk.person, answer_id, right=right, reason=fields.get("reason", ""))
    return pages_of(request).page(request, desk, "thanks.html", right=right, answer_id=answer_id)


@router.get("/approved")
def approved_page(request: Request, desk: SignedIn, handover: str = "") -> Response:
    """The approved answers, and a form for a new one, filled from a reply if one is named."""
    form = dict.fromkeys(FIELDS, "")
    if handover:
        asked = read_question(desk.app, desk.person, handover)
        form |= {"questions": asked.question, "zh": asked.reply, "handover_id": asked.id}
    return _approved(request, desk, form)


@router.post("/approved")
def answer_approved(request: Request, desk: SignedIn, fields: Form) -> Response:
    """Back to the list, or the form again with the reason."""
    form = {name: fields.get(name, "").strip() for name in FIELDS}
    try:
        approve_answer(desk.app, desk.person, _wish(form))
    except ProductError as error:
        return _approved(request, desk, form, error)
    return RedirectResponse("/approved", 303)


@router.post("/approved/{answer_id}/withdraw")
def answer_withdrawn(desk: SignedIn, answer_id: str) -> Response:
    """The answer ends; back to the list."""
    withdraw_answer(desk.app, desk.person, answer_id)
    return RedirectResponse("/approved", 303)


def _wish(form: dict[str, str]) -> Wish:
    """What the form asks for; a citation a line, its words to quote after =. Raises BadFields."""
    try:
        audience = Role(form["audience"]) if form["audience"] else None
        holder = HolderType(form["holder"]) if form["holder"] else None
        until = date.fromisoformat(form["valid_until"]) if form["valid_until"] else None
    except ValueError:
        raise BadFields("下拉选项和日期", "the choices and the date") from None
    cites = (line.partition("=") for line in form["cites"].splitlines() if line.strip())
    return Wish(
        questions=tuple(form["questions"].splitlines()),
        zh=form["zh"],
        en=form["en"],
        cites=tuple(Cite(address.strip(), words.strip()) for address, _, words in cites),
        audience=audience,
        holder=holder,
        valid_until=until,
        handover_id=form["handover_id"],
    )


def _questions(
    request: Request,
    desk: Desk,
    error: ProductError | None = None,
    *,
    kept: dict[str, str] | None = None,
) -> Response:
    replies = allowed(desk.person, Permission.HANDOVER_REPLY)
    waiting: tuple[Handover, ...] = open_questions(desk.app, desk.person) if replies else ()
    return pages_of(request).page(
        request,
        desk,
        "questions.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        own=my_questions(desk.app, desk.person),
        waiting=waiting,
        replies=replies,
        kept=kept or {},
        longest=LONGEST_REPLY,
    )


def _approved(
    request: Request, desk: Desk, form: dict[str, str], error: ProductError | None = None
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "approved.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        listed=list_approved(desk.app, desk.person),
        form=form,
        roles_known=tuple(Role),
        holders=tuple(HolderType),
    )
