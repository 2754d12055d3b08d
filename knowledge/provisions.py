"""The unit of everything: a provision, with its rank and the days on which it holds."""

from dataclasses import dataclass
from datetime import date

from knowledge.addresses import Address, parse_address
from knowledge.levels import Level, Standing
from records.language import Bilingual

__all__ = ["Address", "Level", "Provision", "Standing", "parse_address"]

EVERYONE = "all"
# What may be read where nobody in particular asks.
PUBLIC = frozenset({EVERYONE})
# Shown beside a day that nobody read in the text itself.
DATE_NOT_CERTAIN = Bilingual("施行日未经核实", "date of this version not certain")


@dataclass(frozen=True)
class Provision:
    """One article of a law, or one section of a company policy."""

    id: str
    instrument: str
    article: str
    heading: str
    chapter: str | None
    text: str
    level: Level
    effective_from: date | None
    effective_to: date | None
    source: str
    audience: str = EVERYONE
    # What it is once it no longer holds; DRAFT if it never held; None while it simply holds.
    ends_as: Standing | None = None
    # False where the day this version took effect is our best reading, not a statement of its own.
    date_certain: bool = True

    def standing(self, as_of: date) -> Standing:
        """Whether it holds on that day."""
        return standing(
            as_of,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            ends_as=self.ends_as,
        )


def standing(
    as_of: date,
    *,
    effective_from: date | None,
    effective_to: date | None,
    ends_as: Standing | None,
) -> Standing:
    """The rule behind every "in force": `effective_to` is the first day it no longer holds."""
    if ends_as is Standing.DRAFT:
        return Standing.DRAFT
    if effective_to is None and ends_as is not None:
        # Ended on a day we do not know: never shown as current.
        return ends_as
    if effective_to is not None and as_of >= effective_to:
        return ends_as or Standing.AMENDED
    if effective_from is not None and as_of < effective_from:
        return Standing.FUTURE
    return Standing.IN_FORCE
