"""/api/registers/…: every kind of entry by the same routes; a kind is data, so its fields are too."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import Field

from assistant.registers.export_entries import ExportForm, export_entries
from assistant.registers.read_registers import (
    EntryView,
    Listed,
    Tally,
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
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.files import upload_form
from integrations.web.tickets import DeadlineView
from integrations.web.uploads import Uploaded
from records.language import Bilingual, Language
from tickets.registers.kind_files import load_kinds
from tickets.registers.kinds import FOLDER, FieldType, Kind

router = APIRouter(tags=["registers"])


class NewEntry(RequestBody):
    """The fields of the kind by their names: text, dates as 2026-11-23, yes or no, options."""

    values: dict[str, Any] = Field(max_length=100)
    key: str = Field(default="", max_length=100, description="The same key opens one entry once")


class Amendment(RequestBody):
    """Fields filled or corrected (null empties one), and why. Without fields it is a remark."""

    values: dict[str, Any] = Field(default_factory=dict, max_length=100)
    reason: str = Field(min_length=1, max_length=2000, examples=["客户来电更正"])


class EntryMove(RequestBody):
    """The next state, and the reason where the move asks for one."""

    to: str = Field(min_length=1, max_length=20, examples=["verified"])
    reason: str = Field(default="", max_length=2000)


class FieldView(View):
    """One field of a kind."""

    id: str
    name: Said
    type: FieldType
    options: dict[str, Said]
    many: bool
    sealed: bool
    required: bool
    required_when: dict[str, tuple[str, ...]]


class MoveView(View):
    """A way on."""

    to: str
    name: Said
    needs: tuple[str, ...]
    reason: bool


class StateView(View):
    """A state of a kind."""

    id: str
    name: Said
    final: bool
    moves: tuple[MoveView, ...]


class KindView(View):
    """A kind of entry: what may be entered and how it moves."""

    id: str
    prefix: str
    name: Said
    about: Said
    fields: tuple[FieldView, ...]
    states: tuple[StateView, ...]
    example: dict[str, Any]


class TallyView(View):
    """A register in numbers."""

    kind: str
    name: Said
    open: int
    overdue: int
    due_soon: int
    closed: int


class EventView(View):
    """One line of the timeline."""

    at: datetime
    person_id: str
    what: str
    details: dict[str, Any]


class EvidenceView(View):
    """A file of the entry."""

    field: str
    file_id: str
    sha256: str
    size: int
    what: str


class ShareView(View):
    """How often one answer was given."""

    name: Said
    count: int


class KindYearView(View):
    """One register in one year."""

    kind: str
    name: Said
    opened: int
    closed: int
    open_now: int
    overdue_now: int
    in_time: int
    late: int
    months: tuple[int, ...]


class ReviewView(View):
    """A year in numbers."""

    year: int
    registers: tuple[KindYearView, ...]
    incidents: tuple[ShareView, ...]
    incidents_late: int
    drills: int
    destructions: int
    certificates: int
    people_trained: int
    people_passed: int
    months: tuple[int, ...]


class LineView(View):
    """An entry in a list."""

    number: str
    kind: str
    state: str
    title: Said
    opened_at: datetime
    next_due: datetime | None
    overdue: bool
    closed: bool


class EntryModel(View):
    """An entry: values as kept, in words, its clocks, evidence, timeline and next moves."""

    number: str
    kind: str
    state: str
    title: Said
    values: dict[str, Any]
    words: dict[str, Said]
    opened_by: str
    opened_at: datetime
    keep_until: date | None
    approvals: tuple[str, ...]
    clocks: tuple[DeadlineView, ...]
    evidence: tuple[EvidenceView, ...]
    timeline: tuple[EventView, ...]
    moves: tuple[MoveView, ...]
    may_approve: bool
    calls_for: tuple[Said, ...]


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
    return [_tally(one) for one in register_overview(desk.app, desk.person)]


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
    return [_line(one) for one in rows]


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
    view: EntryView = read_entry(desk.app, desk.person, number)
    entry = view.shown.entry
    sealed = {name: view.shown.shown[name].zh for name in entry.sealed}
    return EntryModel(
        number=entry.id,
        kind=entry.kind,
        state=entry.state,
        title=Said.model_validate(view.shown.title),
        values={**entry.values, **sealed},
        words={name: Said.model_validate(said) for name, said in view.shown.shown.items()},
        opened_by=entry.opened_by,
        opened_at=entry.opened_at,
        keep_until=entry.keep_until,
        approvals=tuple(one.person_id for one in entry.approvals),
        clocks=tuple(DeadlineView.model_validate(one) for one in entry.deadlines),
        evidence=tuple(EvidenceView.model_validate(one) for one in entry.evidence),
        timeline=tuple(EventView.model_validate(one) for one in view.timeline),
        moves=tuple(MoveView.model_validate(one) for one in view.moves),
        may_approve=view.may_approve,
        calls_for=tuple(Said.model_validate(one.reason) for one in view.calls),
    )


def _line(one: Listed) -> LineView:
    entry = one.shown.entry
    return LineView(
        number=entry.id,
        kind=entry.kind,
        state=entry.state,
        title=Said.model_validate(one.shown.title),
        opened_at=entry.opened_at,
        next_due=one.next_due.due_at if one.next_due else None,
        overdue=one.overdue,
        closed=one.closed,
    )


def _tally(one: Tally) -> TallyView:
    return TallyView(
        kind=one.kind.id,
        name=Said.model_validate(one.kind.name),
        open=one.open,
        overdue=one.overdue,
        due_soon=one.due_soon,
        closed=one.closed,
    )
