"""Invented firms for the training corpus, as people write them: by brand, trade, shop, branch, whole."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evals.training.people import places
from records.data_files import Entry, load

PATH = Path(__file__).parent / "firms.yaml"


class _Firms(Entry):
    syllables: str
    brands: list[str]
    trades: list[str]
    tails: list[str]
    forms: list[str]
    shops: list[str]
    places_of_stores: list[str]
    stores: list[str]
    english: list[str]
    english_trades: list[str]
    english_forms: list[str]
    leads: list[str]
    follows: list[str]
    tails_of_sentences: list[str]
    sentences: list[str]
    plain: list[str]


@cache
def firm_data() -> _Firms:
    """The file of firms and of what is said of them."""
    return load(PATH, _Firms)


@dataclass(frozen=True)
class Firms:
    """Draws from one generator."""

    chosen: random.Random
    characters: str
    """Any Chinese character in use."""

    def brand(self) -> str:
        """Two characters in most cases, at times three or four, at times a word."""
        if self.chosen.random() < 0.25:
            return self.chosen.choice(firm_data().brands)
        length = self.chosen.choices((2, 3, 4), weights=(7, 2.5, 0.5))[0]
        pools = self.chosen.choices((firm_data().syllables, self.characters), (8, 2), k=length)
        return "".join(self.chosen.choice(pool) for pool in pools)

    def whole(self) -> str:
        """A name as registered: place, brand, trade, legal form; at times a branch."""
        place = self.chosen.choice((*places(), "")) + self.chosen.choice(("", "", "市"))
        trade = self._trade() if self.chosen.random() < 0.9 else ""
        name = f"{place if len(place) > 1 else ''}{self.brand()}{trade}"
        if self.chosen.random() < 0.1:
            name = f"{self.brand()}（{self.chosen.choice(places())}）{trade}"
        name += self.chosen.choice(firm_data().forms)
        return name + f"{self.chosen.choice(places())}分公司" if self.chosen.random() < 0.15 else name

    def everyday(self) -> str:
        """A firm as people speak of it."""
        draw = self.chosen.random()
        if draw < 0.34:
            return self.brand()
        if draw < 0.68:
            return self.brand() + self._trade()
        if draw < 0.78:
            return self.store()
        if draw < 0.86:
            return self.shop()
        if draw < 0.9:
            return self.brand() + self.chosen.choice(("公司", "集团", "厂"))
        if draw < 0.93:
            return self.chosen.choice(places()) + self.brand() + self.chosen.choice(("", self._trade()))
        return self.english() if draw < 0.95 else self.whole()

    def store(self) -> str:
        """A brand's shop in some place."""
        where = self.chosen.choice(firm_data().places_of_stores)
        number = self.chosen.choice(("一店", "二店", "三店"))
        return self.brand() + self.chosen.choice(
            (where + self.chosen.choice(firm_data().stores), where + "店", number)
        )

    def shop(self) -> str:
        """A small shop with a name of its own."""
        return self.brand() + self.chosen.choice(firm_data().shops)

    def english(self) -> str:
        """A firm with an English name, whole or short."""
        pick, data = self.chosen.choice, firm_data()
        name = f"{pick(data.english)} {pick(data.english_trades)}".strip()
        return f"{name} {pick(data.english_forms)}" if self.chosen.random() < 0.6 else name

    def _trade(self) -> str:
        data = firm_data()
        tail = self.chosen.choice(data.tails) if self.chosen.random() < 0.2 else ""
        return self.chosen.choice(data.trades) + tail
