"""The tables of closing projects. Names, contacts and custodians are sealed; clients have numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base, UtcDateTime


class ProjectRow(Base):
    """One project; `sealed` holds the company's name and who keeps its accounting records."""

    __tablename__ = "closing_projects"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    route: Mapped[str] = mapped_column(String(20))
    entity: Mapped[str] = mapped_column(String(30))
    opened_by: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    days: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    custodian: Mapped[bool]
    weighed_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(String(40))
    ended_because: Mapped[str] = mapped_column(Text)


class ItemRow(Base):
    """A step or section something was done with."""

    __tablename__ = "closing_items"

    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    owner: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EvidenceRow(Base):
    """A file of evidence of an item, kept encrypted in the file store."""

    __tablename__ = "closing_evidence"

    file_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), index=True)
    item_id: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    suffix: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClientRow(Base):
    """A client by number. `mark` is a keyed digest of who it is, `holder` the inventory's."""

    __tablename__ = "closing_clients"
    __table_args__ = (Index("ix_closing_clients_mark", "project_id", "mark", unique=True),)

    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    files: Mapped[int] = mapped_column(Integer)
    sensitive_files: Mapped[int] = mapped_column(Integer)


class WeighedRow(Base):
    """The facts many records share, and what the retention engine says of them on the day noted."""

    __tablename__ = "closing_weighed"

    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20), index=True)
    earliest: Mapped[date | None] = mapped_column(Date)
    latest: Mapped[date | None] = mapped_column(Date)
    bound: Mapped[bool]
    law: Mapped[str] = mapped_column(Text)


class RecordRow(Base):
    """The records of one kind of one client, what is to become of them, and whether the client was told that."""

    __tablename__ = "closing_records"

    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    client: Mapped[int] = mapped_column(Integer, index=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    weighed: Mapped[str] = mapped_column(String(64), index=True)
    sensitive: Mapped[bool]
    public: Mapped[bool]
    fate: Mapped[str] = mapped_column(String(10), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("closing_decisions.id"))
    ticket_id: Mapped[str | None] = mapped_column(String(20), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_note: Mapped[str] = mapped_column(Text)
    notice: Mapped[str] = mapped_column(String(20), index=True)
    notice_id: Mapped[str] = mapped_column(String(60))
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FateRow(Base):
    """One decision about many records; `sealed` names recipient or custodian and the reason."""

    __tablename__ = "closing_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), index=True)
    fate: Mapped[str] = mapped_column(String(10))
    records: Mapped[int] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class InventoryRow(Base):
    """An inventory taken into the project: its sums."""

    __tablename__ = "closing_inventories"

    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[int] = mapped_column(Integer)
    sensitive: Mapped[int] = mapped_column(Integer)
    unread: Mapped[int] = mapped_column(Integer)
    unassigned: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClosingEventRow(Base):
    """One line of a project's timeline; the database refuses to change or remove it."""

    __tablename__ = "closing_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("closing_projects.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
