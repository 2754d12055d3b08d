"""Out to the company's identity provider and back."""

from dataclasses import astuple

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.app import App
from assistant.errors import SignInRefused
from assistant.people.sign_in import person_of_provider
from integrations.identity_provider import IdentityProvider, Remembered
from integrations.web.pages.sign_in import inside, refused
from integrations.web.sessions import over_tls, signed_in_response
from records.errors import NotFound, ProductError, Unavailable
from records.sealing import Sealing
from records.sessions import SignedInBy

router = APIRouter(include_in_schema=False)

PATH = "/sign-in/provider"
COOKIE = "compliance_way_back"
WAY_SECONDS = 600


@router.get(PATH)
def to_provider(request: Request, to: str = "/") -> Response:
    """Out, with what must come back remembered by the browser under our seal."""
    try:
        address, remembered = _provider(request).begin(_way_back(request))
    except ProductError as error:
        return refused(request, to, error)
    response = RedirectResponse(address, 303)
    app: App = request.app.state.app
    content = [*astuple(remembered), inside(to), app.clock().timestamp() + WAY_SECONDS]
    response.set_cookie(
        COOKIE,
        _sealing(app).seal(content, row=COOKIE).hex(),
        max_age=WAY_SECONDS,
        path=PATH,
        httponly=True,
        # The way back is a link on another site, by which a strict cookie does not travel.
        samesite="lax",
        secure=over_tls(request),
    )
    return response


@router.get(f"{PATH}/back")
def from_provider(request: Request) -> Response:
    """Signed in, or the form with the reason. A page goes on, so that the strict cookie travels."""
    app: App = request.app.state.app
    to = "/"
    try:
        remembered, to = _remembered(request)
        known = _provider(request).finish(
            request.query_params, remembered, _way_back(request), app.clock().timestamp()
        )
        person = person_of_provider(app, known.subject, name=known.name, roles=known.roles)
    except ProductError as error:
        return _forgotten(refused(request, to, error))
    page = request.app.state.pages.public(request, "signed_in.html", to=to)
    return _forgotten(signed_in_response(request, page, person, SignedInBy.PROVIDER))


def _provider(request: Request) -> IdentityProvider:
    provider: IdentityProvider | None = request.app.state.provider
    if provider is None:
        raise NotFound("没有设置单位统一登录。", "No identity provider is set up.")
    return provider


def _way_back(request: Request) -> str:
    app: App = request.app.state.app
    return (app.settings.public_url or str(request.base_url)).rstrip("/") + f"{PATH}/back"


def _remembered(request: Request) -> tuple[Remembered, str]:
    app: App = request.app.state.app
    try:
        sealed = bytes.fromhex(request.cookies.get(COOKIE, ""))
        state, nonce, verifier, to, until = _sealing(app).open(sealed, row=COOKIE)
    except (ValueError, Unavailable):
        raise SignInRefused from None
    if app.clock().timestamp() >= until:
        raise SignInRefused
    return Remembered(state, nonce, verifier), inside(to)


def _forgotten(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    return response


def _sealing(app: App) -> Sealing:
    return Sealing(app.keys.derive("way-back"))
