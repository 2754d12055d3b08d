"""What the verbs on register entries share: the entry if this person may see it, and who acts."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from assistant.app import App
from records.errors import NotFound, NotPermitted
from records.language import Bilingual
from records.people import Person
from tickets.errors import TicketNotFound
from tickets.registers.entries import is_one_of, may_amend, may_see, title_of
from tickets.registers.entry import Acting, RegisterEntry
from tickets.registers.kinds import Kind
from tickets.registers.values import shown

SEALED = Bilingual("（密存）", "(sealed)")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry in words: its title, its values, and what of it this person may read."""

    entry: RegisterEntry
    kind: Kind = field(repr=False)
    title: Bilingual
    shown: Mapping[str, Bilingual]


def kind_named(app: App, name: str) -> Kind:
    """The kind under that name. Raises NotFound listing what there is."""
    found = app.kinds.get(name.strip().replace("-", "_"))
    if found is None:
        known = ", ".join(app.kinds)
        raise NotFound(
            f"没有这种台账。可用的有：{known}。", f"There is no such register. Known: {known}."
        )
    return found


def seen_entry(
    app: App, session: Session, person: Person, number: str, *, to_change: bool = False
) -> tuple[Kind, RegisterEntry]:
    """The entry and its kind if this person may see it; otherwise TicketNotFound."""
    entry = app.entries.get(session, number, to_change=to_change)
    kind = app.kinds.get(entry.kind)
    if kind is None or not may_see(kind, entry, person_id=person.id, roles=person.roles):
        raise TicketNotFound(number.strip()[:40])
    return kind, entry


def acting_as(app: App, session: Session, person: Person, linked: Iterable[object] = ()) -> Acting:
    """Who acts now, and what the links lead to."""
    numbers = [str(one) for one in linked if one]
    return Acting(
        id=person.id,
        roles=person.roles,
        now=app.clock(),
        calendar=app.calendar,
        linked=app.entries.linked(session, numbers),
    )


def links_of(kind: Kind, entry: RegisterEntry) -> tuple[object, ...]:
    """The numbers that stand in the link fields of an entry."""
    names = (one.id for one in kind.fields if one.type == "link")
    return tuple(entry.values[name] for name in names if name in entry.values)


@contextmanager
def refusals_on_record(app: App, person: Person, subject: str) -> Iterator[None]:
    """A step the kind gives to others leaves a line in the audit log like any other refusal."""
    try:
        yield
    except NotPermitted:
        app.record(person, "permission:refused", subject)
        raise


def reads_sealed(kind: Kind, entry: RegisterEntry, acting: Acting) -> bool:
    """Whether the person works on the entry and so reads what is sealed in it."""
    standing = is_one_of(acting, may_amend(kind, entry), entry=entry, kind=kind)
    return standing or entry.opened_by == acting.id


def in_words(
    kind: Kind, entry: RegisterEntry, *, sealed: bool, names: Mapping[str, str]
) -> ShownEntry:
    """The entry in words; `names`: what persons are called, by their number."""
    said: dict[str, Bilingual] = {}
    for one in kind.fields:
        if one.id in entry.sealed:
            text = entry.sealed[one.id]
            said[one.id] = Bilingual(text, text) if sealed else SEALED
        elif one.type == "file":
            files = [e.what for e in entry.evidence if e.field == one.id]
            if files:
                said[one.id] = Bilingual("；".join(files), "; ".join(files))
        elif one.id in entry.values:
            value = entry.values[one.id]
            if one.type == "person":
                value = names.get(str(value), value)
            said[one.id] = shown(one, value)
    return ShownEntry(entry, kind, title_of(kind, entry, said), said)
