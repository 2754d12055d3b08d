"""The registers as people read them: kinds, lists, one entry with its timeline, what is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.registers.entry_access import (
    ShownEntry,
    acting_as,
    in_words,
    kind_named,
    links_of,
    reads_sealed,
    refusals_on_record,
    seen_entry,
)
from records.errors import Conflict, NotFound
from records.language import Bilingual
from records.people import Person, all_people
from records.permissions import Permission
from tickets.clocks.deadlines import Deadline, Outcome
from tickets.registers.clocks import open_clocks
from tickets.registers.entries import (
    calls,
    check_role,
    is_one_of,
    later_moves,
    may_amend,
    may_see,
    open_moves,
)
from tickets.registers.kinds import CallFor, Kind, Move
from tickets.ticket import Event

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with what happened to it and what this person may do next."""

    shown: ShownEntry
    timeline: tuple[Event, ...]
    moves: tuple[Move, ...]
    gate: Move | None
    """The move that waits for approvals, whoever may give them."""
    may_approve: bool
    may_amend: bool
    calls: tuple[CallFor, ...] = ()
    later: tuple[tuple[Move, Bilingual], ...] = ()
    """The moves that wait for something to be filled in, and for what."""
    names: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a register."""

    shown: ShownEntry
    next_due: Deadline | None
    overdue: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How a register stands, as far as this person sees it."""

    kind: Kind = field(repr=False)
    open: int
    overdue: int
    due_soon: int
    closed: int
    may_open: bool


def list_kinds(app: App, person: Person) -> tuple[Kind, ...]:
    """Every kind of entry, in file order. Raises NotPermitted."""
    app.authorise(person, Permission.REGISTER_USE)
    app.record(person, "entry:kinds", "registers", {"kinds": len(app.kinds)})
    return tuple(app.kinds.values())


def list_entries(
    app: App,
    person: Person,
    kind: str,
    *,
    state: str = "",
    words: str = "",
    only_open: bool = False,
    only_overdue: bool = False,
) -> tuple[Listed, ...]:
    """The entries of a kind this person may see, newest first, as far as they fit.

    `words` are searched in titles and values; what is sealed is not searched. Raises NotPermitted,
    NotFound for the kind.
    """
    app.authorise(person, Permission.REGISTER_USE)
    found = kind_named(app, kind)
    with app.database.reading() as session:
        rows = listed(app, session, person, (found,))
    wanted = words.strip().lower()
    kept = tuple(
        one
        for one in rows
        if (not state or one.shown.entry.state == state)
        and not (only_open and one.closed)
        and not (only_overdue and not one.overdue)
        and (not wanted or _says(one, wanted))
    )
    app.record(person, "entry:listed", found.id, {"entries": len(kept)})
    return kept


def read_entry(app: App, person: Person, number: str) -> EntryView:
    """One entry. Raises NotPermitted, TicketNotFound; somebody else's reads as not found."""
    app.authorise(person, Permission.REGISTER_USE)
    with app.database.reading() as session:
        kind, entry = seen_entry(app, session, person, number)
        acting = acting_as(app, session, person, links_of(kind, entry))
        names = {one.id: one.name for one in all_people(session)}
        timeline = app.ticket_store.timeline(session, entry.id)
    gate = kind.gate(entry.state)
    given = {entry.opened_by, *(one.person_id for one in entry.approvals)}
    by = gate.approvals.by if gate and gate.approvals else ()
    sealed = reads_sealed(kind, entry, acting)
    view = EntryView(
        shown=in_words(kind, entry, sealed=sealed, names=names),
        timeline=timeline,
        moves=open_moves(kind, entry, acting),
        gate=gate,
        may_approve=bool(by) and person.id not in given and is_one_of(acting, by),
        may_amend=is_one_of(acting, may_amend(kind, entry), entry=entry, kind=kind),
        calls=calls(kind, entry, acting),
        later=later_moves(kind, entry, acting),
        names=names,
    )
    app.record(person, "entry:read", entry.id, {"sealed": sealed and bool(entry.sealed)})
    return view


def register_overview(app: App, person: Person) -> tuple[Tally, ...]:
    """Open, overdue and due within a week, by kind. Raises NotPermitted."""
    app.authorise(person, Permission.REGISTER_USE)
    with app.database.reading() as session:
        rows = listed(app, session, person, app.kinds.values())
        acting = acting_as(app, session, person)
    tallies = tuple(
        _tally(kind, [one for one in rows if one.shown.kind is kind], app.clock(),
               may_open=is_one_of(acting, kind.opens))
        for kind in app.kinds.values()
    )  # fmt: skip
    app.record(person, "entry:overview", "registers", {"entries": len(rows)})
    return tallies


def draft_reply(app: App, person: Person, number: str, draft: str) -> Bilingual:
    """A reply to start from, with what is sealed filled in; it is not sent and not kept.

    Raises NotPermitted, TicketNotFound, NotFound, Conflict in another state or where a value the
    draft needs is missing.
    """
    app.authorise(person, Permission.REGISTER_USE)
    with refusals_on_record(app, person, number[:20]), app.database.reading() as session:
        kind, entry = seen_entry(app, session, person, number)
        acting = acting_as(app, session, person)
        check_role(acting, may_amend(kind, entry), entry=entry, kind=kind)
        names = {one.id: one.name for one in all_people(session)}
    found = next((one for one in kind.drafts if one.id == draft), None)
    if found is None:
        known = ", ".join(one.id for one in kind.drafts) or "—"
        raise NotFound(f"没有这份草稿。可用的有：{known}。", f"No such draft. Known: {known}.")
    if entry.state not in found.states:
        raise Conflict(
            "这份草稿不适用于现在的状态。", "This draft is not for the state the entry is in."
        )
    words = in_words(kind, entry, sealed=True, names=names).shown
    text = Bilingual(
        _filled(kind, found.text.zh, {k: v.zh for k, v in words.items()}),
        _filled(kind, found.text.en, {k: v.en for k, v in words.items()}),
    )
    app.record(person, "entry:drafted", entry.id, {"draft": found.id})
    return text


def read_evidence(app: App, person: Person, number: str, file_id: str) -> tuple[str, bytes]:
    """Name and bytes of a file of an entry. Raises NotPermitted, TicketNotFound, NotFound."""
    app.authorise(person, Permission.REGISTER_USE)
    with app.database.transaction() as session:
        _kind, entry = seen_entry(app, session, person, number)
        known = file_id if any(one.file_id == file_id for one in entry.evidence) else ""
        found = app.files.read(session, known, owner_id=entry.id)
        app.append(session, person, "entry:evidence_read", entry.id)
    return found


def listed(
    app: App,
    session: Session,
    person: Person,
    kinds: Iterable[Kind],
    *,
    everything: bool = False,
) -> tuple[Listed, ...]:
    """The lines of these registers that this person may see, or all to be counted; newest first."""
    known = {one.id: one for one in kinds}
    names = {one.id: one.name for one in all_people(session)}
    return tuple(
        _line(app, in_words(known[one.kind], one, sealed=False, names=names))
        for one in app.entries.list(session, known)
        if everything or may_see(known[one.kind], one, person_id=person.id, roles=person.roles)
    )


def _line(app: App, shown: ShownEntry) -> Listed:
    waiting = list(open_clocks(shown.entry.deadlines))
    now = app.clock()
    state = shown.kind.state(shown.entry.state)
    return Listed(
        shown=shown,
        next_due=waiting[0] if waiting else None,
        overdue=any(one.due_at and one.due_at < now for one in waiting),
        closed=state is not None and state.final,
    )


def _tally(kind: Kind, rows: list[Listed], now: datetime, *, may_open: bool) -> Tally:
    soon = sum(
        any(one.due_at and now <= one.due_at <= now + SOON for one in _waiting(row)) for row in rows
    )
    return Tally(
        kind=kind,
        open=sum(not one.closed for one in rows),
        overdue=sum(one.overdue for one in rows),
        due_soon=soon,
        closed=sum(one.closed for one in rows),
        may_open=may_open,
    )


def _waiting(row: Listed) -> list[Deadline]:
    return list(open_clocks(row.shown.entry.deadlines))


def _says(one: Listed, wanted: str) -> bool:
    texts = [one.shown.entry.id, one.shown.title.zh, one.shown.title.en]
    texts += [text for said in one.shown.shown.values() for text in (said.zh, said.en)]
    return any(wanted in text.lower() for text in texts)


def _filled(kind: Kind, template: str, words: Mapping[str, str]) -> str:
    # The file may be the company's own: it may fill in words and nothing else.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    try:
        return environment.from_string(template).render(words)
    except UndefinedError:
        wanted = find_undeclared_variables(environment.parse(template)) - words.keys()
        empty = [one for one in kind.fields if one.id in wanted]
        zh = "、".join(one.name.zh for one in empty)
        en = ", ".join(f"{one.name.en} ({one.id})" for one in empty)
        raise Conflict(
            f"草稿还缺内容：{zh}。请先填写。", f"The draft lacks: {en}. Fill it in first."
        ) from None
    except TemplateError:
        raise Conflict(
            "这份草稿的模板用了不允许的写法。请改台账的定义文件。",
            "The draft's template does what it may not. Mend the file of this kind.",
        ) from None


def missed(one: Deadline, now: datetime) -> bool:
    """Whether a clock's time went by and it was not met then or later.

    One put off, or ended with its entry, after its time was missed all the same.
    """
    if one.due_at is None or one.outcome is Outcome.DONE:
        return False
    return one.due_at < (one.satisfied_at or now)


def met_late(one: Deadline) -> bool:
    """Whether a clock was met after its time."""
    done = one.outcome is Outcome.DONE and one.satisfied_at is not None
    return bool(done and one.due_at and one.satisfied_at and one.satisfied_at > one.due_at)
