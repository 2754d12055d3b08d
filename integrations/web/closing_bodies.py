"""What programs send and get about closing projects."""

from datetime import date, datetime

from pydantic import Field

from assistant.closing.board import Board
from integrations.closing_filter import closing_filter
from integrations.web.bodies import RequestBody, Said, View
from tickets.closing.data import Entity, KnownDay, Route
from tickets.closing.decisions import Fate
from tickets.closing.project import ItemState, section_id
from tickets.closing.records import Filter
from tickets.notices.data import NoticeKind
from tickets.retention.facts import RecordKind, Status
from tickets.ticket import State


class Start(RequestBody):
    """Which company, and which way it ends."""

    company: str = Field(min_length=2, max_length=200)
    route: Route
    entity: Entity | None = None


class Day(RequestBody):
    """A day periods are counted from."""

    name: KnownDay
    day: date


class Move(RequestBody):
    """Where an item goes, with what proves it, or why it is left out."""

    to: ItemState
    note: str = Field(default="", max_length=400)
    reason: str = Field(default="", max_length=40)
    day: date | None = None
    owner: str = Field(default="", max_length=40)


class Which(RequestBody):
    """Which records; what is left out does not matter."""

    kind: str | None = None
    status: str | None = None
    fate_now: str | None = Field(default=None, description="Decided so already")
    undecided: bool = False
    client: str | None = Field(default=None, examples=["C-00042"])
    notice: str | None = None
    sensitive: bool | None = None

    def filter(self) -> Filter:
        """The same as the verbs take it."""
        return closing_filter(
            kind=self.kind,
            status=self.status,
            fate=self.fate_now,
            undecided=self.undecided,
            client=self.client,
            notice=self.notice,
            sensitive=self.sensitive,
        )


class Decision(Which):
    """What becomes of the records, and of those with whom."""

    fate: Fate
    somebody: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=200)
    lawful_only: bool = False
    dry_run: bool = False


class Settled(Which):
    """What proves that records were handed over, returned or taken into custody."""

    note: str = Field(min_length=4, max_length=200)


class NoticeResult(Which):
    """What became of the notice."""

    state: str
    reference: str = Field(min_length=4, max_length=60)


class NoticeWish(Which):
    """A notice to the clients of these records."""

    notice_kind: NoticeKind
    given: dict[str, str] = Field(default_factory=dict, max_length=30)


class Somebody(RequestBody):
    """Who keeps the accounting archives, and how to reach them."""

    custodian: str = Field(min_length=2, max_length=200)
    contact: str = Field(min_length=4, max_length=200)


class ScanWish(RequestBody):
    """Which inventory."""

    scan_id: str = Field(max_length=60)


class End(RequestBody):
    """Why, where something still blocks it."""

    reason: str = Field(default="", max_length=200)


class Tried(RequestBody):
    """Whether only to see what would happen."""

    dry_run: bool = False


class ProjectView(View):
    """A project."""

    id: str
    route: Route
    entity: Entity
    opened_at: datetime
    ended_at: datetime | None
    days: dict[KnownDay, date]


class ListedView(View):
    """A project with the company's name."""

    project: ProjectView
    company: str


class LineView(View):
    """A statutory step with its days."""

    step: str
    name: Said
    due: date | None
    opens: date | None
    settled: bool
    said: Said


class SectionView(View):
    """A section of the work beside the statutory steps, with how far it is."""

    item: str = Field(examples=["section:02"])
    name: Said
    ask: Said
    state: ItemState


class BlockerView(View):
    """What stands in the way of the end."""

    kind: str
    count: int
    said: Said


class BoardView(View):
    """A project as it stands."""

    project: ProjectView
    company: str
    plan: list[LineView]
    sections: list[SectionView]
    overdue: list[str]
    clients: int
    records: int
    settled: int
    by_fate: dict[str, int]
    by_status: dict[str, int]
    blockers: list[BlockerView]
    next: list[Said]
    tickets: list[tuple[str, State, int]] = Field(description="Number, state, records")


class ImportView(View):
    """What a table gave."""

    rows: int
    clients: int
    records: int
    known: int
    replaced: int
    renewed: int
    unread: list[str]
    errors: list[tuple[int, Said]]
    dry_run: bool


class RecordView(View):
    """The records of one kind of one client."""

    number: int
    client: int
    kind: RecordKind
    sensitive: bool
    public: bool
    status: Status
    earliest: date | None
    latest: date | None
    law: str
    fate: Fate | None
    ticket_id: str | None
    settled_at: datetime | None


class RecordsView(View):
    """One page of records."""

    records: list[RecordView]
    total: int
    page: int
    pages: int
    missing: list[Said]


class DecidedView(View):
    """What a decision does, or would do."""

    records: int
    refused: int
    reasons: list[tuple[int, Said]]
    dry_run: bool


class CountView(View):
    """How many."""

    count: int


class WrittenView(View):
    """A notice written, and the clients it cannot reach, by number."""

    number: str
    clients: int
    unreachable: tuple[str, ...]


class TicketsView(View):
    """Destruction tickets, each with its number of records."""

    tickets: list[tuple[str, int]]
    dry_run: bool


def board_view(found: Board, today: date) -> BoardView:
    """The board as programs get it."""
    lines = [
        LineView(
            step=one.step.id,
            name=Said.model_validate(one.step.name),
            due=one.due,
            opens=one.opens,
            settled=one.settled,
            said=Said.model_validate(one.said),
        )
        for one in found.plan
    ]
    return BoardView(
        project=ProjectView.model_validate(found.project),
        company=found.names.company,
        plan=lines,
        sections=[
            SectionView(
                item=section_id(one.number),
                name=Said.model_validate(one.name),
                ask=Said.model_validate(one.ask),
                state=item.state,
            )
            for one, item in found.project.sections()
        ],
        overdue=[one.step.id for one in found.plan if one.overdue(today)],
        clients=found.tally.clients,
        records=found.tally.records,
        settled=found.tally.settled,
        by_fate={name or "undecided": count for name, count in found.tally.by_fate.items()},
        by_status=dict(found.tally.by_status),
        blockers=[BlockerView.model_validate(one) for one in found.blockers],
        next=[Said.model_validate(one.said) for one in found.next],
        tickets=list(found.tickets),
    )
