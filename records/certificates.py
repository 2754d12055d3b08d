"""Certificates of erasure: drafted with the deed, completed and signed after it, kept sealed.

The draft is written in the transaction that destroys the key, so a deed without certificate can
always be completed later, by whoever looks next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.beijing import SHANGHAI, to_the_minute, to_the_second
from records.errors import NotFound
from records.sealing import Sealing
from records.signing import Signer
from records.vault_tables import CertificateRow

PURPOSE = "erasure-certificate"
STANDARD = "NIST SP 800-88 Rev. 2"
# Of every certificate that a client's key was destroyed, whichever kind it is.
KEY_LIMITS = (
    {
        "zh": "销毁客户密钥是密码擦除，不是对存储介质的清除或销毁；介质报废仍须另行处理。",
        "en": "Destroying a client's key is a cryptographic erase, not the sanitisation of a medium; "
        "media that are retired must still be dealt with.",
    },
    {
        "zh": "此前的备份里可能还有用主控密钥包裹的该密钥：备份到期销毁，或轮换主控密钥"
        "（compliance vault rotate）并销毁旧的主控密钥之后，才同样不可读。",
        "en": "Backups made before may still hold this key, wrapped: they become unreadable when "
        "they expire, or when the key-encryption key is rotated (compliance vault rotate) and the "
        "old one destroyed.",
    },
    {
        "zh": "已经发出的脱敏副本不在此列：其中的代称、替代值和密码串从此不能还原。",
        "en": "Redacted copies already handed out remain: their pseudonyms, surrogates and tokens "
        "can no longer be turned back.",
    },
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signed certificate."""

    serial: str
    text: str = field(repr=False)
    """The signed JSON."""
    body: Mapping[str, Any] = field(repr=False)

    @property
    def times(self) -> dict[str, str]:
        """When it was done and certified, in Beijing; older certificates state it in UTC."""
        told = {name: str(self.body[name]) for name in ("destroyed_at", "issued_at")}
        return {name: to_the_minute(datetime.fromisoformat(at)) for name, at in told.items()}


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done, as known when the key was destroyed."""

    client_id: str
    client_name: str = field(repr=False)
    fingerprint: str
    cases: int
    entries: int
    person_id: str
    reason: str
    at: datetime
    audit_number: int
    audit_seal: str


class CertificateStore:
    """Drafts, completes and hands out certificates."""

    def __init__(self, key: bytes, signer: Signer) -> None:
        self._sealing = Sealing(key)
        self._signer = signer

    def draft(self, session: Session, erasure: Erasure) -> str:
        """The serial of the certificate to come, in the transaction of the deed."""
        year = f"CE-{erasure.at.astimezone(SHANGHAI):%Y}-"
        issued = select(func.count()).where(CertificateRow.serial.startswith(year))
        serial = f"{year}{(session.scalar(issued) or 0) + 1:04d}"
        row = CertificateRow(
            serial=serial,
            client_id=erasure.client_id,
            issued_at=None,
            sealed=self._sealing.seal(_body(serial, erasure), row=serial),
        )
        session.add(row)
        session.flush()
        return serial

    def complete(
        self, session: Session, serial: str, *, database: Mapping[str, Any], now: datetime
    ) -> Certificate:
        """The certificate signed, with what became of the database's own remains."""
        row = self._row(session, serial)
        body = self._sealing.open(row.sealed, row=serial)
        body |= {"database": dict(database), "issued_at": to_the_second(now)}
        text = self._signer.sign(PURPOSE, body)
        row.sealed = self._sealing.seal({"text": text, "body": body}, row=serial)
        row.issued_at = now
        session.flush()
        return Certificate(serial, text, body)

    def unfinished(self, session: Session) -> list[str]:
        """Serials of deeds done whose certificate was not completed."""
        rows = select(CertificateRow.serial).where(CertificateRow.issued_at.is_(None))
        return list(session.scalars(rows.order_by(CertificateRow.serial)))

    def issued(self, session: Session) -> dict[str, str]:
        """The serial of the certificate of each client that has one."""
        rows = session.execute(
            select(CertificateRow.client_id, CertificateRow.serial).where(
                CertificateRow.issued_at.is_not(None)
            )
        )
        return dict(rows.all())

    def read(self, session: Session, serial: str) -> Certificate:
        """A certificate by its serial. Raises NotFound."""
        row = self._row(session, serial)
        if row.issued_at is None:
            raise _no_certificate()
        content = self._sealing.open(row.sealed, row=serial)
        return Certificate(serial, content["text"], content["body"])

    def _row(self, session: Session, serial: str) -> CertificateRow:
        row = session.get(CertificateRow, serial)
        if row is None:
            raise _no_certificate()
        return row


def certificate_page(certificate: Certificate, public_key: str) -> str:
    """The certificate as a page to read, print and file: no script, nothing fetched."""
    return _template().render(body=certificate.body, times=certificate.times, public_key=public_key)


def _body(serial: str, erasure: Erasure) -> dict[str, Any]:
    return {
        "serial": serial,
        "client": {"number": erasure.client_id, "name": erasure.client_name},
        "destroyed_at": to_the_second(erasure.at),
        "destroyed_by": erasure.person_id,
        "reason": erasure.reason,
        "method": {
            "name": {
                "zh": "密码擦除：销毁数据密钥",
                "en": "cryptographic erase: data key destroyed",
            },
            "algorithm": "AES-256-GCM",
            "terms": STANDARD,
        },
        "key": {"fingerprint": erasure.fingerprint},
        "scope": {"cases": erasure.cases, "entries": erasure.entries},
        "audit": {"event": erasure.audit_number, "seal": erasure.audit_seal},
        "limits": [dict(limit) for limit in KEY_LIMITS],
    }


def _no_certificate() -> NotFound:
    return NotFound(
        "没有这份证明。请核对编号，如 CE-2026-0001。",
        "There is no such certificate. Check the serial, such as CE-2026-0001.",
    )


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("certificate.html")
