"""A client file in; a redacted copy with a report, re-read and re-scanned, out."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.cases import OpenCase
from assistant.errors import CaseNeeded
from pii.case import Case
from pii.documents import RedactedDocument, redact_document
from pii.policy import RedactionPolicy, load_disclosure, load_policy
from pii.report import Circumstances, RedactionReport, read_stored, stored_report
from records.audit import Detail
from records.people import Person
from records.permissions import Permission
from records.vault import CaseMoved

KEPT_FOR = timedelta(hours=24)
SUMMARY_PURPOSE = "redaction-summary"
_ATTEMPTS = 3


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

    report: RedactionReport
    summary: str = field(repr=False)
    name: str
    keep_until: datetime


def redact_file(
    app: App,
    person: Person,
    untrusted_data: bytes,
    untrusted_name: str,
    *,
    policy: str = "",
    case: OpenCase | Case | None = None,
    subject: Sequence[str] = (),
) -> RedactedFile:
    """The redacted copy. The original is never stored; the copy is kept encrypted for a day.

    Stand-ins are those of the case; what is new in an opened one is in the vault before the copy
    is released. `subject`: values of the person concerned, which stay under a policy for them.
    Raises NotPermitted, CaseNeeded, and what `pii.documents.redact_document` raises: a file that
    cannot be read in full, or still leaks, is refused and nothing is kept.
    """
    app.authorise(person, Permission.FILE_REDACT)
    chosen = _policy(app, policy).for_person(subject)
    if chosen.encrypts and not isinstance(case, OpenCase):
        raise CaseNeeded
    for left in reversed(range(_ATTEMPTS)):
        document = redact_document(
            untrusted_data,
            untrusted_name,
            app.detector,
            chosen,
            case.case if isinstance(case, OpenCase) else case,
        )
        try:
            return _release(app, person, untrusted_data, document, case)
        except CaseMoved:
            if left == 0 or not isinstance(case, OpenCase):
                raise
            # What somebody else named meanwhile must be named the same here.
            case.read_again(app)
    raise CaseMoved


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
    return KeptReport(report, kept["summary"], report.document, made_at + KEPT_FOR)


def _policy(app: App, name: str) -> RedactionPolicy:
    settings = app.settings
    return load_policy(name or settings.redaction_policy, settings.redaction_policies)


def _release(
    app: App,
    person: Person,
    original: bytes,
    document: RedactedDocument,
    case: OpenCase | Case | None,
) -> RedactedFile:
    """Stand-ins, copy, report and audit event in one transaction: all of them, or none."""
    opened = case if isinstance(case, OpenCase) else None
    report = replace(
        document.report,
        circumstances=Circumstances(
            made_at=app.clock(),
            case=opened.id if opened else "",
            original_fingerprint=_fingerprint(app, original),
            disclosure=load_disclosure(app.settings.redaction_policies),
        ),
    )
    summary = app.signer.sign(SUMMARY_PURPOSE, report.summary())
    with app.database.transaction() as session:
        if opened:
            opened.keep(app, session)
        file_id = _keep(app, session, person, document, report, summary)
        details: dict[str, Detail] = {
            "policy": report.policy,
            "format": report.format,
            "findings": sum(report.counts.values()),
            "original": report.circumstances.original_fingerprint,
            "copy_sha256": report.redacted_sha256,
            "case": report.circumstances.case,
        }
        app.append(session, person, "file:redacted", file_id, details)
    if opened:
        opened.kept()
    keep_until = app.clock() + KEPT_FOR
    return RedactedFile(file_id, document.name, document.data, report, summary, keep_until)


def _keep(
    app: App,
    session: Session,
    person: Person,
    document: RedactedDocument,
    report: RedactionReport,
    summary: str,
) -> str:
    now = app.clock()
    keep_until = now + KEPT_FOR
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
    return file_id


def _fingerprint(app: App, original: bytes) -> str:
    """A keyed digest of the original: a plain one would let a short file be guessed."""
    return hmac.new(app.keys.derive("fingerprints"), original, hashlib.sha256).hexdigest()
