"""One's own account: password, authenticator, sessions, tokens for programs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import pyotp

from assistant.app import App
from assistant.errors import SignInRefused
from assistant.people.sign_in import check_own_password, idle_time
from records.accounts import Account, Accounts
from records.api_tokens import ApiToken, NewToken, add_token, revoke_token, tokens_of
from records.errors import BadInput, Conflict, NotFound
from records.people import Person
from records.permissions import SCOPES, Permission, allowed
from records.sessions import KeptSession, end_sessions, sessions_of

ISSUER = "Compliance"
LONGEST_TOKEN_DAYS = 366


@dataclass(frozen=True, slots=True)
class AccountView:
    """How one signs in, where one is signed in, and one's tokens."""

    account: Account
    sessions: tuple[KeptSession, ...]
    tokens: tuple[ApiToken, ...]


@dataclass(frozen=True, slots=True)
class Authenticator:
    """A secret to be read into an authenticator app; shown to its person alone."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def read_account(app: App, person: Person) -> AccountView:
    """One's own account. Raises NotPermitted."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    with app.database.transaction() as session:
        view = AccountView(
            account=Accounts(app.keys).read(session, person.id),
            sessions=tuple(
                sessions_of(session, person.id, now=app.clock(), idle=idle_time(app.settings))
            ),
            tokens=tuple(tokens_of(session, person.id)),
        )
        app.append(session, person, "account:read", person.id)
    return view


def set_password(
    app: App,
    person: Person,
    *,
    name: str,
    password: str,
    current: str = "",
    by_link: bool = False,
    this_session: str = "",
) -> None:
    """Another password; every other session is over.

    The current one is needed unless there is none, or `by_link`: the door saw a one-time link.
    Raises NotPermitted (SignInRefused), BadInput, Conflict.
    """
    app.authorise(person, Permission.ACCOUNT_OWN)
    _prove(app, person, current, by_link=by_link)
    with app.database.transaction() as session:
        Accounts(app.keys).set_password(session, person.id, password, name=name, now=app.clock())
        ended = end_sessions(session, person.id, but=this_session)
        app.append(session, person, "account:password-set", person.id, {"sessions_ended": ended})


def offer_authenticator(
    app: App, person: Person, *, current: str = "", by_link: bool = False
) -> Authenticator:
    """A secret for an authenticator app; it counts once `accept_authenticator` had a code of it."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    _prove(app, person, current, by_link=by_link)
    accounts = Accounts(app.keys)
    with app.database.transaction() as session:
        account = accounts.read(session, person.id)
        if account.has_totp:
            raise Conflict(
                "已经启用了两步验证。要换设备，请先停用。",
                "Two-step sign-in is on already. To move it to another device, end it first.",
            )
        secret = accounts.offer_totp(session, person.id)
        app.append(session, person, "account:authenticator-offered", person.id)
    name = account.sign_in_name or person.id
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return Authenticator(secret, address)


def accept_authenticator(app: App, person: Person, code: str) -> tuple[str, ...]:
    """The recovery codes, shown this once. Raises NotPermitted (SignInRefused) for a wrong code."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    with app.database.transaction() as session:
        codes = Accounts(app.keys).accept_totp(session, person.id, code, app.clock())
        if codes is not None:
            app.append(session, person, "account:authenticator-set", person.id)
    if codes is None:
        app.record(person, "sign-in:refused", person.id)
        raise SignInRefused
    return codes


def end_authenticator(app: App, person: Person, *, current: str, code: str) -> None:
    """One step again. Raises NotPermitted (SignInRefused) unless password and code are right."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    check_own_password(app, person, current)
    accounts = Accounts(app.keys)
    with app.database.transaction() as session:
        right = accounts.use_code(session, person.id, code, app.clock())
        if right:
            accounts.end_totp(session, person.id)
            app.append(session, person, "account:authenticator-ended", person.id)
    if not right:
        app.record(person, "sign-in:refused", person.id)
        raise SignInRefused


def end_session(app: App, person: Person, session_id: str) -> None:
    """One of one's own sessions is over. Raises NotFound."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    with app.database.transaction() as session:
        if not end_sessions(session, person.id, only=[session_id]):
            raise NotFound("没有这个登录，或已结束。", "No such session, or it is over.")
        app.append(session, person, "account:session-ended", person.id)


def end_other_sessions(app: App, person: Person, *, this_session: str = "") -> int:
    """How many of one's sessions ended: all but the one this comes from."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    with app.database.transaction() as session:
        ended = end_sessions(session, person.id, but=this_session)
        app.append(session, person, "account:sessions-ended", person.id, {"sessions": ended})
    return ended


def make_token(
    app: App, person: Person, *, name: str, scopes: Iterable[str], days: int = 90
) -> NewToken:
    """A token for a program: some of one's own permissions, until a day. Raises BadInput."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    chosen = frozenset(scopes)
    wrong = chosen - SCOPES
    beyond = {s for s in chosen - wrong if not allowed(person, Permission(s))}
    if not name.strip() or len(name) > 80 or not chosen or wrong or beyond:
        able = ", ".join(sorted(s for s in SCOPES if allowed(person, s)))
        raise BadInput(
            f"请写名称（80 字以内），并从您自己的权限里选至少一项：{able}。",
            f"Give a name (80 characters at most) and one or more of your permissions: {able}.",
        )
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise BadInput(
            f"有效期请用 1 到 {LONGEST_TOKEN_DAYS} 天。", f"Use 1 to {LONGEST_TOKEN_DAYS} days."
        )
    with app.database.transaction() as session:
        made = add_token(
            session,
            person.id,
            name=name.strip(),
            scopes=chosen,
            now=app.clock(),
            good_for=timedelta(days=days),
        )
        app.append(session, person, "token:made", made.id, {"scopes": ",".join(sorted(chosen))})
    return made


def end_own_token(app: App, person: Person, token_id: str) -> None:
    """One of one's own tokens opens no more. Raises NotFound."""
    app.authorise(person, Permission.ACCOUNT_OWN)
    with app.database.transaction() as session:
        revoke_token(session, person.id, token_id, app.clock())
        app.append(session, person, "token:ended", token_id)


def _prove(app: App, person: Person, current: str, *, by_link: bool) -> None:
    """Pass if the current password is right, or none is needed."""
    with app.database.reading() as session:
        account = Accounts(app.keys).read(session, person.id)
    if account.password_set_at is not None and not by_link:
        check_own_password(app, person, current)
