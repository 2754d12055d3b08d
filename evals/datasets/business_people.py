"""Invented people and firms, drawn with a seed from `business_people.yaml`."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parent / "business_people.yaml"


@dataclass(frozen=True)
class Pools:
    """Every second entry of each list, so that what is held out shares no rare value with the rest."""

    data: Mapping[str, Any]
    half: int

    def of(self, name: str) -> Sequence[Any]:
        """The half's share of a list."""
        entries: list[Any] = self.data[name]
        return entries[self.half :: 2]


@cache
def pools(half: int) -> Pools:
    """The pools of a half: 0 tuned, 1 held out."""
    return Pools(yaml.safe_load(PATH.read_text(encoding="utf-8")), half)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    surname: str
    first: str
    spelled: str
    """For addresses of mail and accounts."""
    born: date


def chinese(chosen: random.Random, pool: Pools) -> Person:
    """Three in four with a common surname, the others rare, compound or with ·."""
    sort = chosen.random()
    if sort > 0.95:
        return minority(chosen, pool)
    if sort > 0.9:
        surname = chosen.choice(pool.of("compound"))
    elif sort > 0.77:
        surname = chosen.choice(pool.of("rare"))
    else:
        shares: dict[str, int] = pool.data["common"]
        surname = chosen.choices(list(shares), weights=list(shares.values()))[0]
    era = chosen.choices(("older", "middle", "younger"), weights=(2, 4, 4))[0]
    given = chosen.choice(pool.data["given"][era][pool.half :: 2])
    return Person(surname + given, surname, given, _spelled(chosen, pool), _birthday(chosen))


def seldom(chosen: random.Random, pool: Pools) -> Person:
    """With a rare or a compound surname only."""
    surname = chosen.choice(pool.of(chosen.choice(("rare", "rare", "compound"))))
    given = chosen.choice(pool.data["given"][chosen.choice(("middle", "younger"))][pool.half :: 2])
    return Person(surname + given, surname, given, _spelled(chosen, pool), _birthday(chosen))


def half_english(chosen: random.Random, pool: Pools) -> Person:
    """An English first name before a Chinese surname, as in many offices."""
    first, last = chosen.choice(pool.of("first_names")), chosen.choice(pool.of("pinyin_surnames"))
    return Person(f"{first} {last}", last, first, f"{first}.{last}".lower(), _birthday(chosen))


def foreign(chosen: random.Random, pool: Pools) -> Person:
    """First name and family name in Latin letters."""
    first, last = chosen.choice(pool.of("first_names")), chosen.choice(pool.of("last_names"))
    return Person(f"{first} {last}", last, first, f"{first}.{last}".lower(), _birthday(chosen))


def pinyin(chosen: random.Random, pool: Pools) -> Person:
    """A Chinese name in Latin letters, in either order."""
    last, first = chosen.choice(pool.of("pinyin_surnames")), chosen.choice(pool.of("pinyin_given"))
    name = f"{first} {last}" if chosen.random() < 0.5 else f"{last} {first}"
    return Person(name, last, first, f"{first}.{last}".lower(), _birthday(chosen))


def _spelled(chosen: random.Random, pool: Pools) -> str:
    last, first = chosen.choice(pool.of("pinyin_surnames")), chosen.choice(pool.of("pinyin_given"))
    return f"{last}{first}{chosen.randrange(10, 99)}".lower()


def _birthday(chosen: random.Random) -> date:
    return date(1948, 1, 1) + timedelta(days=chosen.randrange(365 * 56))


def minority(chosen: random.Random, pool: Pools) -> Person:
    """A name of several parts with ·."""
    name = chosen.choice(pool.of("minority"))
    return Person(name, name, name.split("·")[0], _spelled(chosen, pool), _birthday(chosen))


@dataclass(frozen=True)
class Company:
    """A firm that does not exist, as one document writes it: whole, short, by its brand."""

    name: str
    short: str
    brand: str
    branch: str
    store: str


def company(chosen: random.Random, pool: Pools) -> Company:
    """A Chinese company: place, brand, trade and legal form."""
    place, brand, trade, form = chosen.choice(pool.of("companies"))
    name = f"{place}{brand}{trade}{form}"
    branch = f"{name}{chosen.choice(pool.of('places'))[1].removesuffix('市')}分公司"
    return Company(name, brand + trade, brand, branch, brand + chosen.choice(pool.of("stores")))


def english_company(chosen: random.Random, pool: Pools) -> Company:
    """A company with an English name."""
    name, short = chosen.choice(pool.of("english_companies"))
    return Company(name, short, short, name, name)


COMPANIES: dict[str, Callable[[random.Random, Pools], Company]] = {
    "o": company,
    "e": english_company,
}
# The kind of the label of each way to write a company.
COMPANY_KINDS = {
    "name": "firm",
    "branch": "firm",
    "short": "short",
    "brand": "brand",
    "store": "shop",
}

PEOPLE: dict[str, Callable[[random.Random, Pools], Person]] = {
    "p": chinese,
    "r": chinese,
    "f": foreign,
    "y": pinyin,
    "m": minority,
    "x": seldom,
    "k": half_english,
}
