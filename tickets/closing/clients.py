"""The clients of a closing project and their records: bulk in, filtered out, decided many at once.

Who a client is lies sealed; a keyed digest of it recognises the same client in a later table. Many
records share the same facts, so what the retention engine says is kept once for each set of facts
and worked out anew on each new day.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from records.errors import NotFound
from records.sealing import Sealing
from tickets.closing.decisions import Fate, is_bound
from tickets.closing.records import (
    Client,
    Filter,
    Identity,
    NewRecord,
    Record,
    Shared,
    facts_key,
    facts_of,
    joined,
    law_of,
    plain_facts,
    record_of,
)
from tickets.closing.tables import ClientRow, FateRow, RecordRow, WeighedRow
from tickets.retention.facts import Decision, RecordFacts, Status

_UNTOLD = {"notice": "", "notice_id": "", "notice_at": None}
# A client told of the destruction was offered the return as well.
_TOLD_ALIKE = (Fate.DESTROY, Fate.RETURN)

Engine = Callable[[RecordFacts], Decision]


class ClientStore:
    """Clients, records and decisions of projects."""

    def __init__(self, key: bytes, inventory_key: bytes) -> None:
        self._sealing = Sealing(key)
        self._key, self._inventory_key = key, inventory_key

    def mark(self, project_id: str, identity: Identity) -> str:
        """The keyed digest by which the same client is known again."""
        who = _plain(identity.reference) or _plain(identity.name)
        return hmac.new(self._key, f"{project_id}\0{who}".encode(), hashlib.sha256).hexdigest()

    def holder(self, identity: Identity) -> str:
        """The mark an inventory gives the files of this person (pii/inventory.py)."""
        name = _plain(identity.name)
        digest = hmac.new(self._inventory_key, name.encode(), hashlib.sha256).hexdigest()
        return f"H-{digest[:10]}"

    def known(self, session: Session, project_id: str) -> dict[str, int]:
        """Number by mark of every client."""
        rows = session.execute(
            select(ClientRow.mark, ClientRow.number).where(ClientRow.project_id == project_id)
        )
        return {mark: number for mark, number in rows}  # noqa: C416  rows, not pairs

    def add_clients(
        self, session: Session, project_id: str, fresh: Mapping[str, Identity], *, first: int
    ) -> None:
        """New clients by mark, numbered from `first` on."""
        rows = [
            {
                "project_id": project_id,
                "number": number,
                "mark": mark,
                "holder": self.holder(one),
                "sealed": self._sealing.seal(vars(one), row=f"{project_id}/{number}"),
                "files": 0,
                "sensitive_files": 0,
            }
            for number, (mark, one) in enumerate(fresh.items(), first)
        ]
        if rows:
            session.execute(insert(ClientRow), rows)

    def renew(self, session: Session, project_id: str, given: Mapping[int, Identity]) -> int:
        """Known clients as a later table names them; what it leaves empty stays. How many changed."""
        changed = 0
        for client in self.clients(session, project_id, given):
            said = {name: value for name, value in vars(given[client.number]).items() if value}
            now = replace(client.identity, **said)
            if now == client.identity:
                continue
            row = session.get(ClientRow, (project_id, client.number))
            if row is not None:
                changed += 1
                row.holder = self.holder(now)
                row.sealed = self._sealing.seal(vars(now), row=f"{project_id}/{client.number}")
        session.flush()
        return changed

    def add_records(
        self,
        session: Session,
        project_id: str,
        fresh: Sequence[tuple[int, NewRecord]],
        engine: Engine,
    ) -> None:
        """New records by client number, each set of facts weighed once."""
        last = session.scalar(
            select(func.max(RecordRow.number)).where(RecordRow.project_id == project_id)
        )
        keyed = [(client, one, facts_key(one.facts)) for client, one in fresh]
        self._add_weighed(session, project_id, {key: one.facts for _, one, key in keyed}, engine)
        rows = [
            {
                "project_id": project_id,
                "number": number,
                "client": client,
                "kind": one.facts.kind.value,
                "weighed": key,
                "sensitive": one.sensitive,
                "public": one.public,
                "fate": "",
                "decision_id": None,
                "ticket_id": None,
                "settled_at": None,
                "settled_note": "",
                **_UNTOLD,
            }
            for number, (client, one, key) in enumerate(keyed, (last or 0) + 1)
        ]
        if rows:
            session.execute(insert(RecordRow), rows)

    def _add_weighed(
        self, session: Session, project_id: str, facts: Mapping[str, RecordFacts], engine: Engine
    ) -> None:
        there = set(
            session.scalars(select(WeighedRow.key).where(WeighedRow.project_id == project_id))
        )
        rows = [
            {
                "project_id": project_id,
                "key": key,
                "facts": plain_facts(one),
                "kind": one.kind.value,
                **_weighed(engine(one)),
            }
            for key, one in facts.items()
            if key not in there
        ]
        if rows:
            session.execute(insert(WeighedRow), rows)

    def weigh_again(self, session: Session, project_id: str, engine: Engine) -> int:
        """How many sets of facts are decided otherwise today than when last weighed."""
        rows = session.scalars(select(WeighedRow).where(WeighedRow.project_id == project_id))
        changed = 0
        for row in rows:
            found = _weighed(engine(facts_of(row.facts)))
            before = {name: getattr(row, name) for name in found}
            if found != before:
                changed += 1
                for name, value in found.items():
                    setattr(row, name, value)
        session.flush()
        return changed

    def records(
        self,
        session: Session,
        project_id: str,
        wanted: Filter,
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """The records asked for, by client and number."""
        query = (
            joined(select(RecordRow, WeighedRow))
            .where(wanted.of(project_id))
            .order_by(RecordRow.client, RecordRow.number)
            .limit(limit)
            .offset(offset)
        )
        facts: dict[str, RecordFacts] = {}
        found = []
        for record, weighed in session.execute(query):
            if weighed.key not in facts:
                facts[weighed.key] = facts_of(weighed.facts)
            found.append(record_of(record, weighed, facts[weighed.key]))
        return found

    def count(self, session: Session, project_id: str, wanted: Filter) -> int:
        """How many records are asked for."""
        query = joined(select(func.count())).where(wanted.of(project_id))
        return session.scalar(query) or 0

    def shared(self, session: Session, project_id: str, wanted: Filter) -> list[Shared]:
        """The records asked for, together where they share facts and decision."""
        query = (
            joined(select(WeighedRow.key, RecordRow.fate, func.count()))
            .where(wanted.of(project_id))
            .group_by(WeighedRow.key, RecordRow.fate)
            .order_by(WeighedRow.key)
        )
        rows = session.scalars(select(WeighedRow).where(WeighedRow.project_id == project_id))
        weighed = {row.key: row for row in rows}
        return [
            Shared(
                weighed=key,
                fate=Fate(fate) if fate else None,
                count=count,
                status=Status(weighed[key].status),
                bound=weighed[key].bound,
                plain=weighed[key].facts,
            )
            for key, fate, count in session.execute(query)
        ]

    def decide(
        self,
        session: Session,
        project_id: str,
        wanted: Filter,
        *,
        fate: Fate,
        terms: Mapping[str, str],
        by: str,
        at: datetime,
    ) -> int:
        """The decision written for every record asked for; how many.

        What the client was told of an earlier decision no longer counts: they are told of this one.
        """
        self._untell(session, project_id, wanted, fate)
        numbers = select(joined(select(RecordRow.number)).where(wanted.of(project_id)).subquery())
        made = FateRow(project_id=project_id, fate=fate.value, records=0, by=by, at=at, sealed=b"")
        session.add(made)
        session.flush()
        made.sealed = self._sealing.seal(dict(terms), row=f"{project_id}/decision/{made.id}")
        written = session.execute(
            update(RecordRow)
            .where(RecordRow.project_id == project_id, RecordRow.number.in_(numbers))
            .values(fate=fate.value, decision_id=made.id, settled_at=None, settled_note="")
            .execution_options(synchronize_session=False)
        )
        made.records = written.rowcount  # type: ignore[attr-defined]
        session.flush()
        return made.records

    def _untell(self, session: Session, project_id: str, wanted: Filter, fate: Fate) -> None:
        told = joined(select(RecordRow.number)).where(wanted.of(project_id), RecordRow.notice != "")
        if fate in _TOLD_ALIKE:
            told = told.where(RecordRow.fate.not_in(_TOLD_ALIKE))
        session.execute(
            update(RecordRow)
            .where(
                RecordRow.project_id == project_id, RecordRow.number.in_(select(told.subquery()))
            )
            .values(**_UNTOLD)
            .execution_options(synchronize_session=False)
        )

    def terms(
        self, session: Session, project_id: str, ids: Iterable[int | None] | None = None
    ) -> dict[int, dict[str, str]]:
        """What decisions say: recipient or custodian, contact, reason; all of them without `ids`."""
        query = select(FateRow).where(FateRow.project_id == project_id)
        if ids is not None:
            query = query.where(FateRow.id.in_([one for one in ids if one is not None]))
        return {
            row.id: self._sealing.open(row.sealed, row=f"{project_id}/decision/{row.id}")
            for row in session.scalars(query)
        }

    def chosen(self, session: Session, project_id: str) -> dict[int, str]:
        """By decision: the destruction ticket in which the client chose it, where one did."""
        terms = self.terms(session, project_id)
        return {number: one["ticket"] for number, one in terms.items() if one.get("ticket")}

    def client(self, session: Session, project_id: str, number: int) -> Client:
        """One client by number. Raises NotFound."""
        row = session.get(ClientRow, (project_id, number))
        if row is None:
            raise NotFound(
                "没有这位客户。请核对编号，如 C-00042。", "No such client; check the number."
            )
        return self._client(row)

    def clients(self, session: Session, project_id: str, numbers: Iterable[int]) -> list[Client]:
        """The clients of these numbers, in order."""
        query = (
            select(ClientRow)
            .where(ClientRow.project_id == project_id, ClientRow.number.in_(list(numbers)))
            .order_by(ClientRow.number)
        )
        return [self._client(row) for row in session.scalars(query)]

    def _client(self, row: ClientRow) -> Client:
        kept: dict[str, str] = self._sealing.open(row.sealed, row=f"{row.project_id}/{row.number}")
        return Client(
            number=row.number,
            identity=Identity(**kept),
            files=row.files,
            sensitive_files=row.sensitive_files,
        )


def _weighed(decision: Decision) -> dict[str, Any]:
    return {
        "status": decision.status.value,
        "earliest": decision.earliest,
        "latest": decision.latest,
        "bound": is_bound(decision),
        "law": law_of(decision),
    }


def _plain(text: str) -> str:
    return "".join(text.split()).lower()
