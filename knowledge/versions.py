"""Versions of one text against each other: a later one ends the one before, whatever loaded it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.levels import Standing
from knowledge.store import InstrumentRow, ProvisionRow

_NEVER_ENDED = frozenset({Standing.REPEALED.value, Standing.DRAFT.value})


@dataclass(frozen=True)
class End:
    """The first day a version no longer holds, and what it is then."""

    effective_to: date | None
    ends_as: str | None


def settle(
    session: Session, names: Iterable[str], *, without: Collection[str] = frozenset()
) -> None:
    """Let each version of these texts end where the next begins, in the caller's transaction.

    The source's own end is kept beside, so that taking the later version away undoes this;
    `without` names those about to be taken away.
    """
    for name in sorted(set(names)):
        found = session.scalars(select(InstrumentRow).where(InstrumentRow.name == name))
        rows = [row for row in found if row.id not in without]
        days = sorted(
            {r.effective_from for r in rows if r.effective_from and r.own_ends_as != Standing.DRAFT}
        )
        for row in rows:
            end = _end(row, next((d for d in days if _later(d, row.effective_from)), None))
            if (row.effective_to, row.ends_as) != (end.effective_to, end.ends_as):
                _apply(session, row, end)
    session.flush()


def _later(day: date, than: date | None) -> bool:
    return than is not None and day > than


def _end(row: InstrumentRow, following: date | None) -> End:
    own = End(row.own_effective_to, row.own_ends_as)
    if following is None or own.ends_as in _NEVER_ENDED:
        return own
    if own.effective_to is not None and own.effective_to <= following:
        return own
    return End(following, Standing.AMENDED.value)


def _apply(session: Session, row: InstrumentRow, end: End) -> None:
    """The row and its provisions; an article that ended by itself keeps its own, earlier day."""
    session.execute(
        update(ProvisionRow)
        .where(
            ProvisionRow.instrument_id == row.id,
            ProvisionRow.effective_to.is_not_distinct_from(row.effective_to),
            ProvisionRow.ends_as.is_not_distinct_from(row.ends_as),
        )
        .values(effective_to=end.effective_to, ends_as=end.ends_as)
    )
    row.effective_to, row.ends_as = end.effective_to, end.ends_as
