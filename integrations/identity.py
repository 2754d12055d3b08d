"""Who is asking: account on the machine, access token or Slack user → Person."""

import getpass
import hashlib
import hmac
from datetime import timedelta

from assistant.app import App
from records.errors import NotPermitted
from records.people import (
    Person,
    Role,
    add_person,
    all_people,
    person_by_id,
    person_by_login,
    person_by_slack,
    person_by_token,
)

LINK_LIFETIME = timedelta(days=1)


def person_at_keyboard(app: App) -> Person:
    """The person of this machine account. On a new installation the first becomes administrator.

    Whoever runs commands can read the key file, so the account is as good as a password here.
    """
    login = getpass.getuser()
    with app.database.transaction() as session:
        person = person_by_login(session, login)
        if person is None and not all_people(session):
            person = add_person(
                session,
                name=login,
                login=login,
                roles=frozenset(Role),
                now=app.clock(),
                language=app.settings.language,
            )
    if person is None:
        raise NotPermitted(
            "本机账号还没有登记。请管理员运行 compliance people add。",
            "This account is not registered. An administrator can run: compliance people add",
        )
    return person


def person_with_token(app: App, token: str) -> Person:
    """Whoever holds the access token; NotPermitted otherwise."""
    with app.database.reading() as session:
        person = person_by_token(session, token) if token else None
    if person is None:
        raise NotPermitted(
            "访问令牌无效或已更换。请重新登录。",
            "The access token is not valid any more. Please sign in again.",
        )
    return person


def person_in_slack(app: App, *, team: str, user: str) -> Person:
    """The person of this Slack user; a newcomer gets the configured default role, or nothing."""
    slack_id = f"{team}:{user}"
    role = app.settings.slack_default_role
    with app.database.transaction() as session:
        person = person_by_slack(session, slack_id)
        if person is None and role is not None:
            person = add_person(
                session, name=slack_id, slack_id=slack_id, roles={role}, now=app.clock()
            )
    if person is None:
        raise NotPermitted(
            "您还没有登记。请管理员用 compliance people add --slack 登记。",
            "You are not registered. An administrator can run: compliance people add --slack",
        )
    return person


def sign_in_code(app: App, person: Person) -> str:
    """What the printed sign-in link carries: good for one day, beside any access token."""
    expires_at = int((app.clock() + LINK_LIFETIME).timestamp())
    content = f"{person.id}.{expires_at}"
    return f"{content}.{_seal(app, content)}"


def person_with_code(app: App, code: str) -> Person | None:
    """Whom a sign-in link names, or nobody when it is forged or old."""
    content, _, seal = code.rpartition(".")
    person_id, _, expires_at = content.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(app, content).encode()):
        return None
    if app.clock().timestamp() >= int(expires_at):
        return None
    with app.database.reading() as session:
        return person_by_id(session, person_id)


def _seal(app: App, content: str) -> str:
    return hmac.new(app.keys.derive("sign-in"), content.encode(), hashlib.sha256).hexdigest()
