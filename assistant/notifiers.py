"""Channels that carry a reminder out of the product: one small interface, log and mail."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from assistant.settings import Settings
from records.language import Bilingual

logger = logging.getLogger(__name__)
SMTP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What goes out: no fact of the incident, only its number, the clock and the time.

    The same `key` always means the same notice, so that a receiver can tell a repetition.
    """

    key: str
    ticket_id: str
    title: Bilingual
    text: Bilingual
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrillNotice:
    """What a drill would have sent. A type of its own, which no channel to the outside takes."""

    key: str
    ticket_id: str
    title: Bilingual
    text: Bilingual
    people: tuple[str, ...]


class NotSent(Exception):
    """The channel did not take the notice; the next turn tries again. Holds no text of others."""


def real(notice: Notice) -> Notice:
    """The notice, if it is one; every channel to the outside asks before it sends.

    The types say so already. This holds where they were not checked.
    """
    if type(notice) is not Notice:
        raise TypeError("only the notices of real incidents are sent")
    return notice


class Notifier(Protocol):
    """A channel. `send` returns once the notice was taken, or raises NotSent.

    An implementation that leaves the machine passes the notice through `real` first.
    """

    @property
    def name(self) -> str:
        """What its deliveries are kept under."""
        ...

    def send(self, notice: Notice) -> None:
        """Take the notice to its people."""
        ...


class LogNotifier:
    """Reminders as warnings in the log of the service."""

    name = "log"

    def send(self, notice: Notice | DrillNotice) -> None:
        """One line, in both languages."""
        logger.warning("%s / %s", notice.title.zh, notice.title.en)


class MailNotifier:
    """Reminders by SMTP to the role mailboxes of the settings."""

    name = "mail"

    def __init__(self, settings: Settings, connect: Callable[..., smtplib.SMTP] = smtplib.SMTP):
        self._settings = settings
        self._connect = connect

    def send(self, notice: Notice) -> None:
        """One mail to all mailboxes; its Message-ID is the key, so a repetition shows as one."""
        notice, settings = real(notice), self._settings
        mail = EmailMessage()
        mail["From"], mail["To"] = settings.mail_from, settings.incident_mail
        mail["Subject"] = notice.title.zh
        mail["Message-ID"] = f"<{notice.key}@{settings.mail_from.rpartition('@')[2]}>"
        mail.set_content(f"{notice.text.zh}\n\n{notice.text.en}\n")
        hand_to_server(settings, mail, self._connect)


def hand_to_server(
    settings: Settings, mail: EmailMessage, connect: Callable[..., smtplib.SMTP] = smtplib.SMTP
) -> None:
    """The mail taken by the SMTP server of the settings. Raises NotSent."""
    try:
        with connect(settings.smtp_host, settings.smtp_port, timeout=SMTP_SECONDS) as smtp:
            if settings.smtp_starttls:
                smtp.starttls(context=ssl.create_default_context())
            if settings.smtp_password:
                smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            smtp.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__) from None


def notifiers_of(settings: Settings) -> tuple[Notifier, ...]:
    """The channels that are set up; the log always is."""
    mail = settings.smtp_host and settings.mail_from and settings.incident_mail
    return (LogNotifier(), MailNotifier(settings)) if mail else (LogNotifier(),)
