"""Notices found anew each day that go out once through every channel, whoever dies in between.

A process claims a notice before it sends it, so that two never send it at once, and one that died with
it holds it up for as long as the claim lasts.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.keeping.tables import ToldRow
from assistant.notifiers import Notice, Notifier, NotSent
from assistant.operations.upkeep import SYSTEM

logger = logging.getLogger(__name__)
# Longer than a channel needs.
CLAIM = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class ToTell:
    """One notice, what it is known by, and what the log says once a channel took it."""

    key: str
    notice: Notice
    event: str
    details: Mapping[str, int | str] = field(default_factory=dict)


def tell_once(
    app: App,
    channels: Mapping[str, Notifier],
    turn: str,
    find: Callable[[], Iterable[ToTell]],
) -> int:
    """How many notices went out now. Once a day's `turn` is through for a channel, nothing is looked for again."""
    with app.database.reading() as session:
        open_ones = [name for name in channels if not _told(session, f"{turn}:{name}")]
    found = tuple(find()) if open_ones else ()
    sent = 0
    for name in open_ones:
        through = True
        for one in found:
            key = f"{one.key}:{name}"
            if _claim(app, key):
                taken = _send(channels[name], one.notice)
                sent += taken
                _end(app, key, one, taken=taken)
            else:
                # Another process has it, or had it and died: then it is still to be told.
                with app.database.reading() as session:
                    taken = _told(session, key)
            through = through and taken
        if through:
            with app.database.transaction() as session:
                session.merge(ToldRow(key=f"{turn}:{name}", told_at=app.clock()))
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
        logger.warning("channel %s took no notice %s: %s", channel.name, notice.key, error)
        return False
    return True


def _end(app: App, key: str, one: ToTell, *, taken: bool) -> None:
    with app.database.transaction() as session:
        row = session.get_one(ToldRow, key)
        row.claimed_until, row.told_at = None, app.clock() if taken else None
        if taken:
            app.append(session, SYSTEM, one.event, one.notice.ticket_id, dict(one.details))
