"""The tables of the vault."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base, UtcDateTime


class ClientRow(Base):
    """A client's key. Once destroyed, the row stays as the record of it."""

    __tablename__ = "vault_clients"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_with: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shredded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseRow(Base):
    """A case of a client."""

    __tablename__ = "vault_cases"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("vault_clients.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PageRow(Base):
    """What came to a case at one time."""

    __tablename__ = "vault_pages"

    case_id: Mapped[str] = mapped_column(ForeignKey("vault_cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateRow(Base):
    """A certificate: a sealed draft from the moment of the deed, signed when it is complete."""

    __tablename__ = "vault_certificates"

    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40), index=True)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
