"""What is loaded, version by version, and what the catalogue knows without a text."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.levels import Level, Standing
from knowledge.provisions import EVERYONE, standing
from knowledge.sources import Instrument, catalogue
from knowledge.store import InstrumentRow, ProvisionRow, SourceRow
from records.language import Bilingual

_FUTURE = "future"
# From so long before does a coming text announce itself.
SOON = timedelta(days=120)


@dataclass(frozen=True)
class LoadedVersion:
    """One version of one text in the database."""

    id: str
    name: str
    kind: str
    level: Level
    effective_from: date | None
    effective_to: date | None
    ends_as: Standing | None
    adopted: date | None
    date_certain: bool
    version: str | None
    owner: str | None
    approved: date | None
    review_by: date | None
    remarks: tuple[Bilingual, ...]
    source: str
    provisions: int
    audience: str

    def standing(self, as_of: date) -> Standing:
        """Whether it holds on that day."""
        return standing(
            as_of,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            ends_as=self.ends_as,
        )

    def review_is_overdue(self, today: date) -> bool:
        """Whether a policy should have been looked at again by now."""
        held = self.standing(today) in {Standing.IN_FORCE, Standing.FUTURE}
        return held and self.review_by is not None and self.review_by < today


@dataclass(frozen=True)
class Coming:
    """A text that takes effect soon, and in how many days."""

    name: str
    version_id: str | None
    effective_from: date
    days: int
    replaces: str | None
    date_certain: bool


def loaded_versions(session: Session, name: str | None = None) -> list[LoadedVersion]:
    """Every version loaded, of one text or of all, by name and day."""
    counted = (
        select(
            ProvisionRow.instrument_id,
            func.count().label("number"),
            func.min(ProvisionRow.audience).label("audience"),
        )
        .group_by(ProvisionRow.instrument_id)
        .subquery()
    )
    query = (
        select(InstrumentRow, SourceRow.kind, counted.c.number, counted.c.audience)
        .join(SourceRow, SourceRow.id == InstrumentRow.source_id)
        .outerjoin(counted, counted.c.instrument_id == InstrumentRow.id)
        .order_by(InstrumentRow.name, InstrumentRow.effective_from)
    )
    if name is not None:
        query = query.where(InstrumentRow.name == name)
    return [
        _version(row, kind, number or 0, audience or EVERYONE)
        for row, kind, number, audience in session.execute(query)
    ]


def _version(row: InstrumentRow, kind: str, number: int, audience: str) -> LoadedVersion:
    return LoadedVersion(
        id=row.id,
        name=row.name,
        kind=kind,
        level=Level(row.level),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        ends_as=Standing(row.ends_as) if row.ends_as else None,
        adopted=row.adopted,
        date_certain=row.date_certain,
        version=row.version,
        owner=row.owner,
        approved=row.approved,
        review_by=row.review_by,
        remarks=tuple(Bilingual(zh, en) for zh, en in json.loads(row.remarks)),
        source=row.source,
        provisions=number,
        audience=audience,
    )


def without_text(loaded: list[LoadedVersion]) -> list[Instrument]:
    """What the catalogue knows by name although its text is not loaded (未载入原文)."""
    names = {version.name for version in loaded}
    return [instrument for instrument in catalogue() if instrument.name not in names]


def coming(loaded: list[LoadedVersion], *, today: date, within: timedelta) -> list[Coming]:
    """What takes effect within that time, soonest first; catalogued texts without words as well."""
    found = {
        v.name: Coming(
            v.name,
            v.id,
            v.effective_from,
            (v.effective_from - today).days,
            _before(v, loaded),
            v.date_certain,
        )
        for v in loaded
        if v.effective_from and v.standing(today) is Standing.FUTURE
    }
    for one in catalogue():
        day = one.version_effective or one.effective
        if one.status == _FUTURE and day and day > today and one.name not in found:
            found[one.name] = Coming(
                one.name, None, day, (day - today).days, None, one.date_certain
            )
    soon = (one for one in found.values() if one.days <= within.days)
    return sorted(soon, key=lambda one: (one.days, one.name))


def _before(version: LoadedVersion, loaded: list[LoadedVersion]) -> str | None:
    """The id of the version this one takes the place of."""
    earlier = [
        one
        for one in loaded
        if one.name == version.name
        and one.effective_from
        and version.effective_from
        and one.effective_from < version.effective_from
    ]
    return earlier[-1].id if earlier else None
