"""How a notice leaves: by mail, or into a folder where a company has no mail server.

A sender answers one of three ways. It returns proof; or raises NotTaken, and nothing left; or raises
Unclear, and nobody knows. Only the middle one may be tried again by the program.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from assistant.notifiers import SMTP_SECONDS
from assistant.settings import Settings
from records.beijing import SHANGHAI
from tickets.notices.delivery import DeliveryState

_MEDIA = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
_NOT_PROOF = re.compile(r"[^\w .:;=/()\[\]+-]", re.ASCII)
_OK = 250


@dataclass(frozen=True, slots=True)
class Post:
    """One client's notice on its way."""

    key: str
    message_id: str
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    file_name: str
    file: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that it left: SENT, or WRITTEN to a folder; what the server said."""

    state: DeliveryState
    said: str


class NotTaken(Exception):
    """Nothing left. `for_good`: the server will never take it. `down`: nor anything else now."""

    def __init__(self, said: str, *, for_good: bool = False, down: bool = False) -> None:
        super().__init__(said)
        self.said, self.for_good, self.down = said, for_good, down


class Unclear(Exception):
    """It may have left, or not; only a person can find out."""


class Sender(Protocol):
    """Takes one notice at a time."""

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        ...

    def send(self, post: Post) -> Proof:
        """Proof that it left. Raises NotTaken or Unclear."""
        ...


class MailSender:
    """Notices by SMTP, from their own address, one client a mail."""

    name = "mail"

    def __init__(self, settings: Settings, connect: Callable[..., smtplib.SMTP] = smtplib.SMTP):
        self._settings = settings
        self._connect = connect

    def send(self, post: Post) -> Proof:
        """Taken by the server with 250. A connection lost after the text began leaves it unclear."""
        mail = mail_of(post, self._settings.notice_mail_from).as_bytes(policy=SMTP)
        try:
            smtp = self._opened()
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(type(error).__name__, down=True) from None
        try:
            self._name_both(smtp, post)
            try:
                code, said = smtp.data(mail)
            except smtplib.SMTPDataError as error:
                raise _refused(error.smtp_code) from None
            except (OSError, smtplib.SMTPException) as error:
                raise Unclear(type(error).__name__) from None
            if code != _OK:
                raise _refused(code)
            return Proof(DeliveryState.SENT, _proof(code, said))
        finally:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()

    def _opened(self) -> smtplib.SMTP:
        settings = self._settings
        smtp = self._connect(settings.smtp_host, settings.smtp_port, timeout=SMTP_SECONDS)
        try:
            if settings.smtp_starttls:
                # Names and addresses of clients: only to the server that proves who it is.
                smtp.starttls(context=ssl.create_default_context())
            if settings.smtp_password:
                smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _name_both(self, smtp: smtplib.SMTP, post: Post) -> None:
        try:
            answers = (smtp.mail(self._settings.notice_mail_from), smtp.rcpt(post.to))
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(type(error).__name__, down=True) from None
        for code, _ in answers:
            if code // 100 != 2:
                raise _refused(code)


class FolderSender:
    """Notices as files to be sent by hand: the mail ready to open, the letter beside it."""

    name = "folder"

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender or "notices@localhost"

    def send(self, post: Post) -> Proof:
        """Written whole or not at all; writing the same once more changes nothing."""
        folder = self._folder / post.key.rpartition("-")[0]
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            mail = mail_of(post, self._sender).as_bytes(policy=SMTP)
            for name, data in ((post.file_name, post.file), (f"{post.key}.eml", mail)):
                draft = folder / f"{name}.part"
                draft.write_bytes(data)
                draft.chmod(0o600)
                draft.replace(folder / name)
        except OSError as error:
            raise NotTaken(type(error).__name__, down=True) from None
        return Proof(DeliveryState.WRITTEN, f"{post.key}.eml")


def mail_of(post: Post, sender: str) -> EmailMessage:
    """The mail: the letter as text, and the same as a file."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, post.to, post.subject
    mail["Message-ID"] = post.message_id
    mail["Date"] = format_datetime(post.at.astimezone(SHANGHAI))
    mail.set_content(post.text)
    main, sub = _MEDIA[post.file_name.rpartition(".")[2]]
    mail.add_attachment(post.file, maintype=main, subtype=sub, filename=post.file_name)
    return mail


def sender_of(settings: Settings) -> Sender | None:
    """The sender that is set up: mail before the folder; None where neither is."""
    if settings.smtp_host and settings.notice_mail_from:
        return MailSender(settings)
    if settings.notice_outbox:
        return FolderSender(settings.notice_outbox, settings.notice_mail_from)
    return None


def _refused(code: int) -> NotTaken:
    return NotTaken(str(code), for_good=code // 100 == 5)


def _proof(code: int, said: bytes) -> str:
    """The answer, such as a queue number; a server that repeats the address is not quoted."""
    text = said.decode("ascii", "replace")
    return f"{code}" if "@" in text else f"{code} {_NOT_PROOF.sub('', text)[:120]}".strip()
