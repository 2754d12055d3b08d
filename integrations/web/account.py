"""/api/account: one's sessions and the tokens of one's programs. A scoped token may not come here."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.people.own_account import (
    AccountView,
    end_other_sessions,
    end_own_token,
    end_session,
    make_token,
    read_account,
)
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from records.api_tokens import NewToken
from records.permissions import Permission
from records.sessions import SignedInBy

router = APIRouter(tags=["account"])


class SessionView(View):
    """A place where one is signed in."""

    id: str = Field(examples=["W-9f0c2b7d11a8"])
    by: SignedInBy
    device: str = Field(examples=["Firefox, Windows"])
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


class TokenView(View):
    """A token of a program; its text is never shown again."""

    id: str = Field(examples=["K-1a2b3c4d"])
    name: str = Field(examples=["归档系统"])
    scopes: frozenset[Permission]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class SignInView(View):
    """How one signs in, without any secret."""

    person_id: str = Field(examples=["P-1a2b3c4d"])
    sign_in_name: str
    password_set_at: datetime | None
    has_totp: bool
    recovery_codes: int
    has_provider: bool


class OwnAccountView(View):
    """One's own account."""

    account: SignInView
    sessions: tuple[SessionView, ...]
    tokens: tuple[TokenView, ...]


class WantedToken(RequestBody):
    """A token for a program: what it may do and for how long."""

    name: str = Field(min_length=1, max_length=80, examples=["归档系统"])
    scopes: frozenset[Permission] = Field(
        min_length=1, examples=[["question:ask", "retention:decide"]]
    )
    days: int = Field(default=90, ge=1, le=366)


class NewTokenView(View):
    """The new token; keep its text, it is shown this once."""

    id: str = Field(examples=["K-1a2b3c4d"])
    text: str


class EndedView(View):
    """How many ended."""

    ended: int


@router.get("/account", response_model=OwnAccountView)
def account(desk: SignedIn) -> AccountView:
    """How one signs in, where one is signed in, and one's tokens."""
    return read_account(desk.app, desk.person)


@router.post("/account/tokens", response_model=NewTokenView, status_code=201)
def new_token(desk: SignedIn, body: WantedToken) -> NewToken:
    """A token for a program, with some of one's own permissions."""
    return make_token(desk.app, desk.person, name=body.name, scopes=body.scopes, days=body.days)


@router.delete("/account/tokens/{token_id}", status_code=204, response_class=Response)
def token_ended(desk: SignedIn, token_id: str) -> Response:
    """The token opens no more."""
    end_own_token(desk.app, desk.person, token_id)
    return Response(status_code=204)


@router.delete("/account/sessions/{session_id}", status_code=204, response_class=Response)
def session_ended(desk: SignedIn, session_id: str) -> Response:
    """One of one's sessions is over."""
    end_session(desk.app, desk.person, session_id)
    return Response(status_code=204)


@router.delete("/account/sessions", response_model=EndedView)
def sessions_ended(desk: SignedIn) -> EndedView:
    """Every other session of one's own is over."""
    this = desk.session.id if desk.session else ""
    return EndedView(ended=end_other_sessions(desk.app, desk.person, this_session=this))
