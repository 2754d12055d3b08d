"""The audit log read: who did what to which thing and when, with names beside numbers and codes."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pydantic import RootModel

from assistant.app import App
from records.audit import AuditEvent, Sought, events_of
from records.data_files import Said, load
from records.errors import BadInput
from records.language import Bilingual
from records.people import Person, all_people
from records.permissions import Permission
from tickets.periods import begin_of_day

SHOWN = 100
MOST = 1000


class _Names(RootModel[dict[str, Said]]):
    """The codes of events and what they are called."""


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """One event, what it is called, and whose it is; no name where the person is not on record."""

    event: AuditEvent
    name: Bilingual
    person: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Events, newest first; `older` is the number before which the next ones stand, if there are any."""

    events: tuple[NamedEvent, ...]
    older: int | None


def read_audit(
    app: App,
    person: Person,
    *,
    person_id: str = "",
    subject: str = "",
    action: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = SHOWN,
) -> AuditTrail:
    """The events that fit all of what is given, newest first; reading them is itself an event.

    `since` and `until` are days in China, both counted. `action`: a code, or what stands before its
    colon. Raises NotPermitted, or BadInput where the days are the wrong way round.
    """
    app.authorise(person, Permission.AUDIT_READ)
    if since and until and until < since:
        raise BadInput(
            "截止日期早于起始日期，请对调。", "The last day is before the first; swap them."
        )
    sought = Sought(
        person_id=person_id.strip(),
        subject=subject.strip(),
        action=action.strip(),
        since=begin_of_day(since) if since else None,
        until=begin_of_day(until + timedelta(days=1)) if until else None,
    )
    shown = min(max(limit, 1), MOST)
    with app.database.reading() as session:
        found = events_of(session, sought, limit=shown + 1, before=before)
        people = {one.id: one.name for one in all_people(session)}
    events = tuple(
        NamedEvent(one, event_name(one.action), people.get(one.person_id, ""))
        for one in found[:shown]
    )
    app.record(person, "audit:read", "audit", {"events": len(events)})
    return AuditTrail(events, events[-1].event.number if len(found) > shown else None)


@cache
def event_names() -> dict[str, Bilingual]:
    """What each code of the log is called."""
    names = load(Path(__file__).with_name("event_names.yaml"), _Names)
    return {code: said.both() for code, said in names.root.items()}


def event_name(code: str) -> Bilingual:
    """What a code is called; itself where it is of an older release and no longer named."""
    return event_names().get(code, Bilingual(code, code))
