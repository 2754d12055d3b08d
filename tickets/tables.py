"""The tables of tickets."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from records.database import Base, UtcDateTime


class TicketRow(Base):
    """One ticket."""

    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_by: Mapped[str] = mapped_column(String(100))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    restricted: Mapped[bool]


class DeadlineRow(Base):
    """One deadline as it was started; only its satisfaction is written later."""

    __tablename__ = "ticket_deadlines"
    __table_args__ = (UniqueConstraint("ticket_id", "clock_id", "conditional", "series"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    position: Mapped[int]
    clock_id: Mapped[str] = mapped_column(String(60))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    recipient_zh: Mapped[str] = mapped_column(Text)
    recipient_en: Mapped[str] = mapped_column(Text)
    reason_zh: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    duty_id: Mapped[str] = mapped_column(String(20))
    instrument: Mapped[str] = mapped_column(Text)
    article: Mapped[str | None] = mapped_column(String(40))
    confidence: Mapped[str] = mapped_column(String(30))
    conditional: Mapped[bool]
    series: Mapped[int]
    counted_from: Mapped[str] = mapped_column(String(30))
    satisfied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    satisfied_by: Mapped[str | None] = mapped_column(String(100))
    outcome: Mapped[str | None] = mapped_column(String(20))
    reference: Mapped[str | None] = mapped_column(Text)


class StepRow(Base):
    """One playbook step of a ticket."""

    __tablename__ = "ticket_steps"
    __table_args__ = (UniqueConstraint("ticket_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    number: Mapped[int]
    role: Mapped[str] = mapped_column(String(30))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    within_seconds: Mapped[int | None]
    duty_id: Mapped[str | None] = mapped_column(String(20))
    instrument: Mapped[str | None] = mapped_column(Text)
    article: Mapped[str | None] = mapped_column(String(40))
    evidence_zh: Mapped[str | None] = mapped_column(Text)
    evidence_en: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    by: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(100))
    draft: Mapped[str | None] = mapped_column(String(30))


class EventRow(Base):
    """One line of a timeline. Append-only: see the listeners below."""

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str] = mapped_column(String(100))
    what: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class ApprovalRow(Base):
    """One approval; the constraint keeps one person from counting twice."""

    __tablename__ = "ticket_approvals"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CounterRow(Base):
    """The last number given to a kind in a year."""

    __tablename__ = "ticket_counters"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int]


class RequestRow(Base):
    """A request that opened a ticket: handed in again, it finds that ticket and opens no other."""

    __tablename__ = "ticket_requests"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))


class SentRow(Base):
    """One reminder that went out; the constraint makes sending twice fail."""

    __tablename__ = "ticket_reminders"
    __table_args__ = (UniqueConstraint("ticket_id", "deadline_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    deadline_id: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeliveryRow(Base):
    """A ticket's reminders of one turn on their way through a channel, as one notice.

    `done_at` is empty until the channel took it; `claimed_until` keeps it for whoever sends it now.
    """

    __tablename__ = "ticket_deliveries"
    __table_args__ = (UniqueConstraint("last_reminder", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    first_reminder: Mapped[int]
    last_reminder: Mapped[int]
    channel: Mapped[str] = mapped_column(String(20))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


def _refuse(_mapper: Mapper[EventRow], _connection: object, _row: EventRow) -> None:
    raise RuntimeError("a timeline is append-only")


event.listen(EventRow, "before_update", _refuse)
event.listen(EventRow, "before_delete", _refuse)


class IncidentMailRow(Base):
    """A mail that came in: it opened a ticket, or is held for the reason given; then a person may open one.

    `told_at` is empty until the reporter had a reply or the responders a line; `claimed_until` keeps
    that for whoever sends it now. The mail itself is a file, encrypted.
    """

    __tablename__ = "incident_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str | None] = mapped_column(String(20))
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"))
    file_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailboxRow(Base):
    """How far a mailbox was read: its last UID under one UIDVALIDITY (RFC 3501 2.3.1.1)."""

    __tablename__ = "incident_mailboxes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_uid: Mapped[int] = mapped_column(BigInteger)
