"""/api/registers/…: every kind of entry by the same routes; a kind is data, so its fields are too."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from assistant.registers.export_entries import ExportForm, export_entries
from assistant.registers.read_registers import (
    draft_reply,
    list_entries,
    list_kinds,
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
from assistant.registers.yearly_report import ReportForm, yearly_report
from assistant.registers.yearly_review import YearlyReview, yearly_review
from integrations.web.bodies import Said
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.files import upload_form
from integrations.web.register_bodies import (
    Amendment,
    EntryModel,
    EntryMove,
    KindView,
    LineView,
    NewEntry,
    ReviewView,
    TallyView,
    entry_model,
    line_view,
    tally_view,
)
from integrations.web.uploads import Uploaded
from records.language import Bilingual, Language
from tickets.registers.kind_files import load_kinds
from tickets.registers.kinds import FOLDER, Kind

router = APIRouter(tags=["registers"])


_EXAMPLES: dict[str, Any] = {
    kind.id: {"summary": kind.name.zh, "value": {"values": dict(kind.example)}}
    for kind in load_kinds(FOLDER).values()
}


@router.get("/registers", response_model=list[KindView])
def kinds(desk: SignedIn) -> tuple[Kind, ...]:
    """Every kind of entry with its fields and states."""
    return list_kinds(desk.app, desk.person)


@router.get("/registers/overview", response_model=list[TallyView])
def overview(desk: SignedIn) -> list[TallyView]:
    """Open, overdue and due within a week, by kind."""
    return [tally_view(one) for one in register_overview(desk.app, desk.person)]


@router.get("/registers/review/{year}", response_model=ReviewView)
def review(desk: SignedIn, year: int) -> YearlyReview:
    """A year of registers and tickets in numbers."""
    return yearly_review(desk.app, desk.person, year)


@router.get("/registers/review/{year}/{form}", response_class=Response)
def report(desk: SignedIn, year: int, form: ReportForm, lang: Language = Language.ZH) -> Response:
    """The yearly review as PDF or Word."""
    data = yearly_report(desk.app, desk.person, year, form, language=lang)
    return attachment(f"yearly-review-{year}.{form}", data)


@router.get("/registers/{kind}", response_model=list[LineView])
def entries(
    desk: SignedIn,
    kind: str,
    state: str = "",
    search: str = "",
    only_open: bool = False,
    only_overdue: bool = False,
) -> list[LineView]:
    """The entries of a kind you may see, newest first."""
    rows = list_entries(
        desk.app, desk.person, kind, state=state, words=search, only_open=only_open,
        only_overdue=only_overdue,
    )  # fmt: skip
    return [line_view(one) for one in rows]


@router.post("/registers/{kind}", response_model=EntryModel, status_code=201)
def opened(
    desk: SignedIn, kind: str, wish: Annotated[NewEntry, Body(openapi_examples=_EXAMPLES)]
) -> EntryModel:
    """A new entry of the kind."""
    done = open_entry(desk.app, desk.person, kind, wish.values, key=wish.key or None)
    return _model(desk, done.id)


@router.get("/registers/{kind}/export", response_class=Response)
def exported(
    desk: SignedIn, kind: str, form: ExportForm = ExportForm.XLSX, lang: Language = Language.ZH
) -> Response:
    """A whole register as csv, xlsx or json; what is sealed stays out."""
    done = export_entries(desk.app, desk.person, kind, form, language=lang)
    return attachment(done.name, done.data)


@router.get("/registers/{kind}/{number}", response_model=EntryModel)
def entry(desk: SignedIn, kind: str, number: str) -> EntryModel:
    """One entry."""
    return _model(desk, number)


@router.post("/registers/{kind}/{number}/amend", response_model=EntryModel)
def amended(desk: SignedIn, kind: str, number: str, wish: Amendment) -> EntryModel:
    """Fields filled or corrected; what stood there stays on record."""
    amend_entry(desk.app, desk.person, number, wish.values, reason=wish.reason)
    return _model(desk, number)


@router.post("/registers/{kind}/{number}/move", response_model=EntryModel)
def moved(desk: SignedIn, kind: str, number: str, wish: EntryMove) -> EntryModel:
    """The entry in its next state."""
    move_entry(desk.app, desk.person, number, wish.to, reason=wish.reason)
    return _model(desk, number)


@router.post("/registers/{kind}/{number}/approve", response_model=EntryModel)
def approved(desk: SignedIn, kind: str, number: str) -> EntryModel:
    """One more approval, never the requester's."""
    approve_entry(desk.app, desk.person, number)
    return _model(desk, number)


@router.get("/registers/{kind}/{number}/drafts/{draft}", response_model=Said)
def drafted(desk: SignedIn, kind: str, number: str, draft: str) -> Bilingual:
    """A reply to start from; nothing is sent."""
    return draft_reply(desk.app, desk.person, number, draft)


@router.post(
    "/registers/{kind}/{number}/evidence",
    response_model=EntryModel,
    openapi_extra=upload_form(
        {
            "file": {"type": "string", "format": "binary"},
            "field": {"type": "string"},
            "what": {"type": "string"},
        },
        *("file", "field", "what"),
    ),
)
def evidence(desk: SignedIn, kind: str, number: str, upload: Uploaded) -> EntryModel:
    """A file for one of the entry's file fields, hashed and kept encrypted."""
    field, what = upload.fields.get("field", ""), upload.fields.get("what", "")
    if not what.strip():
        raise BadFields("what（是什么）", "what (what the file is)")
    attach_evidence(desk.app, desk.person, number, field, upload.untrusted_data, what=what)
    return _model(desk, number)


@router.get("/registers/{kind}/{number}/evidence/{file_id}", response_class=Response)
def evidence_file(desk: SignedIn, kind: str, number: str, file_id: str) -> Response:
    """A file of the entry as it was attached."""
    name, data = read_evidence(desk.app, desk.person, number, file_id)
    return attachment(name, data)


def _model(desk: Desk, number: str) -> EntryModel:
    return entry_model(read_entry(desk.app, desk.person, number))
