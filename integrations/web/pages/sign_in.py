"""Signing in with an access token by form, or by the link the service prints; and out again."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.app import App
from integrations.identity import person_with_code, person_with_token
from integrations.web.errors import ForeignOrigin
from integrations.web.guards import same_origin
from integrations.web.sessions import COOKIE, LIFETIME, Sessions
from records.errors import NotPermitted
from records.language import Bilingual
from records.people import Person

router = APIRouter(include_in_schema=False)

COPY_LINK = Bilingual(
    "为安全起见，从其他网站点开的登录链接不会直接生效。请把链接复制到地址栏打开，或在下面粘贴访问令牌。",
    "For safety a sign-in link opened from another site does not take effect. Copy the link into "
    "the address bar, or paste the access token below.",
)


@router.get("/sign-in")
def sign_in_page(request: Request, token: str = "", to: str = "/") -> Response:
    """The form; with the code of the printed link, straight in and the code out of sight."""
    if not token:
        return _form(request, to)
    # Another site must not sign somebody in as somebody else.
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        return _form(request, to, status=403, problem=COPY_LINK)
    return _sign_in(request, token, to)


@router.post("/sign-in")
def sign_in(
    request: Request, token: Annotated[str, Form()] = "", to: Annotated[str, Form()] = "/"
) -> Response:
    """Signs in, or shows the form again with the reason."""
    if not same_origin(request):
        raise ForeignOrigin
    return _sign_in(request, token.strip(), to)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Forgets the session on this machine."""
    if not same_origin(request):
        raise ForeignOrigin
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def inside(to: str) -> str:
    """The path to go on to, if it is one of ours; the first page otherwise."""
    parts = urlsplit(to)
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc
    return to if ours and not to.startswith("/sign-") else "/"


def _sign_in(request: Request, token: str, to: str) -> Response:
    app: App = request.app.state.app
    try:
        person = person_with_code(app, token) or person_with_token(app, token)
    except NotPermitted as error:
        return _form(request, to, status=403, problem=error.message)
    return _welcome(request, app, person, to)


def _welcome(request: Request, app: App, person: Person, to: str) -> Response:
    response = RedirectResponse(inside(to), 303)
    response.set_cookie(
        COOKIE,
        Sessions(app).seal(person),
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _form(
    request: Request, to: str, *, status: int = 200, problem: Bilingual | None = None
) -> Response:
    page: Response = request.app.state.pages.public(
        request, "sign_in.html", status=status, to=inside(to), problem=problem
    )
    return page
