"""Decisions about texts, kept sealed: a denied text is somebody's data, and so may its reason be.

What the columns show is an effect, a kind, a date and who decided; the text stands in the sealed
part, and is told apart from others by a keyed digest.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Date, Index, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.errors import NotFound
from records.sealing import Sealing


class RuleRow(Base):
    """One decision. A withdrawn one keeps its row, without what was sealed."""

    __tablename__ = "redaction_rules"
    __table_args__ = (Index("ix_redaction_rules_digest", "digest"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    effect: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date | None] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A decision as read back."""

    id: str
    effect: str
    kind: str
    text: str = field(repr=False)
    after: tuple[str, ...] = field(repr=False)
    reason: str = field(repr=False)
    created_by: str
    created_at: datetime
    until: date | None


class RuleStore:
    """Keeps decisions sealed with their own key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._sealing = Sealing(key)

    def add(
        self,
        session: Session,
        *,
        effect: str,
        kind: str,
        text: str,
        compared_as: str,
        after: tuple[str, ...],
        reason: str,
        until: date | None,
        person_id: str,
        now: datetime,
    ) -> str:
        """The number of the rule. A new decision about the same text and kind takes the old's place."""
        digest = self._digest(compared_as)
        same = select(RuleRow).where(
            RuleRow.digest == digest, RuleRow.kind == kind, RuleRow.withdrawn_at.is_(None)
        )
        for old in session.scalars(same).all():
            _withdraw(old, now)
        rule_id = f"R-{secrets.token_hex(6)}"
        content = {"text": text, "after": list(after), "reason": reason}
        session.add(
            RuleRow(
                id=rule_id,
                effect=effect,
                kind=kind,
                digest=digest,
                sealed=self._sealing.seal(content, row=rule_id),
                created_by=person_id,
                created_at=now,
                until=until,
            )
        )
        return rule_id

    def active(self, session: Session, today: date) -> list[KeptRule]:
        """The rules in force on a day, newest first."""
        rows = session.scalars(
            select(RuleRow)
            .where(RuleRow.withdrawn_at.is_(None))
            .order_by(RuleRow.created_at.desc(), RuleRow.id)
        )
        return [self._kept(row) for row in rows if row.until is None or row.until >= today]

    def withdraw(self, session: Session, rule_id: str, now: datetime) -> None:
        """The rule no longer holds, and its text is gone. Raises NotFound."""
        row = session.get(RuleRow, rule_id)
        if row is None or row.withdrawn_at is not None:
            raise NotFound(
                "没有这条规则，或已撤销。请刷新后再看。",
                "No such rule, or it was withdrawn. Please load the list again.",
            )
        _withdraw(row, now)

    def revision(self, session: Session) -> tuple[int, int]:
        """Changes whenever a rule is added or withdrawn."""
        return (
            session.scalar(select(func.count()).select_from(RuleRow)) or 0,
            session.scalar(select(func.count(RuleRow.withdrawn_at))) or 0,
        )

    def _kept(self, row: RuleRow) -> KeptRule:
        content = self._sealing.open(row.sealed or b"", row=row.id)
        return KeptRule(
            id=row.id,
            effect=row.effect,
            kind=row.kind,
            text=content["text"],
            after=tuple(content["after"]),
            reason=content["reason"],
            created_by=row.created_by,
            created_at=row.created_at,
            until=row.until,
        )

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _withdraw(row: RuleRow, now: datetime) -> None:
    row.withdrawn_at = now
    row.sealed = None
