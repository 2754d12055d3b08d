"""What programs send and get about notices to clients."""

from datetime import datetime

from pydantic import Field

from integrations.web.bodies import RequestBody, Said, View
from integrations.web.tickets import CitationView
from tickets.notices.data import Addressee, Form, NoticeKind, Tongue
from tickets.notices.delivery import Channel, DeliveryState
from tickets.notices.records import NoticeState


class Client(RequestBody):
    """One client: where the letter goes, and what it says to this client alone."""

    name: str = Field(min_length=1, max_length=120, examples=["周明轩"])
    mail: str = Field(default="", max_length=254, examples=["zhou@client.example"])
    address: str = Field(default="", max_length=300)
    tongue: Tongue | None = None
    given: dict[str, str] = Field(default_factory=dict)

    def addressee(self) -> Addressee:
        """The same as a plain value."""
        return Addressee(self.name, self.mail, self.address, self.tongue, self.given)


class NewNotice(RequestBody):
    """A notice: its kind, what it says, to whom."""

    kind: NoticeKind
    given: dict[str, str] = Field(default_factory=dict, examples=[{"reason": "公司合并"}])
    tongue: Tongue = Tongue.ZH
    drill: bool = False
    ticket_id: str | None = Field(default=None, examples=["DES-2026-0001"])
    clients: tuple[Client, ...] = Field(default=(), max_length=5000)


class NoticeText(RequestBody):
    """What the notice says instead."""

    given: dict[str, str]
    tongue: Tongue | None = None


class Approval(RequestBody):
    """The revision that was read."""

    revision: int = Field(ge=1)


class Posted(RequestBody):
    """The number of the registered letter."""

    reference: str = Field(min_length=4, max_length=40, examples=["XA12345678933"])


class Decision(RequestBody):
    """Send it again, or it is known to have arrived; and how that is known."""

    again: bool
    reason: str = Field(min_length=4, max_length=200)


class StatedWhy(RequestBody):
    """Why."""

    reason: str = Field(min_length=4, max_length=200)


class ElementView(View):
    """One thing a notice must, or may, say."""

    key: str
    name: Said
    hint: Said | None
    citation: CitationView | None
    optional: bool
    form: Form


class KindView(View):
    """A kind of notice."""

    kind: NoticeKind
    name: Said
    when: Said
    audience: Said
    not_needed: Said | None
    citations: tuple[CitationView, ...]
    elements: tuple[ElementView, ...]


class MissingView(View):
    """An element nobody gave; the clients who lack it where others have it."""

    key: str
    name: Said
    rows: tuple[int, ...]


class ApprovalView(View):
    """Who approved the notice as it is."""

    person_id: str
    at: datetime


class SummaryView(View):
    """A notice in a list."""

    number: str
    kind: NoticeKind
    state: NoticeState
    tongue: Tongue
    drill: bool
    ticket_id: str | None
    revision: int
    clients: int
    counts: dict[DeliveryState, int]
    approvals: tuple[ApprovalView, ...]
    writers: tuple[str, ...]
    written_at: datetime
    released_at: datetime | None
    forgotten: bool


class CopyView(View):
    """One client's copy, without the client."""

    key: str
    channel: Channel
    state: DeliveryState
    attempts: int


class LineView(View):
    """One line of the ledger."""

    key: str
    at: datetime
    person_id: str
    what: str
    details: dict[str, str | int | bool | None]


class NoticeModel(View):
    """A notice as it stands."""

    summary: SummaryView
    missing: tuple[MissingView, ...]
    overdue: tuple[MissingView, ...]
    deliveries: tuple[CopyView, ...]
    ledger: tuple[LineView, ...]


class ProblemView(View):
    """A row of the table that is wrong, by its number."""

    row: int
    said: Said


class TableView(View):
    """Rows that are wrong, and columns that were not used."""

    problems: tuple[ProblemView, ...]
    unused: tuple[int, ...]


class AddressedView(View):
    """The notice, and what was wrong with the table: with one bad row nothing is taken over."""

    table: TableView
    notice: NoticeModel


class PreviewView(View):
    """What the notice says, and the letters of the first clients as text."""

    number: str
    given: dict[str, str]
    letters: tuple[str, ...]
