"""The pages of notices: the list, a new one, and one with its letters, approvals and ledger."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.notices.record_delivery import (
    decide_delivery,
    import_bounce,
    record_bounce,
    record_posted,
    record_postings,
)
from assistant.notices.send_notice import forget_notice, send_notice, stop_notice
from assistant.notices.view import (
    ledger_csv,
    list_notice_kinds,
    list_notices,
    notice_letter,
    notice_letters,
    preview_notice,
    read_notice,
)
from assistant.notices.write_notice import (
    add_addressee,
    address_notice,
    approve_notice,
    revise_notice,
    write_notice,
)
from integrations.replies.notices import counts_line, next_step
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from records.errors import NotFound, ProductError
from records.permissions import Permission, allowed
from tickets.notices.client_table import ClientTable
from tickets.notices.data import (
    Addressee,
    NoticeKind,
    NoticeRules,
    Tongue,
    in_english,
    notice_rules,
)
from tickets.notices.records import Wish

router = APIRouter(include_in_schema=False)
SHOWN_COPIES = 500
Fields = dict[str, str]


@router.get("/notices")
def notice_list(request: Request, desk: SignedIn, ticket: str = "") -> Response:
    """Every notice, or those of one ticket."""
    return pages_of(request).page(
        request,
        desk,
        "notices.html",
        notices=list_notices(desk.app, desk.person, ticket or None),
        counts_line=counts_line,
        kinds=list_notice_kinds(desk.app, desk.person),
        ticket=ticket,
    )


@router.get("/notices/new")
def notice_form(request: Request, desk: SignedIn, kind: str = "", ticket: str = "") -> Response:
    """The form of one kind."""
    if kind not in set(NoticeKind):
        return RedirectResponse("/notices", 303)
    return _form(request, desk, NoticeKind(kind), {"ticket_id": ticket})


@router.post("/notices/new")
def notice_written(request: Request, desk: SignedIn, fields: Form) -> Response:
    """On to the notice, or the form again with the reason."""
    if fields.get("kind") not in set(NoticeKind):
        raise BadFields("通知种类", "the kind of notice")
    kind = NoticeKind(fields["kind"])
    try:
        wish = Wish(
            kind=kind,
            given=_elements(notice_rules(kind), fields),
            tongue=_tongue(fields),
            drill="drill" in fields,
            ticket_id=fields.get("ticket_id", "").strip() or None,
        )
        made = write_notice(desk.app, desk.person, wish)
    except ProductError as error:
        return _form(request, desk, kind, fields, error)
    return RedirectResponse(f"/notices/{made.summary.number}", 303)


@router.get("/notices/{number}")
def notice_page(request: Request, desk: SignedIn, number: str) -> Response:
    """One notice."""
    return _show(request, desk, number)


@router.post("/notices/{number}/table")
def notice_addressed(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """The clients of a table taken over, or its bad rows by number."""
    data, name = upload.untrusted_data, upload.untrusted_name
    try:
        done = address_notice(desk.app, desk.person, number, data, name)
    except ProductError as error:
        return _show(request, desk, number, error=error)
    if done.table.problems or done.table.unused:
        return _show(request, desk, number, table=done.table)
    return _back(done.notice.summary.number)


@router.post("/notices/{number}/bounce")
def notice_bounced(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """A bounce mail imported; back to the notice it names."""
    try:
        done = import_bounce(desk.app, desk.person, upload.untrusted_data)
    except ProductError as error:
        return _show(request, desk, number, error=error)
    return _back(done.summary.number)


@router.post("/notices/{number}/postings")
def notice_posted(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """The list of the post office put on record; back to the notice."""
    data, name = upload.untrusted_data, upload.untrusted_name
    try:
        record_postings(desk.app, desk.person, number, data, name)
    except ProductError as error:
        return _show(request, desk, number, error=error)
    return _back(number)


@router.post("/notices/{number}/copies/{what}")
def notice_copy(request: Request, desk: SignedIn, number: str, what: str, fields: Form) -> Response:
    """What became of one client's copy."""
    app, person, key = desk.app, desk.person, fields.get("key", "")
    reason, reference = fields.get("reason", ""), fields.get("reference", "")
    acts: dict[str, Callable[[], object]] = {
        "posted": lambda: record_posted(app, person, key, reference=reference),
        "again": lambda: decide_delivery(app, person, key, again=True, reason=reason),
        "arrived": lambda: decide_delivery(app, person, key, again=False, reason=reason),
        "bounced": lambda: record_bounce(app, person, key, reason=reason),
    }
    return _done(request, desk, number, acts.get(what))


@router.post("/notices/{number}/{what}")
def notice_moved(
    request: Request, desk: SignedIn, number: str, what: str, fields: Form
) -> Response:
    """Edited, addressed, approved, sent or stopped."""
    app, person = desk.app, desk.person
    acts: dict[str, Callable[[], object]] = {
        "text": lambda: _revised(desk, number, fields),
        "client": lambda: add_addressee(app, person, number, _addressee(fields)),
        "approve": lambda: approve_notice(app, person, number, revision=_revision(fields)),
        "send": lambda: send_notice(app, person, number),
        "forget": lambda: forget_notice(app, person, number, reason=fields.get("reason", "")),
        "stop": lambda: stop_notice(app, person, number),
    }
    return _done(request, desk, number, acts.get(what))


@router.get("/notices/{number}/letters.zip")
def notice_zip(desk: SignedIn, number: str, word: bool = False) -> Response:
    """Every letter."""
    data = notice_letters(desk.app, desk.person, number, word=word)
    return attachment(f"{number}.zip", data)


@router.get("/notices/{number}/ledger.csv")
def notice_ledger(desk: SignedIn, number: str) -> Response:
    """The ledger as a table."""
    view = read_notice(desk.app, desk.person, number)
    return attachment(f"{view.summary.number}-ledger.csv", ledger_csv(view))


@router.get("/notices/copies/{key}")
def notice_copy_file(desk: SignedIn, key: str, word: bool = False) -> Response:
    """One client's letter."""
    return attachment(*notice_letter(desk.app, desk.person, key, word=word))


def _show(
    request: Request,
    desk: Desk,
    number: str,
    *,
    error: ProductError | None = None,
    table: ClientTable | None = None,
) -> Response:
    view = read_notice(desk.app, desk.person, number)
    opens = allowed(desk.person, Permission.NOTICE_OPEN)
    preview = (
        preview_notice(desk.app, desk.person, number)
        if opens and not view.summary.forgotten
        else None
    )
    refused = bool(table and table.problems)
    return pages_of(request).page(
        request,
        desk,
        "notice.html",
        status=status_of(error) if error else (400 if refused else 200),
        problem=error.message if error else None,
        view=view,
        notice=view.summary,
        rules=notice_rules(view.summary.kind),
        preview=preview,
        next_step=next_step(view),
        counts=counts_line(view.summary),
        table=table,
        tongues=tuple(Tongue),
        in_english=in_english,
        copies=view.deliveries[:SHOWN_COPIES],
    )


def _form(
    request: Request,
    desk: Desk,
    kind: NoticeKind,
    form: Fields,
    error: ProductError | None = None,
) -> Response:
    return pages_of(request).page(
        request,
        desk,
        "notice_new.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        rules=next(one for one in list_notice_kinds(desk.app, desk.person) if one.kind is kind),
        form=form,
        tongues=tuple(Tongue),
        in_english=in_english,
    )


def _done(request: Request, desk: Desk, number: str, act: Callable[[], object] | None) -> Response:
    if act is None:
        raise NotFound("没有这一步。", "There is no such step.")
    try:
        act()
    except ProductError as error:
        return _show(request, desk, number, error=error)
    return _back(number)


def _back(number: str) -> Response:
    return RedirectResponse(f"/notices/{number.strip()[:20]}", 303)


def _revised(desk: Desk, number: str, fields: Fields) -> object:
    view = read_notice(desk.app, desk.person, number)
    given = _elements(notice_rules(view.summary.kind), fields)
    return revise_notice(desk.app, desk.person, number, given=given, tongue=_tongue(fields))


def _elements(rules: NoticeRules, fields: Fields) -> Fields:
    """What the form gives for each element, and in English besides."""
    keys = [name for key in rules.elements for name in (key, in_english(key))]
    return {key: fields[key] for key in keys if fields.get(key, "").strip()}


def _addressee(fields: Fields) -> Addressee:
    return Addressee(
        fields.get("name", ""), fields.get("mail", "").strip(), fields.get("address", "")
    )


def _tongue(fields: Fields) -> Tongue:
    if fields.get("tongue") not in set(Tongue):
        raise BadFields("通知语言", "the language of the notice")
    return Tongue(fields["tongue"])


def _revision(fields: Fields) -> int:
    if not fields.get("revision", "").isdecimal():
        raise BadFields("版次", "the revision")
    return int(fields["revision"])
