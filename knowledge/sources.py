"""The catalogue: every instrument known by name, with or without a loaded text."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from knowledge.levels import Level
from records.data_files import Entry, load
from records.language import Bilingual

CATALOGUE = Path(__file__).parent / "sources" / "instruments.yaml"
_STATE = "中华人民共和国"
# GB/T 35273-2020: a standard is called by its number, with or without the year.
_CODE = re.compile(
    r"((?:GB(?:/T)?|JR/T|DA/T|NIST SP|ISO(?:/IEC)?) [0-9][0-9.-]*?)(?:[-:]\d{4})?(?= |$)"
)


class Checked(StrEnum):
    """How a fact of ours was checked."""

    VERIFIED = "verified"
    VERIFIED_SECONDARY = "verified_secondary"
    UNVERIFIED = "unverified"

    @property
    def label(self) -> Bilingual:
        """The words shown beside the fact."""
        return _CHECKED_LABELS[self]


_CHECKED_LABELS = {
    Checked.VERIFIED: Bilingual("已核对原文", "checked against the text"),
    Checked.VERIFIED_SECONDARY: Bilingual(
        "仅据转载或摘要核对", "checked in a reprint or summary only"
    ),
    Checked.UNVERIFIED: Bilingual("待核实，不作为法律依据", "to be verified; not shown as law"),
}


class Instrument(Entry):
    """One law, regulation, rule, interpretation or standard."""

    id: str
    name: str
    english: str | None = None
    """What it is called in English, shown beside its name; only the Chinese name binds."""
    abbreviations: tuple[str, ...]
    issuing_body: str
    level: Level
    status: Literal["in_force", "future", "draft", "unknown"]
    document_no: str | None = None
    promulgated: str | None = None
    effective: date | None = None
    version: str | None = None
    version_effective: date | None = None
    matters_for: str
    confidence: Checked
    note: str | None = None

    @property
    def date_certain(self) -> bool:
        """Whether the days here were read in the text itself, not in a reprint or from memory."""
        return self.confidence is Checked.VERIFIED


class _Catalogue(Entry):
    as_of: date
    instruments: tuple[Instrument, ...] = Field(min_length=1)


@cache
def catalogue() -> tuple[Instrument, ...]:
    """All known instruments, in the order of the file."""
    return load(CATALOGUE, _Catalogue).instruments


@cache
def by_name() -> dict[str, Instrument]:
    """The catalogue by full name."""
    return {instrument.name: instrument for instrument in catalogue()}


def short_name(name: str) -> str:
    """The name as people say it: 个人信息保护法."""
    return name.removeprefix(_STATE)


@cache
def _english() -> dict[str, str]:
    named = ((one.name, one.english) for one in catalogue())
    return {way: en for name, en in named if en for way in (name, short_name(name))}


def english_title(name: str) -> str:
    """What an instrument, by its full or short name, is called in English; "" where not known."""
    return _english().get(name, "")


def titled(name: str) -> Bilingual:
    """An instrument, by its full or short name, as a citation names it.

    《个人信息保护法》, Personal Information Protection Law (个人信息保护法); by its name alone in English
    too where the catalogue has no English one.
    """
    english = english_title(name)
    return Bilingual(f"《{name}》", f"{english} ({short_name(name)})" if english else name)


@cache
def catalogued() -> Mapping[str, str]:
    """Every way to call an instrument of the catalogue → its full name."""
    return MappingProxyType(dict(names()))


def names(loaded: Iterable[str] = ()) -> Mapping[str, str]:
    """Every way to call an instrument → its full name; abbreviations are the catalogue's."""
    ways = {}
    for full in [*loaded, *(instrument.name for instrument in catalogue())]:
        ways[short_name(full)] = full
        ways[full] = full
    for instrument in catalogue():
        ways |= dict.fromkeys(instrument.abbreviations, instrument.name)
        code = _CODE.match(instrument.name)
        if code:
            ways |= dict.fromkeys((code[0], code[1]), instrument.name)
    return ways
