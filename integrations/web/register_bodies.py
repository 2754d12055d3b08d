"""What programs send and get about registers. Which fields an entry has, its kind's data says."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from assistant.registers.read_registers import EntryView, Listed, Tally
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.tickets import DeadlineView
from tickets.registers.kinds import FieldType


class NewEntry(RequestBody):
    """The fields of the kind by their names: text, dates as 2026-11-23, yes or no, options."""

    values: dict[str, Any] = Field(max_length=100)
    key: str = Field(default="", max_length=100, description="The same key opens one entry once")


class Amendment(RequestBody):
    """Fields filled or corrected (null empties one), and why. Without fields it is a remark."""

    values: dict[str, Any] = Field(default_factory=dict, max_length=100)
    reason: str = Field(min_length=1, max_length=2000, examples=["客户来电更正"])


class EntryMove(RequestBody):
    """The next state, and the reason where the move asks for one."""

    to: str = Field(min_length=1, max_length=20, examples=["verified"])
    reason: str = Field(default="", max_length=2000)


class FieldView(View):
    """One field of a kind."""

    id: str
    name: Said
    type: FieldType
    options: dict[str, Said]
    many: bool
    sealed: bool
    required: bool
    required_when: dict[str, tuple[str, ...]]


class MoveView(View):
    """A way on."""

    to: str
    name: Said
    needs: tuple[str, ...]
    reason: bool


class StateView(View):
    """A state of a kind."""

    id: str
    name: Said
    final: bool
    moves: tuple[MoveView, ...]


class KindView(View):
    """A kind of entry: what may be entered and how it moves."""

    id: str
    prefix: str
    name: Said
    about: Said
    fields: tuple[FieldView, ...]
    states: tuple[StateView, ...]
    example: dict[str, Any]


class TallyView(View):
    """A register in numbers."""

    kind: str
    name: Said
    open: int
    overdue: int
    due_soon: int
    closed: int


class EventView(View):
    """One line of the timeline."""

    at: datetime
    person_id: str
    what: str
    details: dict[str, Any]


class EvidenceView(View):
    """A file of the entry."""

    field: str
    file_id: str
    sha256: str
    size: int
    what: str


class ShareView(View):
    """How often one answer was given."""

    name: Said
    count: int


class KindYearView(View):
    """One register in one year."""

    kind: str
    name: Said
    opened: int
    closed: int
    open_now: int
    overdue_now: int
    in_time: int
    late: int
    missed: int
    months: tuple[int, ...]


class ReviewView(View):
    """A year in numbers."""

    year: int
    registers: tuple[KindYearView, ...]
    incidents: tuple[ShareView, ...]
    incidents_late: int
    incidents_missed: int
    drills: int
    destructions: int
    certificates: int
    people_trained: int
    people_passed: int
    months: tuple[int, ...]


class LineView(View):
    """An entry in a list."""

    number: str
    kind: str
    state: str
    title: Said
    opened_at: datetime
    next_due: datetime | None
    overdue: bool
    closed: bool


class EntryModel(View):
    """An entry: values as kept, in words, its clocks, evidence, timeline and next moves."""

    number: str
    kind: str
    state: str
    title: Said
    values: dict[str, Any]
    words: dict[str, Said]
    opened_by: str
    opened_at: datetime
    keep_until: date | None
    approvals: tuple[str, ...]
    clocks: tuple[DeadlineView, ...]
    evidence: tuple[EvidenceView, ...]
    timeline: tuple[EventView, ...]
    moves: tuple[MoveView, ...]
    may_approve: bool
    calls_for: tuple[Said, ...]


def entry_model(view: EntryView) -> EntryModel:
    """The entry as programs get it, sealed fields in the words that its reader may see."""
    entry = view.shown.entry
    sealed = {name: view.shown.shown[name].zh for name in entry.sealed}
    return EntryModel(
        number=entry.id,
        kind=entry.kind,
        state=entry.state,
        title=Said.model_validate(view.shown.title),
        values={**entry.values, **sealed},
        words={name: Said.model_validate(said) for name, said in view.shown.shown.items()},
        opened_by=entry.opened_by,
        opened_at=entry.opened_at,
        keep_until=entry.keep_until,
        approvals=tuple(one.person_id for one in entry.approvals),
        clocks=tuple(DeadlineView.model_validate(one) for one in entry.deadlines),
        evidence=tuple(EvidenceView.model_validate(one) for one in entry.evidence),
        timeline=tuple(EventView.model_validate(one) for one in view.timeline),
        moves=tuple(MoveView.model_validate(one) for one in view.moves),
        may_approve=view.may_approve,
        calls_for=tuple(Said.model_validate(one.reason) for one in view.calls),
    )


def line_view(one: Listed) -> LineView:
    """The entry as a line of a list."""
    entry = one.shown.entry
    return LineView(
        number=entry.id,
        kind=entry.kind,
        state=entry.state,
        title=Said.model_validate(one.shown.title),
        opened_at=entry.opened_at,
        next_due=one.next_due.due_at if one.next_due else None,
        overdue=one.overdue,
        closed=one.closed,
    )


def tally_view(one: Tally) -> TallyView:
    """The register in numbers."""
    return TallyView(
        kind=one.kind.id,
        name=Said.model_validate(one.kind.name),
        open=one.open,
        overdue=one.overdue,
        due_soon=one.due_soon,
        closed=one.closed,
    )
