"""The trainer's pages: the item bank with review, quizzes, results."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.quizzes.choosing import Wish
from assistant.quizzes.exports import Format
from assistant.quizzes.items import Option
from assistant.quizzes.store import Rules
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
    Wording,
    approve_item,
    edit_item,
    list_items,
    make_items,
    read_quiz_item,
    reject_item,
)
from assistant.training.training_records import all_results
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.forms import Form, as_day
from integrations.web.pages.training import Fields
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from records.errors import ProductError
from records.language import Language

router = APIRouter(include_in_schema=False)

BUILD = {"title": "", "count": "10", "pass": "80", "minutes": "30", "attempts": "2"}


@router.get("/training/items")
def items_page(request: Request, desk: SignedIn, state: str = ItemState.DRAFT) -> Response:
    """The item bank, those to be reviewed first."""
    return _items(request, desk, ItemState(state) if state in set(ItemState) else ItemState.DRAFT)


@router.post("/training/items")
def items_made(request: Request, desk: SignedIn, fields: Form) -> Response:
    """New drafts; what is missing is said."""
    try:
        wish = Wish(
            count=_whole(fields.get("count", "")),
            seed=_whole(fields.get("seed", "1") or "1"),
            language=Language.EN if fields.get("language") == "en" else Language.ZH,
        )
        made = make_items(desk.app, desk.person, wish)
    except ProductError as error:
        return _items(request, desk, ItemState.DRAFT, error)
    return RedirectResponse(
        f"/training/items?made={len(made.item_ids)}&missing={made.missing}", 303
    )


@router.get("/training/items/{item_id}")
def item_page(request: Request, desk: SignedIn, item_id: str) -> Response:
    """One item with key, reasons, article and flaws, to be approved, mended or rejected."""
    return _item(request, desk, item_id)


@router.post("/training/items/{item_id}")
def item_reviewed(request: Request, desk: SignedIn, item_id: str, fields: Form) -> Response:
    """On to the next draft; back to the item where it may not be approved."""
    try:
        if "approve" in fields:
            approve_item(desk.app, desk.person, item_id)
        elif "reject" in fields:
            reject_item(desk.app, desk.person, item_id)
        else:
            edit_item(desk.app, desk.person, item_id, _wording(desk, item_id, fields))
            return RedirectResponse(f"/training/items/{item_id}", 303)
    except ProductError as error:
        return _item(request, desk, item_id, error, fields)
    drafts = list_items(desk.app, desk.person, ItemState.DRAFT).items
    return RedirectResponse(
        f"/training/items/{drafts[0].id}" if drafts else "/training/items?state=approved", 303
    )


@router.get("/training/quizzes")
def quizzes_page(request: Request, desk: SignedIn) -> Response:
    """Every quiz, and a form for a new one."""
    return _quizzes(request, desk, BUILD)


@router.post("/training/quizzes")
def quiz_built(request: Request, desk: SignedIn, fields: Form) -> Response:
    """On to the new quiz, or the form again with the reason."""
    form = BUILD | {name: value for name, value in fields.items() if name in BUILD}
    try:
        minutes = _whole(form["minutes"] or "0") or None
        rules = Rules(
            form["title"].strip(), _whole(form["pass"]), minutes, _whole(form["attempts"])
        )
        selection = Selection(count=_whole(form["count"]))
        number = build_quiz(desk.app, desk.person, rules, selection)
    except ProductError as error:
        return _quizzes(request, desk, form, error)
    return RedirectResponse(f"/training/quizzes/{number}", 303)


@router.get("/training/quizzes/{quiz_id}")
def quiz_page(request: Request, desk: SignedIn, quiz_id: str) -> Response:
    """A quiz with its key, exports, whom it is assigned to."""
    return _quiz(request, desk, quiz_id)


@router.post("/training/quizzes/{quiz_id}/assign")
def quiz_assigned(request: Request, desk: SignedIn, quiz_id: str, fields: Fields) -> Response:
    """Back to the quiz."""
    people = fields.get("person", [])
    try:
        if not people and "everybody" not in fields:
            raise BadFields("派给谁", "whom to assign it to")
        chosen = () if "everybody" in fields else people
        due = as_day(next(iter(fields.get("due", [])), ""))
        assign_quiz(desk.app, desk.person, quiz_id, people=chosen, due_on=due)
    except ProductError as error:
        return _quiz(request, desk, quiz_id, error)
    return RedirectResponse(f"/training/quizzes/{quiz_id}#assigned", 303)


@router.get("/training/quizzes/{quiz_id}/export/{form}")
def quiz_exported(desk: SignedIn, quiz_id: str, form: Format) -> Response:
    """The file. What does not fit it is named on the page of the quiz."""
    made = export_quiz(desk.app, desk.person, quiz_id, form)
    return attachment(made.name, made.data)


@router.get("/training/results")
def results_page(request: Request, desk: SignedIn) -> Response:
    """Everybody's results."""
    found = all_results(desk.app, desk.person)
    return pages_of(request).page(request, desk, "training_results.html", results=found)


def _items(
    request: Request, desk: Desk, state: ItemState, error: ProductError | None = None
) -> Response:
    query = request.query_params
    return pages_of(request).page(
        request,
        desk,
        "quiz_items.html",
        status=status_of(error) if error else 200,
        bank=list_items(desk.app, desk.person, state),
        topics={one.topic: one.name for one in desk.app.library.duties.topics},
        state=state,
        made=query.get("made", ""),
        missing=query.get("missing", "0"),
        problem=error.message if error else None,
    )


def _item(
    request: Request,
    desk: Desk,
    item_id: str,
    error: ProductError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    judged = read_quiz_item(desk.app, desk.person, item_id)
    item = judged.kept.item
    form = {"stem": item.stem, "rationale": item.rationale}
    for place, one in enumerate(item.options):
        form |= {f"option{place}": one.text, f"why{place}": one.why}
    return pages_of(request).page(
        request,
        desk,
        "quiz_item.html",
        status=status_of(error) if error else 200,
        judged=judged,
        form=form | {k: v for k, v in (typed or {}).items() if k in form},
        topics={one.topic: one.name for one in desk.app.library.duties.topics},
        problem=error.message if error else None,
    )


def _quizzes(
    request: Request, desk: Desk, form: dict[str, str], error: ProductError | None = None
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "quizzes.html",
        status=status_of(error) if error else 200,
        quizzes=list_quizzes(desk.app, desk.person),
        approved=list_items(desk.app, desk.person).counts[ItemState.APPROVED],
        form=form,
        problem=error.message if error else None,
    )


def _quiz(
    request: Request, desk: Desk, quiz_id: str, error: ProductError | None = None
) -> Response:
    opened = open_quiz(desk.app, desk.person, quiz_id)
    return pages_of(request).page(
        request,
        desk,
        "quiz.html",
        status=status_of(error) if error else 200,
        opened=opened,
        formats=tuple(Format),
        problem=error.message if error else None,
    )


def _wording(desk: Desk, item_id: str, fields: dict[str, str]) -> Wording:
    """The item as typed; which option is right does not change with its words."""
    item = read_quiz_item(desk.app, desk.person, item_id).kept.item
    options = tuple(
        Option(
            fields.get(f"option{place}", one.text).strip(),
            one.right,
            fields.get(f"why{place}", one.why).strip(),
        )
        for place, one in enumerate(item.options)
    )
    return Wording(fields.get("stem", ""), options, fields.get("rationale", ""))


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 9:
        raise BadFields("数字", "the numbers")
    return int(text)
