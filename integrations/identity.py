"""Who is asking: account on the machine, access token or Slack user → Person."""

import getpass
from dataclasses import replace

from assistant.app import App
from records.api_tokens import USED_EVERY, token_with, used
from records.errors import NotPermitted
from records.people import (
    Person,
    Role,
    add_person,
    all_people,
    person_by_account,
    person_by_id,
    person_by_login,
    person_by_token,
)


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


def program_with_token(app: App, token: str) -> Person:
    """Whom a program acts for: by a token of its own, within its scopes, or by an access token."""
    now = app.clock()
    with app.database.reading() as session:
        found = token_with(session, token, now) if token else None
        owner = person_by_id(session, found.person_id) if found else None
    if found is None or owner is None:
        return person_with_token(app, token)
    if found.used_at is None or now - found.used_at >= USED_EVERY:
        with app.database.transaction() as session:
            used(session, found.id, now)
    return replace(owner, only=found.scopes)


def person_in_chat(app: App, chat: str, *, team: str, user: str) -> Person:
    """The person of this account in "slack" or "feishu"; a newcomer gets the default role, or nothing.

    `team` is the workspace or tenant. Raises NotPermitted for whom nobody registered.
    """
    account, settings = f"{team}:{user}", app.settings
    role = settings.slack_default_role if chat == "slack" else settings.feishu_default_role
    with app.database.transaction() as session:
        person = person_by_account(session, chat, account)
        if person is None and role is not None:
            slack, feishu = (account if chat == one else None for one in ("slack", "feishu"))
            person = add_person(
                session,
                name=account,
                roles={role},
                now=app.clock(),
                slack_id=slack,
                feishu_id=feishu,
            )
    if person is None:
        raise NotPermitted(
            f"您还没有登记。请管理员用 compliance people add --{chat} 登记。",
            f"You are not registered. An administrator can run: compliance people add --{chat}",
        )
    return person
