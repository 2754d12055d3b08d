"""Special regimes: which duties hold only where a question names them (regimes.yaml)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from knowledge.duties import Confidence, Duty
from knowledge.levels import Level
from knowledge.sources import by_name
from knowledge.synonyms import bounded
from records.data_files import Entry, load

REGIMES = Path(__file__).with_name("regimes.yaml")


class _Regime(Entry):
    name: str
    binds: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(min_length=1)


class _File(Entry):
    regimes: tuple[_Regime, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Regime:
    """Rules for some only: whom they bind, when, and the words that name them in a question."""

    name: str
    binds: frozenset[str]
    triggers: tuple[str, ...]
    words: re.Pattern[str]


@cache
def load_regimes() -> tuple[Regime, ...]:
    """The regimes shipped with the product."""
    return tuple(
        Regime(
            entry.name,
            frozenset(entry.binds),
            entry.triggers,
            re.compile("|".join(map(bounded, entry.words))),
        )
        for entry in load(REGIMES, _File).regimes
    )


def regimes_of(duty: Duty) -> frozenset[str]:
    """The names of the regimes a duty belongs to; empty for a duty of everybody."""
    regimes = load_regimes()
    found = {r.name for r in regimes if any(word in duty.trigger for word in r.triggers)}
    if set(duty.binds) <= frozenset().union(*(regime.binds for regime in regimes)):
        found |= {r.name for r in regimes if r.binds & set(duty.binds)}
    return frozenset(found)


def named_in(question: str) -> frozenset[str]:
    """The names of the regimes a question speaks of."""
    lower = question.lower()
    return frozenset(regime.name for regime in load_regimes() if regime.words.search(lower))


def is_secondary(duty: Duty) -> bool:
    """Whether a duty may not lead beside a verified domestic one: unverified, or foreign law."""
    known = by_name()
    return duty.confidence is Confidence.UNVERIFIED or all(
        citation.instrument in known and known[citation.instrument].level is Level.FOREIGN
        for citation in duty.citations
    )
