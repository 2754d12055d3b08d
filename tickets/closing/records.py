"""What a closing project holds of clients: values, filters, and the facts records share."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, or_

from records.errors import BadInput
from tickets.closing.decisions import Fate
from tickets.closing.tables import ClientRow, RecordRow, WeighedRow
from tickets.notices.data import Addressee
from tickets.retention.facts import Decision, RecordFacts, RecordKind, Status

_FACTS = TypeAdapter(RecordFacts)
# An address says where in words; a telephone number does not.
_PLACE = re.compile(r"[^\W\d_]{2}")


_CODE = re.compile(r"(?:C-)?0*(\d{1,7})", re.IGNORECASE)


@dataclass(frozen=True)
class Identity:
    """Who a client is, as the table said."""

    name: str = field(default="", repr=False)
    reference: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewRecord:
    """The records of one kind of one client, as a table gives them."""

    facts: RecordFacts
    sensitive: bool
    public: bool


@dataclass(frozen=True)
class Client:
    """A client by number."""

    number: int
    identity: Identity
    files: int
    sensitive_files: int

    @property
    def code(self) -> str:
        """The number others see instead of the name."""
        return client_code(self.number)


@dataclass(frozen=True)
class Record:
    """The records of one kind of one client, their decision, what came of it and what the client was told."""

    number: int
    client: int
    kind: RecordKind
    sensitive: bool
    public: bool
    status: Status
    earliest: date | None
    latest: date | None
    law: str
    facts: RecordFacts
    weighed: str
    fate: Fate | None
    decision_id: int | None
    ticket_id: str | None
    settled_at: datetime | None
    settled_note: str
    notice: str
    notice_id: str
    notice_at: datetime | None


@dataclass(frozen=True)
class Shared:
    """Records with the same facts and the same decision: how many, and what the engine says."""

    weighed: str
    fate: Fate | None
    count: int
    status: Status
    bound: bool
    plain: Mapping[str, Any]

    @property
    def facts(self) -> RecordFacts:
        """What they share."""
        return facts_of(self.plain)


@dataclass(frozen=True)
class Filter:
    """Which records; what is not given does not matter."""

    kind: RecordKind | None = None
    status: Status | None = None
    fate: Fate | None = None
    undecided: bool = False
    sensitive: bool | None = None
    notice: str | None = None
    client: int | None = None
    ticket_id: str | None = None
    settled: bool | None = None
    ticketed: bool | None = None
    decided: bool = False
    fates: frozenset[Fate] | None = None
    """Only records decided in one of these ways; with none of them, only undecided ones."""
    notice_id: str | None = None
    free_by: date | None = None
    """Only records that were found to go by that day, or for which no day stands."""
    weighed: frozenset[str] | None = None
    """Only records of these sets of facts."""
    numbers: frozenset[int] | None = None
    """Only these records."""
    decisions: frozenset[int] | None = None
    """Only records decided by these decisions."""

    def of(self, project_id: str) -> ColumnElement[bool]:
        """The same as a condition on records joined to what was weighed and to clients."""
        record, wanted = RecordRow, [RecordRow.project_id == project_id]
        for column, value in (
            (record.kind, self.kind),
            (WeighedRow.status, self.status),
            (record.fate, "" if self.undecided else self.fate),
            (record.sensitive, self.sensitive),
            (record.notice, self.notice),
            (record.notice_id, self.notice_id),
            (record.client, self.client),
            (record.ticket_id, self.ticket_id),
        ):
            if value is not None:
                wanted.append(column == value)
        if self.decided:
            wanted.append(record.fate != "")
        if self.free_by is not None:
            at_once = WeighedRow.status.in_((Status.MAY_DESTROY, Status.MUST_DELETE))
            wanted.append(or_(at_once, WeighedRow.earliest <= self.free_by))
        if self.fates is not None:
            wanted.append(record.fate.in_(self.fates or {""}))
        if self.weighed is not None:
            wanted.append(record.weighed.in_(self.weighed))
        if self.numbers is not None:
            wanted.append(record.number.in_(self.numbers))
        if self.decisions is not None:
            wanted.append(record.decision_id.in_(self.decisions))
        if self.settled is not None:
            wanted.append(record.settled_at.is_not(None) == self.settled)
        if self.ticketed is not None:
            wanted.append(record.ticket_id.is_not(None) == self.ticketed)
        return and_(*wanted)


def addressee_of(client: Client, data: str | None = None) -> Addressee | None:
    """Where a notice reaches the client; None where the contact is no e-mail and no address."""
    contact = client.identity.contact.strip()
    own = {"data": data} if data else {}
    name = client.identity.name or client.identity.reference
    if "@" in contact:
        return Addressee(name, mail=contact, given=own)
    return Addressee(name, address=contact, given=own) if _PLACE.search(contact) else None


def client_code(number: int) -> str:
    """C-00042: what stands for a client wherever a name is not needed."""
    return f"C-{number:05d}"


def client_number(text: str) -> int:
    """42 from C-00042. Raises BadInput."""
    found = _CODE.fullmatch(text.strip())
    if found is None:
        raise BadInput("客户编号写成 C-00042 这样。", "Write the client's number like C-00042.")
    return int(found.group(1))


def joined(query: Any) -> Any:
    """Records with what was weighed and with their clients."""
    return (
        query.select_from(RecordRow)
        .join(
            WeighedRow,
            and_(
                WeighedRow.project_id == RecordRow.project_id, WeighedRow.key == RecordRow.weighed
            ),
        )
        .join(
            ClientRow,
            and_(
                ClientRow.project_id == RecordRow.project_id, ClientRow.number == RecordRow.client
            ),
        )
    )


def plain_facts(facts: RecordFacts) -> dict[str, Any]:
    """The facts as JSON, the same in every process: sets come out sorted."""
    plain: dict[str, Any] = _FACTS.dump_python(facts, mode="json")
    return {k: sorted(v) if isinstance(v, list) else v for k, v in plain.items()}


def facts_of(plain: Mapping[str, Any]) -> RecordFacts:
    """The facts read back."""
    return _FACTS.validate_python(dict(plain))


def facts_key(facts: RecordFacts) -> str:
    """What equal facts share."""
    text = json.dumps(plain_facts(facts), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def law_of(decision: Decision) -> str:
    """The law and article that decide, or nothing."""
    rule = decision.deciding
    if rule is None:
        return ""
    number = f"第{rule.citation.article}条" if rule.citation.article else ""
    return f"《{rule.citation.instrument}》{number}"


def record_of(record: RecordRow, weighed: WeighedRow, facts: RecordFacts) -> Record:
    """A record with what was weighed of it."""
    return Record(
        number=record.number,
        client=record.client,
        kind=RecordKind(record.kind),
        sensitive=record.sensitive,
        public=record.public,
        status=Status(weighed.status),
        earliest=weighed.earliest,
        latest=weighed.latest,
        law=weighed.law,
        facts=facts,
        weighed=weighed.key,
        fate=Fate(record.fate) if record.fate else None,
        decision_id=record.decision_id,
        ticket_id=record.ticket_id,
        settled_at=record.settled_at,
        settled_note=record.settled_note,
        notice=record.notice,
        notice_id=record.notice_id,
        notice_at=record.notice_at,
    )
