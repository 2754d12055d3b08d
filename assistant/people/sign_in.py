"""Who somebody is, by password, link or the identity provider's word. No verbs: nobody acts yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from assistant.app import App
from assistant.errors import SignInRefused, TooManyTries
from assistant.settings import Settings
from records.accounts import (
    Accounts,
    LinkPurpose,
    check_password,
    give_link,
    password_of,
    person_by_subject,
    person_named,
    plain_name,
    set_subject,
    use_link,
    whose_link,
)
from records.people import Person, Role, add_person, person_by_id, set_roles
from records.sessions import end_sessions
from records.sign_in_limits import SignInLimits

LINK_LIFETIME = timedelta(days=1)
NOBODY = Person(id="unknown", name="unknown", roles=frozenset[Role]())


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody typed to sign in, and from where. Nothing about it is trusted."""

    name: str = field(repr=False)
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


def idle_time(settings: Settings) -> timedelta:
    """How long a session lasts unused."""
    return timedelta(minutes=settings.session_idle_minutes)


def longest_time(settings: Settings) -> timedelta:
    """How long a session lasts at most."""
    return timedelta(hours=settings.session_hours)


def sign_in(app: App, shown: Shown) -> Person:
    """Whose password and code these are.

    Raises TooManyTries, or SignInRefused in the same words whatever was wrong: no such name, the
    password, the code, or a code used before.
    """
    name = plain_name(shown.name)
    limits = SignInLimits(app.keys.derive("sign-in-limits"))
    with app.database.transaction() as session:
        wait = limits.begin(session, account=name, address=shown.address, now=app.clock())
    if wait > timedelta(0):
        raise TooManyTries(wait)
    with app.database.reading() as session:
        person_id = person_named(session, shown.name)
        stored = password_of(session, person_id) if person_id else None
    # As slow where there is no such account; outside of any transaction, for it takes a while.
    right = check_password(stored, shown.password)
    person = _with_second_factor(app, person_id, shown.code) if person_id and right else None
    if person is None:
        app.record(NOBODY, "sign-in:refused", person_id or "unknown")
        raise SignInRefused
    with app.database.transaction() as session:
        limits.succeeded(session, account=name, address=shown.address)
        app.append(session, person, "sign-in:done", person.id, {"by": "password"})
    return person


def check_own_password(app: App, person: Person, password: str) -> None:
    """Pass if it is this person's password. Raises SignInRefused, TooManyTries."""
    limits = SignInLimits(app.keys.derive("sign-in-limits"))
    who = f"own.{person.id}"
    with app.database.transaction() as session:
        wait = limits.begin(session, account=who, address=who, now=app.clock())
        stored = password_of(session, person.id)
    if wait > timedelta(0):
        raise TooManyTries(wait)
    if not check_password(stored, password):
        app.record(person, "sign-in:refused", person.id)
        raise SignInRefused
    with app.database.transaction() as session:
        limits.succeeded(session, account=who, address=who)


def new_link(app: App, person: Person, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> str:
    """What a link for this person carries: it opens once, within a day."""
    with app.database.transaction() as session:
        return give_link(session, person.id, purpose, now=app.clock(), good_for=LINK_LIFETIME)


def person_with_link(app: App, token: str, purpose: LinkPurpose) -> Person | None:
    """Whom an unused link names; from now on it opens no more."""
    with app.database.transaction() as session:
        person_id = use_link(session, token, purpose, app.clock()) if token else None
        return person_by_id(session, person_id) if person_id else None


def guest_with_link(app: App, token: str) -> Person | None:
    """Whom a link to choose a password names; it stays good until that is done."""
    with app.database.reading() as session:
        person_id = whose_link(session, token, LinkPurpose.WELCOME, app.clock()) if token else None
        return person_by_id(session, person_id) if person_id else None


def choose_password(app: App, token: str, *, name: str, password: str) -> Person:
    """Whose link it was, now with this sign-in name and password; old sessions are over.

    Raises SignInRefused for a link that is used or old, BadInput, Conflict.
    """
    with app.database.transaction() as session:
        person_id = use_link(session, token, LinkPurpose.WELCOME, app.clock())
        person = person_by_id(session, person_id) if person_id else None
        if person is None:
            raise SignInRefused
        Accounts(app.keys).set_password(session, person.id, password, name=name, now=app.clock())
        end_sessions(session, person.id)
        app.append(session, person, "account:password-set", person.id, {"by": "link"})
    return person


def person_of_provider(app: App, subject: str, *, name: str, roles: Iterable[Role]) -> Person:
    """Whom the identity provider names, with the roles its claims give today.

    A newcomer is registered. Raises SignInRefused where the claims give no role, and for who left:
    without any role here, they come back by an administrator who gives one.
    """
    given = frozenset(roles)
    with app.database.transaction() as session:
        person_id = person_by_subject(session, subject)
        known = person_by_id(session, person_id) if person_id else None
        if given and (known is None or known.roles):
            if known is None:
                shown = name.strip()[:200] or "?"
                now, language = app.clock(), app.settings.language
                person = add_person(session, name=shown, roles=given, now=now, language=language)
                set_subject(session, person.id, subject)
            else:
                person = set_roles(session, known.id, given)
            details = {"by": "provider", "roles": ",".join(sorted(given))}
            app.append(session, person, "sign-in:done", person.id, details)
            return person
    app.record(NOBODY, "sign-in:refused", known.id if known else "provider")
    raise SignInRefused


def _with_second_factor(app: App, person_id: str, code: str) -> Person | None:
    """The person, if the code is right wherever an authenticator is set up."""
    accounts = Accounts(app.keys)
    with app.database.transaction() as session:
        if accounts.read(session, person_id).has_totp and not accounts.use_code(
            session, person_id, code, app.clock()
        ):
            return None
        return person_by_id(session, person_id)
