"""Who is signed in: a cookie sealed with our own key, good for twelve hours.

The cookie names the person and a fingerprint of the access token it was given for, so that a
new token ends every session of the old one. Roles are read afresh at each request.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from assistant.app import App
from records.people import Person, PersonRow, person_by_id

COOKIE = "compliance_session"
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Seals and opens session cookies."""

    app: App

    def seal(self, person: Person) -> str:
        """The cookie for a person who has just shown a token."""
        ends_at = int((self.app.clock() + LIFETIME).timestamp())
        with self.app.database.reading() as session:
            content = f"{person.id}.{ends_at}.{_fingerprint(session, person.id)}"
        return f"{content}.{self._seal(content)}"

    def open(self, cookie: str) -> Person | None:
        """Whom a cookie names, or nobody when it is forged, old, or its token was replaced."""
        content, _, seal = cookie.rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(content).encode()):
            return None
        person_id, ends_at, fingerprint = content.split(".")
        if _past(int(ends_at), self.app.clock()):
            return None
        with self.app.database.reading() as session:
            if _fingerprint(session, person_id) != fingerprint:
                return None
            return person_by_id(session, person_id)

    def _seal(self, content: str) -> str:
        key = self.app.keys.derive("sessions")
        return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def _past(ends_at: int, now: datetime) -> bool:
    return now.timestamp() >= ends_at


def _fingerprint(session: DatabaseSession, person_id: str) -> str:
    row = session.get(PersonRow, person_id)
    stored = row.token_sha256 if row else None
    return hashlib.sha256((stored or "").encode()).hexdigest()[:16]
