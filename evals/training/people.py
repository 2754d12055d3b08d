"""Invented people, firms, places and numbers for the training corpus. Same seed, same people."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pii.latin_names import latin_names
from pii.surnames import surnames
from records.data_files import Entry, load

# Characters that Chinese given names are made of, by our own choosing; any other may follow.
PATH = Path(__file__).parent / "people.yaml"


class _Parts(Entry):
    given: str
    pairs: list[str]
    words: list[str]
    uyghur: list[str]
    tibetan: list[str]
    foreign: str
    japanese: list[str]
    japanese_given: list[str]
    titles: list[str]
    places: list[str]
    roads: list[str]
    firms: list[str]
    trades: list[str]
    forms: list[str]
    organs: list[str]
    first: list[str]
    last: list[str]
    initials: list[str]
    finals: list[str]


@cache
def _parts() -> _Parts:
    return load(PATH, _Parts)


@dataclass(frozen=True)
class People:
    """Draws from one generator."""

    chosen: random.Random
    characters: str
    """Any Chinese character in use, for the given names no list holds."""

    def surname(self) -> str:
        """A surname: usual, rare or compound."""
        known, draw = surnames(), self.chosen.random()
        if draw < 0.1:
            return self.chosen.choice(sorted(known.compound))
        if draw < 0.42:
            return self.chosen.choice(sorted(known.single - known.common))
        return self.chosen.choice(sorted(known.common))

    def given(self) -> str:
        """A given name of one or two characters."""
        draw = self.chosen.random()
        if draw < 0.15:
            return self.chosen.choice(_parts().pairs)
        pool = _parts().given if draw < 0.85 else self.characters
        first = self.chosen.choice(pool)
        if draw > 0.97:
            return first * 2
        second = self.chosen.choice(
            _parts().given if self.chosen.random() < 0.85 else self.characters
        )
        return first if self.chosen.random() < 0.22 else first + second

    def person(self) -> str:
        """A whole name as it stands in a document."""
        draw = self.chosen.random()
        if draw < 0.86:
            return self.surname() + self.given()
        if draw < 0.89:
            return self.chosen.choice(_parts().words)
        if draw < 0.93:
            return "·".join(self.chosen.choices(_parts().uyghur, k=2))
        if draw < 0.945:
            return "".join(self.chosen.choices(_parts().tibetan, k=self.chosen.choice((1, 2))))
        if draw < 0.97:
            return "·".join(self._foreign() for _ in range(self.chosen.choice((2, 2, 2, 3))))
        if draw < 0.98:
            return self.chosen.choice(_parts().japanese) + self.chosen.choice(
                _parts().japanese_given
            )
        if draw < 0.99:
            return self.surname() + self.chosen.choice(("某", "某某", "某甲"))
        return self.surname() + self.surname() + self.given()[:1]

    def titled(self) -> str:
        """高律师, 赵工, 老周, 小林."""
        if self.chosen.random() < 0.12:
            return self.chosen.choice("老小阿") + self.chosen.choice(sorted(surnames().common))
        return self.surname() + self.chosen.choice(_parts().titles)

    def latin(self) -> str:
        """A name in Latin letters: English, or Chinese in pinyin."""
        if self.chosen.random() < 0.5:
            first, last = self.chosen.choice(_parts().first), self.chosen.choice(_parts().last)
            return self.chosen.choice((f"{first} {last}", f"{first} {last}", first))
        surname = self.chosen.choice(sorted(latin_names().surnames))
        given = "".join(self._syllable() for _ in range(self.chosen.choice((1, 2)))).capitalize()
        return self.chosen.choice((f"{surname} {given}", f"{given} {surname}"))

    def firm(self) -> str:
        """A firm or a public body."""
        place = self.place()
        if self.chosen.random() < 0.35:
            return place + self.chosen.choice(_parts().organs)
        trade = self.chosen.choice(_parts().trades) if self.chosen.random() < 0.8 else ""
        place = self.chosen.choice((place, place + "市", ""))
        return (
            place + self.chosen.choice(_parts().firms) + trade + self.chosen.choice(_parts().forms)
        )

    def place(self) -> str:
        """A town."""
        return self.chosen.choice(_parts().places)

    def road(self) -> str:
        """A road in it."""
        return self.chosen.choice(_parts().roads) + self.chosen.choice(("路", "街", "大道", "巷"))

    def address(self) -> str:
        """A postal address, short or long."""
        road = self.road()
        place = self.place() + self.chosen.choice(("市", ""))
        number = f"{self.chosen.randrange(1, 300)}号"
        room = self.chosen.choice(
            ("", f"{self.chosen.randrange(1, 30)}栋{self.chosen.randrange(101, 999)}室")
        )
        return self.chosen.choice((place, "")) + road + number + room

    def date(self) -> str:
        """A day."""
        year, month = self.chosen.randrange(1960, 2026), self.chosen.randrange(1, 13)
        day = self.chosen.randrange(1, 29)
        return self.chosen.choice(
            (f"{year}年{month}月{day}日", f"{month}月{day}日", f"{year}-{month:02d}-{day:02d}")
        )

    def number(self) -> str:
        """A number of some length."""
        return str(self.chosen.randrange(10 ** self.chosen.choice((1, 2, 4, 6, 12, 18))))

    def mobile(self) -> str:
        """A phone number."""
        return f"1{self.chosen.choice('3589')}{self.chosen.randrange(10**9):09d}"

    def _foreign(self) -> str:
        return "".join(self.chosen.choices(_parts().foreign, k=self.chosen.choice((2, 2, 3, 3, 4))))

    def _syllable(self) -> str:
        return self.chosen.choice(_parts().initials) + self.chosen.choice(_parts().finals)
