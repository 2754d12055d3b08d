"""/api/training: what I am to take, an exam, results, practice."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.quizzes.exam import Feedback
from assistant.quizzes.items import ItemKind
from assistant.training.practise import Practice, answer_question, next_question
from assistant.training.take_quiz import (
    Marked,
    MyQuiz,
    Paper,
    my_quizzes,
    read_paper,
    save_attempt,
    start_attempt,
    submit_attempt,
)
from assistant.training.training_records import (
    Trained,
    all_results,
    my_results,
    training_certificate,
)
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.quizzes import CitedView, RulesView
from records.language import Language
from records.training import TrainingResult

router = APIRouter(tags=["training"])


class AnswersBody(RequestBody):
    """The places chosen (from 0), by the place of the question."""

    answers: dict[int, frozenset[int]] = Field(default={}, examples=[{"0": [2], "1": [0, 3]}])


class ChosenBody(RequestBody):
    """The places chosen, from 0."""

    chosen: frozenset[int]


class ResultView(View):
    """A result on record."""

    serial: str
    title: str
    points: int
    out_of: int
    percent: int
    passed: bool
    at: datetime


class MyQuizView(View):
    """A quiz I am to take."""

    quiz_id: str
    rules: RulesView
    questions: int
    due_at: datetime | None
    left: int
    running: str | None
    best: ResultView | None


class TrainedView(View):
    """A result and whose it is."""

    name: str
    result: ResultView


class QuestionView(View):
    """A question without its key."""

    place: int
    kind: ItemKind
    language: Language
    stem: str
    options: tuple[str, ...]
    chosen: tuple[int, ...]


class FeedbackView(View):
    """A question answered: key, reasons, article."""

    question: QuestionView
    right: bool
    key: tuple[int, ...]
    reasons: tuple[str, ...]
    rationale: str
    cites: tuple[CitedView, ...]


class AttemptNumber(View):
    """The number of my attempt."""

    attempt_id: str


class AttemptView(View):
    """My attempt: questions while it runs; result and feedback once it is over."""

    attempt_id: str
    title: str
    ends_at: datetime | None = None
    questions: tuple[QuestionView, ...] = ()
    result: ResultView | None = None
    # Whether the time was over: later answers were refused.
    late: bool = False
    feedback: tuple[FeedbackView, ...] = ()


class PracticeView(View):
    """The question to practise now, or when there is one again."""

    item_id: str | None
    question: QuestionView | None
    due: int
    next_at: datetime | None


class AnsweredView(View):
    """What was right, and when the question comes back."""

    feedback: FeedbackView
    next_at: datetime


@router.get("/training/quizzes", response_model=list[MyQuizView])
def mine(desk: SignedIn) -> tuple[MyQuiz, ...]:
    """What I am to take."""
    return my_quizzes(desk.app, desk.person)


@router.post("/training/quizzes/{quiz_id}/attempts", response_model=AttemptNumber, status_code=201)
def started(desk: SignedIn, quiz_id: str) -> AttemptNumber:
    """My attempt; the running one where there is one."""
    return AttemptNumber(attempt_id=start_attempt(desk.app, desk.person, quiz_id))


@router.get("/training/attempts/{attempt_id}", response_model=AttemptView)
def attempt(desk: SignedIn, attempt_id: str) -> AttemptView:
    """My questions while it runs, without any key; result and reasons afterwards."""
    return _attempt(read_paper(desk.app, desk.person, attempt_id))


@router.put("/training/attempts/{attempt_id}", status_code=204, response_class=Response)
def saved(desk: SignedIn, attempt_id: str, body: AnswersBody) -> Response:
    """Answers kept, to be changed until the end."""
    save_attempt(desk.app, desk.person, attempt_id, body.answers)
    return Response(status_code=204)


@router.post("/training/attempts/{attempt_id}/submit", response_model=AttemptView)
def submitted(desk: SignedIn, attempt_id: str, body: AnswersBody) -> AttemptView:
    """The marks; handed in twice, it counts once."""
    return _attempt(submit_attempt(desk.app, desk.person, attempt_id, body.answers))


@router.get("/training/results/mine", response_model=list[ResultView])
def own_results(desk: SignedIn) -> tuple[TrainingResult, ...]:
    """What I took."""
    return my_results(desk.app, desk.person)


@router.get("/training/results", response_model=list[TrainedView])
def everybodys_results(desk: SignedIn, quiz_id: str = "") -> tuple[Trained, ...]:
    """Everybody's results; for trainers and auditors."""
    return all_results(desk.app, desk.person, quiz_id)


@router.get("/training/certificates/{serial}", response_class=Response)
def certificate(desk: SignedIn, serial: str) -> Response:
    """The certificate of completion as PDF."""
    return attachment(f"{serial}.pdf", training_certificate(desk.app, desk.person, serial))


@router.get("/training/practice", response_model=PracticeView)
def practice(desk: SignedIn, language: Language = Language.ZH) -> Practice:
    """The question to practise now."""
    return next_question(desk.app, desk.person, language)


@router.post("/training/practice/{item_id}", response_model=AnsweredView)
def practised(desk: SignedIn, item_id: str, body: ChosenBody) -> AnsweredView:
    """What was right and why, and when it comes back."""
    answered = answer_question(desk.app, desk.person, item_id, body.chosen)
    return AnsweredView(feedback=_feedback(answered.feedback), next_at=answered.next_at)


def _attempt(shown: Paper | Marked) -> AttemptView:
    if isinstance(shown, Paper):
        return AttemptView(
            attempt_id=shown.attempt_id,
            title=shown.title,
            ends_at=shown.ends_at,
            questions=tuple(QuestionView.model_validate(one) for one in shown.questions),
        )
    return AttemptView(
        attempt_id=shown.attempt_id,
        title=shown.title,
        result=ResultView.model_validate(shown.result),
        late=shown.late,
        feedback=tuple(_feedback(one) for one in shown.feedback),
    )


def _feedback(said: Feedback) -> FeedbackView:
    return FeedbackView.model_validate(said)
