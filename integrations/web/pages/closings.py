"""The pages of closing projects: start by the question which route, board, sections, clients."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.closing.board import read_board
from assistant.closing.bundle import make_closing_bundle
from assistant.closing.client_table import link_inventory
from assistant.closing.close_company import (
    add_closing_evidence,
    end_closing,
    list_closings,
    move_closing_item,
    name_custodian,
    set_closing_days,
    start_closing,
)
from assistant.redaction.scan_folder import ListedScan, list_scans
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from records.errors import BadInput, ProductError
from records.permissions import Permission, allowed
from tickets.closing.data import Entity, KnownDay, Question, Route, choose, closing_data
from tickets.closing.project import STEP, ItemState, how_settled, skip_reasons
from tickets.retention.facts import HolderType, RecordKind
from tickets.retention.rules import rulebook

router = APIRouter(include_in_schema=False)

# Where on the pages of a project each blocker is dealt with; other addresses begin with a slash.
_PLACES = {
    "clients": "#import",
    "undecided": "clients?fate=undecided",
    "broken": "clients",
    "notices": "clients?notice=none",
    "unapproved": "/notices",
    "unsettled": "clients",
    "incidents": "/tickets",
    "requests": "/registers/rights_request",
    "disputes": "/registers/dispute",
    "custodian": "#custodian",
    "steps": "#plan",
    "early": "#plan",
    "sections": "sections",
}


@router.get("/closing")
def closings_page(request: Request, desk: SignedIn) -> Response:
    """The projects, and the questions that lead to a route."""
    return _list_page(request, desk)


@router.post("/closing")
def closing_started(request: Request, desk: SignedIn, fields: Form) -> Response:
    """The next question, or on to the new project."""
    answers = {
        one.id: fields[one.id] == "yes"
        for one in closing_data().questions
        if fields.get(one.id) in ("yes", "no")
    }
    try:
        if "route" not in fields:
            return _list_page(request, desk, answers=answers, company=fields.get("company", ""))
        made = start_closing(
            desk.app,
            desk.person,
            fields.get("company", ""),
            route=_named(Route, fields["route"]),
            entity=_named(Entity, fields.get("entity", "")),
        )
    except ProductError as error:
        company = fields.get("company", "")
        return _list_page(request, desk, answers=answers, company=company, error=error)
    return RedirectResponse(f"/closing/{made.id}", 303)


@router.get("/closing/{number}")
def board_page(request: Request, desk: SignedIn, number: str) -> Response:
    """The board."""
    return show_board(request, desk, number)


@router.get("/closing/{number}/sections")
def sections_page(request: Request, desk: SignedIn, number: str) -> Response:
    """The twenty sections with what is done about each."""
    return _sections_page(request, desk, number)


@router.post("/closing/{number}/day")
def day_given(request: Request, desk: SignedIn, number: str, fields: Form) -> Response:
    """The day on record, and back to the board."""

    def act() -> None:
        days = {_named(KnownDay, fields.get("name", "")): _day(fields.get("day", ""))}
        set_closing_days(desk.app, desk.person, number, days)

    return _board_after(request, desk, number, act)


@router.post("/closing/{number}/item")
def item_moved(request: Request, desk: SignedIn, number: str, fields: Form) -> Response:
    """The item moved on, and back to where it was shown."""
    item, page = fields.get("item", ""), fields.get("page", "")

    def act() -> None:
        on = _day(fields["on"]) if fields.get("on") else None
        move_closing_item(
            desk.app, desk.person, number, item, _named(ItemState, fields.get("to", "")),
            note=fields.get("note", ""), reason=fields.get("reason", ""), day=on,
        )  # fmt: skip

    after = _sections_after if page == "sections" else _board_after
    return after(request, desk, number, act, at=item)


@router.post("/closing/{number}/evidence")
def evidence_added(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """The file kept, and back to the step or section it proves."""
    fields, item = upload.fields, upload.fields.get("item", "")

    def act() -> None:
        add_closing_evidence(
            desk.app, desk.person, number, item, upload.untrusted_data,
            upload.untrusted_name, what=fields.get("what", ""),
        )  # fmt: skip

    after = _board_after if item.startswith(STEP) else _sections_after
    return after(request, desk, number, act, at=item)


@router.post("/closing/{number}/inventory")
def inventory_linked(request: Request, desk: SignedIn, number: str, fields: Form) -> Response:
    """The inventory joined, and back to the board."""

    def act() -> None:
        link_inventory(desk.app, desk.person, number, fields.get("scan_id", "").strip())

    return _board_after(request, desk, number, act)


@router.post("/closing/{number}/custodian")
def custodian_named(request: Request, desk: SignedIn, number: str, fields: Form) -> Response:
    """The custodian on record, and back to the board."""

    def act() -> None:
        name_custodian(
            desk.app, desk.person, number, custodian=fields.get("custodian", ""),
            contact=fields.get("contact", ""),
        )  # fmt: skip

    return _board_after(request, desk, number, act)


@router.post("/closing/{number}/end")
def ended(request: Request, desk: SignedIn, number: str, fields: Form) -> Response:
    """The project ended, or the board with what blocks it."""

    def act() -> None:
        end_closing(desk.app, desk.person, number, reason=fields.get("reason", ""))

    return _board_after(request, desk, number, act)


@router.get("/closing/{number}/bundle")
def bundle(desk: SignedIn, number: str, named: bool = False) -> Response:
    """The evidence bundle as a zip."""
    made = make_closing_bundle(desk.app, desk.person, number, named=named)
    return attachment(made.name, made.data)


def _scans(desk: Desk) -> list[ListedScan]:
    """The inventories somebody may name."""
    return (
        list_scans(desk.app, desk.person)[:20] if allowed(desk.person, Permission.FILE_SCAN) else []
    )


def _list_page(
    request: Request,
    desk: Desk,
    *,
    answers: dict[str, bool] | None = None,
    company: str = "",
    error: ProductError | None = None,
) -> Response:
    asked = choose(answers or {})
    route = None if isinstance(asked, Question) else asked
    return pages_of(request).page(
        request,
        desk,
        "closings.html",
        status=status_of(error) if error else 200,
        projects=list_closings(desk.app, desk.person),
        answers=answers or {},
        question=asked if isinstance(asked, Question) else None,
        route=route,
        about=closing_data().routes[route].about if route else None,
        entities=closing_data().routes[route].entities if route else (),
        questions={one.id: one for one in closing_data().questions},
        company=company,
        problem=error.message if error else None,
    )


def show_board(
    request: Request, desk: Desk, number: str, *, error: ProductError | None = None
) -> Response:
    """The board, with what went wrong on top."""
    board = read_board(desk.app, desk.person, number)
    return pages_of(request).page(
        request,
        desk,
        "closing.html",
        status=status_of(error) if error else 200,
        board=board,
        project=board.project,
        today=desk.app.today(),
        days=tuple(KnownDay),
        places=_PLACES,
        scans=_scans(desk),
        holders=tuple(HolderType),
        holder=desk.app.settings.holder,
        kinds={kind: rulebook().kinds[kind].name for kind in RecordKind},
        skips={f"step:{one.step.id}": skip_reasons(board.project, f"step:{one.step.id}")
               for one in board.plan},
        how_settled=how_settled,
        problem=error.message if error else None,
    )  # fmt: skip


def _sections_page(
    request: Request, desk: Desk, number: str, *, error: ProductError | None = None
) -> Response:
    board = read_board(desk.app, desk.person, number)
    sections = board.project.sections()
    return pages_of(request).page(
        request,
        desk,
        "closing_sections.html",
        status=status_of(error) if error else 200,
        project=board.project,
        company=board.names.company,
        sections=sections,
        section_roles=closing_data().roles,
        skips={item.id: skip_reasons(board.project, item.id) for _, item in sections},
        evidence=board.evidence,
        how_settled=how_settled,
        problem=error.message if error else None,
    )


def _board_after(
    request: Request, desk: Desk, number: str, act: Callable[[], None], *, at: str = ""
) -> Response:
    try:
        act()
    except ProductError as error:
        return show_board(request, desk, number, error=error)
    return RedirectResponse(f"/closing/{_number(number)}{_anchor(at)}", 303)


def _sections_after(
    request: Request, desk: Desk, number: str, act: Callable[[], None], *, at: str = ""
) -> Response:
    try:
        act()
    except ProductError as error:
        return _sections_page(request, desk, number, error=error)
    return RedirectResponse(f"/closing/{_number(number)}/sections{_anchor(at)}", 303)


def _anchor(item: str) -> str:
    """Back to where the item is shown, once what was given is known to be an item."""
    return f"#{item.replace(':', '-')}" if item else ""


def _named(choices: Any, text: str) -> Any:
    try:
        return choices(text)
    except ValueError:
        raise BadFields("下拉选项", "the choices") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("日期请写成 2026-11-23 这样。", "Write the date like 2026-11-23.") from None


def _number(text: str) -> str:
    return text.strip().upper()[:20]
