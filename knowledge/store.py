"""Tables of sources, instruments and provisions; plain values go in and come out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Select, Text, bindparam, delete, func, insert, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.levels import Level, Standing
from knowledge.provisions import Provision
from records.database import Base, UtcDateTime
from records.language import Bilingual

_BATCH = 500
# Whose texts are meant; None means all, for work that shows nobody anything.
Audience = frozenset[str] | None


class SourceRow(Base):
    """One text that was loaded, and the hash that tells whether it changed."""

    __tablename__ = "knowledge_sources"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content_hash: Mapped[str]
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InstrumentRow(Base):
    """One version of one instrument, or one policy document."""

    __tablename__ = "instruments"

    id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(
        ForeignKey("knowledge_sources.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    ends_as: Mapped[str | None]
    source: Mapped[str]
    # What the text's own source says of its end; a later version loaded beside it may end it sooner.
    own_effective_to: Mapped[date | None]
    own_ends_as: Mapped[str | None]
    date_certain: Mapped[bool] = mapped_column(server_default=true())
    adopted: Mapped[date | None]
    version: Mapped[str | None]
    owner: Mapped[str | None]
    approved: Mapped[date | None]
    review_by: Mapped[date | None]
    # What was noticed while it was read, in both languages, as JSON.
    remarks: Mapped[str] = mapped_column(Text, server_default="[]")


class ProvisionRow(Base):
    """One article or section."""

    __tablename__ = "provisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    instrument_id: Mapped[str] = mapped_column(
        ForeignKey("instruments.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    article: Mapped[str]
    heading: Mapped[str]
    chapter: Mapped[str | None]
    text: Mapped[str]
    effective_to: Mapped[date | None]
    ends_as: Mapped[str | None]
    audience: Mapped[str]


@dataclass(frozen=True)
class Particulars:
    """What is known of a version beside its words; a company policy has an owner and a review day."""

    adopted: date | None = None
    date_certain: bool = True
    version: str | None = None
    owner: str | None = None
    approved: date | None = None
    review_by: date | None = None
    remarks: tuple[Bilingual, ...] = ()


@dataclass(frozen=True)
class Document:
    """One version of an instrument as it goes into the database, whole or not at all."""

    id: str
    kind: str
    name: str
    level: Level
    effective_from: date | None
    effective_to: date | None
    ends_as: Standing | None
    source: str
    provisions: tuple[Provision, ...]
    content_hash: str
    particulars: Particulars = field(default_factory=Particulars)


def hashes(session: Session, kind: str) -> dict[str, str]:
    """What is loaded of one kind: source id → content hash."""
    rows = session.execute(
        select(SourceRow.id, SourceRow.content_hash).where(SourceRow.kind == kind)
    )
    return {row.id: row.content_hash for row in rows}


def ids_from(session: Session, kind: str, sources: Sequence[str]) -> frozenset[str]:
    """The ids of what was loaded from these files."""
    found = select(InstrumentRow.id).join(SourceRow, SourceRow.id == InstrumentRow.source_id)
    found = found.where(SourceRow.kind == kind)
    rows = (
        session.scalars(found.where(InstrumentRow.source.in_(batch)))
        for batch in _batches(list(sources))
    )
    return frozenset(identity for batch in rows for identity in batch)


def names_of(session: Session, ids: Iterable[str]) -> list[str]:
    """The names of these versions."""
    return [
        name
        for batch in _batches(list(ids))
        for name in session.scalars(select(InstrumentRow.name).where(InstrumentRow.id.in_(batch)))
    ]


def remove(session: Session, source_ids: Iterable[str]) -> None:
    """Forget these sources with everything read from them."""
    for batch in _batches(list(source_ids)):
        instruments = select(InstrumentRow.id).where(InstrumentRow.source_id.in_(batch))
        session.execute(delete(ProvisionRow).where(ProvisionRow.instrument_id.in_(instruments)))
        session.execute(delete(InstrumentRow).where(InstrumentRow.source_id.in_(batch)))
        session.execute(delete(SourceRow).where(SourceRow.id.in_(batch)))


def save(session: Session, documents: Sequence[Document], *, at: datetime) -> None:
    """Store documents, each in place of what was loaded under its id."""
    if not documents:
        return
    remove(session, [document.id for document in documents])
    session.execute(
        insert(SourceRow),
        [
            {"id": d.id, "kind": d.kind, "content_hash": d.content_hash, "loaded_at": at}
            for d in documents
        ],
    )
    session.execute(insert(InstrumentRow), [_instrument_values(d) for d in documents])
    rows = [_provision_values(d.id, n, p) for d in documents for n, p in enumerate(d.provisions)]
    if rows:
        session.execute(insert(ProvisionRow), rows)


def _instrument_values(document: Document) -> dict[str, object]:
    return {
        "id": document.id,
        "source_id": document.id,
        "name": document.name,
        "level": document.level.value,
        "effective_from": document.effective_from,
        "effective_to": document.effective_to,
        "ends_as": document.ends_as.value if document.ends_as else None,
        "source": document.source,
        "own_effective_to": document.effective_to,
        "own_ends_as": document.ends_as.value if document.ends_as else None,
        "date_certain": document.particulars.date_certain,
        "adopted": document.particulars.adopted,
        "version": document.particulars.version,
        "owner": document.particulars.owner,
        "approved": document.particulars.approved,
        "review_by": document.particulars.review_by,
        "remarks": json.dumps(
            [[said.zh, said.en] for said in document.particulars.remarks], ensure_ascii=False
        ),
    }


def _provision_values(instrument: str, position: int, provision: Provision) -> dict[str, object]:
    return {
        "id": provision.id,
        "instrument_id": instrument,
        "position": position,
        "article": provision.article,
        "heading": provision.heading,
        "chapter": provision.chapter,
        "text": provision.text,
        "effective_to": provision.effective_to,
        "ends_as": provision.ends_as.value if provision.ends_as else None,
        "audience": provision.audience,
    }


def provisions(
    session: Session,
    *,
    ids: Sequence[str] | None = None,
    instrument: str | None = None,
    article: str | None = None,
    version: str | None = None,
) -> list[Provision]:
    """Provisions by id, version, or instrument (and article), in the order of the text."""
    given = {"instrument": instrument, "article": article, "version": version}
    asked: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if ids is None:
        return _found(session, asked)
    return [p for batch in _batches(list(ids)) for p in _found(session, {"ids": batch})]


def laws_saying(session: Session, words: str) -> list[Provision]:
    """The provisions of law, of whatever day, that hold these words; no company policy."""
    found = select(ProvisionRow.id).join(
        InstrumentRow, InstrumentRow.id == ProvisionRow.instrument_id
    )
    found = found.where(
        ProvisionRow.text.contains(words, autoescape=True),
        InstrumentRow.level != Level.POLICY.value,
        InstrumentRow.ends_as.is_distinct_from(Standing.DRAFT.value),
    )
    return provisions(session, ids=list(session.scalars(found)))


def _found(session: Session, asked: dict[str, object]) -> list[Provision]:
    # Not ORDER BY: each server sorts Chinese in its own way, and what is equally good comes in this order.
    rows = sorted(
        session.execute(_query(tuple(asked)), asked),
        key=lambda row: (row.name, row.effective_from or date.min, row.position),
    )
    return [
        Provision(
            id=row.id,
            instrument=row.name,
            article=row.article,
            heading=row.heading,
            chapter=row.chapter,
            text=row.text,
            level=Level(row.level),
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            source=row.source,
            audience=row.audience,
            ends_as=Standing(row.ends_as) if row.ends_as else None,
            date_certain=row.date_certain,
        )
        for row in rows
    ]


@cache
def _query(by: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """What a provision is made of, found by these: built once, for building it takes longer than the reading."""
    wanted = {
        "ids": ProvisionRow.id.in_(bindparam("ids", expanding=True)),
        "instrument": InstrumentRow.name == bindparam("instrument"),
        "article": ProvisionRow.article == bindparam("article"),
        "version": InstrumentRow.id == bindparam("version"),
    }
    return (
        select(
            ProvisionRow.id,
            ProvisionRow.article,
            ProvisionRow.heading,
            ProvisionRow.chapter,
            ProvisionRow.text,
            ProvisionRow.position,
            ProvisionRow.effective_to,
            ProvisionRow.ends_as,
            ProvisionRow.audience,
            InstrumentRow.name,
            InstrumentRow.level,
            InstrumentRow.effective_from,
            InstrumentRow.source,
            InstrumentRow.date_certain,
        )
        .join(InstrumentRow, InstrumentRow.id == ProvisionRow.instrument_id)
        .where(*(wanted[one] for one in by))
    )


def instrument_names(session: Session, audience: Audience = None) -> list[str]:
    """The full name of everything loaded that the audience may read."""
    return list(instrument_levels(session, audience))


def instrument_levels(session: Session, audience: Audience = None) -> dict[str, Level]:
    """The full name of everything loaded that the audience may read, with its rank."""
    query = select(InstrumentRow.name, InstrumentRow.level).order_by(InstrumentRow.name)
    if audience is not None:
        read = select(ProvisionRow.instrument_id).where(ProvisionRow.audience.in_(audience))
        query = query.where(InstrumentRow.id.in_(read))
    return {name: Level(level) for name, level in session.execute(query)}


def count(session: Session, audience: Audience = None) -> dict[str, int]:
    """How much is loaded that the audience may read."""
    query = (
        select(InstrumentRow.level, func.count(ProvisionRow.id))
        .join(ProvisionRow, ProvisionRow.instrument_id == InstrumentRow.id)
        .group_by(InstrumentRow.level)
    )
    if audience is not None:
        query = query.where(ProvisionRow.audience.in_(audience))
    levels = {row[0]: row[1] for row in session.execute(query)}
    sections = levels.pop(Level.POLICY.value, 0)
    named = list(instrument_levels(session, audience).values())
    policies = named.count(Level.POLICY)
    return {
        "instruments": len(named) - policies,
        "provisions": sum(levels.values()),
        "policies": policies,
        "policy_sections": sections,
    }


def _batches(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
