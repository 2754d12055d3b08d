"""Special regimes: which duties hold only where a question names them (regimes.yaml)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from knowledge.duties import Duty
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


def read_regimes(path: Path) -> tuple[Regime, ...]:
    """The regimes of a file."""
    return tuple(
        Regime(
            entry.name,
            frozenset(entry.binds),
            entry.triggers,
            re.compile("|".join(map(bounded, entry.words))),
        )
        for entry in load(path, _File).regimes
    )


@cache
def load_regimes() -> tuple[Regime, ...]:
    """The regimes shipped with the product."""
    return read_regimes(REGIMES)


@dataclass(frozen=True)
class Membership:
    """The regimes one duty belongs to: by whom it binds (any of them), by its occasion (each)."""

    bound: frozenset[str]
    occasions: frozenset[str]

    def unnamed(self, named: frozenset[str]) -> int:
        """How many of them a question leaves out that names these."""
        return int(bool(self.bound) and not self.bound & named) + len(self.occasions - named)


def membership(duty: Duty) -> Membership:
    """The regimes a duty belongs to; of none for a duty of everybody."""
    regimes = load_regimes()
    bound: frozenset[str] = frozenset()
    if set(duty.binds) <= frozenset().union(*(regime.binds for regime in regimes)):
        bound = frozenset(r.name for r in regimes if r.binds & set(duty.binds))
    occasions = (r.name for r in regimes if any(word in duty.trigger for word in r.triggers))
    return Membership(bound, frozenset(occasions) - bound)


def named_in(question: str) -> frozenset[str]:
    """The names of the regimes a question speaks of."""
    lower = question.lower()
    return frozenset(regime.name for regime in load_regimes() if regime.words.search(lower))
