"""How often somebody may try to sign in: by account and by address, slower after each failure.

A try counts before it is judged, so that many at once cannot slip through. Accounts are counted by
the name typed, whether or not there is one, so that the wait tells nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete, func, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime

FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_WAIT = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=15)
TRIES_OF_AN_ACCOUNT = 5
# Many people may share an address.
TRIES_OF_AN_ADDRESS = 30


class SignInTriesRow(Base):
    """How many tries failed lately; whose is known only by a keyed digest."""

    __tablename__ = "sign_in_tries"

    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """Counts tries under a key of its own."""

    key: bytes

    def begin(self, session: Session, *, account: str, address: str, now: datetime) -> timedelta:
        """How long to wait before this try may be made; if no time at all, it is counted."""
        limits = self._limits(account, address)
        rows = {who: session.get(SignInTriesRow, who) for who in limits}
        wait = max(_wait(row, limits[who], now) for who, row in rows.items())
        if wait > timedelta(0):
            return wait
        for who, row in rows.items():
            if row is None or now - row.last_at >= FORGOTTEN_AFTER:
                session.merge(SignInTriesRow(who=who, failures=1, last_at=now))
            else:
                row.failures, row.last_at = row.failures + 1, now
        return timedelta(0)

    def succeeded(self, session: Session, *, account: str, address: str) -> None:
        """The account starts afresh; of the address only this try is taken back."""
        mine = self._who("account", account)
        session.execute(delete(SignInTriesRow).where(SignInTriesRow.who == mine))
        session.execute(
            update(SignInTriesRow)
            .where(SignInTriesRow.who == self._who("address", address), SignInTriesRow.failures > 0)
            .values(failures=SignInTriesRow.failures - 1)
        )

    def _limits(self, account: str, address: str) -> dict[str, int]:
        return {
            self._who("account", account): TRIES_OF_AN_ACCOUNT,
            self._who("address", address): TRIES_OF_AN_ADDRESS,
        }

    def _who(self, kind: str, value: str) -> str:
        return hmac.new(self.key, f"{kind}.{value}".encode(), hashlib.sha256).hexdigest()


def forget_tries(session: Session, now: datetime) -> None:
    """What is older than a day goes."""
    session.execute(delete(SignInTriesRow).where(SignInTriesRow.last_at <= now - FORGOTTEN_AFTER))


def tries_kept(session: Session) -> int:
    """How many accounts and addresses are being counted."""
    return session.scalar(func.count(SignInTriesRow.who)) or 0


def _wait(row: SignInTriesRow | None, allowed: int, now: datetime) -> timedelta:
    if row is None or row.failures < allowed or now - row.last_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    doubled = min(row.failures - allowed, 10)
    wait = min(FIRST_WAIT * int(2**doubled), LONGEST_WAIT)
    return wait - (now - row.last_at)
