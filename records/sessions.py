"""Who is signed in where: sessions in the database, so that each can be seen and ended.

The browser holds a random secret, we its SHA-256. A session ends when it is not used for a while,
when its longest time is over, or when somebody ends it.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.language import Bilingual

SEEN_EVERY = timedelta(minutes=1)


class SignedInBy(StrEnum):
    """What somebody showed to sign in."""

    PASSWORD = "password"  # noqa: S105 - the way, not a password
    TOKEN = "token"  # noqa: S105
    LINK = "link"
    PROVIDER = "provider"

    @property
    def label(self) -> Bilingual:
        """What a page calls it."""
        return _WAYS[self]


_WAYS = {
    SignedInBy.PASSWORD: Bilingual("密码", "password"),
    SignedInBy.TOKEN: Bilingual("访问令牌", "access token"),
    SignedInBy.LINK: Bilingual("一次性链接", "one-time link"),
    SignedInBy.PROVIDER: Bilingual("单位统一登录", "identity provider"),
}


class SessionRow(Base):
    """A session; ended ones are deleted."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    by: Mapped[str] = mapped_column(String(20))
    device: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as its owner may see it."""

    id: str
    person_id: str
    by: SignedInBy
    device: str = field(repr=False)
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


def start_session(
    session: Session,
    person_id: str,
    by: SignedInBy,
    *,
    device: str,
    now: datetime,
    lasts: timedelta,
) -> str:
    """The secret of a new session, for its browser alone."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            id=f"W-{secrets.token_hex(6)}",
            secret_sha256=_sha256(secret),
            person_id=person_id,
            by=by.value,
            device=device[:80],
            started_at=now,
            seen_at=now,
            ends_at=now + lasts,
        )
    )
    return secret


def session_with(
    session: Session, secret: str, *, now: datetime, idle: timedelta
) -> KeptSession | None:
    """The session of this secret, unless it is over."""
    row = session.scalar(select(SessionRow).where(SessionRow.secret_sha256 == _sha256(secret)))
    if row is None or now >= row.ends_at or now >= row.seen_at + idle:
        return None
    return _kept(row)


def seen(session: Session, session_id: str, now: datetime) -> None:
    """The session was used just now."""
    row = session.get(SessionRow, session_id)
    if row is not None:
        row.seen_at = now


def sessions_of(
    session: Session, person_id: str, *, now: datetime, idle: timedelta
) -> list[KeptSession]:
    """The person's running sessions, the newest first."""
    rows = session.scalars(
        select(SessionRow)
        .where(
            SessionRow.person_id == person_id,
            SessionRow.ends_at > now,
            SessionRow.seen_at > now - idle,
        )
        .order_by(SessionRow.started_at.desc(), SessionRow.id)
    )
    return [_kept(row) for row in rows]


def end_session_with(session: Session, secret: str) -> None:
    """The session of this secret is over."""
    session.execute(delete(SessionRow).where(SessionRow.secret_sha256 == _sha256(secret)))


def end_sessions(
    session: Session,
    person_id: str,
    *,
    only: Iterable[str] | None = None,
    but: str = "",
    by: SignedInBy | None = None,
) -> int:
    """How many sessions of this person ended: all, those named, or all but one."""
    chosen = delete(SessionRow).where(SessionRow.person_id == person_id, SessionRow.id != but)
    if only is not None:
        chosen = chosen.where(SessionRow.id.in_(list(only)))
    if by is not None:
        chosen = chosen.where(SessionRow.by == by.value)
    return int(session.execute(chosen).rowcount)  # type: ignore[attr-defined]


def forget_sessions(session: Session, now: datetime, idle: timedelta) -> None:
    """Sessions that are over go."""
    over = (SessionRow.ends_at <= now) | (SessionRow.seen_at <= now - idle)
    session.execute(delete(SessionRow).where(over))


def _kept(row: SessionRow) -> KeptSession:
    return KeptSession(
        id=row.id,
        person_id=row.person_id,
        by=SignedInBy(row.by),
        device=row.device,
        started_at=row.started_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
    )


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
