"""A client file in; a redacted copy with a report, re-read and re-scanned, out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.app import App
from assistant.errors import CaseNeeded
from assistant.redaction.cases import OpenCase, until_kept
from assistant.redaction.redacted_copies import RedactedFile, keep_copy, policy_named
from pii.case import Case
from pii.documents import RedactedDocument, redact_document
from pii.formats.opening import AS_THEY_ARE, PageWishes
from records.people import Person
from records.permissions import Permission


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants a file redacted: the names of policy and case, passwords, pages."""

    policy: str = ""
    case: str = ""
    client: str = ""
    subject: tuple[str, ...] = ()
    passwords: tuple[str, ...] = field(default=(), repr=False)
    pages: PageWishes = AS_THEY_ARE


AS_SET = Wish()


def redact_file(
    app: App,
    person: Person,
    untrusted_data: bytes,
    untrusted_name: str,
    *,
    policy: str = "",
    case: OpenCase | Case | None = None,
    subject: Sequence[str] = (),
    passwords: Sequence[str] = (),
    pages: PageWishes = AS_THEY_ARE,
) -> RedactedFile:
    """The redacted copy. The original is never stored; the copy is kept encrypted for a day.

    Stand-ins are those of the case; what is new in an opened one is in the vault before the copy
    is released. `subject`: values of the person concerned, which stay under a policy for them.
    `passwords` open an encrypted file and are kept nowhere; its copy is not encrypted.
    Raises NotPermitted, CaseNeeded, and what `pii.documents.redact_document` raises: a file that
    cannot be read in full, or still leaks, is refused and nothing is kept.
    """
    app.authorise(person, Permission.FILE_REDACT)
    chosen = policy_named(app, policy).for_person(subject)
    if chosen.encrypts and not isinstance(case, OpenCase):
        raise CaseNeeded

    def attempt() -> RedactedFile:
        document = redact_document(
            untrusted_data,
            untrusted_name,
            app.detector,
            chosen,
            case.case if isinstance(case, OpenCase) else case,
            passwords=passwords,
            pages=pages,
        )
        return _release(app, person, untrusted_data, document, case)

    return until_kept(app, case, attempt)


def _release(
    app: App,
    person: Person,
    original: bytes,
    document: RedactedDocument,
    case: OpenCase | Case | None,
) -> RedactedFile:
    """Stand-ins, copy, report and audit event in one transaction: all of them, or none."""
    opened = case if isinstance(case, OpenCase) else None
    case_id = opened.id if opened else ""
    with app.database.transaction() as session:
        if opened:
            opened.keep(app, session)
        file = keep_copy(app, session, person, document, original=original, case_id=case_id)
        report = file.report
        app.append(
            session,
            person,
            "file:redacted",
            file.file_id,
            {
                "policy": report.policy,
                "format": report.format,
                "findings": sum(report.counts.values()),
                "original": report.circumstances.original_fingerprint,
                "copy_sha256": report.redacted_sha256,
                "case": case_id,
            },
        )
    if opened:
        opened.kept()
    return file
