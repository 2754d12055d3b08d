"""One's own account: password, two-step sign-in, sessions, tokens for programs."""

from collections.abc import Callable
from datetime import timedelta

import segno
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.people.own_account import (
    accept_authenticator,
    end_authenticator,
    end_other_sessions,
    end_own_token,
    end_session,
    make_token,
    offer_authenticator,
    read_account,
    set_password,
)
from integrations.web.desk import Desk, SignedIn
from integrations.web.errors import BadFields
from integrations.web.forms import Fields, Form
from integrations.web.pages.sign_in import same_twice
from integrations.web.problems import headers_of, status_of
from integrations.web.render import pages_of
from records.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from records.api_tokens import NewToken
from records.errors import ProductError
from records.permissions import SCOPES, allowed
from records.sessions import SignedInBy

router = APIRouter(include_in_schema=False)

# How long after a one-time link its owner may set a password without the one before.
LINK_IS_FRESH = timedelta(minutes=15)
TOKEN_DAYS = (30, 90, 365)


@router.get("/account")
def account_page(request: Request, desk: SignedIn) -> Response:
    """How one signs in, where one is signed in, and one's tokens."""
    return _page(request, desk)


@router.post("/account/password")
def password_set(request: Request, desk: SignedIn, fields: Form) -> Response:
    """Another password; every other session is over."""

    def act() -> None:
        same_twice(fields.get("password", ""), fields.get("again", ""))
        set_password(
            desk.app,
            desk.person,
            name=fields.get("name", ""),
            password=fields.get("password", ""),
            current=fields.get("current", ""),
            by_link=_by_fresh_link(desk),
            this_session=_this_session(desk),
        )

    return _done(request, desk, act)


@router.post("/account/authenticator")
def authenticator_offered(request: Request, desk: SignedIn, fields: Form) -> Response:
    """The secret as a picture, once, and the field for its first code."""
    try:
        offered = offer_authenticator(
            desk.app,
            desk.person,
            current=fields.get("current", ""),
            by_link=_by_fresh_link(desk),
        )
    except ProductError as error:
        return _page(request, desk, error)
    picture = segno.make(offered.address, error="m").svg_data_uri(scale=5, border=3, light="white")
    return pages_of(request).page(
        request, desk, "authenticator.html", picture=picture, secret=offered.secret
    )


@router.post("/account/authenticator/code")
def authenticator_accepted(request: Request, desk: SignedIn, fields: Form) -> Response:
    """The recovery codes, shown this once; after a wrong code the field again, the same key on the phone."""
    try:
        codes = accept_authenticator(desk.app, desk.person, fields.get("code", ""))
    except ProductError as error:
        return pages_of(request).page(
            request, desk, "authenticator.html", status=status_of(error), picture="", secret=""
        )
    return pages_of(request).page(request, desk, "recovery_codes.html", codes=codes)


@router.post("/account/authenticator/end")
def authenticator_ended(request: Request, desk: SignedIn, fields: Form) -> Response:
    """One step again."""
    current, code = fields.get("current", ""), fields.get("code", "")
    return _done(
        request,
        desk,
        lambda: end_authenticator(desk.app, desk.person, current=current, code=code),
    )


@router.post("/account/sessions/{session_id}/end")
def session_ended(request: Request, desk: SignedIn, session_id: str) -> Response:
    """One session over; `others` ends all but this one."""
    if session_id == "others":
        this = _this_session(desk)
        return _done(
            request, desk, lambda: end_other_sessions(desk.app, desk.person, this_session=this)
        )
    return _done(request, desk, lambda: end_session(desk.app, desk.person, session_id))


@router.post("/account/tokens")
def token_made(request: Request, desk: SignedIn, fields: Fields) -> Response:
    """The page with the new token, shown this once."""
    try:
        made = make_token(
            desk.app,
            desk.person,
            name=str(fields.get("name", "")),
            scopes=[str(scope) for scope in fields.getlist("scope")],
            days=_days(str(fields.get("days", ""))),
        )
    except ProductError as error:
        return _page(request, desk, error)
    return _page(request, desk, made=made)


@router.post("/account/tokens/{token_id}/end")
def token_ended(request: Request, desk: SignedIn, token_id: str) -> Response:
    """The token opens no more."""
    return _done(request, desk, lambda: end_own_token(desk.app, desk.person, token_id))


def _done(request: Request, desk: Desk, act: Callable[[], object]) -> Response:
    try:
        act()
    except ProductError as error:
        return _page(request, desk, error)
    return RedirectResponse("/account", 303)


def _page(
    request: Request,
    desk: Desk,
    error: ProductError | None = None,
    *,
    made: NewToken | None = None,
) -> Response:
    response = pages_of(request).page(
        request,
        desk,
        "account.html",
        status=status_of(error) if error else 200,
        view=read_account(desk.app, desk.person),
        this_session=_this_session(desk),
        scopes=sorted(one for one in SCOPES if allowed(desk.person, one)),
        token_days=TOKEN_DAYS,
        made=made,
        by_link=_by_fresh_link(desk),
        must=desk.app.settings.require_second_factor,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
        problem=error.message if error else None,
    )
    response.headers.update(headers_of(error))
    return response


def _days(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadFields("有效期（天）", "the number of days") from None


def _this_session(desk: Desk) -> str:
    return desk.session.id if desk.session else ""


def _by_fresh_link(desk: Desk) -> bool:
    kept = desk.session
    if kept is None or kept.by is not SignedInBy.LINK:
        return False
    return desk.app.clock() - kept.started_at < LINK_IS_FRESH
