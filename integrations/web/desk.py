"""What a route works with: the parts, who asks, and in which language."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from assistant.app import App
from integrations.identity import person_with_token
from integrations.web.errors import ForeignOrigin, NotSignedIn
from integrations.web.guards import SAFE_METHODS, same_origin
from integrations.web.sessions import COOKIE, Sessions
from records.errors import NotPermitted
from records.language import Language
from records.people import Person

LANGUAGE_COOKIE = "lang"

# Both only describe themselves in the OpenAPI document; `signed_in` does the work.
_bearer = HTTPBearer(auto_error=False, description="compliance people token …")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="Set by the sign-in page")


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of one person."""

    app: App
    person: Person
    language: Language


def signed_in(request: Request) -> Desk:
    """The desk of whoever asks, by bearer token or session cookie; NotSignedIn otherwise."""
    app: App = request.app.state.app
    person = _by_token(app, request) or _by_cookie(request)
    if person is None:
        raise NotSignedIn
    return Desk(app, person, chosen_language(request, person))


def chosen_language(request: HTTPConnection, person: Person | None = None) -> Language:
    """By the switch on the page, then the cookie it left, then the person, then the settings."""
    for choice in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if choice in set(Language):
            return Language(choice)
    app: App = request.app.state.app
    return person.language if person else app.settings.language


def known_person(request: HTTPConnection) -> Person | None:
    """Whoever's session the browser holds; only for showing a page, never for acting."""
    cookie = request.cookies.get(COOKIE)
    return Sessions(request.app.state.app).open(cookie) if cookie else None


def _by_token(app: App, request: Request) -> Person | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return person_with_token(app, token.strip())
    except NotPermitted as error:
        raise NotSignedIn from error


def _by_cookie(request: Request) -> Person | None:
    person = known_person(request)
    # A form on another site could carry the cookie: SameSite is the first bar, this the second.
    if person is not None and request.method not in SAFE_METHODS and not same_origin(request):
        raise ForeignOrigin
    return person


SignedIn = Annotated[Desk, Depends(signed_in)]
API_SECURITY = [Security(_bearer), Security(_cookie)]
