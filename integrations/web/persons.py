"""/api/handovers, /api/approved-answers, /api/answers/{id}/feedback: a person asked, and heard."""

from datetime import date, datetime

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.answering.approved import State
from assistant.answering.feedback import Feedback
from assistant.answering.handovers import Handover
from assistant.questions.approve_answer import (
    Cite,
    Listed,
    Wish,
    approve_answer,
    list_approved,
    withdraw_answer,
)
from assistant.questions.give_feedback import give_feedback, list_feedback
from assistant.questions.hand_over import (
    hand_over,
    my_questions,
    open_questions,
    read_question,
    reply_to,
)
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from records.language import Language
from records.people import Role
from tickets.retention.facts import HolderType

router = APIRouter(tags=["persons"])


class HandOver(RequestBody):
    """Which answer's question is handed to a person."""

    answer_id: str = Field(max_length=40, examples=["Q-5f3a9c1d2b7e"])


class ReplyText(RequestBody):
    """An officer's reply."""

    reply: str = Field(max_length=2000)


class HandoverView(View):
    """A question handed over; `reply` is empty while it waits."""

    id: str = Field(examples=["H-1a2b3c4d"])
    answer_id: str
    question: str
    language: Language
    opened_at: datetime
    reply: str
    replied_at: datetime | None


class CiteBody(RequestBody):
    """A provision by its address or id, and words of it to quote."""

    address: str = Field(max_length=200, examples=["个人信息保护法第四十七条"])
    words: str = Field(default="", max_length=500)


class NewApproved(RequestBody):
    """An answer to be used first for these questions."""

    questions: tuple[str, ...] = Field(min_length=1, max_length=10)
    zh: str = Field(min_length=1, max_length=2000)
    en: str = Field(default="", max_length=2000)
    cites: tuple[CiteBody, ...] = Field(min_length=1, max_length=6)
    audience: Role | None = Field(default=None, description="One role; everybody if left out")
    holder: HolderType | None = None
    valid_until: date | None = None
    handover_id: str = Field(default="", max_length=40)


class ApprovedId(View):
    """The number of the approved answer."""

    id: str = Field(examples=["A-1a2b3c4d"])


class CitedView(View):
    """One provision it rests on."""

    instrument: str
    article: str
    heading: str
    words: str


class ApprovedView(View):
    """An approved answer, and whether it is used today."""

    id: str
    state: State
    owner: str
    questions: tuple[str, ...]
    text: Said
    citations: tuple[CitedView, ...]
    audience: str
    holder: HolderType | None
    valid_until: date | None
    approved_at: datetime


class FeedbackBody(RequestBody):
    """Whether the answer was right, and why not."""

    right: bool
    reason: str = Field(default="", max_length=500)


class FeedbackView(View):
    """What was said of an answer."""

    answer_id: str
    right: bool
    reason: str
    question: str
    outcome: str
    citations: tuple[str, ...]


@router.post("/handovers", response_model=HandoverView, status_code=201)
def open_handover(desk: SignedIn, body: HandOver) -> Handover:
    """The question of one's own answer, now waiting for an officer."""
    return hand_over(desk.app, desk.person, body.answer_id)


@router.get("/handovers/mine", response_model=list[HandoverView])
def own_handovers(desk: SignedIn) -> tuple[Handover, ...]:
    """What one handed over, with the replies, the newest first."""
    return my_questions(desk.app, desk.person)


@router.get("/handovers/open", response_model=list[HandoverView])
def open_handovers(desk: SignedIn) -> tuple[Handover, ...]:
    """What waits for a reply, the oldest first; for officers."""
    return open_questions(desk.app, desk.person)


@router.get("/handovers/{handover_id}", response_model=HandoverView)
def one_handover(desk: SignedIn, handover_id: str) -> Handover:
    """One question: one's own, or any for officers."""
    return read_question(desk.app, desk.person, handover_id)


@router.post("/handovers/{handover_id}/reply", response_model=HandoverView)
def reply(desk: SignedIn, handover_id: str, body: ReplyText) -> Handover:
    """The question with its reply, which goes to where it was asked."""
    return reply_to(desk.app, desk.person, handover_id, body.reply)


@router.get("/approved-answers", response_model=list[ApprovedView])
def approved(desk: SignedIn) -> list[ApprovedView]:
    """Every approved answer not withdrawn, those to be reviewed first."""
    return [_view(one) for one in list_approved(desk.app, desk.person)]


@router.post("/approved-answers", response_model=ApprovedId, status_code=201)
def approve(desk: SignedIn, body: NewApproved) -> ApprovedId:
    """An answer in use at once, at every door."""
    wish = Wish(
        questions=body.questions,
        zh=body.zh,
        en=body.en,
        cites=tuple(Cite(one.address, one.words) for one in body.cites),
        audience=body.audience,
        holder=body.holder,
        valid_until=body.valid_until,
        handover_id=body.handover_id,
    )
    return ApprovedId(id=approve_answer(desk.app, desk.person, wish))


@router.delete("/approved-answers/{answer_id}", status_code=204, response_class=Response)
def withdraw(desk: SignedIn, answer_id: str) -> Response:
    """The answer is used no more."""
    withdraw_answer(desk.app, desk.person, answer_id)
    return Response(status_code=204)


@router.post("/answers/{answer_id}/feedback", response_model=FeedbackView)
def feedback(desk: SignedIn, answer_id: str, body: FeedbackBody) -> Feedback:
    """The word on an answer, kept; said again, the last counts."""
    return give_feedback(desk.app, desk.person, answer_id, right=body.right, reason=body.reason)


@router.get("/feedback", response_model=list[FeedbackView])
def all_feedback(desk: SignedIn) -> tuple[Feedback, ...]:
    """What was said of answers, the newest first; for officers."""
    return list_feedback(desk.app, desk.person)


def _view(listed: Listed) -> ApprovedView:
    answer, content = listed.answer, listed.answer.content
    return ApprovedView(
        id=answer.id,
        state=listed.state,
        owner=listed.owner,
        questions=content.questions,
        text=Said.model_validate(content.text),
        citations=tuple(CitedView.model_validate(one) for one in content.citations),
        audience=content.audience,
        holder=content.holder,
        valid_until=content.valid_until,
        approved_at=answer.approved_at,
    )
