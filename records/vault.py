"""The vault: what stands for whom, by client and case, sealed with a key for each client.

Envelope encryption: entries are sealed with the client's data key, data keys are wrapped with the
key-encryption key. Exchanging the latter touches no entry; destroying a data key makes every entry
of its client unreadable. A case only grows, a page at a time, and each page has its number: of two
writers who read the same state, the second is told to read again.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.errors import Conflict, NotFound
from records.keys import KEY_BYTES
from records.sealing import Sealing
from records.vault_tables import CaseRow, ClientRow, PageRow
from records.wrapping_keys import KeyRing, KeySource


class CaseMoved(Conflict):
    """Somebody else added to the case since it was read."""

    def __init__(self) -> None:
        super().__init__(
            "这个案卷同时被别人更新，请再试一次。",
            "Somebody else added to this case at the same time; please try again.",
        )


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case as read back: its own key and its pages in order."""

    id: str
    client_id: str
    name: str = field(repr=False)
    key: bytes = field(repr=False)
    pages: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in a list."""

    id: str
    name: str = field(repr=False)
    entries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """A client in a list; without name and cases once its key is destroyed."""

    id: str
    name: str | None = field(repr=False)
    fingerprint: str
    created_at: datetime
    shredded_at: datetime | None
    cases: tuple[CaseSummary, ...]


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What was destroyed with a client's key."""

    client_id: str
    fingerprint: str
    cases: int
    entries: int


class Vault:
    """Keeps cases under their clients' keys."""

    def __init__(self, source: KeySource, names_key: bytes) -> None:
        self.source = source
        self._names_key = names_key

    def find_case(self, session: Session, name: str) -> KeptCase | None:
        """A case by its name or number, with everything in it."""
        row = session.get(CaseRow, name) or session.scalar(
            select(CaseRow).where(CaseRow.digest == self._digest("case", name))
        )
        return self._kept(session, row) if row else None

    def create_case(self, session: Session, *, name: str, client: str, now: datetime) -> KeptCase:
        """A new, empty case; the client and its key are made at the first."""
        owner = self._client(session, client) or self._create_client(session, client, now)
        case_id = f"C-{secrets.token_hex(8)}"
        sealing = Sealing(self._data_key(owner))
        content = {"name": name, "key": os.urandom(KEY_BYTES).hex()}
        row = CaseRow(
            id=case_id,
            client_id=owner.id,
            digest=self._digest("case", name),
            sealed=sealing.seal(content, row=case_id),
            created_at=now,
        )
        session.add(row)
        self._flush(session)
        return self._kept(session, row)

    def extend(
        self,
        session: Session,
        case_id: str,
        *,
        page: int,
        content: Any,
        entries: int,
        now: datetime,
    ) -> None:
        """One more page. Raises CaseMoved when that is not the next one, NotFound once shredded."""
        row = session.get(CaseRow, case_id)
        # Locked against a shredding that runs at the same time, where the database can.
        owner = session.get(ClientRow, row.client_id, with_for_update=True) if row else None
        if owner is None or owner.wrapped_key is None:
            raise _no_case()
        latest = session.scalar(select(func.max(PageRow.number)).where(PageRow.case_id == case_id))
        if page != (latest or 0) + 1:
            raise CaseMoved
        sealed = Sealing(self._data_key(owner)).seal(content, row=f"{case_id}/{page}")
        session.add(
            PageRow(case_id=case_id, number=page, entries=entries, sealed=sealed, created_at=now)
        )
        self._flush(session)

    def client_id_of(self, session: Session, name: str) -> str:
        """The number of a client who has a key. Raises NotFound."""
        row = self._client(session, name)
        if row is None:
            raise NotFound(
                "保险库里没有这个客户，或其密钥已销毁。请在“保险库”页或用 compliance vault list 核对名称。",
                "The vault has no such client, or its key was destroyed. See the names on the page Vault or "
                "by: compliance vault list.",
            )
        return row.id

    def name_of(self, session: Session, client_id: str) -> str:
        """The name of a client who has a key. Raises NotFound."""
        row = session.get(ClientRow, client_id)
        if row is None or row.wrapped_key is None:
            raise _no_case()
        name: str = Sealing(self._data_key(row)).open(row.sealed_name or b"", row=row.id)
        return name

    def opens(self, session: Session, client_id: str) -> bool:
        """Whether name, cases and pages of a client open. Raises Unavailable where one does not."""
        row = session.get_one(ClientRow, client_id)
        Sealing(self._data_key(row)).open(row.sealed_name or b"", row=row.id)
        for case in session.scalars(select(CaseRow).where(CaseRow.client_id == client_id)).all():
            self._kept(session, case)
        return True

    def clients(self, session: Session) -> list[ClientSummary]:
        """Every client, the newest first."""
        rows = session.scalars(select(ClientRow).order_by(ClientRow.created_at.desc()))
        return [self._summary(session, row) for row in rows.all()]

    def destroy(self, session: Session, client_id: str, now: datetime) -> Destroyed:
        """The client's key and all its pages gone, in the caller's transaction."""
        row = session.get(ClientRow, client_id, with_for_update=True)
        if row is None or row.wrapped_key is None:
            raise _no_case()
        cases = select(CaseRow.id).where(CaseRow.client_id == client_id)
        entries = session.scalar(
            select(func.sum(PageRow.entries)).where(PageRow.case_id.in_(cases))
        )
        count = session.scalar(
            select(func.count()).select_from(CaseRow).where(CaseRow.client_id == client_id)
        )
        session.execute(delete(PageRow).where(PageRow.case_id.in_(cases)))
        session.execute(delete(CaseRow).where(CaseRow.client_id == client_id))
        row.wrapped_key = row.sealed_name = row.digest = None
        row.shredded_at = now
        session.flush()
        return Destroyed(client_id, row.fingerprint, count or 0, entries or 0)

    def rewrap(self, session: Session, ring: KeyRing) -> int:
        """How many client keys were wrapped anew with the ring's current key."""
        _lock_clients(session)
        rows = session.scalars(
            select(ClientRow).where(
                ClientRow.wrapped_key.is_not(None), ClientRow.wrapped_with != ring.current.id
            )
        ).all()
        for row in rows:
            data_key = ring.of(row.wrapped_with).unwrap(row.wrapped_key or b"", row.id)
            row.wrapped_key = ring.current.wrap(data_key, row.id)
            row.wrapped_with = ring.current.id
        session.flush()
        return len(rows)

    def _client(self, session: Session, name: str) -> ClientRow | None:
        row = session.get(ClientRow, name) or session.scalar(
            select(ClientRow).where(ClientRow.digest == self._digest("client", name))
        )
        return row if row is not None and row.wrapped_key is not None else None

    def _create_client(self, session: Session, name: str, now: datetime) -> ClientRow:
        _lock_clients(session)
        client_id, data_key = f"K-{secrets.token_hex(8)}", os.urandom(KEY_BYTES)
        wrapping = self.source.ring().current
        row = ClientRow(
            id=client_id,
            digest=self._digest("client", name),
            sealed_name=Sealing(data_key).seal(name, row=client_id),
            wrapped_key=wrapping.wrap(data_key, client_id),
            wrapped_with=wrapping.id,
            fingerprint=hmac.new(data_key, b"fingerprint", hashlib.sha256).hexdigest(),
            created_at=now,
        )
        session.add(row)
        self._flush(session)
        return row

    def _data_key(self, row: ClientRow) -> bytes:
        return self.source.ring().of(row.wrapped_with).unwrap(row.wrapped_key or b"", row.id)

    def _kept(self, session: Session, row: CaseRow) -> KeptCase:
        sealing = self._sealing_of(session, row)
        content = sealing.open(row.sealed, row=row.id)
        pages = session.scalars(
            select(PageRow).where(PageRow.case_id == row.id).order_by(PageRow.number)
        )
        return KeptCase(
            id=row.id,
            client_id=row.client_id,
            name=content["name"],
            key=bytes.fromhex(content["key"]),
            pages=tuple(sealing.open(p.sealed, row=f"{row.id}/{p.number}") for p in pages),
        )

    def _sealing_of(self, session: Session, row: CaseRow) -> Sealing:
        owner = session.get(ClientRow, row.client_id)
        if owner is None or owner.wrapped_key is None:
            raise _no_case()
        return Sealing(self._data_key(owner))

    def _summary(self, session: Session, row: ClientRow) -> ClientSummary:
        if row.wrapped_key is None:
            return ClientSummary(
                row.id, None, row.fingerprint, row.created_at, row.shredded_at, cases=()
            )
        sealing = Sealing(self._data_key(row))
        return ClientSummary(
            id=row.id,
            name=sealing.open(row.sealed_name or b"", row=row.id),
            fingerprint=row.fingerprint,
            created_at=row.created_at,
            shredded_at=None,
            cases=tuple(_case_summaries(session, row.id, sealing)),
        )

    def _digest(self, what: str, name: str) -> str:
        return hmac.new(self._names_key, f"{what}\0{name}".encode(), hashlib.sha256).hexdigest()

    @staticmethod
    def _flush(session: Session) -> None:
        try:
            session.flush()
        except IntegrityError as error:
            raise CaseMoved from error


def _case_summaries(session: Session, client_id: str, sealing: Sealing) -> Sequence[CaseSummary]:
    sums = (
        select(PageRow.case_id, func.sum(PageRow.entries).label("entries"))
        .group_by(PageRow.case_id)
        .subquery()
    )
    rows = session.execute(
        select(CaseRow, sums.c.entries)
        .outerjoin(sums, sums.c.case_id == CaseRow.id)
        .where(CaseRow.client_id == client_id)
        .order_by(CaseRow.created_at)
    )
    return [
        CaseSummary(
            row.id, sealing.open(row.sealed, row=row.id)["name"], entries or 0, row.created_at
        )
        for row, entries in rows
    ]


def _lock_clients(session: Session) -> None:
    """No new client while keys are exchanged: its key would be wrapped with the one that goes.

    On SQLite a writing transaction holds the whole database already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE vault_clients IN SHARE ROW EXCLUSIVE MODE"))


def _no_case() -> NotFound:
    return NotFound(
        "没有这个案卷，或其客户的密钥已销毁，内容不能再读取。",
        "There is no such case, or its client's key was destroyed and nothing of it can be read.",
    )
