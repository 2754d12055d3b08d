"""Reminders of clocks, approvals wanted and the day's digest, told in a chat to each person alone."""

from datetime import timedelta
from functools import partial

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.destruction.steps import read
from assistant.keeping.periods import periods_over
from assistant.law.coming_laws import LAW_KEY
from assistant.my_work import may_approve, open_entries, work_of
from assistant.notifiers import Notice, NotSent, real
from assistant.operations.upkeep import SYSTEM
from integrations.acts.destructions import approval_reply
from integrations.chat.telling import Teller, ToldRow, once
from integrations.replies import Point, Press, Reply, Tone, digest_reply
from records.beijing import SHANGHAI
from records.errors import ProductError
from records.language import Bilingual
from records.people import Person, people_in_chat
from tickets.destruction.dossier import PREFIX
from tickets.ticket import State, TicketKind

# Beijing time. A digest that could not go out by the evening is not sent at night.
DIGEST_FROM, DIGEST_UNTIL = 9, 18
REMEMBERED_FOR = timedelta(days=400)
_OPEN = Bilingual("打开", "Open")


class ChatNotifier:
    """Reminders to those of their people who have an account in the chat."""

    def __init__(self, app: App, teller: Teller) -> None:
        self.name = teller.chat
        self._app = app
        self._teller = teller

    def send(self, notice: Notice) -> None:
        """Hand the notice to the outbox, once a person. Raises NotSent where it takes nothing."""
        notice = real(notice)
        with self._app.database.reading() as session:
            people = [
                one for one in people_in_chat(session, self.name) if one[0].id in notice.people
            ]
        for person, account in people:
            try:
                _tell(self._teller, account, notice.key, _reminder(notice, person))
            except ProductError as error:
                raise NotSent(type(error).__name__) from None


def tell_what_waits(app: App, teller: Teller, *, digest: bool) -> None:
    """One turn: approvals wanted since the last, and in the morning the digest of the day."""
    _tell_approvers(app, teller)
    if digest:
        _send_digests(app, teller)


def _key(teller: Teller, key: str) -> str:
    """What is noted: Slack's keys are older than the second chat."""
    return key if teller.chat == "slack" else f"{teller.chat}:{key}"


def _reminder(notice: Notice, person: Person) -> Reply:
    language = person.language
    title = notice.title.pick(language)
    opening = f"{_OPEN.pick(language)} {notice.ticket_id}"
    act = _act(notice)
    return Reply(
        language=language,
        tone=Tone.ALARM if act else Tone.CAUTION,
        title=title,
        # A mail begins with its title; here that stands above it.
        lead=Point(notice.text.pick(language).removeprefix(f"{title}\n")),
        presses=(Press(act, opening, notice.ticket_id),) if act else (),
    )


def _act(notice: Notice) -> str:
    """What opens what the notice is about: a ticket, or what has been kept long enough; nothing opens a law."""
    if notice.key.startswith(LAW_KEY):
        return ""
    return "kept" if notice.key.startswith("kept-") else "show"


def _tell_approvers(app: App, teller: Teller) -> None:
    with app.database.reading() as session:
        waiting = [
            one
            for one in app.ticket_store.list(session, TicketKind.DESTRUCTION)
            if one.state is State.NOTIFIED
        ]
        people = people_in_chat(session, teller.chat) if waiting else []
        found = {one.id: read(app, session, one.id) for one in waiting}
        times = {one.id: _times_asked(app, session, one.id) for one in waiting}
    for ticket in waiting:
        for person, account in people:
            if may_approve(ticket, person):
                key = f"approval:{ticket.id}:{times[ticket.id]}:{person.id}"
                reply = approval_reply(found[ticket.id], person)
                once(app, _key(teller, key), partial(_tell, teller, account, key, reply))


def _times_asked(app: App, session: Session, ticket_id: str) -> int:
    """How often approval was called for: a hold takes approvals back, and all are asked anew."""
    timeline = app.ticket_store.timeline(session, ticket_id)
    return sum(one.what in {f"{PREFIX}notified", f"{PREFIX}released"} for one in timeline)


def _send_digests(app: App, teller: Teller) -> None:
    now = app.clock()
    local = now.astimezone(SHANGHAI)
    if not DIGEST_FROM <= local.hour < DIGEST_UNTIL:
        return
    with app.database.reading() as session:
        if session.get(ToldRow, _key(teller, f"digest:{local.date()}")) is not None:
            return
        people = people_in_chat(session, teller.chat)
        entries, over = open_entries(app, session), periods_over(app, session)
        every = {
            one.id: work_of(app, session, one, entries=entries, over=over) for one, _ in people
        }
    work = {number: one.of_today(now) for number, one in every.items()}
    for person, account in people:
        if work[person.id].waits:
            reply = digest_reply(work[person.id], person, now=now)
            _tell(teller, account, f"digest:{local.date()}", reply)
    sent = sum(one.waits for one in work.values())
    with app.database.transaction() as session:
        session.execute(delete(ToldRow).where(ToldRow.told_at < now - REMEMBERED_FOR))
        session.merge(ToldRow(key=_key(teller, f"digest:{local.date()}"), told_at=now))
        app.append(session, SYSTEM, "digest:sent", teller.chat, {"people": sent})


def _tell(teller: Teller, account: str, key: str, reply: Reply) -> None:
    teller.to_person(account, f"{key}:{account.partition(':')[2]}", reply)
