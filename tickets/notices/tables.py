"""The tables of notices. What clients and letters are called is sealed; the rest are states.

The rules of two approvers, of what may be sent and of a ledger that only grows are triggers as well:
see the migration.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base, UtcDateTime


class NoticeRow(Base):
    """One notice to any number of clients."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    tongue: Mapped[str] = mapped_column(String(4))
    drill: Mapped[bool]
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    revision: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_by: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(String(40))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeVersionRow(Base):
    """Who wrote which revision. Append-only: whoever stands here cannot approve."""

    __tablename__ = "notice_versions"

    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sha256: Mapped[str] = mapped_column(String(64))


class NoticeApprovalRow(Base):
    """One approval of exactly this content; it counts as long as the content is this."""

    __tablename__ = "notice_approvals"
    __table_args__ = (UniqueConstraint("notice_id", "person_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeDeliveryRow(Base):
    """One client of a notice."""

    __tablename__ = "notice_deliveries"
    __table_args__ = (UniqueConstraint("notice_id", "number"),)

    key: Mapped[str] = mapped_column(String(30), primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), index=True)
    number: Mapped[int]
    channel: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    attempts: Mapped[int]
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeLedgerRow(Base):
    """One line of a delivery's ledger. Append-only, without personal data."""

    __tablename__ = "notice_ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("notice_deliveries.key"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(30))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
