"""Which article bears which number since an amendment (renumberings.yaml, reviewed)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from knowledge.numerals import article_heading
from knowledge.sources import short_name
from records.data_files import Entry, load
from records.language import Bilingual

RENUMBERINGS = Path(__file__).with_suffix(".yaml")


class Renumbering(Entry):
    """One amendment's old and new numbers."""

    instrument: str
    since: date
    by: str
    map: dict[str, tuple[str, ...]] = Field(min_length=1)


class _File(Entry):
    renumberings: tuple[Renumbering, ...]


@dataclass(frozen=True)
class Moved:
    """An old number, where its rule stands now, and since when."""

    instrument: str
    old: str
    new: tuple[str, ...]
    since: date

    @property
    def note(self) -> Bilingual:
        """What to tell somebody who wrote the old number."""
        name = short_name(self.instrument)
        now = "、".join(article_heading(label) for label in self.new)
        return Bilingual(
            f"{name}自 {self.since} 起条号有变：原{article_heading(self.old)}现为{now}。",
            f"{name} was renumbered from {self.since}: former article {self.old} is now "
            f"article {', '.join(self.new)}.",
        )


@cache
def renumberings() -> tuple[Renumbering, ...]:
    """All reviewed renumberings."""
    return load(RENUMBERINGS, _File).renumberings


def moved(instrument: str, article: str) -> Moved | None:
    """Where an old number went in the newest amendment that moved it; None if none is known to."""
    found = [
        Moved(instrument, article, one.map[article], one.since)
        for one in renumberings()
        if one.instrument == instrument and article in one.map
    ]
    return max(found, key=lambda one: one.since, default=None)
