"""What we know of names in Latin letters, from `latin_names.yaml`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from records.data_files import Entry, load

PATH = Path(__file__).parent / "latin_names.yaml"
# Latin-1, Latin Extended-A and the Romanian comma letters, as a class of a pattern takes them.
LOWER = "a-zß-öø-ÿāăąćċčďđēėęěğģīįıķļľłńņňōőœŕřśşšţťūůűųźżžșț"
UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĻĽŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ"


# What nouns of business end in, and hardly a name: Termination, Liabilities, Methodology.
_NOUN = re.compile(r"[A-Z][a-z]{2,}(?:tions?|sions?|ments|ities|ility|ivity|ology|ical|ative)")
_LETTERS = re.compile(r"[^a-z]")


class _File(Entry):
    given: list[str]
    pinyin_surnames: list[str]
    syllable_starts: list[str]
    syllable_ends: list[str]
    not_pinyin: list[str]
    not_names: list[str]
    also_surnames: list[str]


@dataclass(frozen=True)
class LatinNames:
    """First names, pinyin, and words that are no names."""

    given: frozenset[str]
    surnames: frozenset[str]
    not_pinyin: frozenset[str]
    not_names: frozenset[str]
    also_surnames: frozenset[str]
    pinyin: re.Pattern[str]

    def may_be_names(self, words: Sequence[str]) -> bool:
        """Whether words side by side may be one name; Park is a surname behind a first name."""
        *before, last = words
        if before and last in self.also_surnames:
            return all(self.may_be_name(word) for word in before)
        return all(self.may_be_name(word) for word in words)

    def may_be_name(self, word: str) -> bool:
        """Whether a capitalised word is not known to be something else."""
        plain = word.capitalize()
        if plain in self.not_names:
            return False
        return plain in self.given or _NOUN.fullmatch(plain) is None

    def is_chinese(self, first: str, second: str) -> bool:
        """Whether two words are a Chinese surname and given name in pinyin, in either order."""
        return (first in self.surnames and self.is_given_in_pinyin(second)) or (
            second in self.surnames and self.is_given_in_pinyin(first)
        )

    def is_given_in_pinyin(self, word: str) -> bool:
        """Whether a word is spelled like a given name in pinyin."""
        return word not in self.not_pinyin and self.pinyin.fullmatch(word.lower()) is not None

    def is_handle(self, handle: str) -> bool:
        """Whether a surname and a given name in pinyin begin it: not iphone15, not sha256."""
        letters = _LETTERS.split(handle, maxsplit=1)[0]
        return any(
            self.is_chinese(letters[:at].capitalize(), letters[at:].capitalize())
            for at in range(2, len(letters) - 1)
        )

    def is_parted_handle(self, handle: str) -> bool:
        """Whether a handle is first and family name with a mark between: kevin.zhang, zhang_wenjing."""
        first, second = (word.capitalize() for word in _LETTERS.split(handle, maxsplit=1))
        if self.is_chinese(first, second):
            return True
        return first in self.given and second not in self.not_names


@cache
def latin_names() -> LatinNames:
    """The shipped lists, read once."""
    data = load(PATH, _File)
    starts, ends = "|".join(data.syllable_starts), "|".join(data.syllable_ends)
    syllable = f"(?:{starts})(?:{ends})"
    return LatinNames(
        given=frozenset(data.given),
        surnames=frozenset(data.pinyin_surnames),
        not_pinyin=frozenset(data.not_pinyin),
        not_names=frozenset(data.not_names),
        also_surnames=frozenset(data.also_surnames),
        # Two syllables, or one of three letters or more: `Wei` yes, `Me` no.
        pinyin=re.compile(rf"{syllable}['’-]?{syllable}|(?=[a-z]{{3}}){syllable}"),
    )
