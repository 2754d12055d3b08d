"""What follows a report by mail: a reply with the ticket's number, or a line for the responders.

A held mail is never replied to: its sender may be anybody's invention. Nothing of what was written
is repeated. A process claims what it sends, as with reminders.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable
from email.message import EmailMessage

from sqlalchemy import or_, select, update

from assistant.app import App
from assistant.notifiers import LogNotifier, Notice, Notifier, NotSent, hand_to_server
from assistant.remind import CLAIM
from records.errors import ProductError
from records.language import Bilingual
from records.people import Role, all_people
from tickets.incidents.mail import Held, read_mail
from tickets.tables import IncidentMailRow

logger = logging.getLogger(__name__)


def answer_mails(
    app: App,
    channels: Iterable[Notifier] = (LogNotifier(),),
    connect: Callable[..., smtplib.SMTP] = smtplib.SMTP,
) -> int:
    """How many mails were followed up in this turn; what a channel refuses waits for another."""
    open_ones = select(IncidentMailRow.id).where(IncidentMailRow.told_at.is_(None))
    with app.database.reading() as session:
        waiting = session.scalars(open_ones.order_by(IncidentMailRow.id)).all()
    return sum(_told(app, number, tuple(channels), connect) for number in waiting)


def _told(
    app: App, number: int, channels: tuple[Notifier, ...], connect: Callable[..., smtplib.SMTP]
) -> bool:
    now = app.clock()
    with app.database.transaction() as session:
        claimed = session.scalar(
            update(IncidentMailRow)
            .where(
                IncidentMailRow.id == number,
                IncidentMailRow.told_at.is_(None),
                or_(IncidentMailRow.claimed_until.is_(None), IncidentMailRow.claimed_until <= now),
            )
            .values(claimed_until=now + CLAIM)
            .returning(IncidentMailRow.id)
            .execution_options(synchronize_session=False)
        )
    if claimed is None:
        return False
    try:
        _tell(app, number, channels, connect)
    except (NotSent, ProductError) as error:
        logger.warning("mail %s not followed up: %s", number, type(error).__name__)
        return False
    with app.database.transaction() as session:
        row = session.get_one(IncidentMailRow, number)
        row.claimed_until, row.told_at = None, app.clock()
    return True


def _tell(
    app: App, number: int, channels: tuple[Notifier, ...], connect: Callable[..., smtplib.SMTP]
) -> None:
    settings = app.settings
    with app.database.reading() as session:
        row = session.get_one(IncidentMailRow, number)
        people = tuple(one.id for one in all_people(session) if Role.RESPONDER in one.roles)
        if row.reason:
            notice = _line(number, Held(row.reason), people)
        else:
            ticket_id = str(row.ticket_id)
            _, data = app.files.read(session, row.file_id, owner_id=ticket_id)
            ticket = app.ticket_store.get(session, ticket_id)
    if row.reason:
        for channel in channels:
            channel.send(notice)
    elif settings.smtp_host and settings.mail_from:
        to = read_mail(data, server=settings.report_mail_server)
        text = _reply(ticket.id, ticket.steps[0].step.text if ticket.steps else None, app)
        mail = EmailMessage()
        mail["From"], mail["To"] = settings.mail_from, to.sender
        mail["Subject"] = f"{ticket.id} 已受理 / received"
        mail["Message-ID"] = f"<mail-{number}-{ticket.id}@{settings.mail_from.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-replied"
        mail.set_content(f"{text.zh}\n\n{text.en}\n")
        hand_to_server(settings, mail, connect)


def _line(number: int, held: Held, people: tuple[str, ...]) -> Notice:
    title = Bilingual(
        f"有一封事件邮件待核对（M-{number}）", f"A mail about an incident is held (M-{number})"
    )
    return Notice(
        key=f"incident-mail-{number}",
        ticket_id=f"M-{number}",
        title=title,
        text=Bilingual(
            f"{title.zh}：{held.label.zh}。立案：compliance incident release {number}",
            f"{title.en}: {held.label.en}. To open a ticket: compliance incident release {number}",
        ),
        people=people,
    )


def _reply(ticket_id: str, step: Bilingual | None, app: App) -> Bilingual:
    at = f"{app.settings.console_url()}/tickets/{ticket_id}"
    first = step or Bilingual("等待处置人员联系", "wait for a responder")
    return Bilingual(
        f"您的报告已登记为工单 {ticket_id}，时限已开始计时。\n下一步：{first.zh}\n查看与补充：{at}",
        f"Your report is ticket {ticket_id}; its clocks run.\nNext: {first.en}\nSee it: {at}",
    )
