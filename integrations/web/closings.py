"""/api/closings: a company's closing project, from its start to its evidence bundle."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from assistant.closing.board import read_board
from assistant.closing.bundle import make_closing_bundle
from assistant.closing.client_table import (
    Imported,
    import_clients,
    link_inventory,
    list_closing_records,
    read_closing_client,
)
from assistant.closing.close_company import (
    ListedProject,
    add_closing_evidence,
    assign_closing_item,
    end_closing,
    list_closings,
    move_closing_item,
    name_custodian,
    set_closing_days,
    start_closing,
)
from assistant.closing.decide_closing import (
    Decided,
    decide_closing,
    request_closing_destruction,
    settle_closing,
)
from assistant.closing.notices import (
    WrittenNotice,
    record_closing_notices,
    write_closing_notice,
)
from integrations.closing_filter import closing_filter
from integrations.web.closing_bodies import (
    BoardView,
    CountView,
    Day,
    DecidedView,
    Decision,
    End,
    ImportView,
    ListedView,
    Move,
    NoticeResult,
    NoticeWish,
    ProjectView,
    RecordsView,
    RecordView,
    ScanWish,
    Settled,
    Somebody,
    Start,
    TicketsView,
    Tried,
    WrittenView,
    board_view,
)
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.files import upload_form
from integrations.web.uploads import Uploaded
from records.errors import BadInput
from tickets.closing.records import Record, client_number
from tickets.retention.facts import HolderType, RecordKind

router = APIRouter(tags=["closing"])


@router.post("/closings", response_model=ProjectView, status_code=201)
def start(desk: SignedIn, body: Start) -> object:
    """A new project on the route a person chose."""
    return start_closing(desk.app, desk.person, body.company, route=body.route, entity=body.entity)


@router.get("/closings", response_model=list[ListedView])
def listed(desk: SignedIn) -> list[ListedProject]:
    """Every project, the newest first."""
    return list_closings(desk.app, desk.person)


@router.get("/closings/{number}", response_model=BoardView)
def board(desk: SignedIn, number: str) -> BoardView:
    """Progress, what is overdue, what blocks, what to do next."""
    return board_view(read_board(desk.app, desk.person, number), desk.app.today())


@router.post("/closings/{number}/days", response_model=ProjectView)
def day(desk: SignedIn, number: str, body: Day) -> object:
    """A day put on record; periods follow from it."""
    return set_closing_days(desk.app, desk.person, number, {body.name: body.day})


@router.post("/closings/{number}/items/{item}", response_model=ProjectView)
def item_moved(desk: SignedIn, number: str, item: str, body: Move) -> object:
    """A step or section moved on."""
    if body.owner:
        assign_closing_item(desk.app, desk.person, number, item, body.owner)
    return move_closing_item(
        desk.app, desk.person, number, item, body.to, note=body.note, reason=body.reason,
        day=body.day,
    )  # fmt: skip


@router.post(
    "/closings/{number}/items/{item}/evidence",
    response_model=ProjectView,
    openapi_extra=upload_form(
        {"file": {"type": "string", "format": "binary"}, "what": {"type": "string"}},
        *("file", "what"),
    ),
)
def evidence(desk: SignedIn, number: str, item: str, upload: Uploaded) -> object:
    """A file of evidence, hashed and kept encrypted."""
    return add_closing_evidence(
        desk.app, desk.person, number, item, upload.untrusted_data, upload.untrusted_name,
        what=upload.fields.get("what", ""),
    )  # fmt: skip


@router.post(
    "/closings/{number}/clients",
    response_model=ImportView,
    openapi_extra=upload_form(
        {
            "file": {"type": "string", "format": "binary"},
            "kinds": {"type": "string", "description": "identity_copy,contract"},
            "holder": {"type": "string", "description": "company"},
            "dry_run": {"type": "string"},
            "skip_bad": {"type": "string"},
        },
        "file",
    ),
)
def clients(desk: SignedIn, number: str, upload: Uploaded) -> Imported:
    """A table of clients, all of it or nothing."""
    return import_clients(
        desk.app, desk.person, number, upload.untrusted_data, upload.untrusted_name,
        kinds=kinds_of(upload.fields.get("kinds", "")),
        holder=holder_of(upload.fields.get("holder", "")),
        dry_run=bool(upload.fields.get("dry_run")), skip_bad=bool(upload.fields.get("skip_bad")),
    )  # fmt: skip


@router.post("/closings/{number}/inventory", response_model=CountView)
def inventory(desk: SignedIn, number: str, body: ScanWish) -> CountView:
    """An inventory joined to the clients; how many files are not certainly any client's."""
    linked = link_inventory(desk.app, desk.person, number, body.scan_id)
    return CountView(count=linked.unassigned)


@router.get("/closings/{number}/records", response_model=RecordsView)
def records(
    desk: SignedIn,
    number: str,
    kind: str | None = None,
    status: str | None = None,
    fate: str | None = None,
    undecided: bool = False,
    client: str | None = None,
    notice: str | None = None,
    sensitive: bool | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> object:
    """One page of records; clients by number only."""
    wanted = closing_filter(
        kind=kind, status=status, fate=fate, undecided=undecided, client=client, notice=notice,
        sensitive=sensitive,
    )  # fmt: skip
    return list_closing_records(desk.app, desk.person, number, wanted, page=page)


@router.get("/closings/{number}/clients/{client}", response_model=list[RecordView])
def client_records(desk: SignedIn, number: str, client: str) -> tuple[Record, ...]:
    """Everything decided about one client."""
    return read_closing_client(desk.app, desk.person, number, client_number(client)).records


@router.post("/closings/{number}/decisions", response_model=DecidedView)
def decision(desk: SignedIn, number: str, body: Decision) -> Decided:
    """One decision for many records; what breaks a period is refused with the article."""
    return decide_closing(
        desk.app, desk.person, number, body.filter(), fate=body.fate, somebody=body.somebody,
        contact=body.contact, reason=body.reason, lawful_only=body.lawful_only,
        dry_run=body.dry_run,
    )  # fmt: skip


@router.post("/closings/{number}/settled", response_model=CountView)
def settled(desk: SignedIn, number: str, body: Settled) -> CountView:
    """Records handed over, returned or taken into custody."""
    done = settle_closing(desk.app, desk.person, number, body.filter(), note=body.note)
    return CountView(count=done)


@router.post("/closings/{number}/notices", response_model=CountView)
def notices(desk: SignedIn, number: str, body: NoticeResult) -> CountView:
    """What became of the notices to clients."""
    done = record_closing_notices(
        desk.app, desk.person, number, body.filter(), state=body.state, reference=body.reference
    )
    return CountView(count=done)


@router.post("/closings/{number}/written-notices", response_model=WrittenView, status_code=201)
def notice_written(desk: SignedIn, number: str, body: NoticeWish) -> WrittenNotice:
    """A draft to the clients of these records; two others approve it before it goes."""
    return write_closing_notice(
        desk.app, desk.person, number, body.filter(), kind=body.notice_kind, given=body.given
    )


@router.post("/closings/{number}/destructions", response_model=TicketsView)
def destructions(desk: SignedIn, number: str, body: Tried) -> TicketsView:
    """Destruction tickets for what was decided so, one for a kind."""
    made = request_closing_destruction(desk.app, desk.person, number, dry_run=body.dry_run)
    return TicketsView(
        tickets=[(one, count) for one, _, count in made.tickets], dry_run=made.dry_run
    )


@router.post("/closings/{number}/custodian", response_model=ProjectView)
def custodian(desk: SignedIn, number: str, body: Somebody) -> object:
    """Who keeps the accounting archives."""
    return name_custodian(
        desk.app, desk.person, number, custodian=body.custodian, contact=body.contact
    )


@router.post("/closings/{number}/end", response_model=ProjectView)
def end(desk: SignedIn, number: str, body: End) -> object:
    """The project ended, unless something blocks it."""
    return end_closing(desk.app, desk.person, number, reason=body.reason)


@router.get("/closings/{number}/bundle", response_class=Response)
def bundle(desk: SignedIn, number: str, named: bool = False) -> Response:
    """The evidence bundle as a zip."""
    made = make_closing_bundle(desk.app, desk.person, number, named=named)
    return attachment(made.name, made.data)


def kinds_of(text: str) -> list[RecordKind]:
    """Kinds of records from a list with commas. Raises BadInput."""
    try:
        return [
            RecordKind(one.strip()) for one in text.replace("，", ",").split(",") if one.strip()
        ]
    except ValueError:
        known = ", ".join(RecordKind)
        raise BadInput(f"资料种类请从这些里选：{known}。", f"Kinds are: {known}.") from None


def holder_of(text: str) -> HolderType | None:
    """The kind of holder named, or none where nothing is. Raises BadInput."""
    try:
        return HolderType(text) if text else None
    except ValueError:
        known = ", ".join(HolderType)
        raise BadInput(f"单位类型请从这些里选：{known}。", f"Kinds of holder: {known}.") from None
