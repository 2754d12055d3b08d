"""Work on a register entry: open, fill in and correct, move, approve, attach evidence.

Each verb is one transaction: entry, one line of its timeline and an audit event, or nothing. Times
come from the clock; a correction is a new line with its reason and what stood there before. What
people type is masked before it is kept, unless the kind seals the field.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.report_incident import shortened
from assistant.redaction.clearing import clear_reason, clear_text
from assistant.registers.entry_access import (
    acting_as,
    in_words,
    kind_named,
    links_of,
    refusals_on_record,
    seen_entry,
)
from assistant.registers.follow_entry import follow_entry
from records.audit import Detail
from records.beijing import SHANGHAI
from records.errors import BadInput
from records.people import Person, all_people, colleague
from records.permissions import Permission
from tickets.errors import MoveNotAllowed
from tickets.registers import entries
from tickets.registers.entry import Evidence, RegisterEntry
from tickets.registers.kinds import OTHER_TARGETS, FieldOf, FieldType, Kind
from tickets.registers.values import Values, value_of
from tickets.ticket import Json, TicketKind

NOTICE_NUMBER = re.compile(r"N-\d{4}-\d{4}")
LONGEST_REASON = 2000
LONGEST_TITLE = 120
LARGEST_EVIDENCE = 25 * 2**20
# Evidence goes with its entry, whose period starts when it is closed; nothing erases it before.
_FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Given:
    """What people typed, checked and masked: plain values, and those to be sealed."""

    values: Values
    sealed: Mapping[str, str | None]

    @property
    def names(self) -> list[str]:
        return sorted({*self.values, *self.sealed})


def open_entry(
    app: App, person: Person, kind: str, values: Values, *, key: str | None = None
) -> RegisterEntry:
    """A new entry. The same `key` again finds the entry it opened before.

    Raises NotPermitted, NotFound for the kind, BadInput for a value, StepMissing for a field.
    """
    app.authorise(person, Permission.REGISTER_USE)
    found = kind_named(app, kind)
    request = f"{found.id}:{key}" if key else ""
    with refusals_on_record(app, person, found.id), app.database.transaction() as session:
        entries.check_role(acting_as(app, session, person), found.opens)
        if request and (known := app.ticket_store.request_of(session, request)):
            app.append(session, person, "entry:repeated", known)
            return app.entries.get(session, known)
        opened = opened_in(app, session, person, found, read_values(app, session, found, values))
        if request:
            app.ticket_store.remember_request(session, request, opened.id)
    return opened


def amend_entry(
    app: App, person: Person, number: str, values: Values, *, reason: str
) -> RegisterEntry:
    """The entry with fields filled or corrected, or with a remark alone if none is given.

    Raises NotPermitted, TicketNotFound, BadInput, ReasonMissing, MoveNotAllowed for
    what an approval covers.
    """
    app.authorise(person, Permission.REGISTER_USE)
    said = clear_reason(app, reason, LONGEST_REASON)

    def change(session: Session, kind: Kind, entry: RegisterEntry) -> Change:
        given = read_values(app, session, kind, values)
        acting = acting_as(app, session, person)
        after = entries.amended(
            kind, entry, given.values, given.sealed, acting, reason=said
        )  # fmt: skip
        changes: dict[str, Json] = {
            name: {"from": entry.values.get(name), "to": value}
            for name, value in given.values.items()
            if entry.values.get(name) != value
        }
        # The timeline keeps that a sealed field changed; its earlier value stays sealed beside it.
        changes |= {name: {"from": None, "to": None} for name in given.sealed}
        return Change(after, {"changes": changes, "text": said}, {"fields": len(changes)})

    return _changed(app, person, number, "entry:amended", change)


def move_entry(
    app: App, person: Person, number: str, to: str, *, reason: str = ""
) -> RegisterEntry:
    """The entry in its next state; a recurring kind opens the next entry in the same breath.

    Raises NotPermitted, TicketNotFound, MoveNotAllowed, StepMissing naming what is missing.
    """
    app.authorise(person, Permission.REGISTER_USE)
    said = clear_text(app, reason, LONGEST_REASON).cleared.text if reason.strip() else ""

    def change(session: Session, kind: Kind, entry: RegisterEntry) -> Change:
        acting = acting_as(app, session, person, links_of(kind, entry))
        after = entries.moved(kind, entry, to, acting, reason=said)
        details: dict[str, Json] = {"from": entry.state, "to": after.state, "text": said}
        details |= _next(app, session, person, kind, after)
        return Change(after, details, {"from": entry.state, "to": after.state})

    return _changed(app, person, number, "entry:moved", change)


def approve_entry(app: App, person: Person, number: str) -> RegisterEntry:
    """One more approval, never the requester's; the last one moves the entry on.

    Raises NotPermitted, TicketNotFound, SamePerson, MoveNotAllowed, StepMissing.
    """
    app.authorise(person, Permission.REGISTER_USE)

    def change(session: Session, kind: Kind, entry: RegisterEntry) -> Change:
        acting = acting_as(app, session, person, links_of(kind, entry))
        after = entries.approved(kind, entry, acting)
        details: dict[str, Json] = {"from": entry.state, "to": after.state}
        details |= _next(app, session, person, kind, after)
        counted: dict[str, Detail] = {"approvals": len(after.approvals), "to": after.state}
        return Change(after, details, counted)

    return _changed(app, person, number, "entry:approved", change)


def attach_evidence(
    app: App, person: Person, number: str, field: str, untrusted_data: bytes, *, what: str
) -> RegisterEntry:
    """A file hashed and kept encrypted in one of the entry's file fields.

    Raises NotPermitted, TicketNotFound, BadInput, EmptyText, MoveNotAllowed.
    """
    app.authorise(person, Permission.REGISTER_USE)
    said = clear_text(app, what, LONGEST_TITLE).cleared.text
    if not 0 < len(untrusted_data) <= LARGEST_EVIDENCE:
        raise BadInput("证据文件为空或超过 25 MB。", "The evidence is empty or over 25 MB.")

    def change(session: Session, kind: Kind, entry: RegisterEntry) -> Change:
        _file_field(kind, entry, field)
        acting = acting_as(app, session, person)
        entries.check_role(acting, entries.may_amend(kind, entry), entry=entry, kind=kind)
        file_id = app.files.keep(
            session,
            untrusted_data,
            name=f"{entry.id}-{field}-{len(entry.evidence) + 1}",
            owner_id=entry.id,
            keep_until=_FOR_EVER,
            now=acting.now,
        )
        digest = hashlib.sha256(untrusted_data).hexdigest()
        one = Evidence(field, file_id, digest, len(untrusted_data), said)
        gated = entry.state in kind.gated
        after = replace(
            entry,
            evidence=(*entry.evidence, one),
            approvals=entry.approvals if gated else (),
        )
        details: dict[str, Json] = {"field": field, "sha256": digest, "text": said}
        return Change(after, details, {"sha256": digest, "size": one.size})

    return _changed(app, person, number, "entry:evidence", change)


@dataclass(frozen=True, slots=True)
class Change:
    """An entry as it is to be, what its timeline says, what the audit log counts."""

    entry: RegisterEntry
    details: Mapping[str, Json]
    counted: Mapping[str, Detail]


def _changed(
    app: App,
    person: Person,
    number: str,
    action: str,
    change: Callable[[Session, Kind, RegisterEntry], Change],
) -> RegisterEntry:
    with refusals_on_record(app, person, number[:20]), app.database.transaction() as session:
        kind, entry = seen_entry(app, session, person, number, to_change=True)
        state = kind.state(entry.state)
        if state is not None and state.final and not entry.all_values:
            raise MoveNotAllowed(
                "这一条的内容已经销毁，不能再改。", "Its contents were destroyed; nothing changes."
            )
        done = change(session, kind, entry)
        # Before the entry's own line, which is what was asked for.
        follow_entry(app, session, person, done.entry)
        write_change(app, session, person, kind, action, done)
        return app.entries.get(session, entry.id)


def write_change(
    app: App, session: Session, person: Person, kind: Kind, action: str, done: Change
) -> None:
    """The changed entry, one line of its timeline and one audit event, within a transaction."""
    number = done.entry.id
    app.entries.save(session, kind, done.entry, title=_title(session, kind, done.entry))
    app.ticket_store.note(
        session, number, at=app.clock(), person_id=person.id, what=action, details=done.details
    )
    app.append(session, person, action, number, done.counted)


def opened_in(
    app: App,
    session: Session,
    person: Person,
    kind: Kind,
    given: _Given,
    *,
    opener: str = "",
    after: str = "",
) -> RegisterEntry:
    """A new entry within a transaction.

    `opener`: in whose name, where an act of somebody else opens it; `after`: the entry it follows.
    """
    now = app.clock()
    number = app.entries.next_number(session, kind, now.astimezone(SHANGHAI).year)
    fresh = RegisterEntry(
        id=number,
        kind=kind.id,
        state=kind.first.id,
        values={k: v for k, v in given.values.items() if v is not None},
        sealed={k: v for k, v in given.sealed.items() if v is not None},
        opened_by=opener or person.id,
        opened_at=now,
    )
    entry = entries.opened(kind, fresh, acting_as(app, session, person))
    app.entries.add(session, kind, entry, title=_title(session, kind, entry))
    details: dict[str, Json] = {"after": after} if after else {}
    app.ticket_store.note(
        session, number, at=now, person_id=person.id, what="entry:opened", details=details
    )
    counted: dict[str, Detail] = {"fields": len(given.names), "clocks": len(entry.deadlines)}
    app.append(session, person, "entry:opened", number, counted)
    return entry


def _next(
    app: App, session: Session, person: Person, kind: Kind, entry: RegisterEntry
) -> dict[str, Json]:
    """The next entry of a recurring kind, by its number; nothing where it does not recur."""
    values = entries.next_values(kind, entry, app.today())
    if values is None:
        return {}
    opened = opened_in(
        app, session, person, kind, _Given(values, {}),
        opener=entries.next_opener(kind, entry), after=entry.id,
    )  # fmt: skip
    return {"next": opened.id}


def read_values(app: App, session: Session, kind: Kind, untrusted: Values) -> _Given:
    """What was typed for the fields of a kind, checked and masked. Raises BadInput."""
    values: dict[str, Json] = {}
    sealed: dict[str, str | None] = {}
    for name, raw in untrusted.items():
        field = kind.field(name)
        if field is None:
            known = ", ".join(one.id for one in kind.fields)
            raise BadInput(
                f"没有这个字段。可填：{known}。", f"There is no such field. Known: {known}."
            )
        value = value_of(field, raw, now=app.clock())
        if field.sealed:
            sealed[name] = None if value is None else str(value)
        else:
            values[name] = _settled(app, session, field, value)
    return _Given(values, sealed)


def _settled(app: App, session: Session, field: FieldOf, value: Json) -> Json:
    """Text masked, persons and links looked up."""
    if value is None:
        return None
    if field.type is FieldType.TEXT:
        return clear_text(app, str(value), LONGEST_REASON * 2).cleared.text
    if field.type is FieldType.PERSON:
        found = colleague(session, str(value))
        if found is None:
            raise BadInput(
                f"“{field.name.zh}”：没有这个人员编号或本机账号。",
                f"“{field.name.en}”: no person has that number or account.",
            )
        return found.id
    return _link(app, session, field, str(value)) if field.type is FieldType.LINK else value


def _link(app: App, session: Session, field: FieldOf, text: str) -> Json:
    number = text.upper()
    kind = app.entries.linked(session, [number]).get(number, ("", ""))[0]
    if kind in field.to or ("ticket" in field.to and kind in set(TicketKind)):
        return number
    if "law" in field.to:
        for address in app.library.addresses(text):
            found = app.library.look_up(address, as_of=app.today())
            if found.provision is not None:
                return text
    if "notice" in field.to and not kind:
        if NOTICE_NUMBER.fullmatch(number):
            app.notices.get(session, number)
            return number
        return clear_text(app, text, LONGEST_TITLE).cleared.text
    wanted = ", ".join(
        one if one in OTHER_TARGETS else f"{app.kinds[one].prefix}-…" for one in field.to
    )
    raise BadInput(
        f"“{field.name.zh}”指向的编号不存在或种类不对（应为 {wanted}）。",
        f"“{field.name.en}” leads nowhere, or to another kind (wanted: {wanted}).",
    )


def _file_field(kind: Kind, entry: RegisterEntry, name: str) -> None:
    field = kind.field(name)
    if field is None or field.type is not FieldType.FILE:
        known = ", ".join(one.id for one in kind.fields if one.type is FieldType.FILE) or "—"
        raise BadInput(
            f"这种台账的附件字段有：{known}。", f"Files go into these fields here: {known}."
        )
    if entry.state in kind.gated and not field.later:
        raise MoveNotAllowed(
            f"“{field.name.zh}”已随批准定稿。", f"“{field.name.en}” was approved as it stands."
        )


def _title(session: Session, kind: Kind, entry: RegisterEntry) -> str:
    names = {one.id: one.name for one in all_people(session)}
    return shortened(in_words(kind, entry, sealed=False, names=names).title.zh)
