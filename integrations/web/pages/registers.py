"""台账: all registers in numbers, one register, one entry, and forms made from the kind's file."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.registers.entry_access import kind_named
from assistant.registers.export_entries import ExportForm, export_entries
from assistant.registers.read_registers import (
    EntryView,
    draft_reply,
    list_entries,
    read_entry,
    read_evidence,
    register_overview,
)
from assistant.registers.work_register import (
    amend_entry,
    approve_entry,
    attach_evidence,
    move_entry,
    open_entry,
)
from assistant.registers.yearly_report import ReportForm, figures, summary, yearly_report
from assistant.registers.yearly_review import yearly_review
from integrations.replies.entries import NAMES, by_what, clock_state, event_parts, later_line
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.fields import form_fields, typed_values
from integrations.web.forms import MultiForm
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from records.errors import ProductError
from records.language import Bilingual
from records.people import all_people
from tickets.registers.kinds import Kind
from tickets.registers.values import LONGEST_TEXT
from tickets.ticket import TicketKind

router = APIRouter(include_in_schema=False)


@router.get("/registers")
def registers(request: Request, desk: SignedIn) -> Response:
    """Every register in numbers."""
    tallies = register_overview(desk.app, desk.person)
    return pages_of(request).page(request, desk, "registers.html", tallies=tallies)


@router.get("/registers/review")
def review(request: Request, desk: SignedIn, year: int = 0) -> Response:
    """A year in numbers and plots."""
    found = yearly_review(desk.app, desk.person, year or desk.app.today().year)
    return pages_of(request).page(
        request,
        desk,
        "register_review.html",
        review=found,
        sentences=tuple(summary(found)),
        years=range(desk.app.today().year, 2019, -1),
        forms=tuple(ReportForm),
        figures=figures,
    )


@router.get("/registers/review/{year}/{form}")
def report(desk: SignedIn, year: int, form: ReportForm) -> Response:
    """The yearly review as a file."""
    data = yearly_report(desk.app, desk.person, year, form, language=desk.language)
    return attachment(f"yearly-review-{year}.{form}", data)


@router.get("/registers/{kind}")
def entries(
    request: Request,
    desk: SignedIn,
    kind: str,
    state: str = "",
    search: str = "",
    show: str = "",
) -> Response:
    """One register."""
    rows = list_entries(
        desk.app, desk.person, kind, state=state, words=search[:200],
        only_open=show == "open", only_overdue=show == "overdue",
    )  # fmt: skip
    found = kind_named(desk.app, kind)
    return pages_of(request).page(
        request, desk, "register_list.html", kind=found, rows=rows, state=state, search=search,
        show=show, by_what=lambda one: by_what(one, desk.language),
    )  # fmt: skip


@router.get("/registers/{kind}/new")
def new_form(request: Request, desk: SignedIn, kind: str) -> Response:
    """The form of a kind, made from its file."""
    return _form(request, desk, kind_named(desk.app, kind), {})


@router.post("/registers/{kind}/new")
def opened(request: Request, desk: SignedIn, kind: str, fields: MultiForm) -> Response:
    """Opens the entry and goes there, or shows the form again with the reason."""
    found = kind_named(desk.app, kind)
    try:
        done = open_entry(desk.app, desk.person, found.id, typed_values(found, fields))
    except ProductError as error:
        return _form(request, desk, found, fields, error)
    return RedirectResponse(f"/registers/{found.id}/{done.id}", 303)


@router.get("/registers/{kind}/export/{form}")
def exported(desk: SignedIn, kind: str, form: ExportForm) -> Response:
    """The register as a file."""
    done = export_entries(desk.app, desk.person, kind, form, language=desk.language)
    return attachment(done.name, done.data)


@router.get("/registers/{kind}/{number}")
def entry(request: Request, desk: SignedIn, kind: str, number: str, draft: str = "") -> Response:
    """One entry in full, with a draft if one is asked for."""
    return _entry(request, desk, number, draft=draft)


@router.post("/registers/{kind}/{number}/amend")
def amended(
    request: Request, desk: SignedIn, kind: str, number: str, fields: MultiForm
) -> Response:
    """Only what was changed on the form is amended."""
    found, reason = kind_named(desk.app, kind), (fields.get("reason") or [""])[-1]
    try:
        shown = read_entry(desk.app, desk.person, number).shown.entry
        before = {**shown.values, **shown.sealed}
        typed = typed_values(found, fields, before=before)
        amend_entry(desk.app, desk.person, number, typed, reason=reason)
    except ProductError as error:
        return _entry(request, desk, number, error=error, typed=fields)
    return _back(found, number)


@router.post("/registers/{kind}/{number}/move")
def moved(request: Request, desk: SignedIn, kind: str, number: str, fields: MultiForm) -> Response:
    """A move taken, or the entry with what was missing."""
    to, reason = (fields.get("to") or [""])[-1], (fields.get("reason") or [""])[-1]
    try:
        move_entry(desk.app, desk.person, number, to, reason=reason)
    except ProductError as error:
        return _entry(request, desk, number, error=error)
    return _back(kind_named(desk.app, kind), number)


@router.post("/registers/{kind}/{number}/approve")
def approved(request: Request, desk: SignedIn, kind: str, number: str) -> Response:
    """An approval given."""
    try:
        approve_entry(desk.app, desk.person, number)
    except ProductError as error:
        return _entry(request, desk, number, error=error)
    return _back(kind_named(desk.app, kind), number)


@router.post("/registers/{kind}/{number}/evidence")
def evidence(
    request: Request, desk: SignedIn, kind: str, number: str, upload: Uploaded
) -> Response:
    """A file attached."""
    field, what = upload.fields.get("field", ""), upload.fields.get("what", "")
    try:
        attach_evidence(desk.app, desk.person, number, field, upload.untrusted_data, what=what)
    except ProductError as error:
        return _entry(request, desk, number, error=error)
    return _back(kind_named(desk.app, kind), number)


@router.get("/registers/{kind}/{number}/evidence/{file_id}")
def evidence_file(desk: SignedIn, kind: str, number: str, file_id: str) -> Response:
    """A file as it was attached."""
    name, data = read_evidence(desk.app, desk.person, number, file_id)
    return attachment(name, data)


def _form(
    request: Request,
    desk: Desk,
    kind: Kind,
    typed: Mapping[str, list[str]],
    error: ProductError | None = None,
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "register_new.html",
        status=status_of(error) if error else 200,
        kind=kind,
        fields=form_fields(kind, {}, typed),
        first=_at_once(kind),
        people=_people(desk),
        prefixes=_prefixes(desk),
        problem=error.message if error else None,
        longest=LONGEST_TEXT,
    )


def _entry(
    request: Request,
    desk: Desk,
    number: str,
    *,
    error: ProductError | None = None,
    typed: Mapping[str, list[str]] | None = None,
    draft: str = "",
) -> Response:
    view = read_entry(desk.app, desk.person, number)
    shown, kind = view.shown, view.shown.kind
    written, problem = _draft(desk, number, draft)
    wrong = error.message if error else problem
    sealed = shown.entry.sealed if view.may_amend else {}
    locked = {one.id for one in kind.fields if shown.entry.state in kind.gated and not one.later}
    return pages_of(request).page(
        request,
        desk,
        "register_entry.html",
        status=status_of(error) if error else 200,
        view=view,
        entry=shown.entry,
        kind=kind,
        state=kind.state(shown.entry.state),
        today=desk.app.today(),
        fields=form_fields(kind, {**shown.entry.values, **sealed}, typed or {}, without=locked),
        files=[one for one in kind.fields if one.type == "file" and one.id not in locked],
        drafts=[one for one in kind.drafts if shown.entry.state in one.states],
        written=written,
        people=_people(desk),
        prefixes=_prefixes(desk),
        where=_links(desk, view),
        problem=wrong,
        event_title=lambda what: NAMES.get(what, Bilingual(what, what)),
        event_parts=lambda event: event_parts(event, kind),
        clock_state=lambda one: clock_state(one, desk.language, now=desk.app.clock()),
        by_what=lambda one: by_what(one, desk.language),
        later_line=lambda move, wants: later_line(move, wants, desk.language),
        longest=LONGEST_TEXT,
    )


def _links(desk: Desk, view: EntryView) -> dict[str, str]:
    """Where each link of the entry leads."""
    kinds = {one.prefix: f"/registers/{one.id}/" for one in desk.app.kinds.values()}
    kinds |= {one.prefix: "/tickets/" for one in TicketKind}
    found: dict[str, str] = {}
    for field in view.shown.kind.fields:
        text = str(view.shown.entry.values.get(field.id) or "")
        prefix = text.partition("-")[0]
        if field.type == "link" and prefix in kinds:
            found[field.id] = kinds[prefix] + text
        elif field.type == "link" and text and "law" in field.to:
            found[field.id] = f"/law?{urlencode({'name': text})}"
    return found


def _draft(desk: Desk, number: str, draft: str) -> tuple[Bilingual | None, Bilingual | None]:
    if not draft:
        return None, None
    try:
        return draft_reply(desk.app, desk.person, number, draft), None
    except ProductError as error:
        return None, error.message


def _at_once(kind: Kind) -> frozenset[str]:
    """The fields that are filled at opening, or may have to be by what is."""
    required = {one.id for one in kind.fields if one.required}
    asked = {
        one.id
        for one in kind.fields
        if one.type != "file" and one.required_when and set(one.required_when) <= required
    }
    return frozenset(required | asked)


def _prefixes(desk: Desk) -> dict[str, str]:
    """What a number begins with that leads to each kind."""
    others = {"ticket": "INC-… / DES-…", "notice": "N-…", "law": "个人信息保护法第55条"}
    return {one.id: f"{one.prefix}-…" for one in desk.app.kinds.values()} | others


def _people(desk: Desk) -> dict[str, str]:
    with desk.app.database.reading() as session:
        return {one.id: one.name for one in all_people(session)}


def _back(kind: Kind, number: str) -> Response:
    return RedirectResponse(f"/registers/{kind.id}/{number.strip().upper()[:20]}", 303)
