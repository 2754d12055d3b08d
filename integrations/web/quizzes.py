"""/api/quiz-items, /api/quizzes, /api/training: items, quizzes, exams, results, practice."""

from datetime import date, datetime

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.build_quiz import (
    Selection,
    assign_quiz,
    build_quiz,
    export_quiz,
    list_quizzes,
    open_quiz,
)
from assistant.practise import Practice, answer_question, next_question
from assistant.quizzes.choosing import MOST_ITEMS, Wish
from assistant.quizzes.exam import Feedback
from assistant.quizzes.exports import Format
from assistant.quizzes.flaws import Flaw
from assistant.quizzes.items import Difficulty, ItemKind, MadeFrom, Option
from assistant.quizzes.store import ItemState, KeptItem, Quiz, Rules
from assistant.review_items import (
    Judged,
    MadeItems,
    Wording,
    approve_item,
    edit_item,
    list_items,
    make_items,
    read_quiz_item,
    reject_item,
)
from assistant.take_quiz import (
    Marked,
    MyQuiz,
    Paper,
    my_quizzes,
    read_paper,
    save_attempt,
    start_attempt,
    submit_attempt,
)
from assistant.training_records import Trained, all_results, my_results, training_certificate
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from records.language import Language
from records.training import TrainingResult

router = APIRouter(tags=["training"])


class OptionBody(RequestBody):
    """An option with its reason."""

    text: str = Field(min_length=1, max_length=200)
    right: bool
    why: str = Field(min_length=1, max_length=2000)


class NewItems(RequestBody):
    """How many items to make, of what."""

    count: int = Field(default=30, ge=1, le=MOST_ITEMS)
    seed: int = 1
    language: Language = Language.ZH
    topics: frozenset[int] = frozenset()
    kinds: frozenset[ItemKind] = frozenset()


class WordingBody(RequestBody):
    """An item in other words; what it cites stays."""

    stem: str = Field(min_length=1, max_length=500)
    options: tuple[OptionBody, ...] = Field(min_length=2, max_length=6)
    rationale: str = Field(min_length=1, max_length=2000)


class NewQuiz(RequestBody):
    """A quiz of the items named, or of so many by chance."""

    title: str = Field(min_length=1, max_length=80, examples=["客户信息保护季度考试"])
    pass_percent: int = Field(default=80, ge=1, le=100)
    minutes: int | None = Field(default=30, ge=1, le=600)
    attempts: int = Field(default=2, ge=1, le=20)
    item_ids: tuple[str, ...] = Field(default=(), max_length=100)
    count: int = Field(default=10, ge=1, le=100)
    seed: int = 1


class NewAssignment(RequestBody):
    """To whom, until when; everybody where nobody is named."""

    people: tuple[str, ...] = ()
    due_on: date | None = None


class AnswersBody(RequestBody):
    """The places chosen (from 0), by the place of the question."""

    answers: dict[int, frozenset[int]] = Field(default={}, examples=[{"0": [2], "1": [0, 3]}])


class ChosenBody(RequestBody):
    """The places chosen, from 0."""

    chosen: frozenset[int]


class MadeView(View):
    """New drafts, and how many could not be made."""

    item_ids: tuple[str, ...]
    wanted: int
    missing: int


class CitedView(View):
    """An article and the words of it that carry the item."""

    instrument: str
    article: str
    heading: str
    words: str


class OptionView(View):
    """An option with its reason."""

    text: str
    right: bool
    why: str


class ItemContent(View):
    """An item with its key."""

    kind: ItemKind
    made_from: MadeFrom
    stem: str
    options: tuple[OptionView, ...]
    rationale: str
    cites: tuple[CitedView, ...]
    duties: tuple[str, ...]
    topic: int
    difficulty: Difficulty
    language: Language


class ItemView(View):
    """An item as kept."""

    id: str
    state: ItemState
    item: ItemContent


class FlawView(View):
    """A flaw and where it is."""

    flaw: Flaw
    where: str


class JudgedView(View):
    """An item with what is wrong with it today."""

    kept: ItemView
    flaws: tuple[FlawView, ...]
    stands: bool


class RulesView(View):
    """How a quiz is taken."""

    title: str
    pass_percent: int
    minutes: int | None
    attempts: int


class QuizView(View):
    """A quiz."""

    id: str
    rules: RulesView
    item_ids: tuple[str, ...]
    built_at: datetime


class QuizNumber(View):
    """The number of the new quiz."""

    quiz_id: str


class AssignedView(View):
    """How many people have it now who had not."""

    people: int


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


@router.post("/quiz-items", response_model=MadeView, status_code=201)
def made(desk: SignedIn, body: NewItems) -> MadeItems:
    """New drafts to be reviewed; `missing` says how many could not be made."""
    wish = Wish(body.count, body.seed, body.language, body.topics, body.kinds)
    return make_items(desk.app, desk.person, wish)


@router.get("/quiz-items", response_model=list[ItemView])
def items(desk: SignedIn, state: ItemState | None = None) -> tuple[KeptItem, ...]:
    """The item bank with its keys; for trainers."""
    return list_items(desk.app, desk.person, state).items


@router.get("/quiz-items/{item_id}", response_model=JudgedView)
def item(desk: SignedIn, item_id: str) -> Judged:
    """One item with its flaws as the law reads today."""
    return read_quiz_item(desk.app, desk.person, item_id)


@router.put("/quiz-items/{item_id}", status_code=204, response_class=Response)
def edited(desk: SignedIn, item_id: str, body: WordingBody) -> Response:
    """The item in other words, checked again, a draft again."""
    options = tuple(Option(one.text, one.right, one.why) for one in body.options)
    edit_item(desk.app, desk.person, item_id, Wording(body.stem, options, body.rationale))
    return Response(status_code=204)


@router.post("/quiz-items/{item_id}/approve", status_code=204, response_class=Response)
def approved(desk: SignedIn, item_id: str) -> Response:
    """The item may be asked."""
    approve_item(desk.app, desk.person, item_id)
    return Response(status_code=204)


@router.post("/quiz-items/{item_id}/reject", status_code=204, response_class=Response)
def rejected(desk: SignedIn, item_id: str) -> Response:
    """The item is asked nobody, and not made again."""
    reject_item(desk.app, desk.person, item_id)
    return Response(status_code=204)


@router.post("/quizzes", response_model=QuizNumber, status_code=201)
def built(desk: SignedIn, body: NewQuiz) -> QuizNumber:
    """A quiz of approved items."""
    rules = Rules(body.title, body.pass_percent, body.minutes, body.attempts)
    selection = Selection(body.item_ids, body.count, body.seed)
    return QuizNumber(quiz_id=build_quiz(desk.app, desk.person, rules, selection))


@router.get("/quizzes", response_model=list[QuizView])
def quizzes(desk: SignedIn) -> tuple[Quiz, ...]:
    """Every quiz, newest first."""
    return list_quizzes(desk.app, desk.person)


@router.get("/quizzes/{quiz_id}", response_model=list[ItemView])
def quiz_items(desk: SignedIn, quiz_id: str) -> tuple[KeptItem, ...]:
    """The items of a quiz that stand, with their keys."""
    return open_quiz(desk.app, desk.person, quiz_id).items


@router.get("/quizzes/{quiz_id}/export/{form}", response_class=Response)
def exported(desk: SignedIn, quiz_id: str, form: Format) -> Response:
    """A file for another program; the header X-Left-Out names items that do not fit it."""
    made = export_quiz(desk.app, desk.person, quiz_id, form)
    response = attachment(made.name, made.data)
    if made.left_out:
        response.headers["X-Left-Out"] = ", ".join(one.item_id for one in made.left_out)
    return response


@router.post("/quizzes/{quiz_id}/assignments", response_model=AssignedView, status_code=201)
def assigned(desk: SignedIn, quiz_id: str, body: NewAssignment) -> AssignedView:
    """The quiz given to people."""
    count = assign_quiz(desk.app, desk.person, quiz_id, people=body.people, due_on=body.due_on)
    return AssignedView(people=count)


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
        feedback=tuple(_feedback(one) for one in shown.feedback),
    )


def _feedback(said: Feedback) -> FeedbackView:
    return FeedbackView.model_validate(said)
