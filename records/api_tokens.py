"""Tokens for programs: each with a name, an end, and no more permissions than it was given."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.errors import NotFound

# A fixed beginning lets scanners of source code find a token that slipped in.
PREFIX = "compliance_"
USED_EVERY = timedelta(minutes=1)


class ApiTokenRow(Base):
    """A token, kept as its SHA-256."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as its owner sees it: never the token itself."""

    id: str
    person_id: str
    name: str = field(repr=False)
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def good(self, now: datetime) -> bool:
        """Whether it still opens."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; its text is shown this once."""

    id: str
    text: str = field(repr=False)


def add_token(
    session: Session,
    person_id: str,
    *,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    good_for: timedelta,
) -> NewToken:
    """A new token of this person."""
    text = PREFIX + secrets.token_urlsafe(32)
    token_id = f"K-{secrets.token_hex(4)}"
    session.add(
        ApiTokenRow(
            id=token_id,
            person_id=person_id,
            name=name,
            token_sha256=_sha256(text),
            scopes=",".join(sorted(scopes)),
            created_at=now,
            expires_at=now + good_for,
        )
    )
    return NewToken(token_id, text)


def token_with(session: Session, text: str, now: datetime) -> ApiToken | None:
    """The token of this text while it is good."""
    row = session.scalar(select(ApiTokenRow).where(ApiTokenRow.token_sha256 == _sha256(text)))
    found = _token(row) if row else None
    return found if found and found.good(now) else None


def used(session: Session, token_id: str, now: datetime) -> None:
    """The token was used just now."""
    row = session.get(ApiTokenRow, token_id)
    if row is not None:
        row.used_at = now


def tokens_of(session: Session, person_id: str) -> list[ApiToken]:
    """The person's tokens, the newest first."""
    rows = session.scalars(
        select(ApiTokenRow)
        .where(ApiTokenRow.person_id == person_id)
        .order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id)
    )
    return [_token(row) for row in rows]


def revoke_token(session: Session, person_id: str, token_id: str, now: datetime) -> None:
    """The token opens no more. Raises NotFound for one that is not this person's."""
    row = session.get(ApiTokenRow, token_id)
    if row is None or row.person_id != person_id:
        raise NotFound("您没有这个令牌。请核对编号。", "You have no such token; check its number.")
    row.revoked_at = row.revoked_at or now


def revoke_all(session: Session, person_id: str, now: datetime) -> None:
    """No token of this person opens any more."""
    for row in session.scalars(select(ApiTokenRow).where(ApiTokenRow.person_id == person_id)):
        row.revoked_at = row.revoked_at or now


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        scopes=frozenset(scope for scope in row.scopes.split(",") if scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
