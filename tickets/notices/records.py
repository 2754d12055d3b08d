"""Notices as plain values: what one is to be, how it is kept, where each client's copy is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from records.language import Bilingual
from tickets.notices.data import Addressee, NoticeKind, Tongue
from tickets.notices.delivery import Channel, DeliveryState
from tickets.notices.letters import Letter
from tickets.ticket import Approval, Json


class NoticeState(StrEnum):
    """A notice is written, then released for sending; what still waits can be stopped."""

    DRAFT = "draft"
    RELEASED = "released"
    STOPPED = "stopped"

    @property
    def label(self) -> Bilingual:
        """The state in both languages."""
        return {
            NoticeState.DRAFT: Bilingual("起草中", "draft"),
            NoticeState.RELEASED: Bilingual("已交付发送", "released"),
            NoticeState.STOPPED: Bilingual("已停止发送", "stopped"),
        }[self]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a notice is to be: its kind, what it says to everybody, its languages."""

    kind: NoticeKind
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    tongue: Tongue = Tongue.ZH
    drill: bool = False
    ticket_id: str | None = None


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice as read back."""

    id: str
    wish: Wish = field(repr=False)
    state: NoticeState
    revision: int
    sha256: str
    writers: tuple[str, ...]
    approvals: tuple[Approval, ...]
    """Those that count: of this content, by nobody who wrote it."""
    written_at: datetime
    released_by: str | None
    released_at: datetime | None
    forgotten: bool
    """Whether clients and texts are erased; the ledger stays."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One client's notice as the ledger has it; nothing of the client."""

    key: str
    number: int
    channel: Channel
    state: DeliveryState
    attempts: int
    digest: str
    token: str
    begun_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A client's letter; `as_approved` is False where it would read otherwise than it did then."""

    key: str
    channel: Channel
    addressee: Addressee = field(repr=False)
    letter: Letter = field(repr=False)
    as_approved: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger."""

    key: str
    at: datetime
    person_id: str
    what: str
    details: Mapping[str, Json]
