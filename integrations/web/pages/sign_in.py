"""Signing in: by password and code, by access token, by a link that opens once; and out again."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.app import App
from assistant.errors import SignInRefused
from assistant.people.sign_in import (
    Shown,
    choose_password,
    guest_with_link,
    person_with_link,
    sign_in,
)
from integrations.identity import person_with_token
from integrations.web.errors import ForeignOrigin
from integrations.web.guards import same_origin
from integrations.web.problems import headers_of, status_of
from integrations.web.sessions import COOKIE, Sessions, signed_in_response
from records.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, LinkPurpose
from records.errors import BadInput, NotPermitted, ProductError
from records.language import Bilingual
from records.people import Person
from records.sessions import SignedInBy

router = APIRouter(include_in_schema=False)

COPY_LINK = Bilingual(
    "为安全起见，从其他网站点开的登录链接不会直接生效。请把链接复制到地址栏打开，或在下面登录。",
    "For safety a sign-in link opened from another site does not take effect. Copy the link into "
    "the address bar, or sign in below.",
)


@router.get("/sign-in")
def sign_in_page(request: Request, token: str = "", to: str = "/") -> Response:
    """The form; with the code of the printed link, straight in and the code out of sight."""
    if not token:
        return _form(request, to)
    # Another site must not sign somebody in as somebody else.
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        return _form(request, to, status=403, problem=COPY_LINK)
    return _by_token(request, token, to)


@router.post("/sign-in")
def sign_in_form(
    request: Request,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Signs in, or shows the form again with the reason."""
    if not same_origin(request):
        raise ForeignOrigin
    if token.strip():
        return _by_token(request, token.strip(), to)
    shown = Shown(name, password, code, request.client.host if request.client else "")
    try:
        person = sign_in(request.app.state.app, shown)
    except ProductError as error:
        return refused(request, to, error)
    return _welcome(request, person, to, SignedInBy.PASSWORD)


@router.get("/welcome")
def welcome_page(request: Request, token: str = "") -> Response:
    """The form to choose a name and a password, for whoever has a link; opening it uses nothing up."""
    return _choosing(request, token)


@router.post("/welcome")
def password_chosen(
    request: Request,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Signed in with what was chosen, or the form again with what was wrong."""
    if not same_origin(request):
        raise ForeignOrigin
    try:
        same_twice(password, again)
        person = choose_password(request.app.state.app, token, name=name, password=password)
    except SignInRefused as error:
        return refused(request, "/", error)
    except ProductError as error:
        return _choosing(request, token, name=name, error=error)
    return _welcome(request, person, "/account", SignedInBy.PASSWORD)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """The session is over, here and on the server."""
    if not same_origin(request):
        raise ForeignOrigin
    Sessions(request.app.state.app).end(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def inside(to: str) -> str:
    """The path to go on to, if it is one of ours; the first page otherwise."""
    parts = urlsplit(to)
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc
    return to if ours and not to.startswith("/sign-") else "/"


def same_twice(password: str, again: str) -> None:
    """Pass if both fields of a form hold the same. Raises BadInput."""
    if password != again:
        raise BadInput("两次输入的密码不一样。", "The two passwords are not the same.")


def _by_token(request: Request, token: str, to: str) -> Response:
    app: App = request.app.state.app
    person = person_with_link(app, token, LinkPurpose.SIGN_IN)
    by = SignedInBy.LINK if person else SignedInBy.TOKEN
    try:
        person = person or person_with_token(app, token)
    except NotPermitted as error:
        return refused(request, to, error)
    app.record(person, "sign-in:done", person.id, {"by": by.value})
    return _welcome(request, person, to, by)


def _welcome(request: Request, person: Person, to: str, by: SignedInBy) -> Response:
    return signed_in_response(request, RedirectResponse(inside(to), 303), person, by)


def refused(request: Request, to: str, error: ProductError) -> Response:
    """The form again, with the reason."""
    response = _form(request, to, status=status_of(error), problem=error.message)
    response.headers.update(headers_of(error))
    return response


def _form(
    request: Request, to: str, *, status: int = 200, problem: Bilingual | None = None
) -> Response:
    app: App = request.app.state.app
    page: Response = request.app.state.pages.public(
        request,
        "sign_in.html",
        status=status,
        to=inside(to),
        problem=problem,
        provider=bool(app.settings.oidc_issuer),
    )
    return page


def _choosing(
    request: Request, token: str, *, name: str = "", error: ProductError | None = None
) -> Response:
    guest = guest_with_link(request.app.state.app, token)
    if guest is None:
        return refused(request, "/", SignInRefused())
    page: Response = request.app.state.pages.public(
        request,
        "welcome.html",
        status=status_of(error) if error else 200,
        guest=guest,
        token=token,
        name=name,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
        problem=error.message if error else None,
    )
    return page
