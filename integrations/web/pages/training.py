"""Training for everybody: what to take, an exam, its marks, practice."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from assistant.quizzes.exam import Chosen
from assistant.training.practise import answer_question, next_question
from assistant.training.take_quiz import (
    Marked,
    my_quizzes,
    read_paper,
    save_attempt,
    start_attempt,
    submit_attempt,
)
from assistant.training.training_records import my_results, training_certificate
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError

router = APIRouter(include_in_schema=False)


async def read_fields(request: Request, _desk: SignedIn) -> dict[str, list[str]]:
    """The fields of a form, with every value of one that is sent more than once."""
    async with request.form(max_files=0) as form:
        fields: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, []).append(value)
        return fields


Fields = Annotated[dict[str, list[str]], Depends(read_fields)]


@router.get("/training")
def training_page(request: Request, desk: SignedIn) -> Response:
    """What is assigned to me, what I took, the way to practice."""
    return pages_of(request).page(
        request,
        desk,
        "training.html",
        quizzes=my_quizzes(desk.app, desk.person),
        results=my_results(desk.app, desk.person),
    )


@router.post("/training/quizzes/{quiz_id}/start")
def exam_started(desk: SignedIn, quiz_id: str) -> Response:
    """On to the paper; to the running one where there is one."""
    return RedirectResponse(
        f"/training/attempts/{start_attempt(desk.app, desk.person, quiz_id)}", 303
    )


@router.get("/training/attempts/{attempt_id}")
def exam_page(request: Request, desk: SignedIn, attempt_id: str, saved: bool = False) -> Response:
    """The questions while the attempt runs, the marks afterwards."""
    return _attempt(request, desk, attempt_id, saved=saved)


@router.post("/training/attempts/{attempt_id}")
def exam_answered(request: Request, desk: SignedIn, attempt_id: str, fields: Fields) -> Response:
    """Answers saved, or handed in and marked."""
    answers = {
        int(name[1:]): _places(values)
        for name, values in fields.items()
        if name.startswith("q") and name[1:].isdecimal()
    }
    try:
        if "save" in fields:
            save_attempt(desk.app, desk.person, attempt_id, answers)
            return RedirectResponse(f"/training/attempts/{attempt_id}?saved=true", 303)
        submit_attempt(desk.app, desk.person, attempt_id, answers)
    except ProductError as error:
        return _attempt(request, desk, attempt_id, error=error)
    return RedirectResponse(f"/training/attempts/{attempt_id}", 303)


@router.get("/training/certificates/{serial}")
def certificate_file(desk: SignedIn, serial: str) -> Response:
    """The certificate of completion."""
    data = training_certificate(desk.app, desk.person, serial)
    return attachment(f"{serial}.pdf", data)


@router.get("/training/practice")
def practice_page(request: Request, desk: SignedIn) -> Response:
    """The question to practise now."""
    now = next_question(desk.app, desk.person, desk.language)
    return pages_of(request).page(request, desk, "practice.html", practice=now, answered=None)


@router.post("/training/practice/{item_id}")
def practised(request: Request, desk: SignedIn, item_id: str, fields: Fields) -> Response:
    """What was right and why, and the way to the next question."""
    answered = answer_question(desk.app, desk.person, item_id, _places(fields.get("q0", [])))
    return pages_of(request).page(request, desk, "practice.html", practice=None, answered=answered)


def _attempt(
    request: Request,
    desk: Desk,
    attempt_id: str,
    *,
    saved: bool = False,
    error: ProductError | None = None,
) -> Response:
    shown = read_paper(desk.app, desk.person, attempt_id)
    return pages_of(request).page(
        request,
        desk,
        "exam_marked.html" if isinstance(shown, Marked) else "exam.html",
        status=status_of(error) if error else 200,
        shown=shown,
        saved=saved,
        problem=error.message if error else None,
    )


def _places(values: list[str]) -> Chosen:
    return frozenset(int(one) for one in values if one.isdecimal() and len(one) < 3)
