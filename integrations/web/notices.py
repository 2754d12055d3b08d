"""/api/notices/…: notices to clients, from the draft to the proof that each went out."""

from fastapi import APIRouter, Response

from assistant.notices.record_delivery import (
    decide_delivery,
    import_bounce,
    record_bounce,
    record_posted,
    record_postings,
)
from assistant.notices.send_notice import forget_notice, send_notice, stop_notice
from assistant.notices.view import (
    NoticePreview,
    NoticeSummary,
    NoticeView,
    ledger_csv,
    list_notice_kinds,
    list_notices,
    notice_letter,
    notice_letters,
    preview_notice,
    read_notice,
)
from assistant.notices.write_notice import (
    AddressedNotice,
    add_addressee,
    address_notice,
    approve_notice,
    revise_notice,
    write_notice,
)
from integrations.web.bodies import Said
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.files import upload_form
from integrations.web.notice_bodies import (
    AddressedView,
    Approval,
    Client,
    Decision,
    ElementView,
    KindView,
    NewNotice,
    NoticeModel,
    NoticeText,
    Posted,
    PreviewView,
    StatedWhy,
    SummaryView,
)
from integrations.web.tickets import CitationView
from integrations.web.uploads import Uploaded
from tickets.notices.data import NoticeRules
from tickets.notices.records import Wish

router = APIRouter(tags=["notices"])


@router.get("/notice-kinds", response_model=list[KindView])
def kinds(desk: SignedIn) -> list[KindView]:
    """Every kind of notice, what it must say and by which article."""
    return [_kind(one) for one in list_notice_kinds(desk.app, desk.person)]


@router.get("/notices", response_model=list[SummaryView])
def notices(desk: SignedIn, ticket_id: str | None = None) -> list[NoticeSummary]:
    """Every notice, or those of one ticket, the newest first."""
    return list_notices(desk.app, desk.person, ticket_id)


@router.post("/notices", response_model=NoticeModel, status_code=201)
def written(desk: SignedIn, body: NewNotice) -> NoticeView:
    """A new notice, to these clients if any are given. Nothing is sent."""
    wish = Wish(body.kind, body.given, body.tongue, body.drill, body.ticket_id)
    people = [one.addressee() for one in body.clients]
    return write_notice(desk.app, desk.person, wish, people)


@router.get("/notices/{number}", response_model=NoticeModel)
def notice(desk: SignedIn, number: str) -> NoticeView:
    """A notice as it stands, without clients and letters."""
    return read_notice(desk.app, desk.person, number)


@router.put("/notices/{number}/text", response_model=NoticeModel)
def revised(desk: SignedIn, number: str, body: NoticeText) -> NoticeView:
    """The draft saying this instead; approvals before no longer count."""
    return revise_notice(desk.app, desk.person, number, given=body.given, tongue=body.tongue)


@router.post("/notices/{number}/clients", response_model=NoticeModel)
def client_added(desk: SignedIn, number: str, body: Client) -> NoticeView:
    """The draft to one client more."""
    return add_addressee(desk.app, desk.person, number, body.addressee())


@router.post(
    "/notices/{number}/table",
    response_model=AddressedView,
    openapi_extra=upload_form({"file": {"type": "string", "format": "binary"}}, "file"),
)
def addressed(desk: SignedIn, number: str, upload: Uploaded) -> AddressedNotice:
    """The draft to the clients of a csv or xlsx instead of those before."""
    return address_notice(
        desk.app, desk.person, number, upload.untrusted_data, upload.untrusted_name
    )


@router.get("/notices/{number}/preview", response_model=PreviewView)
def previewed(desk: SignedIn, number: str, first: int = 3) -> PreviewView:
    """The letters of the first clients, word for word."""
    found: NoticePreview = preview_notice(desk.app, desk.person, number, first=first)
    return PreviewView(
        number=found.number,
        given=dict(found.given),
        letters=tuple(one.text() for one in found.letters),
    )


@router.post("/notices/{number}/approve", response_model=NoticeModel)
def approved(desk: SignedIn, number: str, body: Approval) -> NoticeView:
    """One more approval, of the revision that was read."""
    return approve_notice(desk.app, desk.person, number, revision=body.revision)


@router.post("/notices/{number}/send", response_model=NoticeModel)
def sent(desk: SignedIn, number: str) -> NoticeView:
    """The notice released; its mails go out within a minute, each once."""
    return send_notice(desk.app, desk.person, number)


@router.post("/notices/{number}/stop", response_model=NoticeModel)
def stopped(desk: SignedIn, number: str) -> NoticeView:
    """What still waits is not sent any more."""
    return stop_notice(desk.app, desk.person, number)


@router.post("/notices/{number}/forget", response_model=NoticeModel)
def forgotten(desk: SignedIn, number: str, body: StatedWhy) -> NoticeView:
    """Clients and texts erased for good once all is settled; the ledger stays."""
    return forget_notice(desk.app, desk.person, number, reason=body.reason)


@router.get("/notices/{number}/letters.zip", response_class=Response)
def letters(desk: SignedIn, number: str, word: bool = False) -> Response:
    """Every letter in one zip, with an index of names and addresses."""
    data = notice_letters(desk.app, desk.person, number, word=word)
    return attachment(f"{number}.zip", data)


@router.get("/notices/{number}/ledger.csv", response_class=Response)
def ledger(desk: SignedIn, number: str) -> Response:
    """The ledger as a table, without clients."""
    view = read_notice(desk.app, desk.person, number)
    return attachment(f"{view.summary.number}-ledger.csv", ledger_csv(view))


@router.get("/notice-copies/{key}/letter", response_class=Response)
def letter(desk: SignedIn, key: str, word: bool = False) -> Response:
    """One client's letter."""
    return attachment(*notice_letter(desk.app, desk.person, key, word=word))


@router.post("/notice-copies/{key}/posted", response_model=NoticeModel)
def posted(desk: SignedIn, key: str, body: Posted) -> NoticeView:
    """The copy sent by hand; the time is now."""
    return record_posted(desk.app, desk.person, key, reference=body.reference)


@router.post(
    "/notices/{number}/postings",
    response_model=NoticeModel,
    openapi_extra=upload_form({"file": {"type": "string", "format": "binary"}}, "file"),
)
def postings_recorded(desk: SignedIn, number: str, upload: Uploaded) -> NoticeView:
    """Every copy of a csv or xlsx on record as posted: columns 编号 and 单号. All rows or none."""
    return record_postings(
        desk.app, desk.person, number, upload.untrusted_data, upload.untrusted_name
    )


@router.post("/notice-copies/{key}/decision", response_model=NoticeModel)
def decided(desk: SignedIn, key: str, body: Decision) -> NoticeView:
    """A copy that is uncertain or failed."""
    return decide_delivery(desk.app, desk.person, key, again=body.again, reason=body.reason)


@router.post("/notice-copies/{key}/bounce", response_model=NoticeModel)
def bounced(desk: SignedIn, key: str, body: StatedWhy) -> NoticeView:
    """The copy came back."""
    return record_bounce(desk.app, desk.person, key, reason=body.reason)


@router.post(
    "/notice-bounces",
    response_model=NoticeModel,
    openapi_extra=upload_form({"file": {"type": "string", "format": "binary"}}, "file"),
)
def bounce_imported(desk: SignedIn, upload: Uploaded) -> NoticeView:
    """The copy that a bounce mail (.eml) names, on record as bounced."""
    return import_bounce(desk.app, desk.person, upload.untrusted_data)


def _kind(rules: NoticeRules) -> KindView:
    return KindView(
        kind=rules.kind,
        name=Said.model_validate(rules.name),
        when=Said.model_validate(rules.when),
        audience=Said.model_validate(rules.audience),
        not_needed=Said.model_validate(rules.not_needed) if rules.not_needed else None,
        citations=tuple(CitationView.model_validate(one) for one in rules.citations),
        elements=tuple(ElementView.model_validate(one) for one in rules.elements.values()),
    )
