"""The mailbox for incident reports, read by IMAP over TLS (RFC 3501) once a minute.

Nothing in it is changed: how far it was read is our own record, so that whoever opens the mailbox
beside us hides no mail from us. A mail is passed only after it was taken.
"""

import hashlib
import imaplib
import logging
import re
import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from assistant.app import App
from assistant.incidents.mail_reports import take_mail
from tickets.incidents.mail import LARGEST_MAIL
from tickets.tables import MailboxRow

logger = logging.getLogger(__name__)
SECONDS = 20
# A mailbox that already holds years of mail is not reported as incidents.
BACK = timedelta(days=7)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_mailbox(app: App, connect: Callable[..., imaplib.IMAP4] | None = None) -> int:
    """How many mails were taken in this turn; a server that does not answer is asked in the next."""
    settings = app.settings
    if not settings.report_mail_host or settings.report_mail_password is None:
        return 0
    try:
        with (connect or _connected)(
            settings.report_mail_host, settings.report_mail_port, timeout=SECONDS
        ) as box:
            box.login(settings.report_mail_user, settings.report_mail_password.get_secret_value())
            return _taken(app, box)
    except (OSError, imaplib.IMAP4.error) as error:
        # Its text may quote the server, and so the account.
        logger.warning("the mailbox for reports was not read: %s", type(error).__name__)
        return 0


def _connected(host: str, port: int, timeout: float) -> imaplib.IMAP4:
    return imaplib.IMAP4_SSL(host, port, timeout=timeout, ssl_context=ssl.create_default_context())


def _taken(app: App, box: imaplib.IMAP4) -> int:
    settings = app.settings
    folder = settings.report_mail_folder.replace("\\", "\\\\").replace('"', '\\"')
    _ok(box.select(f'"{folder}"', readonly=True))
    _, validity = box.response("UIDVALIDITY")
    place = "\n".join((settings.report_mail_host, settings.report_mail_user, folder, str(validity)))
    mailbox = hashlib.sha256(place.encode()).hexdigest()
    with app.database.reading() as session:
        row = session.get(MailboxRow, mailbox)
        last = row.last_uid if row else 0
    day = app.clock() - BACK
    since = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
    found = _ok(box.uid("SEARCH", f"UID {last + 1}:*", "SINCE", since))[0] or b""
    count = 0
    # “n:*” always names the last mail, however low its number.
    for uid in sorted(int(one) for one in found.split() if int(one) > last):
        size = _SIZE.search(_first(_ok(box.uid("FETCH", str(uid), "(RFC822.SIZE)"))))
        cut = size is None or int(size[1]) > LARGEST_MAIL
        part = "(BODY.PEEK[HEADER])" if cut else "(BODY.PEEK[])"
        for one in _ok(box.uid("FETCH", str(uid), part)):
            if isinstance(one, tuple):
                take_mail(app, one[1], cut=cut)
                count += 1
        with app.database.transaction() as session:
            session.merge(MailboxRow(id=mailbox, last_uid=uid))
    return count


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error("refused")
    return data


def _first(data: list[Any]) -> bytes:
    one = data[0] if data else b""
    return one if isinstance(one, bytes) else b""
