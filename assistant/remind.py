"""Escalation: what of the clocks is due goes on record once, and out through every channel.

Derived anew at each turn from the deadlines, what was sent, and now: a restart loses nothing. The
reminders of a ticket, their lines in the timeline and one delivery per channel are one transaction.
A delivery is claimed by the process that sends it, so that two never send it at once, and marked
after its channel took it: a crash in between sends that one again later, under the same key.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.keeping.tell import tell_periods_over
from assistant.law.coming_laws import tell_coming_laws
from assistant.notifiers import DrillNotice, LogNotifier, Notice, Notifier, NotSent
from assistant.operations.upkeep import SYSTEM
from records.beijing import to_the_minute
from records.language import Bilingual
from records.people import Role, all_people
from tickets.registers.entry import RegisterEntry
from tickets.reminders import Reminder, Stage, due
from tickets.tables import DeliveryRow, SentRow
from tickets.ticket import DRILL_MARK, State, Ticket, TicketKind

logger = logging.getLogger(__name__)
# Longer than a channel needs; a process that died with a claim delays a reminder by this much.
CLAIM = timedelta(minutes=2)

# Who hears of it besides the reporter; later stages reach further.
AUDIENCE = {
    Stage.STARTED: frozenset({Role.RESPONDER}),
    Stage.HALF: frozenset({Role.RESPONDER}),
    Stage.NEAR: frozenset({Role.RESPONDER, Role.ADMINISTRATOR}),
    Stage.EXPIRED: frozenset({Role.RESPONDER, Role.ADMINISTRATOR}),
}
_SAID = {
    Stage.STARTED: Bilingual("开始计时", "running"),
    Stage.HALF: Bilingual("时限过半", "half gone"),
    Stage.NEAR: Bilingual("即将到期", "nearly over"),
    Stage.EXPIRED: Bilingual("已超时", "EXPIRED"),
}
# What is due at once has no hour to be near to, or past.
_STILL_OPEN = Bilingual("仍未办结", "still open")


def send_reminders(app: App, channels: Iterable[Notifier] = (LogNotifier(),)) -> int:
    """How many reminders went on record in this turn; deliveries left over are tried again."""
    named = {one.name: one for one in channels}
    with app.database.reading() as session:
        waiting = (
            *app.ticket_store.with_open_deadlines(session, TicketKind.INCIDENT),
            *app.entries.with_open_deadlines(session),
        )
    found = sum(_put_on_record(app, ticket_id, tuple(named)) for ticket_id in waiting)
    _deliver(app, named)
    tell_periods_over(app, named)
    tell_coming_laws(app, named)
    return found


def _put_on_record(app: App, ticket_id: str, channels: tuple[str, ...]) -> int:
    now, store = app.clock(), app.ticket_store
    with app.database.transaction() as session:
        ticket = _found(app, session, ticket_id, to_change=True)
        # A drill ends by the clock, with whatever is still open.
        running = () if ticket.state is State.CLOSED else ticket.deadlines
        reminders = due(ticket.id, running, store.sent(session, ticket.id), now=now)
        new = [one for one in reminders if store.mark_sent(session, one, at=now)]
        if not new:
            return 0
        _hand_in(session, ticket, len(new), channels)
        for said in (*_SAID.values(), _STILL_OPEN):
            if names := [one.deadline.name for one in new if _said(one) == said]:
                details = {
                    "about_zh": f"{said.zh}：{'；'.join(name.zh for name in names)}",
                    "about_en": f"{said.en}: {'; '.join(name.en for name in names)}",
                }
                what = _what(ticket)
                store.note(
                    session, ticket.id, at=now, person_id=SYSTEM.id, what=what, details=details
                )
        expired = sum(one.stage is Stage.EXPIRED for one in new)
        counts = {"reminders": len(new), "expired": expired}
        app.append(session, SYSTEM, _what(ticket), ticket.id, counts)
    return len(new)


def _found(
    app: App, session: Session, number: str, *, to_change: bool = False
) -> Ticket | RegisterEntry:
    """What the deadlines belong to: a ticket, or an entry of a register."""
    kind, _state = app.entries.linked(session, [number])[number]
    store = app.ticket_store if kind in set(TicketKind) else app.entries
    return store.get(session, number, to_change=to_change)


def _what(found: Ticket | RegisterEntry) -> str:
    return "entry:reminded" if isinstance(found, RegisterEntry) else "incident:reminded"


def _roles(app: App, found: Ticket | RegisterEntry, stages: Iterable[Stage]) -> frozenset[Role]:
    """Who hears of it by role: responders for an incident, those who work on the kind of entry."""
    if isinstance(found, Ticket):
        return frozenset[Role]().union(*(AUDIENCE[stage] for stage in stages))
    kind = app.kinds.get(found.kind)
    late = {Role.ADMINISTRATOR} if Stage.EXPIRED in set(stages) else set[Role]()
    return frozenset({*(kind.works if kind else ()), *late})


def _named(app: App, found: Ticket | RegisterEntry) -> tuple[str, ...]:
    """Who hears of it in person: whoever opened it, and the owner of an entry."""
    kind = app.kinds.get(found.kind) if isinstance(found, RegisterEntry) else None
    if kind is None or kind.owner is None or isinstance(found, Ticket):
        return (found.opened_by,)
    owner = found.values.get(kind.owner)
    return (found.opened_by, str(owner)) if owner else (found.opened_by,)


def _hand_in(
    session: Session, ticket: Ticket | RegisterEntry, count: int, channels: tuple[str, ...]
) -> None:
    """One delivery of these reminders for each channel. A drill stays in the log."""
    newest = session.scalars(
        select(SentRow.id).where(SentRow.ticket_id == ticket.id).order_by(SentRow.id.desc())
    ).all()[:count]
    session.add_all(
        DeliveryRow(
            ticket_id=ticket.id,
            first_reminder=newest[-1],
            last_reminder=newest[0],
            channel=name,
        )
        for name in channels
        if name == LogNotifier.name or not ticket.drill
    )


def _deliver(app: App, channels: dict[str, Notifier]) -> None:
    """Every delivery still open, one transaction each; what a channel refuses waits."""
    with app.database.reading() as session:
        waiting = session.scalars(
            select(DeliveryRow.id)
            .where(DeliveryRow.done_at.is_(None), DeliveryRow.channel.in_(channels))
            .order_by(DeliveryRow.id)
        ).all()
    for delivery_id in waiting:
        if _claim(app, delivery_id):
            _send(app, channels, delivery_id)


def _claim(app: App, delivery_id: int) -> bool:
    """True if this process sends it now; False while another does, or did."""
    now = app.clock()
    with app.database.transaction() as session:
        claimed = session.scalar(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == delivery_id,
                DeliveryRow.done_at.is_(None),
                or_(DeliveryRow.claimed_until.is_(None), DeliveryRow.claimed_until <= now),
            )
            .values(claimed_until=now + CLAIM)
            .returning(DeliveryRow.id)
            .execution_options(synchronize_session=False)
        )
    return claimed is not None


def _send(app: App, channels: dict[str, Notifier], delivery_id: int) -> None:
    with app.database.reading() as session:
        channel, notice = _notice(app, session, delivery_id)
    taken = True
    try:
        if isinstance(notice, DrillNotice):
            LogNotifier().send(notice)
        elif notice is not None:
            channels[channel].send(notice)
    except NotSent as error:
        logger.warning("channel %s took no reminder: %s", channel, error)
        taken = False
    with app.database.transaction() as session:
        row = session.get_one(DeliveryRow, delivery_id)
        row.claimed_until = None
        row.done_at = app.clock() if taken else None


def _notice(
    app: App, session: Session, delivery_id: int
) -> tuple[str, Notice | DrillNotice | None]:
    """The channel, and what to send; nothing where every clock was settled meanwhile."""
    delivery = session.get_one(DeliveryRow, delivery_id)
    ticket = _found(app, session, delivery.ticket_id)
    clocks = {one.key: one for one in ticket.deadlines if one.satisfied_at is None}
    rows = session.scalars(
        select(SentRow)
        .where(
            SentRow.ticket_id == ticket.id,
            SentRow.id.between(delivery.first_reminder, delivery.last_reminder),
        )
        .order_by(SentRow.id)
    )
    reminders = [
        Reminder(ticket.id, clocks[row.deadline_id], Stage(row.stage))
        for row in rows
        if row.deadline_id in clocks
    ]
    if not reminders:
        return delivery.channel, None
    roles = _roles(app, ticket, [one.stage for one in reminders])
    people = [one.id for one in all_people(session) if one.roles & roles]
    concerned = tuple(dict.fromkeys((*_named(app, ticket), *people)))
    key = f"reminder-{delivery.last_reminder}-{ticket.id}".lower()
    return delivery.channel, _worded(ticket, reminders, key, concerned)


def _worded(
    ticket: Ticket | RegisterEntry, reminders: Sequence[Reminder], key: str, people: tuple[str, ...]
) -> Notice | DrillNotice:
    gravest = max(reminders, key=lambda one: (one.stage.rank, one.deadline.due_at is not None))
    count = len(reminders)
    mark = Bilingual("", "")
    if ticket.drill:
        mark = Bilingual(f"【{DRILL_MARK.zh}】", f"[{DRILL_MARK.en}] ")
    said = _said(gravest)
    title = Bilingual(
        f"{mark.zh}{ticket.id} {said.zh}（{count} 项时限）",
        f"{mark.en}{ticket.id} {said.en} ({count} clocks)",
    )
    lines = [_line(one) for one in reminders]
    made = DrillNotice if ticket.drill else Notice
    return made(
        key=key,
        ticket_id=ticket.id,
        title=title,
        text=Bilingual(
            "\n".join([title.zh, *(one.zh for one in lines), f"请打开工单 {ticket.id} 处理。"]),
            "\n".join([title.en, *(one.en for one in lines), f"Please open ticket {ticket.id}."]),
        ),
        people=people,
    )


def _said(reminder: Reminder) -> Bilingual:
    """How the clock stands, in words."""
    again = reminder.deadline.due_at is None and reminder.stage is not Stage.STARTED
    return _STILL_OPEN if again else _SAID[reminder.stage]


def _line(reminder: Reminder) -> Bilingual:
    clock, said = reminder.deadline, _said(reminder)
    article = clock.article or ""
    by = to_the_minute(clock.due_at) if clock.due_at else ""
    zh, en = (f"{by} 前（北京时间）", f"by {by} Beijing time") if by else ("立即", "at once")
    return Bilingual(
        f"{said.zh}：{clock.name.zh}，{zh}，报送{clock.recipient.zh}（{clock.instrument} {article}）",
        f"{said.en}: {clock.name.en}, {en}, to {clock.recipient.en} ({clock.instrument} {article})",
    )
