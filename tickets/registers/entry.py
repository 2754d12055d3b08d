"""Register entries as plain values, and who acts on one; the rules are in `entries.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from records.people import Role
from tickets.clocks.deadlines import Deadline
from tickets.ticket import Approval, Json
from tickets.working_days import WorkCalendar


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file kept encrypted; its hash stays when it is gone."""

    field: str
    file_id: str
    sha256: str
    size: int
    what: str


@dataclass(frozen=True)
class RegisterEntry:
    """An entry as it stands. `sealed` holds what is kept encrypted, in the clear here."""

    id: str
    kind: str
    state: str
    values: Mapping[str, Json]
    opened_by: str
    opened_at: datetime
    sealed: Mapping[str, str] = field(default_factory=dict, repr=False)
    deadlines: tuple[Deadline, ...] = ()
    approvals: tuple[Approval, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    entered: Mapping[str, datetime] = field(default_factory=dict)
    keep_until: date | None = None

    @property
    def drill(self) -> bool:
        """Entries are always meant."""
        return False

    @property
    def all_values(self) -> dict[str, Json]:
        """Every field that is filled, the sealed ones too, a file field by its number of files."""
        files: dict[str, Json] = {}
        for one in self.evidence:
            files[one.field] = str(sum(other.field == one.field for other in self.evidence))
        return {**self.values, **self.sealed, **files}


@dataclass(frozen=True)
class Acting:
    """Who acts, when, and what the entry's links lead to."""

    id: str
    roles: frozenset[Role]
    now: datetime
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    # Number of a linked entry → its kind and state.
    linked: Mapping[str, tuple[str, str]] = field(default_factory=dict)
