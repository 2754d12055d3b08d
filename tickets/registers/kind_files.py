"""The files of kinds, read strictly: what does not hold together stops the start with path and line."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from records.data_files import BadDataFile, Place, line_of, load
from tickets.registers.kinds import (
    OTHER_TARGETS,
    Condition,
    FieldOf,
    FieldType,
    Kind,
    Move,
    Since,
    Span,
)
from tickets.ticket import TicketKind

# What stands in addresses where a kind does.
RESERVED = frozenset({"overview", "review"})


def load_kind(path: Path) -> Kind:
    """The kind of one file, or BadDataFile with path and line. A file is read once until it changes."""
    return _as_it_stands(path, path.stat().st_mtime_ns)


@cache
def _as_it_stands(path: Path, changed: int) -> Kind:
    kind = load(path, Kind)
    for place, problem in mistakes(kind):
        raise BadDataFile(path, problem, line=line_of(path, place))
    return kind


def load_kinds(*folders: Path) -> Mapping[str, Kind]:
    """The kinds of these folders by id; a later folder's file replaces an earlier one's kind.

    Raises BadDataFile.
    """
    found: dict[str, tuple[Path, Kind]] = {}
    for folder in folders:
        here: set[str] = set()
        for path in sorted(folder.glob("*.yaml")):
            kind = load_kind(path)
            if kind.id in here:
                raise BadDataFile(path, f"kind {kind.id} exists twice", line=line_of(path, ("id",)))
            here.add(kind.id)
            found[kind.id] = (path, kind)
    _check_together(found)
    return MappingProxyType({name: kind for name, (_, kind) in found.items()})


def _check_together(found: Mapping[str, tuple[Path, Kind]]) -> None:
    prefixes = {kind.prefix for kind in TicketKind}
    for path, kind in found.values():
        if kind.id in RESERVED:
            raise BadDataFile(path, f"{kind.id} is an address", line=line_of(path, ("id",)))
        if kind.prefix in prefixes or kind.id in set(TicketKind):
            raise BadDataFile(
                path, f"prefix {kind.prefix} is taken", line=line_of(path, ("prefix",))
            )
        prefixes.add(kind.prefix)
        for n, field in enumerate(kind.fields):
            for target in field.to:
                if target not in found and target not in OTHER_TARGETS:
                    line = line_of(path, ("fields", n, "to"))
                    raise BadDataFile(path, f"there is no kind {target}", line=line)
        for n, call in enumerate(kind.calls_for):
            other = found.get(call.kind)
            states: Any = {one.id for one in other[1].states} if other else set()
            if not set(call.settled) <= states:
                line = line_of(path, ("calls_for", n))
                raise BadDataFile(path, f"kind {call.kind} has no such state", line=line)


def mistakes(kind: Kind) -> Iterator[tuple[Place, str]]:
    """What in the file does not hold together, each with its place."""
    yield from _doubled(kind)
    fields, states = {one.id for one in kind.fields}, {one.id for one in kind.states}
    for place, name in _fields_named(kind):
        if name not in fields:
            yield place, f"there is no field {name}"
    for place, name in _states_named(kind):
        if name not in states:
            yield place, f"there is no state {name}"
    yield from _unfitting_conditions(kind)
    yield from _unsound_states(kind)
    yield from _unsound_fields(kind)
    yield from _unsound_drafts(kind, fields)


def _doubled(kind: Kind) -> Iterator[tuple[Place, str]]:
    for part in ("fields", "states", "clocks", "drafts"):
        seen: set[str] = set()
        for n, one in enumerate(getattr(kind, part)):
            if one.id in seen:
                yield (part, n, "id"), f"{one.id} exists twice"
            seen.add(one.id)


def _unfitting_conditions(kind: Kind) -> Iterator[tuple[Place, str]]:
    for place, condition in _conditions(kind):
        for name, answers in condition.items():
            known = _answers_of(kind.field(name))
            for answer in answers:
                if answer not in known:
                    yield (*place, name), f"{name} is never {answer}"


def _unsound_states(kind: Kind) -> Iterator[tuple[Place, str]]:
    reached = kind.reached()
    for n, state in enumerate(kind.states):
        if state.id not in reached:
            yield ("states", n), f"nothing leads to {state.id}"
        if state.final == bool(state.moves):
            yield ("states", n), f"{state.id} is final, or has moves, and not both"
        if sum(one.approvals is not None for one in state.moves) > 1:
            yield ("states", n), f"{state.id} has more than one move that is approved"
    if not any(one.final for one in kind.states):
        yield ("states",), "no state is final"
    gates = [one for state in kind.states for one in state.moves if one.approvals]
    if len({one.approvals.count for one in gates if one.approvals}) > 1:
        yield ("states",), "approvals of one kind all take the same number of people"
    for one in gates:
        if one.to not in kind.gated:
            yield ("states",), f"{one.to} can be reached without its approval"


def _unsound_fields(kind: Kind) -> Iterator[tuple[Place, str]]:
    sealed = {one.id for one in kind.fields if one.sealed}
    for n, name in enumerate(kind.title):
        if name in sealed:
            yield ("title", n), f"{name} is sealed and cannot stand in a title"
    needed = {name for _, move in _moves(kind) for name in move.needs}
    for n, one in enumerate(kind.fields):
        asked = one.required or (one.required_when and one.id not in needed)
        if one.type is FieldType.FILE and asked:
            yield ("fields", n), f"{one.id} is a file and comes after opening: a move needs it"
    types = {one.id: one.type for one in kind.fields}
    counted = (FieldType.CHOICE, FieldType.YES_NO)
    wanted: list[tuple[Place, str | None, tuple[FieldType, ...]]] = [
        (("owner",), kind.owner, (FieldType.PERSON,)),
        *((("counts", n), name, counted) for n, name in enumerate(kind.counts)),
    ]
    if kind.again:
        wanted.append((("again", "months"), kind.again.months, (FieldType.NUMBER,)))
        wanted.append((("again", "due"), kind.again.due, (FieldType.DATE,)))
        wanted.append((("again", "year"), kind.again.year, (FieldType.NUMBER,)))
    for place, named, fitting in wanted:
        if named in types and types[named] not in fitting:
            yield place, f"{named} is not of type {' or '.join(fitting)}"


def _unsound_drafts(kind: Kind, fields: set[str]) -> Iterator[tuple[Place, str]]:
    for n, draft in enumerate(kind.drafts):
        for language, text in (("zh", draft.text.zh), ("en", draft.text.en)):
            place = ("drafts", n, "text", language)
            try:
                names = find_undeclared_variables(SandboxedEnvironment().parse(text))
            except TemplateSyntaxError as error:
                yield place, f"the draft cannot be read: {error.message}"
                continue
            for name in sorted(names - fields):
                yield place, f"there is no field {name}"


def _fields_named(kind: Kind) -> Iterator[tuple[Place, str]]:
    """Every place of the file that names a field of it."""
    yield from ((("title", n), one) for n, one in enumerate(kind.title))
    yield from ((("counts", n), one) for n, one in enumerate(kind.counts))
    yield from ((("example", one), one) for one in kind.example)
    if kind.owner:
        yield ("owner",), kind.owner
    for place, condition in _conditions(kind):
        yield from (((*place, name), name) for name in condition)
    for n, call in enumerate(kind.calls_for):
        yield ("calls_for", n, "link"), call.link
    for place, move in _moves(kind):
        yield from (((*place, "needs", i), name) for i, name in enumerate(move.needs))
    for n, clock in enumerate(kind.clocks):
        if isinstance(clock.due, Span) and clock.due.field:
            yield ("clocks", n, "due", "field"), clock.due.field
        if isinstance(clock.since, Since) and clock.since.field:
            yield ("clocks", n, "since", "field"), clock.since.field
    if kind.again:
        yield ("again", "months"), kind.again.months
        yield ("again", "due"), kind.again.due
        if kind.again.year:
            yield ("again", "year"), kind.again.year
        yield from ((("again", "copies", i), name) for i, name in enumerate(kind.again.copies))


def _states_named(kind: Kind) -> Iterator[tuple[Place, str]]:
    """Every place of the file that names a state of it."""
    yield from (((*place, "to"), move.to) for place, move in _moves(kind))
    for n, call in enumerate(kind.calls_for):
        yield ("calls_for", n, "before"), call.before
    for n, clock in enumerate(kind.clocks):
        yield from ((("clocks", n, "met_by", i), state) for i, state in enumerate(clock.met_by))
        if isinstance(clock.since, Since) and clock.since.state:
            yield ("clocks", n, "since", "state"), clock.since.state
    if kind.again:
        yield ("again", "at"), kind.again.at
    for n, draft in enumerate(kind.drafts):
        yield from ((("drafts", n, "states", i), state) for i, state in enumerate(draft.states))


def _moves(kind: Kind) -> Iterator[tuple[Place, Move]]:
    for n, state in enumerate(kind.states):
        for m, move in enumerate(state.moves):
            yield ("states", n, "moves", m), move


def _conditions(kind: Kind) -> Iterator[tuple[Place, Condition]]:
    for n, field in enumerate(kind.fields):
        yield ("fields", n, "required_when"), field.required_when
    for place, move in _moves(kind):
        yield (*place, "when"), move.when
    for n, clock in enumerate(kind.clocks):
        yield ("clocks", n, "when"), clock.when
    for n, call in enumerate(kind.calls_for):
        yield ("calls_for", n, "when"), call.when


def _answers_of(field: FieldOf | None) -> frozenset[str]:
    if field is None:
        return frozenset()
    return frozenset({"yes", "no"} if field.type is FieldType.YES_NO else field.options)
