"""Incidents reported by mail: a mail opens one ticket or is held for a responder, never dropped.

It opens a ticket where our own mail server vouches for its sender, and the sender is on record or of
a domain that may report. Whoever would send it twice finds the first: the Message-ID with its sender
counts once. The mail with its attachments is kept encrypted, as evidence of the ticket; one that is
held for thirty days.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.evidence import EVIDENCE, keep_file
from assistant.incidents.report_incident import CLOCK_SKEW, IncidentReport, report_incident
from assistant.operations.upkeep import SYSTEM
from records.errors import BadInput, NotFound, ProductError
from records.people import Person, Role, person_by_mail
from records.permissions import Permission, allowed
from tickets.incidents.mail import Held, IncidentMail, read_mail
from tickets.tables import IncidentMailRow

# Whoever of a domain that may report and is not on record; may do nothing else.
SENDER = replace(
    SYSTEM, roles=frozenset({Role.EMPLOYEE}), only=frozenset({Permission.INCIDENT_REPORT})
)
HELD_FOR = timedelta(days=30)
# A mail that is older says when somebody knew; one much older was more likely dated wrongly.
LATEST = timedelta(days=7)
_OWNER = "incident-mail"


@dataclass(frozen=True, slots=True)
class MailReport:
    """What became of a mail: the ticket it opened, or why it is held."""

    number: int
    at: datetime
    held: Held | None
    ticket_id: str | None


def hand_in_mail(app: App, person: Person, untrusted_mail: bytes) -> MailReport:
    """What became of a mail given to us by a person or a mail server. Raises NotPermitted."""
    app.authorise(person, Permission.INCIDENT_REPORT)
    taken = take_mail(app, untrusted_mail)
    app.record(person, "incident:mail-handed-in", f"M-{taken.number}", {"held": bool(taken.held)})
    return taken


def take_mail(app: App, untrusted_mail: bytes, *, cut: bool = False) -> MailReport:
    """The mail's ticket, or that it is held; the same mail again finds what became of it.

    `cut`: the mail is too large, and only its headers were read.
    """
    mail, held, reporter = _weighed(app, untrusted_mail, cut=cut)
    key = _key(mail, held, untrusted_mail)
    if known := _known(app, key):
        return known
    ticket_id = None
    if mail and reporter and not held:
        try:
            ticket_id = _reported(app, reporter, mail, key).ticket.id
        except ProductError:
            held, key = Held.UNREADABLE, _key(mail, Held.UNREADABLE, untrusted_mail)
    with app.database.transaction() as session:
        if row := session.scalar(select(IncidentMailRow).where(IncidentMailRow.key == key)):
            return _report(row)
        if ticket_id:
            file_id = _as_evidence(app, session, reporter or SENDER, ticket_id, untrusted_mail)
        else:
            until = app.clock() + HELD_FOR
            file_id = app.files.keep(
                session, untrusted_mail, name="mail", owner_id=_OWNER, keep_until=until,
                now=app.clock(),
            )  # fmt: skip
        reason = held.value if held else None
        row = IncidentMailRow(
            key=key, reason=reason, ticket_id=ticket_id, file_id=file_id, at=app.clock()
        )
        session.add(row)
        session.flush()
        app.append(session, SYSTEM, "incident:mail-taken", f"M-{row.id}", {"held": bool(held)})
        return _report(row)


def held_mails(app: App, person: Person) -> tuple[MailReport, ...]:
    """Mails that wait for a responder, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.INCIDENT_HANDLE)
    with app.database.reading() as session:
        found = held_in(app, session)
    app.record(person, "incident:mails-listed", "mails", {"held": len(found)})
    return found


def held_in(app: App, session: Session) -> tuple[MailReport, ...]:
    """The same within a transaction, to be counted."""
    query = (
        select(IncidentMailRow)
        .where(IncidentMailRow.reason.is_not(None), IncidentMailRow.ticket_id.is_(None))
        .where(IncidentMailRow.at > app.clock() - HELD_FOR)
        .order_by(IncidentMailRow.id.desc())
    )
    return tuple(_report(row) for row in session.scalars(query))


def release_mail(app: App, person: Person, number: int) -> MailReport:
    """The ticket that a held mail opens after all, in this responder's name.

    Raises NotPermitted, NotFound, BadInput where it holds no text, EmptyText.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    with app.database.reading() as session:
        row = session.get(IncidentMailRow, number)
        if row is None or row.reason is None:
            raise NotFound(f"没有待核对的邮件 {number}。", f"No mail {number} is held.")
        if row.ticket_id:
            return _report(row)
        key, file_id = row.key, row.file_id
        _, data = app.files.read(session, file_id, owner_id=_OWNER)
    mail = read_mail(data, server=app.settings.report_mail_server)
    ticket_id = _reported(app, person, mail, key).ticket.id
    with app.database.transaction() as session:
        row = session.get_one(IncidentMailRow, number)
        if row.ticket_id is None:
            row.ticket_id = ticket_id
            row.file_id = _as_evidence(app, session, person, ticket_id, data)
            app.files.erase(session, file_id, app.clock())
            app.append(session, person, "incident:mail-released", f"M-{number}")
        return _report(row)


def _weighed(
    app: App, untrusted_mail: bytes, *, cut: bool
) -> tuple[IncidentMail | None, Held | None, Person | None]:
    """The mail, why it is held if it is, and who reports."""
    try:
        mail = read_mail(untrusted_mail, server=app.settings.report_mail_server)
    except BadInput:
        return None, Held.TOO_LARGE if cut else Held.UNREADABLE, None
    if cut:
        return mail, Held.TOO_LARGE, None
    if mail.automatic:
        return mail, Held.AUTOMATIC, None
    with app.database.reading() as session:
        reporter = person_by_mail(session, mail.sender)
    domains = app.settings.report_mail_domains.lower().replace(" ", "").split(",")
    if reporter is None and mail.sender.rpartition("@")[2] in domains:
        reporter = SENDER
    if reporter is None or (
        reporter is not SENDER and not allowed(reporter, Permission.INCIDENT_REPORT)
    ):
        return mail, Held.UNKNOWN, None
    return mail, None if mail.vouched else Held.UNVOUCHED, reporter


def _key(mail: IncidentMail | None, held: Held | None, data: bytes) -> str:
    """One for each mail, and another for what is held: nobody blocks a mail by sending its number first."""
    if mail is None or not mail.message_id or held:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha256(f"{mail.sender}\n{mail.message_id}".encode()).hexdigest()


def _known(app: App, key: str) -> MailReport | None:
    with app.database.reading() as session:
        row = session.scalar(select(IncidentMailRow).where(IncidentMailRow.key == key))
        return _report(row) if row else None


def _reported(app: App, person: Person, mail: IncidentMail, key: str) -> IncidentReport:
    """The incident; clocks run from what the text says, or else from when it was written."""
    now = app.clock()
    sent = mail.sent_at if mail.sent_at and now - LATEST < mail.sent_at < now + CLOCK_SKEW else None
    return report_incident(app, person, mail.text, said_at=sent, key=f"mail:{key}")


def _as_evidence(app: App, session: Session, person: Person, ticket_id: str, data: bytes) -> str:
    ticket = app.ticket_store.get(session, ticket_id, to_change=True)
    kept = keep_file(app, session, ticket, data, f"{ticket_id}-mail.eml")
    about = {
        "about_zh": "报告邮件原件（含附件）",
        "about_en": "the mail that reported it, with attachments",
    }
    app.ticket_store.note(
        session, ticket_id, at=app.clock(), person_id=person.id, what=EVIDENCE, details=kept | about
    )
    app.append(session, person, EVIDENCE, ticket_id, {"size": len(data)})
    return str(kept["file_id"])


def _report(row: IncidentMailRow) -> MailReport:
    return MailReport(row.id, row.at, Held(row.reason) if row.reason else None, row.ticket_id)
