"""Closing projects in and out of the database: plain values, and a timeline that only grows.

Every method takes the caller's session, so a change, its line and the audit event share one
transaction. The company's name is sealed: that of a sole proprietorship is a person's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.beijing import shanghai_day
from records.errors import NotFound
from records.sealing import Sealing
from tickets.closing.data import Entity, KnownDay, Route
from tickets.closing.project import Item, ItemState, Project
from tickets.closing.tables import (
    ClosingEventRow,
    EvidenceRow,
    InventoryRow,
    ItemRow,
    ProjectRow,
)
from tickets.store import take_number
from tickets.ticket import Event, Json

COUNTER = "closing"


@dataclass(frozen=True)
class Names:
    """What is sealed of a project: the company, and who keeps its accounting records."""

    company: str = field(repr=False)
    custodian: str = field(default="", repr=False)
    custodian_contact: str = field(default="", repr=False)


@dataclass(frozen=True)
class ItemEvidence:
    """A file of evidence of an item."""

    file_id: str
    item_id: str
    sha256: str
    size: int
    suffix: str
    what: str
    by: str
    at: datetime


@dataclass(frozen=True)
class LinkedInventory:
    """An inventory taken into the project."""

    scan_id: str
    sha256: str
    files: int
    sensitive: int
    unread: int
    unassigned: int
    at: datetime


class ClosingStore:
    """Projects, their items, evidence and timeline."""

    def __init__(self, key: bytes) -> None:
        self._sealing = Sealing(key)

    def open(self, session: Session, project: Project, names: Names) -> Project:
        """The project with the next free number, such as CLO-2026-0001."""
        year = shanghai_day(project.opened_at).year
        number = f"CLO-{year}-{take_number(session, COUNTER, year):04d}"
        session.add(
            ProjectRow(
                id=number,
                route=project.route.value,
                entity=project.entity.value,
                opened_by=project.opened_by,
                opened_at=project.opened_at,
                days={},
                sealed=self._seal(number, names),
                custodian=False,
                weighed_on=None,
                ended_at=None,
                ended_by="",
                ended_because="",
            )
        )
        session.flush()
        return self.get(session, number)

    def get(self, session: Session, project_id: str, *, to_change: bool = False) -> Project:
        """The project under that number; `to_change` makes other writers wait. Raises NotFound."""
        row = self._row(session, project_id, to_change=to_change)
        items = session.scalars(select(ItemRow).where(ItemRow.project_id == row.id))
        return Project(
            id=row.id,
            route=Route(row.route),
            entity=Entity(row.entity),
            opened_by=row.opened_by,
            opened_at=row.opened_at,
            days={KnownDay(k): date.fromisoformat(v) for k, v in row.days.items()},
            items={one.id: _item(one) for one in items},
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            ended_because=row.ended_because,
        )

    def all(self, session: Session) -> tuple[Project, ...]:
        """Every project, newest first."""
        ids = session.scalars(select(ProjectRow.id).order_by(ProjectRow.id.desc()))
        return tuple(self.get(session, one) for one in ids)

    def names(self, session: Session, project_id: str) -> Names:
        """The sealed names of a project."""
        row = self._row(session, project_id)
        return Names(**self._sealing.open(row.sealed, row=row.id))

    def keep_names(self, session: Session, project_id: str, names: Names) -> None:
        """The names written anew."""
        row = self._row(session, project_id)
        row.sealed, row.custodian = self._seal(row.id, names), bool(names.custodian)

    def keep_days(self, session: Session, project_id: str, days: Mapping[KnownDay, date]) -> None:
        """The days known of the project."""
        row = self._row(session, project_id)
        row.days = {one.value: day.isoformat() for one, day in days.items()}

    def keep_item(self, session: Session, project_id: str, item: Item) -> None:
        """An item as it now stands."""
        session.merge(
            ItemRow(
                project_id=project_id,
                id=item.id,
                state=item.state.value,
                owner=item.owner,
                note=item.note,
                reason=item.reason,
                by=item.by,
                at=item.at,
            )
        )

    def end(self, session: Session, project_id: str, *, by: str, at: datetime, why: str) -> None:
        """The project ended; `why` where something stood in the way."""
        row = self._row(session, project_id)
        row.ended_at, row.ended_by, row.ended_because = at, by, why

    def weighed_on(self, session: Session, project_id: str) -> date | None:
        """The day for which the retention decisions were last worked out."""
        return self._row(session, project_id).weighed_on

    def keep_weighed_on(self, session: Session, project_id: str, day: date | None) -> None:
        """The day for which they hold now; None where they must be worked out anew."""
        self._row(session, project_id).weighed_on = day

    def add_evidence(self, session: Session, project_id: str, one: ItemEvidence) -> None:
        """One more file of evidence."""
        session.add(EvidenceRow(project_id=project_id, **vars(one)))

    def evidence(self, session: Session, project_id: str) -> tuple[ItemEvidence, ...]:
        """The files of evidence, in the order of their items."""
        query = (
            select(EvidenceRow)
            .where(EvidenceRow.project_id == project_id)
            .order_by(EvidenceRow.item_id, EvidenceRow.at, EvidenceRow.file_id)
        )
        return tuple(
            ItemEvidence(
                row.file_id, row.item_id, row.sha256, row.size, row.suffix, row.what, row.by, row.at
            )
            for row in session.scalars(query)
        )

    def keep_inventory(self, session: Session, project_id: str, one: LinkedInventory) -> None:
        """An inventory linked, or linked anew."""
        session.merge(InventoryRow(project_id=project_id, **vars(one)))

    def inventories(self, session: Session, project_id: str) -> tuple[LinkedInventory, ...]:
        """The inventories linked, in order of their numbers."""
        query = (
            select(InventoryRow)
            .where(InventoryRow.project_id == project_id)
            .order_by(InventoryRow.scan_id)
        )
        return tuple(
            LinkedInventory(
                row.scan_id,
                row.sha256,
                row.files,
                row.sensitive,
                row.unread,
                row.unassigned,
                row.at,
            )
            for row in session.scalars(query)
        )

    def note(
        self,
        session: Session,
        project_id: str,
        *,
        at: datetime,
        person_id: str,
        what: str,
        details: Mapping[str, Json],
    ) -> None:
        """One more line in the timeline."""
        session.add(
            ClosingEventRow(
                project_id=project_id, at=at, person_id=person_id, what=what, details=dict(details)
            )
        )

    def timeline(self, session: Session, project_id: str) -> tuple[Event, ...]:
        """The timeline in the order it was written."""
        query = (
            select(ClosingEventRow)
            .where(ClosingEventRow.project_id == project_id)
            .order_by(ClosingEventRow.id)
        )
        return tuple(
            Event(at=row.at, person_id=row.person_id, what=row.what, details=row.details)
            for row in session.scalars(query)
        )

    def _row(self, session: Session, project_id: str, *, to_change: bool = False) -> ProjectRow:
        number = project_id.strip().upper()[:20]
        row = session.get(ProjectRow, number, with_for_update=to_change or None)
        if row is None:
            raise NotFound(
                "没有这个注销项目。用 compliance close list 查看编号，如 CLO-2026-0001。",
                "No such closing project; see the numbers with: compliance close list",
            )
        return row

    def _seal(self, number: str, names: Names) -> bytes:
        value: dict[str, Any] = vars(names)
        return self._sealing.seal(value, row=number)


def _item(row: ItemRow) -> Item:
    return Item(
        id=row.id,
        state=ItemState(row.state),
        owner=row.owner,
        note=row.note,
        reason=row.reason,
        by=row.by,
        at=row.at,
    )
