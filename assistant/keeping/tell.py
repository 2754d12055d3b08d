"""Whoever is responsible is told once that a period of keeping is over, through every channel.

Derived anew from the rule each day; a process claims a notice before it sends it, so that two never
send it at once, and one that died with it holds it up for as long as the claim lasts.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.keeping.periods import periods_over, whose
from assistant.keeping.tables import ToldRow
from assistant.notifiers import Notice, Notifier, NotSent
from assistant.operations.upkeep import SYSTEM
from records.language import Bilingual
from tickets.keeping import Kept

logger = logging.getLogger(__name__)
# Longer than a channel needs.
CLAIM = timedelta(minutes=2)


def tell_periods_over(app: App, channels: Mapping[str, Notifier]) -> int:
    """How many notices went out in this turn. Once a day is through for a channel, it is not looked at again."""
    day = app.today()
    with app.database.reading() as session:
        open_ones = [name for name in channels if not _told(session, f"day:{day}:{name}")]
        found = periods_over(app, session) if open_ones else ()
        concerned = whose(app, session, found)
    sent = 0
    for name in open_ones:
        failed = False
        for kept in found:
            key = f"{kept.subject}:{kept.day}:{name}"
            if not _claim(app, key):
                continue
            taken = _send(channels[name], _notice(kept, tuple(sorted(concerned[kept.subject]))))
            sent, failed = sent + taken, failed or not taken
            _end(app, key, kept, taken=taken)
        if not failed:
            with app.database.transaction() as session:
                session.merge(ToldRow(key=f"day:{day}:{name}", told_at=app.clock()))
    return sent


def _told(session: Session, key: str) -> bool:
    row = session.get(ToldRow, key)
    return row is not None and row.told_at is not None


def _claim(app: App, key: str) -> bool:
    """True if this process sends it now; False while another does, or did. Writers take turns."""
    now = app.clock()
    with app.database.transaction() as session:
        row = session.get(ToldRow, key)
        if row is not None and (row.told_at or (row.claimed_until and row.claimed_until > now)):
            return False
        session.merge(ToldRow(key=key, claimed_until=now + CLAIM))
    return True


def _send(channel: Notifier, notice: Notice) -> bool:
    try:
        channel.send(notice)
    except NotSent as error:
        logger.warning("channel %s took no notice of a period: %s", channel.name, error)
        return False
    return True


def _end(app: App, key: str, kept: Kept, *, taken: bool) -> None:
    with app.database.transaction() as session:
        row = session.get_one(ToldRow, key)
        row.claimed_until, row.told_at = None, app.clock() if taken else None
        if taken:
            app.append(session, SYSTEM, "kept:told", kept.subject, {"count": kept.count})


def _notice(kept: Kept, people: tuple[str, ...]) -> Notice:
    title = Bilingual(f"{kept.subject} 保存期已满", f"{kept.subject}: period of keeping over")
    zh = (
        f"{kept.name.zh}（{kept.count} 条）自 {kept.day} 起可以销毁。"
        f"请申请销毁，或写明理由继续保存：“保存期满”页面，或 compliance kept destroy {kept.subject}。"
    )
    en = (
        f"{kept.name.en} ({kept.count}) may be destroyed from {kept.day} on. Request the destruction, "
        f"or keep it on with a reason: the page “Kept long enough”, or compliance kept destroy {kept.subject}."
    )
    key = f"kept-{kept.subject}-{kept.day}".lower()
    return Notice(key, kept.subject, title, Bilingual(zh, en), people)
