"""The clients of a closing project: filtered, page by page, decided many at once; one client."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.closing.client_table import (
    Imported,
    import_clients,
    list_closing_records,
    read_closing_client,
)
from assistant.closing.decide_closing import (
    Decided,
    decide_closing,
    request_closing_destruction,
    settle_closing,
)
from assistant.closing.notices import record_closing_notices, write_closing_notice
from integrations.closing_filter import closing_filter
from integrations.web.closings import holder_of, kinds_of
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.pages.closings import show_board
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from records.errors import BadInput, ProductError
from records.language import Bilingual
from tickets.closing.decisions import Fate
from tickets.closing.progress import NOTICES
from tickets.closing.records import Filter, client_number
from tickets.notices.data import NoticeKind
from tickets.retention.facts import RecordKind, Status

router = APIRouter(include_in_schema=False)
Choice = TypeVar("Choice", bound=StrEnum)

# What was done, said on the page it leads back to.
_DONE = {
    "decide": Bilingual("已决定", "Decided"),
    "settle": Bilingual("已登记办结", "Settled"),
}
FIELDS = ("kind", "status", "fate", "client", "notice", "sensitive")


@router.get("/closing/{number}/clients")
def clients_page(request: Request, desk: SignedIn, number: str) -> Response:
    """One page of records, filtered as the address says."""
    return _page(request, desk, number, request.query_params)


@router.post("/closing/{number}/clients")
def decided(request: Request, desk: SignedIn, number: str, fields: Form) -> Response:
    """What was asked for with the records of this filter; tried first where so wished."""
    chosen = {name: fields.get(name, "") for name in FIELDS}
    tried: Decided | None = None
    counted: int | None = None
    try:
        wanted = _filter(chosen)
        act = fields.get("act", "")
        if act in ("try", "decide"):
            done = decide_closing(
                desk.app,
                desk.person,
                number,
                wanted,
                fate=_choice(Fate, fields.get("decision", "")),
                somebody=fields.get("somebody", ""),
                contact=fields.get("contact", ""),
                reason=fields.get("reason", ""),
                lawful_only="lawful_only" in fields,
                dry_run=act == "try",
            )
            if act == "try":
                tried = done
            else:
                counted = done.records
        elif act == "settle":
            counted = settle_closing(
                desk.app, desk.person, number, wanted, note=fields.get("note", "")
            )
        elif act == "notice":
            record_closing_notices(
                desk.app, desk.person, number, wanted, state=fields.get("state", ""),
                reference=fields.get("reference", ""),
            )  # fmt: skip
        elif act == "write":
            kind = _choice(NoticeKind, fields.get("notice_kind", ""))
            made = write_closing_notice(desk.app, desk.person, number, wanted, kind=kind)
            return RedirectResponse(f"/notices/{made.number}", 303)
        else:
            raise BadFields("要做什么", "what to do")
    except ProductError as error:
        return _page(request, desk, number, chosen, error=error, form=fields)
    if tried is not None:
        return _page(request, desk, number, chosen, tried=tried, form=fields)
    query = {name: value for name, value in chosen.items() if value}
    if counted is not None:
        query |= {"did": act, "count": str(counted)}
    return RedirectResponse(
        f"/closing/{number.strip().upper()[:20]}/clients?{urlencode(query)}", 303
    )


@router.post("/closing/{number}/import")
def taken_in(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """The clients taken in, what the table gave on top; or what is wrong with it."""
    fields = upload.fields
    try:
        done = import_clients(
            desk.app, desk.person, number, upload.untrusted_data, upload.untrusted_name,
            kinds=kinds_of(fields.get("kinds", "")), skip_bad="skip_bad" in fields,
            holder=holder_of(fields.get("holder", "")),
        )  # fmt: skip
    except ProductError as error:
        # The form is there.
        return show_board(request, desk, number, error=error)
    return _page(request, desk, number, {}, taken=done)


@router.post("/closing/{number}/destroy")
def requested(request: Request, desk: SignedIn, number: str) -> Response:
    """The tickets opened, and back to the board that lists them."""
    try:
        request_closing_destruction(desk.app, desk.person, number)
    except ProductError as error:
        return _page(request, desk, number, {}, error=error)
    return RedirectResponse(f"/closing/{number.strip().upper()[:20]}", 303)


@router.get("/closing/{number}/clients/{client}")
def client_page(request: Request, desk: SignedIn, number: str, client: str) -> Response:
    """One client with everything decided about it."""
    view = read_closing_client(desk.app, desk.person, number, client_number(client))
    return pages_of(request).page(
        request,
        desk,
        "closing_client.html",
        number=number.strip().upper()[:20],
        view=view,
        notices=NOTICES,
    )


def _page(
    request: Request,
    desk: Desk,
    number: str,
    given: Mapping[str, str],
    *,
    error: ProductError | None = None,
    tried: Decided | None = None,
    taken: Imported | None = None,
    form: Mapping[str, str] | None = None,
) -> Response:
    chosen = {name: given.get(name, "") for name in FIELDS}
    page = _number(given.get("page", "")) or 1
    try:
        wanted = _filter(chosen)
    except BadInput as wrong:
        error, wanted = error or wrong, Filter()
    found = list_closing_records(desk.app, desk.person, number, wanted, page=page)
    return pages_of(request).page(
        request,
        desk,
        "closing_clients.html",
        status=status_of(error) if error else 200,
        number=number.strip().upper()[:20],
        found=found,
        chosen=chosen,
        query=urlencode({name: value for name, value in chosen.items() if value}),
        kinds=tuple(RecordKind),
        statuses=tuple(Status),
        fates=tuple(Fate),
        notices=NOTICES,
        tried=tried,
        done=_DONE.get(given.get("did", "")),
        done_count=_number(given.get("count", "")),
        taken=taken,
        form=form or {},
        problem=error.message if error else None,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _filter(chosen: Mapping[str, str]) -> Filter:
    """As typed; the filter of decisions also knows those not made yet."""
    open_ones = chosen["fate"] == "undecided"
    return closing_filter(
        kind=chosen["kind"],
        status=chosen["status"],
        fate="" if open_ones else chosen["fate"],
        undecided=open_ones,
        client=chosen["client"],
        notice=chosen["notice"],
        sensitive={"yes": True, "no": False}.get(chosen["sensitive"]),
    )


def _choice(choices: type[Choice], text: str) -> Choice:
    try:
        return choices(text)
    except ValueError:
        raise BadFields("下拉选项", "the choices") from None
