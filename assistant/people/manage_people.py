"""Register people, give them roles, access tokens and links; let those who leave go."""

import re
from collections.abc import Iterable

from assistant.app import App
from assistant.people.sign_in import LINK_LIFETIME
from records.accounts import Accounts, LinkPurpose, end_account, give_link
from records.api_tokens import revoke_all
from records.audit import Detail
from records.errors import BadInput, Conflict, NotFound
from records.people import (
    Person,
    Role,
    add_person,
    all_people,
    end_token,
    give_token,
    person_by_id,
    set_mail,
    set_roles,
)
from records.permissions import Permission
from records.sessions import SignedInBy, end_sessions

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


def everybody(app: App, person: Person) -> list[Person]:
    """All registered people. Raises NotPermitted."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    with app.database.reading() as session:
        people = all_people(session)
    app.record(person, "people:listed", "people", {"people": len(people)})
    return people


def register(
    app: App,
    person: Person,
    *,
    name: str,
    roles: Iterable[Role],
    login: str | None = None,
    slack_id: str | None = None,
    feishu_id: str | None = None,
) -> Person:
    """A new person. Raises NotPermitted, BadInput, or Conflict where an account is taken."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    chosen = frozenset(roles)
    if not name.strip() or not chosen:
        raise BadInput("请给出姓名和至少一个角色。", "Give a name and at least one role.")
    with app.database.transaction() as session:
        added = add_person(
            session,
            name=name.strip(),
            roles=chosen,
            login=login,
            slack_id=slack_id,
            feishu_id=feishu_id,
            language=app.settings.language,
            now=app.clock(),
        )
        details: dict[str, Detail] = {"roles": ",".join(sorted(chosen))}
        app.append(session, person, "people:registered", added.id, details)
    return added


def give_mail(app: App, person: Person, person_id: str, mail: str) -> None:
    """The address somebody reports incidents from by mail; empty takes it away.

    Raises NotPermitted, NotFound, Conflict where it is somebody else's, BadInput.
    """
    app.authorise(person, Permission.PEOPLE_MANAGE)
    if mail.strip() and not _MAIL.fullmatch(mail.strip()):
        raise BadInput("这不是邮箱地址。", "This is not a mail address.")
    with app.database.transaction() as session:
        set_mail(session, person_id, mail)
        app.append(session, person, "people:mail-set", person_id)


def new_token(app: App, person: Person, person_id: str) -> str:
    """A new access token for somebody, shown this once. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    with app.database.transaction() as session:
        token = give_token(session, person_id)
        # Whoever held the old one is out.
        end_sessions(session, person_id, by=SignedInBy.TOKEN)
        app.append(session, person, "people:token-given", person_id)
    return token


def change_roles(app: App, person: Person, person_id: str, roles: Iterable[Role]) -> Person:
    """Somebody with other roles, from now on. Raises NotPermitted, NotFound, BadInput, Conflict."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    chosen = frozenset(roles)
    if not chosen:
        raise BadInput("请给出至少一个角色。", "Give at least one role.")
    with app.database.transaction() as session:
        changed = set_roles(session, person_id, chosen)
        session.flush()
        _somebody_administers(all_people(session))
        details: dict[str, Detail] = {"roles": ",".join(sorted(chosen))}
        app.append(session, person, "people:roles-changed", person_id, details)
    return changed


def make_link(app: App, person: Person, person_id: str, *, keep_authenticator: bool = True) -> str:
    """What a link carries by which somebody chooses a new password, once, within a day.

    Their sessions are over at once; without `keep_authenticator` two-step sign-in is too, for a
    lost phone. Raises NotPermitted, NotFound.
    """
    app.authorise(person, Permission.PEOPLE_MANAGE)
    with app.database.transaction() as session:
        if person_by_id(session, person_id) is None:
            raise NotFound(
                "没有这个人。用 compliance people list 查看编号。",
                "No such person; see the numbers with: compliance people list",
            )
        link = give_link(
            session, person_id, LinkPurpose.WELCOME, now=app.clock(), good_for=LINK_LIFETIME
        )
        end_sessions(session, person_id)
        if not keep_authenticator:
            Accounts(app.keys).end_totp(session, person_id)
        details: dict[str, Detail] = {"authenticator_kept": keep_authenticator}
        app.append(session, person, "people:link-made", person_id, details)
    return link


def let_go(app: App, person: Person, person_id: str) -> None:
    """Somebody has left: no role, no password, no token, no session; what they did stays on record.

    Raises NotPermitted, NotFound, Conflict for the last administrator.
    """
    app.authorise(person, Permission.PEOPLE_MANAGE)
    with app.database.transaction() as session:
        set_roles(session, person_id, ())
        session.flush()
        _somebody_administers(all_people(session))
        end_token(session, person_id)
        end_account(session, person_id)
        revoke_all(session, person_id, app.clock())
        end_sessions(session, person_id)
        app.append(session, person, "people:let-go", person_id)


def _somebody_administers(people: list[Person]) -> None:
    if not any(Role.ADMINISTRATOR in one.roles for one in people):
        raise Conflict(
            "至少要有一位管理员。请先把管理员角色给另一个人。",
            "Somebody must be administrator. Give that role to another person first.",
        )
