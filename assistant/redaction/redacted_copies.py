"""Redacted copies as they are kept: encrypted, for a day, the report and its signed summary beside."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assistant.app import App
from pii.documents import RedactedDocument
from pii.policy import RedactionPolicy, load_disclosure, load_policy
from pii.report import Circumstances, RedactionReport, read_stored, stored_report
from records.people import Person
from records.permissions import Permission

KEPT_FOR = timedelta(hours=24)
SUMMARY_PURPOSE = "redaction-summary"


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """The copy, its report, and until when it can be fetched again under its number."""

    file_id: str
    name: str
    data: bytes = field(repr=False)
    report: RedactionReport
    summary: str = field(repr=False)
    """The signed summary, which anybody can check against the copy and the report."""
    keep_until: datetime


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as kept beside its copy."""

    file_id: str
    report: RedactionReport
    summary: str = field(repr=False)
    keep_until: datetime


def policy_named(app: App, name: str) -> RedactionPolicy:
    """A shipped policy or one of the company's; without a name the one that is set."""
    settings = app.settings
    return load_policy(name or settings.redaction_policy, settings.redaction_policies)


def keep_copy(
    app: App,
    session: Session,
    person: Person,
    document: RedactedDocument,
    *,
    original: bytes,
    case_id: str = "",
) -> RedactedFile:
    """The copy kept with its report, in the transaction that tells of it."""
    now = app.clock()
    keep_until = now + KEPT_FOR
    circumstances = Circumstances(
        made_at=now,
        case=case_id,
        original_fingerprint=_fingerprint(app, original),
        disclosure=load_disclosure(app.settings.redaction_policies),
    )
    report = replace(document.report, circumstances=circumstances)
    summary = app.signer.sign(SUMMARY_PURPOSE, report.summary())
    file_id = app.files.keep(
        session,
        document.data,
        name=document.name,
        owner_id=person.id,
        keep_until=keep_until,
        now=now,
    )
    kept = {"summary": summary, "report": json.loads(stored_report(report))}
    app.files.keep(
        session,
        json.dumps(kept, ensure_ascii=False).encode(),
        name=f"{document.name}.report",
        owner_id=person.id,
        keep_until=keep_until,
        now=now,
        beside=file_id,
    )
    return RedactedFile(file_id, document.name, document.data, report, summary, keep_until)


def fetch_redacted(app: App, person: Person, file_id: str) -> tuple[str, bytes]:
    """Name and bytes of one's own redacted copy. Raises NotPermitted, NotFound after its day."""
    app.authorise(person, Permission.FILE_REDACT)
    with app.database.transaction() as session:
        app.files.erase_due(session, app.clock())
        found = app.files.read(session, file_id, owner_id=person.id)
        app.append(session, person, "file:fetched", file_id)
    return found


def fetch_report(app: App, person: Person, file_id: str) -> KeptReport:
    """The report of one's own copy. Raises NotPermitted, NotFound after its day."""
    app.authorise(person, Permission.FILE_REDACT)
    with app.database.transaction() as session:
        app.files.erase_due(session, app.clock())
        kept = json.loads(app.files.read_beside(session, file_id, owner_id=person.id))
        app.append(session, person, "file:report_fetched", file_id)
    report = read_stored(json.dumps(kept["report"]).encode())
    made_at = report.circumstances.made_at or app.clock()
    return KeptReport(file_id, report, kept["summary"], made_at + KEPT_FOR)


def _fingerprint(app: App, original: bytes) -> str:
    """A keyed digest of the original: a plain one would let a short file be guessed."""
    return hmac.new(app.keys.derive("fingerprints"), original, hashlib.sha256).hexdigest()
