"""What a route works with: the parts, who asks, and in which language."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from assistant.app import App
from integrations.identity import program_with_token
from integrations.web.errors import ForeignOrigin, NotSignedIn, SecondFactorNeeded
from integrations.web.guards import SAFE_METHODS, same_origin
from integrations.web.sessions import COOKIE, Held, held_session
from records.accounts import Accounts
from records.errors import NotPermitted
from records.language import Language
from records.people import Person
from records.sessions import KeptSession, SignedInBy

LANGUAGE_COOKIE = "lang"

# Both only describe themselves in the OpenAPI document; `signed_in` does the work.
_bearer = HTTPBearer(
    auto_error=False, description="A token from /account, or compliance people token"
)
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="Set by the sign-in page")


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of one person."""

    app: App
    person: Person
    language: Language
    session: KeptSession | None = None
    """The browser's session; none where a program shows a token."""


def signed_in(request: Request) -> Desk:
    """The desk of whoever asks, by bearer token or session cookie; NotSignedIn otherwise."""
    app: App = request.app.state.app
    person = _by_token(app, request)
    held = None if person else _by_cookie(request)
    if held is not None:
        person = held.person
    if person is None:
        raise NotSignedIn
    session = held.session if held else None
    _count(request, person)
    return Desk(app, person, chosen_language(request, person), session)


def _count(request: Request, person: Person) -> None:
    """Each request counts once, however many parts of it ask who is there."""
    if not getattr(request.state, "counted", False):
        request.app.state.rates.count(person.id)
        request.state.counted = True


def chosen_language(request: HTTPConnection, person: Person | None = None) -> Language:
    """By the switch on the page, then the cookie it left, then the person, then the settings."""
    for choice in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if choice in set(Language):
            return Language(choice)
    app: App = request.app.state.app
    return person.language if person else app.settings.language


def known_person(request: HTTPConnection) -> Person | None:
    """Whoever's session the browser holds; only for showing a page, never for acting."""
    held = held_session(request)
    return held.person if held else None


def _by_token(app: App, request: Request) -> Person | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return program_with_token(app, token.strip())
    except NotPermitted as error:
        raise NotSignedIn from error


def _by_cookie(request: Request) -> Held | None:
    held = held_session(request)
    if held is None:
        return None
    # A form on another site could carry the cookie: SameSite is the first bar, this the second.
    if request.method not in SAFE_METHODS and not same_origin(request):
        raise ForeignOrigin
    if _lacks_second_factor(request.app.state.app, held):
        own = request.url.path == "/account" or request.url.path.startswith("/account/")
        if not own:
            raise SecondFactorNeeded
    return held


def _lacks_second_factor(app: App, held: Held) -> bool:
    """Whether the company asks for an authenticator and this password came without one."""
    if not app.settings.require_second_factor or held.session.by is not SignedInBy.PASSWORD:
        return False
    with app.database.reading() as session:
        return not Accounts(app.keys).read(session, held.person.id).has_totp


SignedIn = Annotated[Desk, Depends(signed_in)]
API_SECURITY = [Security(_bearer), Security(_cookie)]
