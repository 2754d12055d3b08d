"""The question page: ask, read the answer, open its sources."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from assistant.answering.answers import Answer, Claim
from assistant.questions.ask import LONGEST_QUESTION, ask
from integrations.web.desk import Desk, SignedIn
from integrations.web.forms import as_day
from integrations.web.problems import status_of
from integrations.web.questions import conversation
from integrations.web.render import pages_of
from integrations.web.streams import Tell, stream
from records.errors import ProductError
from records.language import Bilingual

router = APIRouter(include_in_schema=False)

EXAMPLES = (
    Bilingual(
        "客户解约三年了，他的身份证复印件可以销毁吗？",
        "A client left three years ago. May we destroy the copy of the ID card?",
    ),
    Bilingual(
        "公司注销前，客户资料应当怎么处理？",
        "What must we do with client data before the company is deregistered?",
    ),
    Bilingual(
        "笔记本电脑丢了，里面有客户名单，多久之内要报告？",
        "A laptop with a client list is lost. How soon must we report it?",
    ),
    Bilingual("个人信息保护法第四十七条", "PIPL art. 47"),
)


@router.get("/ask")
def ask_page(request: Request, desk: SignedIn) -> Response:
    """An empty question box with examples."""
    return _page(request, desk)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent from the page."""

    question: Annotated[str, Form()] = ""
    as_of: Annotated[str, Form()] = ""
    thread: Annotated[str, Form(max_length=60, pattern=r"^[\w-]*$")] = ""
    choice: Annotated[str, Form(max_length=60)] = ""


@router.post("/ask")
def ask_question(request: Request, desk: SignedIn, asked: Annotated[Asked, Depends()]) -> Response:
    """The answer under its question; a form, so that no question stands in an address or a log."""
    return _answered(request, desk, asked, heard=lambda _claim: None)


@router.post("/ask/stream")
def ask_and_listen(
    request: Request, desk: SignedIn, asked: Annotated[Asked, Depends()]
) -> Response:
    """The same page at the end of a stream that tells each statement as soon as it stands."""

    def work(tell: Tell) -> None:
        page = _answered(
            request, desk, asked, heard=lambda claim: tell("claim", {"text": claim.text})
        )
        tell("page", {"html": bytes(page.body).decode()})

    return stream(work)


def _answered(
    request: Request, desk: Desk, asked: Asked, *, heard: Callable[[Claim], None]
) -> Response:
    thread = asked.thread or secrets.token_hex(8)
    try:
        answer = ask(
            desk.app,
            desk.person,
            asked.question,
            as_of=as_day(asked.as_of),
            thread=conversation(desk, thread),
            choice=asked.choice,
            heard=heard,
        )
    except ProductError as error:
        return _page(
            request,
            desk,
            status=status_of(error),
            question=asked.question,
            as_of=asked.as_of,
            thread=thread,
            problem=error.message,
        )
    return _page(
        request, desk, question=answer.question, as_of=asked.as_of, thread=thread, answer=answer
    )


def _page(
    request: Request,
    desk: Desk,
    *,
    status: int = 200,
    question: str = "",
    as_of: str = "",
    thread: str = "",
    answer: Answer | None = None,
    problem: Bilingual | None = None,
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "ask.html",
        status=status,
        question=question,
        longest=LONGEST_QUESTION,
        as_of=as_of,
        thread=thread,
        answer=answer,
        problem=problem,
        examples=EXAMPLES,
        listens=desk.app.model is not None,
    )
