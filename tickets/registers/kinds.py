"""Kinds of register entries as reviewed data: fields, states, moves, approvals, clocks, drafts.

A kind is one file, read and checked by `kind_files.py`; the rules that go by it are in `entries.py`
and know no kind by name.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from records.data_files import Entry
from records.people import Role
from tickets.data import Cited, Said
from tickets.notices.data import NoticeKind
from tickets.retention.facts import RecordKind, StartEvent

FOLDER = Path(__file__).parent
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ClockName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]

# A field and the answers under which something holds; all named fields must fit.
Condition = dict[FieldName, tuple[str, ...]]
# What a link may lead to besides an entry of a kind.
OTHER_TARGETS = frozenset({"ticket", "law", "notice"})


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    YES_NO = "yes_no"
    PERSON = "person"
    LINK = "link"
    FILE = "file"


class Standing(StrEnum):
    """Who somebody is to an entry, beside their roles."""

    OPENER = "opener"
    OWNER = "owner"


Actor = Role | Standing


class FieldOf(Entry):
    """One field. `later`: filled in after approval, which does not cover it."""

    id: FieldName
    name: Said
    type: FieldType
    help: Said | None = None
    options: dict[FieldName, Said] = Field(default_factory=dict)
    many: bool = False
    to: tuple[str, ...] = ()
    sealed: bool = False
    required: bool = False
    required_when: Condition = Field(default_factory=dict)
    least: int | None = None
    most: int | None = None
    past: bool = False
    later: bool = False

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if bool(self.options) != (self.type is FieldType.CHOICE):
            raise ValueError("a choice has options, and nothing else has")
        if bool(self.to) != (self.type is FieldType.LINK):
            raise ValueError("a link says what it leads to, and nothing else does")
        if self.sealed and self.type is not FieldType.TEXT:
            raise ValueError("only text is sealed")
        if self.many and self.type is not FieldType.CHOICE:
            raise ValueError("only a choice may be several")
        if self.past and self.type not in (FieldType.DATE, FieldType.MOMENT):
            raise ValueError("only a date or moment lies in the past")
        bounds = self.least is not None or self.most is not None
        if bounds and self.type is not FieldType.NUMBER:
            raise ValueError("only a number has bounds")
        return self


class Approvals(Entry):
    """How many must approve a move, in which role; the requester is never among them."""

    count: int = Field(ge=1, le=5)
    by: tuple[Role, ...] = Field(min_length=1)


class Move(Entry):
    """A way out of a state. With approvals it is taken by the last approval, never by hand."""

    to: Name
    name: Said
    by: tuple[Actor, ...] = ()
    needs: tuple[FieldName, ...] = ()
    when: Condition = Field(default_factory=dict)
    reason: bool = False
    approvals: Approvals | None = None


class StateOf(Entry):
    """A state; the first of a kind is the one a new entry is in."""

    id: Name
    name: Said
    moves: tuple[Move, ...] = ()
    final: bool = False


class Since(Entry):
    """What starts a clock: a field once it is filled, or a state once it is entered."""

    field: FieldName | None = None
    state: Name | None = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.field is None) == (self.state is None):
            raise ValueError("a clock starts from either a field or a state")
        return self


class Span(Entry):
    """How long a clock runs, or the field that names the day."""

    hours: int | None = Field(default=None, gt=0)
    days: int | None = Field(default=None, gt=0)
    working_days: int | None = Field(default=None, gt=0)
    months: int | None = Field(default=None, gt=0)
    field: FieldName | None = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("due needs one of hours, days, working_days, months, field")
        return self


class ClockOf(Entry):
    """A clock. Without a citation it is a period of the house, and shown as one."""

    id: ClockName
    name: Said
    recipient: Said
    since: Since | Literal["opened"] = "opened"
    due: Span | Literal["at_once"]
    when: Condition = Field(default_factory=dict)
    met_by: tuple[Name, ...] = Field(min_length=1)
    cite: Cited | None = None
    reason: Said

    @model_validator(mode="after")
    def _is_honest(self) -> Self:
        unverified = self.cite is not None and self.cite.confidence == "unverified"
        if unverified and "待核实" not in self.reason.zh:
            raise ValueError("an unverified clock must say 待核实 in its reason")
        return self


class CallFor(Entry):
    """Another entry that must be there, and settled, before a state may be entered."""

    kind: Name
    link: FieldName
    before: Name
    settled: tuple[Name, ...] = Field(min_length=1)
    when: Condition = Field(default_factory=dict)
    cite: Cited | None = None
    reason: Said


class Keep(Entry):
    """How long an entry is kept once it is closed, and what it then is to the retention engine.

    `since` is the event that the day of closing stands for; without one the purpose is achieved once
    the period is over (个人信息保护法 47).
    """

    years: int = Field(ge=1, le=100)
    cite: Cited | None = None
    reason: Said
    record: RecordKind = RecordKind.OWN_RECORD
    since: StartEvent | None = None


class Again(Entry):
    """The next entry, opened by itself when this one gets there, due by the rhythm of the days before.

    `year` names what the entry is about: it goes up as the due day does, so that no year is left out.
    """

    at: Name
    months: FieldName
    due: FieldName
    year: FieldName | None = None
    copies: tuple[FieldName, ...] = ()


class Draft(Entry):
    """A reply to start from. `notice` names the kind of notice that sends it."""

    id: Name
    name: Said
    states: tuple[Name, ...] = Field(min_length=1)
    text: Said
    notice: NoticeKind | None = None


class Kind(Entry):
    """A kind of register entry."""

    id: Name
    prefix: str = Field(pattern=r"^[A-Z]{2,4}$")
    name: Said
    about: Said
    sections: tuple[int, ...] = ()
    cites: tuple[Cited, ...] = ()
    opens: tuple[Role, ...] = Field(min_length=1)
    works: tuple[Role, ...] = Field(min_length=1)
    reads: tuple[Role, ...] = ()
    title: tuple[FieldName, ...] = Field(min_length=1)
    owner: FieldName | None = None
    fields: tuple[FieldOf, ...] = Field(min_length=1)
    states: tuple[StateOf, ...] = Field(min_length=2)
    clocks: tuple[ClockOf, ...] = ()
    calls_for: tuple[CallFor, ...] = ()
    keep: Keep
    again: Again | None = None
    drafts: tuple[Draft, ...] = ()
    counts: tuple[FieldName, ...] = ()
    example: dict[FieldName, Any] = Field(default_factory=dict)

    @property
    def first(self) -> StateOf:
        """The state a new entry is in."""
        return self.states[0]

    def field(self, name: str) -> FieldOf | None:
        """The field of that name."""
        return next((one for one in self.fields if one.id == name), None)

    def state(self, name: str) -> StateOf | None:
        """The state of that name."""
        return next((one for one in self.states if one.id == name), None)

    def gate(self, state: str) -> Move | None:
        """The move out of that state that others must approve."""
        found = self.state(state)
        return next((one for one in found.moves if one.approvals), None) if found else None

    @property
    def moves(self) -> frozenset[tuple[str, str]]:
        """Every declared move as (from, to); a new entry comes from nowhere ("")."""
        pairs = {(state.id, one.to) for state in self.states for one in state.moves}
        return frozenset({("", self.first.id), *pairs})

    @property
    def gated(self) -> Mapping[str, int]:
        """The states nobody reaches without approval, and how many approvals that takes."""
        gates = [one for state in self.states for one in state.moves if one.approvals]
        if not gates:
            return {}
        open_ = self.reached(without_gates=True)
        count = max(one.approvals.count for one in gates if one.approvals)
        return {one.id: count for one in self.states if one.id not in open_}

    def reached(self, *, without_gates: bool = False) -> set[str]:
        """The states some way leads to."""
        found, waiting = {self.first.id}, [self.first]
        while waiting:
            for move in waiting.pop().moves:
                target = self.state(move.to)
                skipped = without_gates and move.approvals is not None
                if target and target.id not in found and not skipped:
                    found.add(target.id)
                    waiting.append(target)
        return found
