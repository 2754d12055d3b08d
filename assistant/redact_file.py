"""A client file in; a redacted copy with a report, re-read and re-scanned, out."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.app import App
from pii.documents import redact_document
from pii.policy import load_policy
from pii.report import RedactionReport
from records.people import Person
from records.permissions import Permission

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """The copy, its report, and until when it can be fetched again under its number."""

    file_id: str
    name: str
    data: bytes = field(repr=False)
    report: RedactionReport
    keep_until: datetime


def redact_file(
    app: App,
    person: Person,
    untrusted_data: bytes,
    untrusted_name: str,
    *,
    policy: str = "",
    passwords: Sequence[str] = (),
) -> RedactedFile:
    """The redacted copy. The original is never stored; the copy is kept encrypted for a day.

    Raises NotPermitted, and what `pii.documents.redact_document` raises: a file that cannot be read
    in full, or still leaks, is refused and nothing is kept. Passwords open an encrypted file and
    are kept nowhere; its copy is not encrypted.
    """
    app.authorise(person, Permission.FILE_REDACT)
    chosen = load_policy(policy or app.settings.redaction_policy)
    document = redact_document(
        untrusted_data, untrusted_name, app.detector, chosen, passwords=passwords
    )
    now = app.clock()
    keep_until = now + KEPT_FOR
    report = document.report
    with app.database.transaction() as session:
        file_id = app.files.keep(
            session,
            document.data,
            name=document.name,
            owner_id=person.id,
            keep_until=keep_until,
            now=now,
        )
        app.append(
            session,
            person,
            "file:redacted",
            file_id,
            {
                "policy": report.policy,
                "format": report.format,
                "findings": sum(report.counts.values()),
                "original": _fingerprint(app, report.original_sha256),
                "copy_sha256": report.redacted_sha256,
            },
        )
    return RedactedFile(file_id, document.name, document.data, report, keep_until)


def fetch_redacted(app: App, person: Person, file_id: str) -> tuple[str, bytes]:
    """Name and bytes of one's own redacted copy. Raises NotPermitted, NotFound after its day."""
    app.authorise(person, Permission.FILE_REDACT)
    with app.database.transaction() as session:
        app.files.erase_due(session, app.clock())
        found = app.files.read(session, file_id, owner_id=person.id)
        app.append(session, person, "file:fetched", file_id)
    return found


def _fingerprint(app: App, sha256: str) -> str:
    """A keyed digest of the original: a plain one would let a short file be guessed."""
    return hmac.new(app.keys.derive("fingerprints"), sha256.encode(), hashlib.sha256).hexdigest()
