"""Register entries in and out of the tables of tickets: same numbers, timeline, deadlines, approvals.

What a field says is sealed is encrypted for its row and field. Earlier sealed values stay beside
the current one, sealed too, so that a correction loses nothing.
"""

import base64
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, String, and_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.sealing import Sealing
from tickets.errors import TicketNotFound
from tickets.registers.entry import Evidence, RegisterEntry
from tickets.registers.kinds import Kind
from tickets.rows import deadline_of
from tickets.store import TicketStore, take_number
from tickets.tables import ApprovalRow, DeadlineRow, TicketRow
from tickets.ticket import Approval, Json, TicketKind

_CLOCKS = select(DeadlineRow).order_by(DeadlineRow.position)
_APPROVALS = select(ApprovalRow).order_by(ApprovalRow.id)


class GateRow(Base):
    """A state of one entry that nobody reaches without so many approvals; kept by triggers."""

    __tablename__ = "ticket_gates"

    ticket_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), primary_key=True)
    approvals: Mapped[int] = mapped_column(Integer)


class MoveRow(Base):
    """A move that a kind declares, or declared: no entry of it moves otherwise; kept by triggers."""

    __tablename__ = "ticket_moves"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    before: Mapped[str] = mapped_column(String(20), primary_key=True)
    after: Mapped[str] = mapped_column(String(20), primary_key=True)


class EntryStore:
    """Entries as plain values."""

    def __init__(self, key: bytes, tickets: TicketStore) -> None:
        self._sealing = Sealing(key)
        self._tickets = tickets

    def next_number(self, session: Session, kind: Kind, year: int) -> str:
        """The next free number, such as RR-2026-0001."""
        return f"{kind.prefix}-{year}-{take_number(session, kind.id, year):04d}"

    def add(self, session: Session, kind: Kind, entry: RegisterEntry, *, title: str) -> None:
        """A new entry with the gates its kind has today; editing the file moves none of them."""
        self.declare(session, kind)
        row = TicketRow(
            id=entry.id,
            kind=entry.kind,
            state=entry.state,
            title=title,
            description="",
            facts=self._facts(entry, {}),
            opened_by=entry.opened_by,
            opened_at=entry.opened_at,
            restricted=True,
        )
        session.add(row)
        session.flush()
        session.add_all(
            GateRow(ticket_id=entry.id, state=state, approvals=count)
            for state, count in kind.gated.items()
        )
        self._tickets.save_deadlines(session, entry.id, entry.deadlines)
        session.flush()

    def save(self, session: Session, kind: Kind, entry: RegisterEntry, *, title: str) -> None:
        """The entry as it now stands. Approvals are written first: the database counts them."""
        self.declare(session, kind)
        row = session.get_one(TicketRow, entry.id)
        given = [one.person_id for one in entry.approvals]
        if given:
            now = max(one.at for one in entry.approvals)
            self._tickets.keep_approvals(session, entry.id, given, at=now)
        row.facts = self._facts(entry, row.facts)
        row.state, row.title = entry.state, title
        session.flush()
        if not given:
            self._tickets.withdraw_approvals(session, entry.id)
        self._tickets.save_deadlines(session, entry.id, entry.deadlines)
        session.flush()

    def declare(self, session: Session, kind: Kind) -> None:
        """The moves of the kind where the database looks for them."""
        query = select(MoveRow.before, MoveRow.after).where(MoveRow.kind == kind.id)
        known = {(before, after) for before, after in session.execute(query)}
        session.add_all(MoveRow(kind=kind.id, before=b, after=a) for b, a in kind.moves - known)
        session.flush()

    def get(self, session: Session, number: str, *, to_change: bool = False) -> RegisterEntry:
        """The entry under that number, or TicketNotFound."""
        row = session.get(TicketRow, number.strip().upper(), with_for_update=to_change)
        if row is None or row.kind in set(TicketKind):
            raise TicketNotFound(number.strip()[:40])
        clocks = session.scalars(_CLOCKS.where(DeadlineRow.ticket_id == row.id))
        given = session.scalars(_APPROVALS.where(ApprovalRow.ticket_id == row.id))
        return self._entry(row, clocks, given)

    def list(self, session: Session, kinds: Iterable[str]) -> tuple[RegisterEntry, ...]:
        """The entries of these kinds, newest first; three queries, however many there are."""
        return self._listed(session, TicketRow.kind.in_(list(kinds)))

    def kept_until(
        self, session: Session, kinds: Iterable[str], day: date
    ) -> tuple[RegisterEntry, ...]:
        """The entries of these kinds whose period of keeping is over by that day, newest first."""
        until = TicketRow.facts["keep_until"].as_string()
        ours = TicketRow.kind.in_(list(kinds))
        return self._listed(session, and_(ours, until <= day.isoformat()))

    def _listed(self, session: Session, wanted: ColumnElement[bool]) -> tuple[RegisterEntry, ...]:
        query = (
            select(TicketRow)
            .where(wanted)
            .order_by(TicketRow.opened_at.desc(), TicketRow.id.desc())
        )
        mine = select(TicketRow.id).where(wanted)
        clocks: dict[str, list[DeadlineRow]] = {}
        for clock in session.scalars(_CLOCKS.where(DeadlineRow.ticket_id.in_(mine))):
            clocks.setdefault(clock.ticket_id, []).append(clock)
        given: dict[str, list[ApprovalRow]] = {}
        for approval in session.scalars(_APPROVALS.where(ApprovalRow.ticket_id.in_(mine))):
            given.setdefault(approval.ticket_id, []).append(approval)
        return tuple(
            self._entry(row, clocks.get(row.id, ()), given.get(row.id, ()))
            for row in session.scalars(query)
        )

    def empty(self, session: Session, number: str, *, title: str) -> None:
        """What the entry says gone: its fields, every value sealed before, its hashes of evidence.

        Number, kind, state, days and timeline stay: they show that it was, and that it went.
        """
        row = session.get_one(TicketRow, number)
        kept: dict[str, Json] = {"values": {}, "sealed": {}, "evidence": [], "keep_until": None}
        row.facts, row.title = {**row.facts, **kept}, title
        session.flush()

    def linked(self, session: Session, numbers: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Kind and state of what these numbers lead to, as far as it exists."""
        query = select(TicketRow.id, TicketRow.kind, TicketRow.state)
        rows = session.execute(query.where(TicketRow.id.in_(list(numbers))))
        return {number: (kind, state) for number, kind, state in rows}

    def with_open_deadlines(self, session: Session) -> tuple[str, ...]:
        """The numbers of the entries that still have a deadline to meet."""
        query = (
            select(DeadlineRow.ticket_id)
            .join(TicketRow, TicketRow.id == DeadlineRow.ticket_id)
            .where(DeadlineRow.satisfied_at.is_(None), TicketRow.kind.not_in(set(TicketKind)))
            .distinct()
        )
        return tuple(sorted(session.scalars(query)))

    def _facts(self, entry: RegisterEntry, before: Mapping[str, Json]) -> dict[str, Json]:
        return {
            "values": dict(entry.values),
            "sealed": self._sealed(entry, before.get("sealed")),
            "evidence": [
                {"field": e.field, "file_id": e.file_id, "sha256": e.sha256, "size": e.size,
                 "what": e.what}
                for e in entry.evidence
            ],
            "entered": {state: at.isoformat() for state, at in entry.entered.items()},
            "keep_until": entry.keep_until.isoformat() if entry.keep_until else None,
        }  # fmt: skip

    def _sealed(self, entry: RegisterEntry, before: Json) -> dict[str, Json]:
        """Each sealed field with its values oldest first; None at the end where it was cleared."""
        known = before if isinstance(before, dict) else {}
        kept: dict[str, Json] = {}
        for name in {*known, *entry.sealed}:
            found = known.get(name)
            history = list(found) if isinstance(found, list) else []
            value = entry.sealed.get(name)
            if self._opened(entry.id, name, history) != value:
                history.append(None if value is None else self._seal(entry.id, name, value))
            kept[name] = history
        return kept

    def _seal(self, number: str, name: str, value: str) -> str:
        return base64.b64encode(self._sealing.seal(value, row=f"{number}/{name}")).decode()

    def _opened(self, number: str, name: str, history: Json) -> str | None:
        last = history[-1] if isinstance(history, list) and history else None
        if last is None:
            return None
        return str(self._sealing.open(base64.b64decode(str(last)), row=f"{number}/{name}"))

    def _entry(
        self, row: TicketRow, clocks: Iterable[DeadlineRow], given: Iterable[ApprovalRow]
    ) -> RegisterEntry:
        facts = row.facts
        sealed = {
            name: value
            for name, history in facts["sealed"].items()
            if (value := self._opened(row.id, name, history)) is not None
        }
        keep_until = facts.get("keep_until")
        return RegisterEntry(
            id=row.id,
            kind=row.kind,
            state=row.state,
            values=facts["values"],
            sealed=sealed,
            opened_by=row.opened_by,
            opened_at=row.opened_at,
            deadlines=tuple(deadline_of(one) for one in clocks),
            approvals=tuple(Approval(one.person_id, one.at) for one in given),
            evidence=tuple(Evidence(**one) for one in facts["evidence"]),
            entered={s: datetime.fromisoformat(at) for s, at in facts["entered"].items()},
            keep_until=date.fromisoformat(keep_until) if keep_until else None,
        )
