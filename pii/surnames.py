"""Surnames, titles and words that are no names, from `surnames.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from records.data_files import Entry, load

PATH = Path(__file__).parent / "surnames.yaml"


class _Titles(Entry):
    long: list[str]
    short: list[str]
    kin: list[str]


class _File(Entry):
    common: str
    others: str
    compound: list[str]
    unsafe_before_title: str
    titles: _Titles
    words_before: list[str]
    doubled: str
    given: str
    of_parents: list[str]
    never_names: list[str]


@dataclass(frozen=True)
class Surnames:
    """What we know of Chinese names without a model."""

    single: frozenset[str]
    common: frozenset[str]
    compound: frozenset[str]
    before_title: frozenset[str]
    long_titles: tuple[str, ...]
    short_titles: tuple[str, ...]
    kin: tuple[str, ...]
    """Titles of elder people and friends."""
    doubled: str
    """Characters that a pet name doubles."""
    given: frozenset[str]
    """Characters that given names are mostly made of."""
    never_names: frozenset[str]
    of_parents: frozenset[str]
    """What mothers and fathers are called that is no child: 年轻妈妈."""
    words_before: tuple[str, ...]
    """Words that speak of the person behind them."""

    def starts_name(self, text: str) -> bool:
        """Whether the text begins with a surname."""
        return text[:1] in self.single or text[:2] in self.compound or text[:4] in self.compound

    def begins_usually(self, text: str) -> bool:
        """Whether the text begins with a surname that many people have, or a compound one."""
        return text[:1] in self.common or text[:2] in self.compound

    def is_full_name(self, text: str) -> bool:
        """Surname and one or two characters, or compound surname and one or two."""
        if text in self.never_names:
            return False
        longest = 4 if text[:2] in self.compound else 3
        return 2 <= len(text) <= longest and self.starts_name(text)

    def is_made_of_given(self, text: str) -> bool:
        """Whether two characters are such as given names are made of."""
        return len(text) == 2 and self.given.issuperset(text) and text not in self.never_names

    def is_titled(self, text: str) -> bool:
        """A surname and a title: 高律师, 欧阳总."""
        length = 2 if text[:2] in self.compound else 1
        title = text[length:]
        return self.starts_name(text) and (title in self.long_titles or title in self.short_titles)


@cache
def surnames() -> Surnames:
    """The shipped list, read once."""
    data = load(PATH, _File)
    single = frozenset(data.common + data.others)
    return Surnames(
        single=single,
        common=frozenset(data.common),
        compound=frozenset(data.compound),
        before_title=single - frozenset(data.unsafe_before_title),
        long_titles=tuple(sorted(data.titles.long, key=len, reverse=True)),
        short_titles=tuple(data.titles.short),
        kin=tuple(data.titles.kin),
        doubled=data.doubled,
        given=frozenset(data.given),
        of_parents=frozenset(data.of_parents),
        never_names=frozenset(data.never_names),
        words_before=tuple(data.words_before),
    )
