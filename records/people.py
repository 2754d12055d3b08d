"""The people who use the product: who they are at each door, and which roles they hold."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.errors import Conflict, NotFound
from records.language import Bilingual, Language

# What a person's number looks like, in whatever text it stands.
NUMBERS = re.compile(r"\bP-[0-9a-f]{8}\b")


class Role(StrEnum):
    """What a person is here for."""

    EMPLOYEE = "employee"
    TRAINER = "trainer"
    RESPONDER = "responder"
    OFFICER = "records_officer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.EMPLOYEE: Bilingual("员工", "employee"),
    Role.TRAINER: Bilingual("培训人员", "trainer"),
    Role.RESPONDER: Bilingual("事件处置人员", "incident responder"),
    Role.OFFICER: Bilingual("档案与法务人员", "records officer"),
    Role.APPROVER: Bilingual("审批人", "approver"),
    Role.AUDITOR: Bilingual("审计人员", "auditor"),
    Role.ADMINISTRATOR: Bilingual("管理员", "administrator"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act, with the roles that decide what.

    `only` narrows that to some permissions: those of the token a program shows for its owner.
    """

    id: str
    name: str = field(repr=False)
    roles: frozenset[Role] = frozenset({Role.EMPLOYEE})
    language: Language = Language.ZH
    only: frozenset[str] | None = None


class PersonRow(Base):
    """A person as stored; the token is kept only as its SHA-256."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    login: Mapped[str | None] = mapped_column(String(200), unique=True)
    slack_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    feishu_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    mail: Mapped[str | None] = mapped_column(String(320), unique=True)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


# Where a chat's accounts are kept, as team:user.
_ACCOUNTS = {"slack": PersonRow.slack_id, "feishu": PersonRow.feishu_id}


def add_person(
    session: Session,
    *,
    name: str,
    roles: Iterable[Role],
    now: datetime,
    language: Language = Language.ZH,
    login: str | None = None,
    slack_id: str | None = None,
    feishu_id: str | None = None,
) -> Person:
    """A new person. Raises Conflict when the login or the account in a chat is taken."""
    accounts = (
        (PersonRow.login, login),
        (PersonRow.slack_id, slack_id),
        (PersonRow.feishu_id, feishu_id),
    )
    for column, value in accounts:
        if value is not None and session.scalar(select(PersonRow).where(column == value)):
            raise Conflict(
                "这个登录名、Slack 或飞书账号已经属于另一个人。",
                "That login, Slack or Feishu account already belongs to somebody.",
            )
    row = PersonRow(
        id=f"P-{secrets.token_hex(4)}",
        name=name,
        roles=",".join(sorted(roles)),
        language=language.value,
        login=login,
        slack_id=slack_id,
        feishu_id=feishu_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return _person(row)


def set_roles(session: Session, person_id: str, roles: Iterable[Role]) -> Person:
    """The person with other roles."""
    row = _row(session, person_id)
    row.roles = ",".join(sorted(roles))
    return _person(row)


def set_mail(session: Session, person_id: str, mail: str) -> None:
    """The address this person reports incidents from; empty for none. Raises NotFound, Conflict."""
    row, address = _row(session, person_id), mail.strip().lower() or None
    known = person_by_mail(session, address) if address else None
    if known and known.id != person_id:
        raise Conflict(
            "这个邮箱已经属于另一个人。", "That mail address already belongs to somebody."
        )
    row.mail = address


def give_token(session: Session, person_id: str) -> str:
    """A new access token, shown this once; the one before it stops working."""
    token = secrets.token_urlsafe(32)
    _row(session, person_id).token_sha256 = _digest(token)
    return token


def end_token(session: Session, person_id: str) -> None:
    """The person's access token stops working."""
    _row(session, person_id).token_sha256 = None


def person_by_token(session: Session, token: str) -> Person | None:
    """Whoever holds this token."""
    return _one(session, PersonRow.token_sha256 == _digest(token))


def person_by_login(session: Session, login: str) -> Person | None:
    """Whoever has this account on the machine."""
    return _one(session, PersonRow.login == login)


def person_by_account(session: Session, chat: str, account: str) -> Person | None:
    """Whoever has this account in a chat ("slack" or "feishu"), as `team:user`."""
    return _one(session, _ACCOUNTS[chat] == account)


def person_by_mail(session: Session, mail: str) -> Person | None:
    """Whoever has this mail address on record."""
    return _one(session, PersonRow.mail == mail.lower())


def person_by_id(session: Session, person_id: str) -> Person | None:
    """The person of this number."""
    return _one(session, PersonRow.id == person_id)


def colleague(session: Session, told: str) -> Person | None:
    """Whom a person means by a number, or by an account on the machine, which is easier to know."""
    return person_by_id(session, told.strip()) or person_by_login(session, told.strip())


def all_people(session: Session) -> list[Person]:
    """Everybody, oldest first."""
    return [
        _person(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.created_at))
    ]


def people_in_chat(session: Session, chat: str) -> list[tuple[Person, str]]:
    """Everybody who has an account in the chat, with it as `team:user`."""
    column = _ACCOUNTS[chat]
    rows = session.execute(select(PersonRow, column).where(column.is_not(None)))
    return [(_person(row), account) for row, account in rows if account]


def account_of(session: Session, chat: str, person_id: str) -> str | None:
    """The account of a person in the chat as `team:user`, if they have one."""
    return session.scalar(select(_ACCOUNTS[chat]).where(PersonRow.id == person_id))


def _row(session: Session, person_id: str) -> PersonRow:
    row = session.get(PersonRow, person_id)
    if row is None:
        raise NotFound(
            "没有这个人。用 compliance people list 查看编号。",
            "No such person; see the numbers with: compliance people list",
        )
    return row


def _one(session: Session, condition: ColumnElement[bool]) -> Person | None:
    row = session.scalar(select(PersonRow).where(condition))
    return _person(row) if row else None


def _person(row: PersonRow) -> Person:
    roles = frozenset(Role(role) for role in row.roles.split(",") if role)
    return Person(id=row.id, name=row.name, roles=roles, language=Language(row.language))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
