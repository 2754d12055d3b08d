"""POST /api/ask: a question in, a cited answer or a reasoned refusal out."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import StreamingResponse

from assistant.answering.answers import Answer, Outcome
from assistant.questions.ask import ask
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import Desk, SignedIn
from integrations.web.streams import Tell, stream
from knowledge.duties import Confidence
from knowledge.levels import Level
from records.language import Language

router = APIRouter(tags=["questions"])


class Question(RequestBody):
    """What to ask."""

    question: str = Field(examples=["客户解约三年了，他的身份证复印件可以销毁吗？"])
    as_of: date | None = Field(
        default=None, description="The day whose law applies; today in China if left out"
    )
    language: Language | None = Field(
        default=None, description="The answer's language; the question's own if left out"
    )
    thread: str = Field(
        default="",
        max_length=60,
        pattern=r"^[\w-]*$",
        description="A name of your own for the conversation; a question may rest on the ones before",
        examples=["c-1"],
    )
    choice: str = Field(
        default="",
        max_length=60,
        description="The id of the option chosen of what the last answer asked back",
        examples=["financial"],
    )


class MentionView(View):
    """A provision whose text is not loaded."""

    instrument: str
    articles: tuple[str, ...]


class ApprovalView(View):
    """Who approved the company's own answer, and when."""

    id: str = Field(examples=["A-1a2b3c4d"])
    by: str
    on: date


class ClaimView(View):
    """One statement, what carries it, and how sure we are."""

    text: str
    quotations: tuple[int, ...] = Field(description="Numbers of the quotations that carry it")
    mentions: tuple[MentionView, ...]
    confidence: Confidence
    is_law: bool = Field(description="False for what is not law: advice, or company policy")
    is_policy: bool = Field(description="True where company policy alone says so")
    level: Level | None = Field(description="The lowest rank among what it rests on")
    contested: bool = Field(description="Disputed: both readings are among the statements")
    changed: bool = Field(description="An article it rests on changed since it was checked")
    approval: ApprovalView | None = Field(description="Set for the company's approved answer")
    beside: bool = Field(description="Another rule that may matter, no condition of the conclusion")


class QuotationView(View):
    """Words of one provision, letter for letter."""

    number: int
    provision_id: str = Field(examples=["个人信息保护法@2021-11-01#47"])
    instrument: str
    heading: str
    level: Level
    words: str
    in_force_since: date | None
    date_certain: bool
    source: str


class OptionView(View):
    """One answer to what is asked back."""

    id: str = Field(examples=["financial"])
    text: str


class ClarificationView(View):
    """The one fact the answer turns on. Without options it is answered in words."""

    id: str = Field(examples=["holder"])
    question: str
    options: tuple[OptionView, ...]


class AnswerView(View):
    """The reply; without a conclusion, `instead` is what is said: whom to ask, what can be asked."""

    id: str = Field(examples=["Q-5f3a9c1d2b7e"])
    question: str = Field(description="As understood, personal data masked")
    language: Language
    outcome: Outcome
    conclusion: ClaimView | None
    conditions: tuple[ClaimView, ...]
    next_steps: tuple[str, ...]
    quotations: tuple[QuotationView, ...]
    as_of: date
    masked: tuple[str, ...] = Field(description="Kinds of personal data taken out")
    instead: str
    written_by: str
    dropped: int = Field(description="Drafted statements that failed the check")
    follows: bool = Field(description="Whether it was made whole by what was asked before")
    clarification: ClarificationView | None
    ask_instead: tuple[str, ...] = Field(
        description="Reviewed questions like one without an answer"
    )


@router.post("/ask", response_model=AnswerView)
def ask_question(desk: SignedIn, body: Question) -> Answer:
    """A cited answer, checked against the stored text, or a refusal that says whom to ask."""
    return ask(
        desk.app,
        desk.person,
        body.question,
        as_of=body.as_of,
        language=body.language,
        thread=conversation(desk, body.thread),
        choice=body.choice,
    )


@router.post(
    "/ask/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Events: claim, then answer; or problem",
            "content": {"text/event-stream": {}},
        }
    },
)
def ask_and_listen(desk: SignedIn, body: Question) -> StreamingResponse:
    """The same answer, its statements sent as soon as each of them stands."""

    def work(tell: Tell) -> None:
        answer = ask(
            desk.app,
            desk.person,
            body.question,
            as_of=body.as_of,
            language=body.language,
            thread=conversation(desk, body.thread),
            choice=body.choice,
            heard=lambda claim: tell("claim", {"text": claim.text}),
        )
        view = AnswerView.model_validate(answer, from_attributes=True)
        tell("answer", view.model_dump(mode="json"))

    return stream(work)


def conversation(desk: Desk, name: str) -> str:
    """The thread of that name of this person alone; none without a name."""
    return f"web:{desk.person.id}:{name}" if name else ""
