"""The audit log (操作日志): append-only, each event sealed with a key to the one before it.

A change to any event, an event taken out or two put in the other order all break the chain. Events
cut off the end do not show from inside; for that, compare the head with one written down elsewhere.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime

START = "0" * 64

Detail = str | int | bool | None


class AuditRow(Base):
    """One event: who did what to which thing. Identifiers and counts, no personal data."""

    __tablename__ = "audit_events"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event as read back."""

    number: int
    at: datetime
    person_id: str
    action: str
    subject: str
    details: dict[str, Detail]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which events are looked for; what is empty bounds nothing.

    `action`: a code, or what stands before its colon. `since` counts, `until` does not.
    """

    person_id: str = ""
    subject: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How far the chain holds; `broken_at` is the number of the first event that does not."""

    events: int
    head: str
    broken_at: int | None

    @property
    def whole(self) -> bool:
        """Whether every event holds."""
        return self.broken_at is None


class AuditLog:
    """Appends events and checks the chain with its key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def append(
        self,
        session: Session,
        *,
        at: datetime,
        person_id: str,
        action: str,
        subject: str,
        details: Mapping[str, Detail],
    ) -> int:
        """The number of the new event, in the caller's transaction, so both happen or neither."""
        last = session.scalar(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
        row = AuditRow(
            number=last.number + 1 if last else 1,
            at=at,
            person_id=person_id,
            action=action,
            subject=subject,
            details=json.dumps(dict(details), ensure_ascii=False, sort_keys=True),
            previous=last.seal if last else START,
        )
        row.seal = self._seal(row)
        session.add(row)
        session.flush()
        return row.number

    def verify(self, session: Session) -> ChainCheck:
        """Every event checked in order, up to the first that does not hold."""
        number, previous = 0, START
        for row in session.scalars(select(AuditRow).order_by(AuditRow.number)):
            sealed = hmac.compare_digest(row.seal, self._seal(row))
            if row.number != number + 1 or row.previous != previous or not sealed:
                return ChainCheck(events=number, head=previous, broken_at=number + 1)
            number, previous = row.number, row.seal
        return ChainCheck(events=number, head=previous, broken_at=None)

    def sealed_last(self, session: Session) -> bool:
        """Whether the last event, if there is one, was sealed with this key."""
        last = session.scalar(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
        return last is None or hmac.compare_digest(last.seal, self._seal(last))

    def _seal(self, row: AuditRow) -> str:
        content = [
            row.number,
            row.at.timestamp(),
            row.person_id,
            row.action,
            row.subject,
            row.details,
            row.previous,
        ]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def latest_events(session: Session, limit: int) -> list[AuditEvent]:
    """The newest events, newest first."""
    return events_of(session, Sought(), limit=limit)


def events_of(
    session: Session, sought: Sought, *, limit: int | None = None, before: int | None = None
) -> list[AuditEvent]:
    """The events sought, newest first, at most `limit`, of numbers below `before`."""
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.number < before)
    if sought.person_id:
        query = query.where(AuditRow.person_id == sought.person_id)
    if sought.subject:
        query = query.where(AuditRow.subject == sought.subject)
    if sought.action:
        group = AuditRow.action.startswith(f"{sought.action}:", autoescape=True)
        query = query.where((AuditRow.action == sought.action) | group)
    if sought.since is not None:
        query = query.where(AuditRow.at >= sought.since)
    if sought.until is not None:
        query = query.where(AuditRow.at < sought.until)
    return [_event(row) for row in session.scalars(query)]


def _event(row: AuditRow) -> AuditEvent:
    return AuditEvent(
        number=row.number,
        at=row.at,
        person_id=row.person_id,
        action=row.action,
        subject=row.subject,
        details=json.loads(row.details),
    )


def seal_of(session: Session, number: int) -> str:
    """The seal of one event, to be noted elsewhere."""
    return session.scalars(select(AuditRow.seal).where(AuditRow.number == number)).one()


def has_seal(session: Session, seal: str) -> bool:
    """Whether an event with this seal is in the log."""
    return session.scalar(select(AuditRow.number).where(AuditRow.seal == seal)) is not None
