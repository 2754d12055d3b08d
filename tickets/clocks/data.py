"""The clocks as reviewed data: who is told what, how fast, and when the clock applies."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from records.data_files import BadDataFile, Entry, load
from tickets.citation import Confidence
from tickets.data import Cited, Said
from tickets.incidents.facts import IncidentFacts, IncidentKind, Severity

FOLDER = Path(__file__).parent


class Due(Entry):
    """A fixed figure: hours run to the minute, days to the end of the last one."""

    hours: int | None = Field(default=None, gt=0)
    days: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.hours is None) == (self.days is None):
            raise ValueError("due needs either hours or days")
        return self

    @property
    def hours_long(self) -> timedelta | None:
        """The figure in hours, None where it is in days."""
        return None if self.hours is None else timedelta(hours=self.hours)


class When(Entry):
    """The facts under which a clock runs; what is not named does not matter."""

    breach: bool | None = None
    network: bool | None = None
    min_severity: Severity | None = None
    critical_infrastructure: bool | None = None
    central_organ: bool | None = None
    minors: bool | None = None
    eu_residents: bool | None = None
    suspected_crime: bool | None = None
    bank: bool | None = None
    archives: bool | None = None

    def facts_hold(self, facts: IncidentFacts) -> bool:
        """True if every named fact is as the clock asks, the severity aside."""
        known = {
            "breach": facts.kind.is_breach,
            "network": facts.kind.on_network,
            "critical_infrastructure": facts.critical_infrastructure,
            "central_organ": facts.central_organ,
            "minors": facts.minors,
            "eu_residents": facts.eu_residents,
            "suspected_crime": facts.suspected_crime,
            "bank": facts.bank,
            "archives": facts.archives,
        }
        return all(getattr(self, name) in (None, value) for name, value in known.items())


class Clock(Entry):
    """One duty to tell somebody."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: Said
    recipient: Said
    due: Due | Literal["at_once"]
    from_: Literal["awareness", "handling_ended"] = Field(default="awareness", alias="from")
    when: When
    kinds: tuple[IncidentKind, ...] = ()
    cite: Cited
    reason: Said

    @model_validator(mode="after")
    def _is_honest(self) -> Self:
        # What nobody checked may be shown, never as law: the words themselves must say so.
        unverified = self.cite.confidence is Confidence.UNVERIFIED
        if unverified and "待核实" not in self.reason.zh:
            raise ValueError("an unverified clock must say 待核实 in its reason")
        if self.from_ == "handling_ended" and self.due == "at_once":
            raise ValueError("a clock from the end of handling needs a figure")
        return self


class ClockFile(Entry):
    """A file of clocks."""

    clocks: tuple[Clock, ...] = Field(min_length=1)


def load_clocks(folder: Path) -> tuple[Clock, ...]:
    """The clocks of a folder in file order, or BadDataFile."""
    found: list[Clock] = []
    for path in sorted(folder.glob("*.yaml")):
        for clock in load(path, ClockFile).clocks:
            if any(clock.id == other.id for other in found):
                raise BadDataFile(path, f"clock {clock.id} exists twice")
            found.append(clock)
    return tuple(found)


@cache
def clocks() -> tuple[Clock, ...]:
    """The clocks shipped with the product, read at first use."""
    return load_clocks(FOLDER)
