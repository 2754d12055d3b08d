"""/api/quiz-items, /api/quizzes: items made and reviewed, quizzes built, exported, assigned."""

from datetime import date, datetime

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.quizzes.choosing import MOST_ITEMS, Wish
from assistant.quizzes.exports import Format
from assistant.quizzes.flaw_names import Flaw
from assistant.quizzes.items import Difficulty, ItemKind, MadeFrom, Option
from assistant.quizzes.store import KeptItem, Quiz, Rules
from assistant.quizzes.tables import ItemState
from assistant.training.build_quiz import (
    Selection,
    assign_quiz,
    build_quiz,
    export_quiz,
    list_quizzes,
    open_quiz,
)
from assistant.training.review_items import (
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
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from records.language import Language

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
