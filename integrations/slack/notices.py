"""What people are told in Slack without asking: reminders of clocks, approvals wanted, the day's digest.

Each once, also across restarts: what was told is noted (`slack_told`), and each message has its own id in
the outbox. All of it goes to one person's direct messages.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.app import SHANGHAI, App
from assistant.destruction_steps import read
from assistant.my_work import may_approve, open_entries, work_of
from assistant.notifiers import Notice, NotSent, real
from assistant.upkeep import SYSTEM
from integrations.acts.destructions import approval_reply
from integrations.replies import Point, Press, Reply, Tone, digest_reply
from integrations.slack.blocks import messages
from integrations.slack.outbox import Outbox, Place
from records.database import Base, UtcDateTime
from records.errors import ProductError
from records.language import Bilingual
from records.people import Person, people_in_chat
from tickets.dossier import PREFIX
from tickets.ticket import State, TicketKind

# Beijing time. A digest that could not go out by the evening is not sent at night.
DIGEST_FROM, DIGEST_UNTIL = 9, 18
REMEMBERED_FOR = timedelta(days=400)
_OPEN = Bilingual("打开", "Open")


class ToldRow(Base):
    """That somebody was told something. Identifiers only."""

    __tablename__ = "slack_told"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SlackNotifier:
    """Reminders as direct messages to those of their people who have a Slack account."""

    name = "slack"

    def __init__(self, app: App, outbox: Outbox) -> None:
        self._app = app
        self._outbox = outbox

    def send(self, notice: Notice) -> None:
        """Hand the notice to the outbox, once a person. Raises NotSent where it takes nothing."""
        notice = real(notice)
        with self._app.database.reading() as session:
            people = [one for one in people_in_chat(session, "slack") if one[0].id in notice.people]
        for person, slack_id in people:
            try:
                _keep(self._outbox, slack_id, notice.key, _reminder(notice, person))
            except ProductError as error:
                raise NotSent(type(error).__name__) from None


def tell_what_waits(app: App, outbox: Outbox) -> None:
    """One turn: approvals wanted since the last, and in the morning the digest of the day."""
    _tell_approvers(app, outbox)
    if app.settings.slack_digest:
        _send_digests(app, outbox)


def _reminder(notice: Notice, person: Person) -> Reply:
    language = person.language
    opening = f"{_OPEN.pick(language)} {notice.ticket_id}"
    return Reply(
        language=language,
        tone=Tone.ALARM,
        title=notice.title.pick(language),
        lead=Point(notice.text.pick(language)),
        presses=(Press("show", opening, notice.ticket_id),),
    )


def _tell_approvers(app: App, outbox: Outbox) -> None:
    with app.database.reading() as session:
        waiting = [
            one
            for one in app.ticket_store.list(session, TicketKind.DESTRUCTION)
            if one.state is State.NOTIFIED
        ]
        people = people_in_chat(session, "slack") if waiting else []
        found = {one.id: read(app, session, one.id) for one in waiting}
        times = {one.id: _times_asked(app, session, one.id) for one in waiting}
    for ticket in waiting:
        for person, slack_id in people:
            if may_approve(ticket, person):
                key = f"approval:{ticket.id}:{times[ticket.id]}:{person.id}"
                reply = approval_reply(found[ticket.id], person)
                _once(app, key, partial(_keep, outbox, slack_id, key, reply))


def _times_asked(app: App, session: Session, ticket_id: str) -> int:
    """How often approval was called for: a hold takes approvals back, and all are asked anew."""
    timeline = app.ticket_store.timeline(session, ticket_id)
    return sum(one.what in {f"{PREFIX}notified", f"{PREFIX}released"} for one in timeline)


def _send_digests(app: App, outbox: Outbox) -> None:
    now = app.clock()
    local = now.astimezone(SHANGHAI)
    if not DIGEST_FROM <= local.hour < DIGEST_UNTIL:
        return
    with app.database.reading() as session:
        if session.get(ToldRow, f"digest:{local.date()}") is not None:
            return
        people = people_in_chat(session, "slack")
        entries = open_entries(app, session)
        every = {one.id: work_of(app, session, one, entries=entries) for one, _ in people}
    work = {number: one.of_today(now) for number, one in every.items()}
    for person, slack_id in people:
        if work[person.id].waits:
            reply = digest_reply(work[person.id], person, now=now)
            _keep(outbox, slack_id, f"digest:{local.date()}", reply)
    sent = sum(one.waits for one in work.values())
    with app.database.transaction() as session:
        session.execute(delete(ToldRow).where(ToldRow.told_at < now - REMEMBERED_FOR))
        session.merge(ToldRow(key=f"digest:{local.date()}", told_at=now))
        app.append(session, SYSTEM, "digest:sent", "slack", {"people": sent})


def _once(app: App, key: str, tell: Callable[[], None]) -> None:
    """Tell it, unless it was told. A crash in between tells the outbox twice, which posts once."""
    with app.database.reading() as session:
        if session.get(ToldRow, key) is not None:
            return
    tell()
    with app.database.transaction() as session:
        session.merge(ToldRow(key=key, told_at=app.clock()))


def _keep(outbox: Outbox, slack_id: str, key: str, reply: Reply) -> None:
    team, _, user = slack_id.partition(":")
    outbox.keep(f"{key}:{user}", Place(channel=user, team=team), messages(reply))
