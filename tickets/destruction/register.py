"""The permanent register of destruction: one certificate an entry, each sealed to the one before.

An entry is written once, in the transaction that certifies; the database refuses to change or
remove it. Its hash covers the whole certificate, and the certificate names the hash before it, so
an entry taken out or changed shows in every later one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.beijing import shanghai_day
from records.database import Base, UtcDateTime
from records.errors import NotFound
from records.sealing import Sealing
from records.signing import Signer

PURPOSE = "destruction-certificate"
START = "0" * 64


class RegisterRow(Base):
    """One entry, never changed."""

    __tablename__ = "destruction_register"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An entry of the register with its certificate."""

    number: int
    serial: str
    ticket_id: str
    issued_at: datetime
    hash: str
    text: str = field(repr=False)
    """The signed JSON."""
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """How far the chain holds; `broken_at` is the first number that does not."""

    entries: int
    broken_at: int | None


class Register:
    """Enters certificates and reads them back."""

    def __init__(self, key: bytes, signer: Signer) -> None:
        self._sealing = Sealing(key)
        self._signer = signer

    def enter(
        self, session: Session, *, ticket_id: str, content: Mapping[str, Any], now: datetime
    ) -> RegisterEntry:
        """The new last entry. The unique columns let two at once never take the same place."""
        last = session.scalar(select(RegisterRow).order_by(RegisterRow.number.desc()).limit(1))
        number, previous = (last.number + 1, last.hash) if last else (1, START)
        serial = f"DC-{shanghai_day(now).year}-{number:05d}"
        body = {
            "serial": serial,
            "ticket": ticket_id,
            "issued_at": now.isoformat(timespec="seconds"),
            "register": {"number": number, "previous": previous},
            **content,
        }
        text = self._signer.sign(PURPOSE, body)
        row = RegisterRow(
            number=number,
            serial=serial,
            ticket_id=ticket_id,
            issued_at=now,
            previous=previous,
            hash=chain_hash(body),
            sealed=self._sealing.seal({"text": text, "body": body}, row=serial),
        )
        session.add(row)
        session.flush()
        return self._entry(row)

    def read(self, session: Session, serial: str) -> RegisterEntry:
        """An entry by its serial. Raises NotFound."""
        row = session.scalar(select(RegisterRow).where(RegisterRow.serial == serial.upper()))
        if row is None:
            raise NotFound(
                "登记簿里没有这份证明。请核对编号，如 DC-2026-00001。",
                "The register has no such certificate. Check the serial, such as DC-2026-00001.",
            )
        return self._entry(row)

    def entries(self, session: Session) -> list[RegisterEntry]:
        """Every entry, oldest first."""
        rows = session.scalars(select(RegisterRow).order_by(RegisterRow.number))
        return [self._entry(row) for row in rows]

    def check(self, session: Session) -> RegisterCheck:
        """Every entry checked in order: number, hash of the content, link to the one before."""
        number, previous = 0, START
        for row in session.scalars(select(RegisterRow).order_by(RegisterRow.number)):
            body = self._entry(row).body
            linked = body["register"] == {"number": number + 1, "previous": previous}
            whole = row.number == number + 1 and row.hash == chain_hash(body)
            if not (linked and whole and row.previous == previous):
                return RegisterCheck(number, number + 1)
            number, previous = row.number, row.hash
        return RegisterCheck(number, None)

    def _entry(self, row: RegisterRow) -> RegisterEntry:
        kept = self._sealing.open(row.sealed, row=row.serial)
        return RegisterEntry(
            row.number, row.serial, row.ticket_id, row.issued_at, row.hash,
            text=kept["text"], body=kept["body"],
        )  # fmt: skip


def chain_hash(body: Mapping[str, Any]) -> str:
    """The hash of a certificate's content, as it stands in the register and in its QR code."""
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
