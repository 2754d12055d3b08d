"""Who is signed in: a random secret in a cookie, whose session is kept in the database.

Roles are read afresh at each request, and a session that was ended is over with the next one.
"""

from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from assistant.app import App
from assistant.people.sign_in import idle_time, longest_time
from integrations.web.devices import device_name
from records.people import Person, person_by_id
from records.sessions import (
    SEEN_EVERY,
    KeptSession,
    SignedInBy,
    end_session_with,
    seen,
    session_with,
    start_session,
)

COOKIE = "compliance_session"


@dataclass(frozen=True, slots=True)
class Held:
    """A running session and whose it is."""

    session: KeptSession
    person: Person


@dataclass(frozen=True, slots=True)
class Sessions:
    """Starts, finds and ends sessions."""

    app: App

    def start(self, person: Person, by: SignedInBy, *, agent: str = "", before: str = "") -> str:
        """The cookie of a new session; the one the browser held before is over."""
        with self.app.database.transaction() as session:
            if before:
                end_session_with(session, before)
            return start_session(
                session,
                person.id,
                by,
                device=device_name(agent),
                now=self.app.clock(),
                lasts=longest_time(self.app.settings),
            )

    def open(self, cookie: str) -> Held | None:
        """Whose session a cookie names, or nobody's when it is forged or over."""
        now = self.app.clock()
        with self.app.database.reading() as session:
            kept = session_with(session, cookie, now=now, idle=idle_time(self.app.settings))
            person = person_by_id(session, kept.person_id) if kept else None
        if kept is None or person is None:
            return None
        if now - kept.seen_at >= SEEN_EVERY:
            with self.app.database.transaction() as session:
                seen(session, kept.id, now)
        return Held(kept, person)

    def end(self, cookie: str) -> None:
        """The session of this cookie is over."""
        with self.app.database.transaction() as session:
            end_session_with(session, cookie)


def held_session(request: HTTPConnection) -> Held | None:
    """The session the browser holds."""
    cookie = request.cookies.get(COOKIE)
    return Sessions(request.app.state.app).open(cookie) if cookie else None


def signed_in_response(
    request: HTTPConnection, response: Response, person: Person, by: SignedInBy
) -> Response:
    """The response, with the cookie of a new session."""
    app: App = request.app.state.app
    secret = Sessions(app).start(
        person,
        by,
        agent=request.headers.get("user-agent", ""),
        before=request.cookies.get(COOKIE, ""),
    )
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(longest_time(app.settings).total_seconds()),
        httponly=True,
        samesite="strict",
        secure=over_tls(request),
    )
    return response


def over_tls(request: HTTPConnection) -> bool:
    """Whether browsers reach us by https, here or at a proxy in front."""
    app: App = request.app.state.app
    return request.url.scheme == "https" or app.settings.public_url.startswith("https://")
