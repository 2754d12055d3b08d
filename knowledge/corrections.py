"""The statutes package's known defects, mended as data (corrections.yaml) and by rules on text."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from records.data_files import Entry, load

CORRECTIONS = Path(__file__).with_suffix(".yaml")

# 第三编 合 同 / 第二分编 典型合同 / 附 则: the heading of what follows, left on the last article.
_NEXT_HEADING = re.compile(r"第[一二三四五六七八九十百]+(?:分编|编|章|节)\s+\S.{0,30}|附\s*则")
_HAN = "㐀-鿿，。；：、（）《》“”"
_BROKEN_LINE = re.compile(rf"(?<=[{_HAN}]) +(?=[{_HAN}0-9])|(?<=[0-9]) +(?=[㐀-鿿])")


class Status(Entry):
    """A version whose status is wrong in the package."""

    instrument: str
    version: date
    status: Literal["in_force"]
    reason: str


class EffectiveDate(Entry):
    """The day a version took effect."""

    instrument: str
    version: date
    effective: date
    # False for a day taken from memory of the amending decision: used, and labelled uncertain.
    checked: bool = True


class Superseded(Entry):
    """Articles changed later, in words the package does not have."""

    instrument: str
    version: date
    since: date
    by: str
    articles: tuple[str, ...]


class Repeal(Entry):
    """The day laws ended."""

    since: date
    by: str
    instruments: tuple[str, ...]


class Corrections(Entry):
    """All corrections, as the file has them."""

    statuses: tuple[Status, ...]
    effective_dates: tuple[EffectiveDate, ...]
    superseded: tuple[Superseded, ...]
    repeals: tuple[Repeal, ...]

    def in_force(self, instrument: str, version: date) -> bool:
        """Whether this version is current although the package says otherwise."""
        return any((s.instrument, s.version) == (instrument, version) for s in self.statuses)

    def effective(self, instrument: str, version: date) -> EffectiveDate | None:
        """The right day this version took effect, if it is listed."""
        days = (
            e for e in self.effective_dates if e.instrument == instrument and e.version == version
        )
        return next(days, None)

    def repealed(self, instrument: str) -> date | None:
        """The first day the law no longer held, if it is listed."""
        return next((r.since for r in self.repeals if instrument in r.instruments), None)

    def superseded_since(self, instrument: str, version: date, article: str) -> date | None:
        """The first day this article's words no longer held."""
        days = (
            s.since
            for s in self.superseded
            if s.instrument == instrument and s.version == version and article in s.articles
        )
        return next(days, None)


@cache
def corrections() -> Corrections:
    """The corrections shipped with the product."""
    return load(CORRECTIONS, Corrections)


def clean(text: str) -> str:
    """An article's own words: without the next part's heading, without spaces from line breaks."""
    lines = [
        _BROKEN_LINE.sub("", line.strip())
        if not _NEXT_HEADING.fullmatch(line.strip())
        else line.strip()
        for line in text.strip().splitlines()
    ]
    while len(lines) > 1 and _NEXT_HEADING.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(filter(None, lines))
