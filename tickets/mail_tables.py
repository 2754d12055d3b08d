"""The tables of reports by mail."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base, UtcDateTime


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
