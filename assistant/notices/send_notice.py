"""Notices sent: released once by a person, then each client's copy once, whatever crashes when.

`begun` is written down before a copy leaves and its outcome after. A copy with no outcome is shown
as uncertain and never goes again by itself.
"""

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.notices.senders import NotTaken, Post, Sender, Unclear, sender_of
from assistant.notices.view import NoticeView, view_of
from assistant.notices.write_notice import (
    check_as_written,
    check_draft,
    check_whole,
    note_on_ticket,
)
from assistant.operations.upkeep import SYSTEM
from assistant.papers.letter_files import letter_file
from assistant.redaction.clearing import stated_reason
from records.audit import Detail
from records.errors import Unavailable
from records.people import Person
from records.permissions import Permission
from tickets.errors import MoveNotAllowed, StepMissing
from tickets.notices import ledger as notice_ledger
from tickets.notices.data import APPROVERS
from tickets.notices.delivery import Channel, DeliveryState
from tickets.notices.records import Delivery, KeptNotice, NoticeState
from tickets.ticket import Json

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
RETRY = timedelta(minutes=10)
DOWN = timedelta(minutes=2)
_OPEN = frozenset(
    {
        *(DeliveryState.WAITING, DeliveryState.BEGUN),
        *(DeliveryState.UNCERTAIN, DeliveryState.WRITTEN),
    }
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of sending did, by outcome; `down`: why the sender could not be used at all."""

    counts: dict[DeliveryState, int]
    down: str = ""


def send_notice(app: App, person: Person, number: str, *, dry_run: bool = False) -> NoticeView:
    """The notice released: its mails go out in the turns that follow, each once.

    With `dry_run` all is checked and nothing sent: the notice as it stands. Raises StepMissing
    without two approvals or with an element missing, MoveNotAllowed for a drill, Unavailable where
    nothing is set up that could send.
    """
    app.authorise(person, Permission.NOTICE_SEND)
    with app.database.transaction(keep=not dry_run) as session:
        notice = app.notices.get(session, number, to_change=True)
        check_draft(notice)
        if notice.wish.drill:
            raise MoveNotAllowed("演练的通知不发送。", "The notice of a drill is never sent.")
        check_whole(view_of(app, session, notice))
        check_as_written(app, session, notice)
        _check_approved(notice)
        _check_sender(app, session, notice)
        before = view_of(app, session, notice)
        app.notices.release(session, notice.id, person_id=person.id, at=app.clock())
        note_on_ticket(app, session, person, notice, "notice:released")
        view = view_of(app, session, app.notices.get(session, number))
        told: dict[str, Detail] = {"clients": view.summary.clients}
        app.append(session, person, "notice:released", notice.id, told)
    if dry_run:
        app.record(person, "notice:sending_tried", before.summary.number, told)
        return before
    return view


def stop_notice(app: App, person: Person, number: str) -> NoticeView:
    """What still waits is not sent any more; what left, left."""
    app.authorise(person, Permission.NOTICE_SEND)
    with app.database.transaction() as session:
        notice = app.notices.get(session, number, to_change=True)
        if notice.state is not NoticeState.RELEASED:
            raise MoveNotAllowed("没有正在发送，不必停止。", "It is not being sent.")
        app.notices.stop(session, notice.id)
        view = view_of(app, session, app.notices.get(session, number))
        waiting = view.summary.counts.get(DeliveryState.WAITING, 0)
        app.append(session, person, "notice:stopped", notice.id, {"waiting": waiting})
        return view


def forget_notice(
    app: App, person: Person, number: str, *, reason: str, dry_run: bool = False
) -> NoticeView:
    """Clients and texts of a notice erased for good once all is settled; its ledger stays.

    Of a draft nothing stays but its number. With `dry_run` all is checked and nothing erased: the
    notice as it stands. Raises MoveNotAllowed while a copy may still go.
    """
    app.authorise(person, Permission.NOTICE_SEND)
    stated = stated_reason(app, reason)
    with app.database.transaction(keep=not dry_run) as session:
        notice = app.notices.get(session, number, to_change=True)
        before = view_of(app, session, notice)
        if notice.state is NoticeState.DRAFT:
            bare = replace(notice.wish, given={})
            app.notices.rewrite(session, notice.id, bare, [], person_id=person.id, now=app.clock())
        else:
            _check_settled(app, session, notice)
            app.notices.forget(session, notice.id)
        view = view_of(app, session, app.notices.get(session, number))
        app.append(session, person, "notice:forgotten", notice.id, {"reason": stated})
    if dry_run:
        told: dict[str, Detail] = {"clients": before.summary.clients}
        app.record(person, "notice:forgetting_tried", before.summary.number, told)
        return before
    app.database.scrub()
    return view


def deliver_notices(app: App, sender: Sender | None, number: str | None = None) -> Turn:
    """One turn: every mail that may go now, each claimed before it leaves. Safe beside another."""
    counts: Counter[DeliveryState] = Counter()
    notices: set[str] = set()
    down = ""
    if sender is None:
        return Turn({})
    with app.database.reading() as session:
        due = notice_ledger.due(session, app.clock(), number)
    for key in due:
        begun = _begin(app, key)
        if begun is None:
            continue
        delivery, post = begun
        notices.add(key.rpartition("-")[0])
        state, down = _sent(app, sender, delivery, post)
        counts[state] += 1
        if down:
            break
    if counts:
        told = {state.value: count for state, count in counts.items()}
        app.record(SYSTEM, "notice:delivered", ",".join(sorted(notices))[:200], told)
    return Turn(dict(counts), down)


def _begin(app: App, key: str) -> tuple[Delivery, Post | None] | None:
    """The copy claimed and written down as begun; the post, unless it would not read as approved."""
    now = app.clock()
    with app.database.transaction() as session:
        delivery = notice_ledger.claim(session, key, now)
        if delivery is None:
            return None
        kept = app.notices.letter(session, key)
        message_id = message_id_of(app, delivery)
        details: dict[str, Json] = {"message_id": message_id, "attempt": delivery.attempts}
        notice_ledger.note(session, key, what="begun", person_id=SYSTEM.id, at=now, details=details)
    if not kept.as_approved:
        return delivery, None
    ending, data = letter_file(kept.letter, app.today())
    title = kept.letter.laid_out()[0][0].text
    return delivery, Post(
        key=key,
        message_id=message_id,
        to=kept.addressee.mail,
        subject=f"{title}（{key}）",
        text=kept.letter.text(app.today()),
        file_name=f"{key}.{ending}",
        file=data,
        at=now,
    )


def _sent(
    app: App, sender: Sender, delivery: Delivery, post: Post | None
) -> tuple[DeliveryState, str]:
    """The outcome, written down; and why the sender is down, if it is."""
    details: dict[str, Json] = {"sender": sender.name}
    not_before, down = None, ""
    try:
        if post is None:
            raise NotTaken("template changed", for_good=True)
        proof = sender.send(post)
        state = proof.state
        details |= {"message_id": post.message_id, "said": proof.said}
    except NotTaken as error:
        tired = delivery.attempts >= MOST_ATTEMPTS and not error.down
        state = DeliveryState.FAILED if error.for_good or tired else DeliveryState.WAITING
        details["said"], down = error.said, error.said if error.down else ""
        if state is DeliveryState.WAITING:
            not_before = app.clock() + (DOWN if down else RETRY * delivery.attempts)
    except Exception as error:
        # Unclear, or a fault of ours after something may have left: the same to the client.
        if not isinstance(error, Unclear):
            logger.warning("sending ended in %s", type(error).__name__)
        state = DeliveryState.UNCERTAIN
        details["said"] = type(error).__name__
    _settle(app, delivery, state, details, not_before)
    return state, down


def _settle(
    app: App,
    delivery: Delivery,
    state: DeliveryState,
    details: dict[str, Json],
    not_before: datetime | None,
) -> None:
    """The outcome written down; one that comes after a person decided is a line and no more."""
    now, key = app.clock(), delivery.key
    what = "not_taken" if state is DeliveryState.WAITING else state.value
    with app.database.transaction() as session:
        found = notice_ledger.delivery(session, key)
        if (found.state, found.attempts) != (DeliveryState.BEGUN, delivery.attempts):
            notice_ledger.note(
                session, key, what=f"late_{what}", person_id=SYSTEM.id, at=now, details=details
            )
            return
        notice_ledger.move(
            session, key, state, what=what, person_id=SYSTEM.id, at=now, details=details,
            not_before=not_before,
        )  # fmt: skip


def message_id_of(app: App, delivery: Delivery) -> str:
    """The Message-ID of this attempt; its token is known to our ledger alone."""
    domain = parseaddr(app.settings.notice_mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<{delivery.key.lower()}.{delivery.attempts}.{delivery.token}@{domain}>"


def _check_settled(app: App, session: Session, notice: KeptNotice) -> None:
    open_states = set(_OPEN)
    if notice.state is NoticeState.STOPPED:
        open_states.discard(DeliveryState.WAITING)
    left = sum(one.state in open_states for one in notice_ledger.deliveries(session, notice.id))
    if left:
        raise MoveNotAllowed(
            f"还有 {left} 份没有办完，办完或停止发送后才能删除客户资料。",
            f"{left} copies are not settled; settle them or stop sending before the clients go.",
        )


def _check_approved(notice: KeptNotice) -> None:
    left = APPROVERS - len(notice.approvals)
    if left > 0:
        raise StepMissing(
            f"还需 {left} 人批准（起草或修改过的人除外）。",
            f"{left} more must approve it, none of whom wrote or edited it.",
        )


def _check_sender(app: App, session: Session, notice: KeptNotice) -> None:
    copies = notice_ledger.deliveries(session, notice.id)
    mails = any(one.channel is Channel.MAIL for one in copies)
    if mails and sender_of(app.settings) is None:
        raise Unavailable(
            "没有设置发送方式：请设置 COMPLIANCE_NOTICE_MAIL_FROM（及邮件服务器），"
            "或 COMPLIANCE_NOTICE_OUTBOX 文件夹。",
            "Nothing is set up that sends: set COMPLIANCE_NOTICE_MAIL_FROM and the mail server, "
            "or the folder COMPLIANCE_NOTICE_OUTBOX.",
        )
