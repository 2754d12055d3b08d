"""The rules of register entries of every kind, read from its file.

A rule takes the entry, who acts and `now`, and returns the entry as it then stands, or refuses.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from records.beijing import shanghai_day
from records.language import Bilingual
from records.people import ROLE_NAMES, Role
from tickets.errors import MoveNotAllowed, NotForThisRole, SamePerson, StepMissing
from tickets.keeping import day_after
from tickets.periods import add_months
from tickets.registers.clocks import met, started
from tickets.registers.entry import Acting, RegisterEntry
from tickets.registers.kinds import Actor, CallFor, FieldOf, FieldType, Kind, Move, Standing
from tickets.registers.values import Values, filled, holds, missing, unmet
from tickets.ticket import Approval, Json


def opened(kind: Kind, entry: RegisterEntry, acting: Acting) -> RegisterEntry:
    """A new entry with its clocks. Raises StepMissing."""
    _check_filled(missing(kind, entry.all_values))
    return _clocked(kind, replace(entry, entered={kind.first.id: acting.now}), acting)


def amended(
    kind: Kind,
    entry: RegisterEntry,
    values: Values,
    sealed: Mapping[str, str | None],
    acting: Acting,
    *,
    reason: str,
) -> RegisterEntry:
    """The entry with fields filled or corrected; approvals given before are withdrawn.

    Raises NotForThisRole, MoveNotAllowed for what an approval covers, StepMissing.
    """
    changes = {**values, **sealed}
    check_role(acting, may_amend(kind, entry), entry=entry, kind=kind)
    if entry.state in kind.gated:
        covered = [f for f in kind.fields if f.id in changes and not f.later]
        if covered:
            names = _names(covered)
            raise MoveNotAllowed(
                f"已批准的内容不能再改：{names.zh}。请另立一条并注明原因。",
                f"What was approved is not changed: {names.en}. Open a new entry and say why.",
            )
    fresh = {k: v for k, v in {**entry.values, **values}.items() if v is not None}
    secret = {k: v for k, v in {**entry.sealed, **sealed}.items() if v is not None}
    changed = replace(entry, values=fresh, sealed=secret)
    if entry.state not in kind.gated and changes:
        changed = replace(changed, approvals=())
    _check_filled(missing(kind, changed.all_values))
    return _clocked(kind, changed, acting, reason=reason)


def moved(
    kind: Kind, entry: RegisterEntry, to: str, acting: Acting, *, reason: str
) -> RegisterEntry:
    """The entry in its new state.

    Raises MoveNotAllowed, NotForThisRole, StepMissing, and for a move that others approve too.
    """
    move = _move(kind, entry, to)
    check_role(acting, move.by or kind.works, entry=entry, kind=kind)
    if move.approvals is not None:
        raise StepMissing(
            f"“{move.name.zh}”须由 {move.approvals.count} 位申请人以外的人批准，批准齐了自动生效。",
            f"“{move.name.en}” takes the approval of {move.approvals.count} other than the "
            "requester, and then happens by itself.",
        )
    if move.reason and not reason.strip():
        raise StepMissing("这一步要写明理由。", "This step needs a reason.")
    check_ready(kind, entry, move, acting)
    return _entered(kind, entry, to, acting)


def approved(kind: Kind, entry: RegisterEntry, acting: Acting) -> RegisterEntry:
    """The entry with one more approval, and in its new state if that was the last.

    Raises MoveNotAllowed, NotForThisRole, SamePerson, StepMissing.
    """
    move = kind.gate(entry.state)
    if move is None or move.approvals is None:
        raise MoveNotAllowed(
            "现在没有需要批准的事项。", "Nothing waits for an approval at the moment."
        )
    check_role(acting, move.approvals.by)
    if acting.id in {entry.opened_by, *(one.person_id for one in entry.approvals)}:
        raise SamePerson(
            "申请人不能批准，一个人也只能批准一次。请另一位批准人处理。",
            "A requester cannot approve, and nobody approves twice. Ask somebody else.",
        )
    check_ready(kind, entry, move, acting)
    given = replace(entry, approvals=(*entry.approvals, Approval(acting.id, acting.now)))
    enough = len(given.approvals) >= move.approvals.count
    return _entered(kind, given, move.to, acting) if enough else given


def open_moves(kind: Kind, entry: RegisterEntry, acting: Acting) -> tuple[Move, ...]:
    """The moves this person may take now, approvals aside."""
    return tuple(one for one in _own_moves(kind, entry, acting) if holds(one.when, entry.values))


def later_moves(
    kind: Kind, entry: RegisterEntry, acting: Acting
) -> tuple[tuple[Move, Bilingual], ...]:
    """The moves this person may take once the entry says something else, and what that is."""
    return tuple(
        (one, unmet(kind, one.when, entry.values))
        for one in _own_moves(kind, entry, acting)
        if not holds(one.when, entry.values)
    )


def _own_moves(kind: Kind, entry: RegisterEntry, acting: Acting) -> Iterator[Move]:
    state = kind.state(entry.state)
    for one in state.moves if state else ():
        by = one.by or kind.works
        if one.approvals is None and is_one_of(acting, by, entry=entry, kind=kind):
            yield one


def calls(kind: Kind, entry: RegisterEntry, acting: Acting) -> tuple[CallFor, ...]:
    """What the facts call for and is not settled yet, such as an impact assessment."""
    return tuple(
        one
        for one in kind.calls_for
        if holds(one.when, entry.values)
        and acting.linked.get(str(entry.values.get(one.link)), ("", ""))
        not in {(one.kind, state) for state in one.settled}
    )


def check_ready(kind: Kind, entry: RegisterEntry, move: Move, acting: Acting) -> None:
    """Nothing if what the move needs is there, otherwise StepMissing naming what is not."""
    if not holds(move.when, entry.values):
        wants = unmet(kind, move.when, entry.values)
        raise MoveNotAllowed(
            f"现在不能“{move.name.zh}”：{wants.zh}。", f"No “{move.name.en}” yet: {wants.en}."
        )
    wanted = [
        one
        for one in kind.fields
        if one.id in move.needs
        and (one.type is not FieldType.FILE or holds(one.required_when, entry.values))
    ]
    empty = [one for one in wanted if not filled(entry.all_values, one.id)]
    _check_filled((*missing(kind, entry.all_values), *empty))
    for call in calls(kind, entry, acting):
        if call.before == move.to:
            raise StepMissing(
                f"{call.reason.zh}请先完成并在“{_field(kind, call.link).name.zh}”填写其编号。",
                f"{call.reason.en} Settle it first and enter its number.",
            )


def may_amend(kind: Kind, entry: RegisterEntry) -> tuple[Actor, ...]:
    """Who may fill in and correct: those who work on the kind, its owner, at first the opener."""
    first = (Standing.OPENER,) if entry.state == kind.first.id else ()
    return (*kind.works, *first, Standing.OWNER)


def may_see(kind: Kind, entry: RegisterEntry, *, person_id: str, roles: Iterable[Role]) -> bool:
    """Whoever opened it, whoever is its owner or a party to it, and the roles of the kind."""
    named = {entry.opened_by, *(str(v) for k, v in entry.values.items() if _is_person(kind, k))}
    return person_id in named or bool(set(roles) & readers(kind))


def readers(kind: Kind) -> frozenset[Role]:
    """The roles that see every entry of the kind."""
    by = [one for state in kind.states for move in state.moves for one in move.by]
    gates = [
        role
        for state in kind.states
        for move in state.moves
        if move.approvals
        for role in move.approvals.by
    ]
    roles = (role for role in by if isinstance(role, Role) and role is not Role.EMPLOYEE)
    named = {*kind.works, *kind.reads, *gates, *roles, Role.ADMINISTRATOR}
    return frozenset(named)


def is_one_of(
    acting: Acting,
    allowed: Iterable[Actor],
    *,
    entry: RegisterEntry | None = None,
    kind: Kind | None = None,
) -> bool:
    """Whether one of the roles, or the standing to this entry, is the person's."""
    named = set(allowed)
    if acting.roles & {*named, Role.ADMINISTRATOR}:
        return True
    if entry is None or not acting.roles:
        return False
    owner = entry.values.get(kind.owner) if kind and kind.owner else None
    stands = {
        Standing.OPENER: entry.opened_by == acting.id,
        Standing.OWNER: owner == acting.id,
    }
    return any(stands[one] for one in named if isinstance(one, Standing))


def check_role(
    acting: Acting,
    allowed: Iterable[Actor],
    *,
    entry: RegisterEntry | None = None,
    kind: Kind | None = None,
) -> None:
    """Nothing if the person may, otherwise NotForThisRole naming who could."""
    able = tuple(allowed)
    if is_one_of(acting, able, entry=entry, kind=kind):
        return
    names = [ROLE_NAMES[one] for one in able if isinstance(one, Role)]
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    raise NotForThisRole(
        f"您的角色不能做这一步。请联系：{zh}。", f"Your role does not allow this. Ask: {en}."
    )


def next_values(kind: Kind, entry: RegisterEntry, today: date) -> dict[str, Json] | None:
    """What the next entry of a recurring kind starts with, once this one got there.

    It is due so many months after the day this one was due, not after the day it was done. Turns that
    were missed meanwhile are passed over, but not where each is about a year of its own.
    """
    again = kind.again
    if again is None or entry.state != again.at:
        return None
    months = entry.values.get(again.months)
    if not isinstance(months, int) or months < 1:
        return None
    was_due = entry.values.get(again.due)
    since = date.fromisoformat(was_due) if isinstance(was_due, str) else today
    later = months
    while again.year is None and add_months(since, later) < today:
        later += months
    due = add_months(since, later)
    copied = {name: entry.values[name] for name in again.copies if name in entry.values}
    if again.year and isinstance(year := entry.values.get(again.year), int):
        copied[again.year] = year + due.year - since.year
    return {**copied, again.months: months, again.due: due.isoformat()}


def next_opener(kind: Kind, entry: RegisterEntry) -> str:
    """In whose name the next entry is opened: the owner's, or whoever opened this one.

    Whoever approved this one opens nothing by that, and may approve the next.
    """
    return str(entry.values.get(kind.owner or "") or entry.opened_by)


def title_of(kind: Kind, entry: RegisterEntry, say: Mapping[str, Bilingual]) -> Bilingual:
    """The line an entry has in lists, from its shown values."""
    parts = [say[name] for name in kind.title if name in say]
    joined = Bilingual(" · ".join(p.zh for p in parts), " · ".join(p.en for p in parts))
    return joined if parts else kind.name


def _entered(kind: Kind, entry: RegisterEntry, to: str, acting: Acting) -> RegisterEntry:
    state = kind.state(to)
    clocks = met(kind, entry.deadlines, state=to, now=acting.now, by=acting.id)
    stays = to in kind.gated
    placed = replace(
        entry,
        state=to,
        deadlines=clocks,
        approvals=entry.approvals if stays else (),
        entered={**entry.entered, to: acting.now},
    )
    if state is not None and state.final:
        return replace(placed, keep_until=day_after(shanghai_day(acting.now), kind.keep.years))
    return _clocked(kind, replace(placed, keep_until=None), acting)


def _clocked(
    kind: Kind, entry: RegisterEntry, acting: Acting, *, reason: str = ""
) -> RegisterEntry:
    state = kind.state(entry.state)
    if state is None or state.final:
        return entry
    clocks = started(
        kind,
        entry.values,
        entry.deadlines,
        entered=entry.entered,
        now=acting.now,
        calendar=acting.calendar,
        reason=reason,
        by=acting.id,
    )
    return replace(entry, deadlines=clocks)


def _move(kind: Kind, entry: RegisterEntry, to: str) -> Move:
    state = kind.state(entry.state)
    moves = state.moves if state else ()
    found = next((one for one in moves if one.to == to), None)
    if found is not None:
        return found
    zh = "、".join(one.name.zh for one in moves) or "无"
    en = ", ".join(f"{one.to} ({one.name.en})" for one in moves) or "none"
    here = state.name if state else Bilingual(entry.state, entry.state)
    raise MoveNotAllowed(
        f"现在是“{here.zh}”，没有这一步。可以：{zh}。",
        f"It is “{here.en}” and that is no way on. Possible: {en}.",
    )


def _check_filled(fields: Iterable[FieldOf]) -> None:
    wanted = {one.id: one for one in fields}.values()
    if wanted:
        names = _names(wanted)
        raise StepMissing(f"还缺：{names.zh}。", f"Still missing: {names.en}.")


def _names(fields: Iterable[FieldOf]) -> Bilingual:
    found = list(fields)
    return Bilingual(
        "、".join(one.name.zh for one in found),
        ", ".join(f"{one.name.en} ({one.id})" for one in found),
    )


def _field(kind: Kind, name: str) -> FieldOf:
    found = kind.field(name)
    assert found is not None, "the kind was checked when it was read"
    return found


def _is_person(kind: Kind, name: str) -> bool:
    found = kind.field(name)
    return found is not None and found.type == "person"
