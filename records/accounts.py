"""Local accounts: a sign-in name, a password, an authenticator; and links that open once.

Passwords are kept as argon2id (RFC 9106, second recommended option); the authenticator's secret is
sealed; recovery codes and links, random themselves, as keyed or plain SHA-256.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Integer, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, UtcDateTime
from records.errors import BadInput, Conflict
from records.keys import Keys
from records.sealing import Sealing

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
FEWEST_CHARACTERS = 5
LONGEST_NAME = 64
RECOVERY_CODES = 10
# RFC 6238: half a minute a step; one step either way for clocks that differ.
STEP_SECONDS = 30
DRIFT_STEPS = 1
_HASHER = PasswordHasher()
# What a password is compared with where there is no such account, so that both take as long.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class LinkPurpose(StrEnum):
    """What a link that opens once is for."""

    SIGN_IN = "sign_in"
    """In at once: printed where only its person reads it."""
    WELCOME = "welcome"
    """To choose a sign-in name and a password."""


class AccountRow(Base):
    """How a person signs in. `subject` is who they are at the identity provider."""

    __tablename__ = "accounts"

    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    sign_in_name: Mapped[str | None] = mapped_column(String(LONGEST_NAME), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_offered: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(Integer, default=0)
    subject: Mapped[str | None] = mapped_column(String(400), unique=True)


class RecoveryCodeRow(Base):
    """A recovery code not yet used."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


class LinkRow(Base):
    """A link that opens once."""

    __tablename__ = "one_time_links"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Account:
    """How a person signs in, without any secret."""

    person_id: str
    sign_in_name: str = field(default="", repr=False)
    password_set_at: datetime | None = None
    has_totp: bool = False
    recovery_codes: int = 0
    has_provider: bool = False


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts under this installation's keys."""

    keys: Keys

    def read(self, session: Session, person_id: str) -> Account:
        """How this person signs in; nothing is set for a newcomer."""
        row = session.get(AccountRow, person_id)
        if row is None:
            return Account(person_id)
        codes = select(RecoveryCodeRow.digest).where(RecoveryCodeRow.person_id == person_id)
        return Account(
            person_id=person_id,
            sign_in_name=row.sign_in_name or "",
            password_set_at=row.password_set_at,
            has_totp=row.totp is not None,
            recovery_codes=len(session.scalars(codes).all()),
            has_provider=row.subject is not None,
        )

    def set_password(
        self, session: Session, person_id: str, password: str, *, name: str, now: datetime
    ) -> None:
        """The account with this sign-in name and password. Raises BadInput, Conflict."""
        wanted = read_name(name)
        hashed = hash_password(password, name=wanted)
        taken = select(AccountRow.person_id).where(AccountRow.sign_in_name == wanted)
        if session.scalar(taken) not in (None, person_id):
            raise Conflict("这个登录名已有人使用，请换一个。", "That sign-in name is taken.")
        row = _row(session, person_id)
        row.sign_in_name, row.password_hash, row.password_set_at = wanted, hashed, now

    def offer_totp(self, session: Session, person_id: str) -> str:
        """A new secret for an authenticator, which counts only once a code of it was given."""
        secret = pyotp.random_base32()
        _row(session, person_id).totp_offered = self._sealing.seal(secret, row=person_id)
        return secret

    def accept_totp(
        self, session: Session, person_id: str, code: str, now: datetime
    ) -> tuple[str, ...] | None:
        """The recovery codes, shown this once; None where the code is not of the secret offered."""
        row = _row(session, person_id)
        step = self._step(row.totp_offered, code, row, now, last=0)
        if step is None:
            return None
        row.totp, row.totp_offered, row.totp_last_step = row.totp_offered, None, step
        return self._new_recovery_codes(session, person_id)

    def end_totp(self, session: Session, person_id: str) -> None:
        """The account without an authenticator and its recovery codes."""
        row = _row(session, person_id)
        row.totp, row.totp_offered, row.totp_last_step = None, None, 0
        session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))

    def use_code(self, session: Session, person_id: str, code: str, now: datetime) -> bool:
        """Whether a code of the authenticator, or a recovery code, was right; each is good once."""
        row = session.get(AccountRow, person_id)
        if row is None or row.totp is None:
            return False
        step = self._step(row.totp, code, row, now, last=row.totp_last_step)
        if step is not None:
            row.totp_last_step = step
            return True
        used = delete(RecoveryCodeRow).where(
            RecoveryCodeRow.person_id == person_id,
            RecoveryCodeRow.digest == self._digest(person_id, code),
        )
        return bool(session.execute(used).rowcount)  # type: ignore[attr-defined]

    def _step(
        self, sealed: bytes | None, code: str, row: AccountRow, now: datetime, *, last: int
    ) -> int | None:
        """The step whose code this is, if it is later than the last one used."""
        digits = "".join(code.split())
        if sealed is None or not (digits.isascii() and digits.isdigit()):
            return None
        totp = pyotp.TOTP(self._sealing.open(sealed, row=row.person_id))
        current = int(now.timestamp()) // STEP_SECONDS
        steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
        right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)]
        return next((step for step in right if step > last), None)

    def _new_recovery_codes(self, session: Session, person_id: str) -> tuple[str, ...]:
        session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        for code in codes:
            digest = self._digest(person_id, code)
            session.add(RecoveryCodeRow(person_id=person_id, digest=digest))
        return codes

    @property
    def _sealing(self) -> Sealing:
        return Sealing(self.keys.derive("authenticators"))

    def _digest(self, person_id: str, code: str) -> str:
        plain = "".join(c for c in code.upper() if c.isalnum())
        key = self.keys.derive("recovery-codes")
        return hmac.new(key, f"{person_id}.{plain}".encode(), hashlib.sha256).hexdigest()


def person_named(session: Session, name: str) -> str | None:
    """Whose sign-in name this is."""
    return session.scalar(
        select(AccountRow.person_id).where(AccountRow.sign_in_name == plain_name(name))
    )


def password_of(session: Session, person_id: str) -> str | None:
    """The stored form of a person's password, to be checked outside of any transaction."""
    return session.scalar(select(AccountRow.password_hash).where(AccountRow.person_id == person_id))


def check_password(stored: str | None, password: str) -> bool:
    """Whether it is the password stored; as slow where none is."""
    given = _plain(password) if len(password) <= LONGEST_PASSWORD else ""
    try:
        return _HASHER.verify(stored or _NOBODY, given) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def hash_password(password: str, *, name: str) -> str:
    """The stored form of a password good enough. Raises BadInput saying what is not."""
    plain = _plain(password)
    if not SHORTEST_PASSWORD <= len(plain) <= LONGEST_PASSWORD:
        raise BadInput(
            f"密码请用 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符；一句只有您知道的话就很好。",
            f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters for the password; a "
            "sentence only you know does well.",
        )
    if len(set(plain)) < FEWEST_CHARACTERS or (name and name in plain.casefold()):
        raise BadInput(
            "密码太容易猜：不要重复少数字符，也不要包含登录名。",
            "This password is easy to guess: avoid few repeated characters and the sign-in name.",
        )
    return _HASHER.hash(plain)


def plain_name(name: str) -> str:
    """One form for every way to write a sign-in name."""
    return _plain(name[: 4 * LONGEST_NAME]).strip().casefold()


def read_name(name: str) -> str:
    """A sign-in name as it is kept. Raises BadInput."""
    plain = plain_name(name)
    if not plain or len(plain) > LONGEST_NAME or not all(c.isalnum() or c in "._-@" for c in plain):
        raise BadInput(
            "登录名请用 1 到 64 个字母、汉字、数字或 . _ - @。",
            "Use 1 to 64 letters, digits or . _ - @ for the sign-in name.",
        )
    return plain


def give_link(
    session: Session, person_id: str, purpose: LinkPurpose, *, now: datetime, good_for: timedelta
) -> str:
    """What a link carries that opens once; the ones before it for the same purpose are void."""
    session.execute(
        delete(LinkRow).where(LinkRow.person_id == person_id, LinkRow.purpose == purpose.value)
    )
    token = secrets.token_urlsafe(32)
    session.add(
        LinkRow(
            token_sha256=_sha256(token),
            person_id=person_id,
            purpose=purpose.value,
            expires_at=now + good_for,
        )
    )
    return token


def whose_link(session: Session, token: str, purpose: LinkPurpose, now: datetime) -> str | None:
    """Whose link this is while it is good; it stays unused."""
    row = session.get(LinkRow, _sha256(token))
    good = row is not None and row.purpose == purpose.value and row.expires_at > now
    return row.person_id if row is not None and good else None


def use_link(session: Session, token: str, purpose: LinkPurpose, now: datetime) -> str | None:
    """Whose link this is; from now on it opens no more."""
    person_id = whose_link(session, token, purpose, now)
    if person_id is None:
        return None
    gone = session.execute(delete(LinkRow).where(LinkRow.token_sha256 == _sha256(token)))
    return person_id if gone.rowcount else None  # type: ignore[attr-defined]


def end_account(session: Session, person_id: str) -> None:
    """Nobody signs in as this person any more: password, authenticator and links are gone.

    Who they are at the identity provider stays known: who left is no newcomer there.
    """
    row = session.get(AccountRow, person_id)
    subject = row.subject if row else None
    forget_account(session, person_id)
    if subject is not None:
        set_subject(session, person_id, subject)


def forget_account(session: Session, person_id: str) -> None:
    """The account ended, and nothing of it left."""
    for table in (RecoveryCodeRow, LinkRow, AccountRow):
        session.execute(delete(table).where(table.person_id == person_id))


def forget_links(session: Session, now: datetime) -> None:
    """Links past their time go."""
    session.execute(delete(LinkRow).where(LinkRow.expires_at <= now))


def person_by_subject(session: Session, subject: str) -> str | None:
    """Who this is by the identity provider's word."""
    return session.scalar(select(AccountRow.person_id).where(AccountRow.subject == subject))


def set_subject(session: Session, person_id: str, subject: str) -> None:
    """The person is known by this subject from now on."""
    _row(session, person_id)
    session.flush()
    session.execute(
        update(AccountRow).where(AccountRow.person_id == person_id).values(subject=subject)
    )


def _row(session: Session, person_id: str) -> AccountRow:
    row = session.get(AccountRow, person_id)
    if row is None:
        row = AccountRow(person_id=person_id, totp_last_step=0)
        session.add(row)
    return row


def _plain(text: str) -> str:
    """One form for what looks the same (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
