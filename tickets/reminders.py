"""Reminders: what is due to be sent now, from the deadlines, what was sent, and the clock.

Nothing is queued. Each turn derives the reminders again, so a restart loses and doubles nothing;
each stage of a deadline is sent once, and of several missed stages only the latest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tickets.clocks.deadlines import CountedFrom, Deadline


class Stage(StrEnum):
    """When a deadline calls for attention, in order."""

    STARTED = "started"
    HALF = "half"
    NEAR = "near"
    EXPIRED = "expired"

    @property
    def rank(self) -> int:
        """Later stages rank higher."""
        return tuple(Stage).index(self)


@dataclass(frozen=True)
class Sent:
    """A reminder that went out."""

    ticket_id: str
    deadline_id: str
    stage: Stage


@dataclass(frozen=True)
class Reminder:
    """A reminder to send now."""

    ticket_id: str
    deadline: Deadline
    stage: Stage


# What is due at once has no figure to expire by, so it is asked for again after these.
_AT_ONCE_AGAIN = ((Stage.HALF, timedelta(minutes=30)), (Stage.NEAR, timedelta(hours=2)))
# 及时 in a register is a matter of days.
_ENTRY_AGAIN = ((Stage.HALF, timedelta(days=3)), (Stage.NEAR, timedelta(days=7)))


def due(
    ticket_id: str, deadlines: Iterable[Deadline], sent: Iterable[Sent], *, now: datetime
) -> tuple[Reminder, ...]:
    """The reminders of one ticket to send now: for each open deadline at most its latest stage."""
    highest: dict[str, int] = {}
    for one in sent:
        if one.ticket_id == ticket_id:
            highest[one.deadline_id] = max(highest.get(one.deadline_id, -1), one.stage.rank)
    reminders = []
    for deadline in deadlines:
        stage = stage_at(deadline, now)
        if stage is not None and stage.rank > highest.get(deadline.key, -1):
            reminders.append(Reminder(ticket_id, deadline, stage))
    return tuple(reminders)


def stage_at(deadline: Deadline, now: datetime) -> Stage | None:
    """The stage an open deadline is in; None once satisfied, or before its clock starts."""
    if deadline.satisfied_at is not None or deadline.awaits_end or now < deadline.started_at:
        return None
    if deadline.due_at is None:
        entry = deadline.counted_from is CountedFrom.ENTRY
        again = _ENTRY_AGAIN if entry else _AT_ONCE_AGAIN
        passed = [stage for stage, after in again if now >= deadline.started_at + after]
        return passed[-1] if passed else Stage.STARTED
    if now >= deadline.due_at:
        return Stage.EXPIRED
    length = deadline.due_at - deadline.started_at
    left = deadline.due_at - now
    if left <= length / 4:
        return Stage.NEAR
    return Stage.HALF if left <= length / 2 else Stage.STARTED
