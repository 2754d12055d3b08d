"""How near a question is to the everyday questions a duty answers."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from knowledge.phrases import Phrases
from knowledge.tokens import pairs, stop_words, words
from records.data_files import Entry, load

ASKING = Path(__file__).with_name("asking.yaml")

# Beside the thing meant (1.0): the very word for it, and a pair of neighbouring characters.
_OWN_WORD, _PAIR = 0.3, 0.25
# What counts more: that the question is met, or that the likened question adds nothing.
_QUESTION_SHARE = 0.65
# A word no everyday question has, beside the rarest of them: questions are full of details.
_UNKNOWN = 0.4
# Likeness in one thing alone (快递, 领导) is chance more often than not.
_ONE_THING, _ONE_THING_OFF_SUBJECT = np.float32(0.65), np.float32(0.5)
_TELLING = 0.6
# From this weight on a thing says what is asked about: 客户 and 可以吗 do not.
_SAYS_WHAT = 0.8

Weights = dict[str, float]


class Same(Entry):
    """One thing people mean, and the words for it."""

    name: str
    words: tuple[str, ...] = Field(min_length=1)
    weight: float = Field(default=1.0, gt=0, le=1)


class _File(Entry):
    same: tuple[Same, ...] = Field(min_length=1)


class AskedIndex:
    """Everyday questions, each leading to a row."""

    def __init__(self, asked: Sequence[Sequence[str]]) -> None:
        rows = [(row, weigh(text)) for row, texts in enumerate(asked) for text in texts]
        self._size = len(asked)
        self._owner = np.array([row for row, _ in rows], dtype=np.intp)
        held: dict[str, int] = defaultdict(int)
        for _, weights in rows:
            for term in weights:
                held[term] += 1
        self._rarity = {term: float(np.log1p(len(rows) / n)) for term, n in held.items()}
        self._unknown = _UNKNOWN * float(np.log1p(len(rows)))
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        total = np.zeros(len(rows), dtype=np.float32)
        for place, (_, weights) in enumerate(rows):
            for term, weight in weights.items():
                found[term].append((place, weight))
                total[place] += weight * self._rarity[term]
        self._total = total
        self._found = {
            term: (
                np.array([place for place, _ in at], dtype=np.intp),
                np.array([weight for _, weight in at], dtype=np.float32),
            )
            for term, at in found.items()
        }

    def nearness(self, question: str) -> NDArray[np.float32]:
        """For every row how near its nearest everyday question is, 0 to 1."""
        nearest = np.zeros(self._size, dtype=np.float32)
        np.maximum.at(nearest, self._owner, self.likeness(question))
        return nearest

    def likeness_in(self, question: str, row: int) -> list[float]:
        """How like each of a row's everyday questions is, 0 to 1, in their order."""
        likeness = self.likeness(question)
        return [float(one) for one in likeness[self._owner == row]]

    def likeness(self, question: str, *, on_subject: bool = True) -> NDArray[np.float32]:
        """How like every everyday question is, 0 to 1, in the order given.

        Off the subject, likeness in one thing alone counts for less.
        """
        shared = np.zeros(len(self._owner), dtype=np.float32)
        things = np.zeros(len(self._owner), dtype=np.int16)
        asked = 0.0
        for term, weight in weigh(question).items():
            asked += weight * self._rarity.get(term, self._unknown)
            if term in self._found:
                places, weights = self._found[term]
                shared[places] += np.minimum(weights, weight) * np.float32(self._rarity[term])
                things[places] += weight >= _TELLING
        shared[things < 2] *= _ONE_THING if on_subject else _ONE_THING_OFF_SUBJECT
        if not asked:
            return shared
        likeness: NDArray[np.float32] = shared / (
            _QUESTION_SHARE * asked + (1 - _QUESTION_SHARE) * self._total
        )
        return likeness


def things(text: str) -> frozenset[str]:
    """The things a text speaks of, each by one name; not those all questions speak of, nor ways of asking."""
    return frozenset(
        name for name, weight in weigh(text).items() if name[0] == "=" and weight >= _SAYS_WHAT
    )


def share_something(one: str, other: str) -> bool:
    """Whether both speak of one thing, or hold a word of more than one character that says something."""
    if things(one) & things(other):
        return True
    ours, theirs = (
        frozenset(word for word in words(text) if len(word) > 1) for text in (one, other)
    )
    return bool((ours & theirs) - stop_words())


def weigh(text: str) -> Weights:
    """What a question speaks of, as terms with weights: things meant, words, character pairs."""
    weights: Weights = {}
    table, phrases = _table()
    rest, place, lower = [], 0, text.lower()
    for found in phrases.found_in(lower):
        same = table[found.phrase]
        _add(weights, f"={same.name}", same.weight)
        _add(weights, found.phrase, _OWN_WORD * same.weight)
        rest.append(lower[place : found.start])
        place = found.end
    rest.append(lower[place:])
    for piece in rest:
        telling = [word if word not in stop_words() else " " for word in words(piece)]
        for word in telling:
            if len(word) > 1:
                _add(weights, word, 1.0)
        for pair in pairs("".join(telling)):
            _add(weights, pair, _PAIR)
    return weights


def in_same_words(text: str) -> str:
    """The text in lower case, each thing meant by the first of the words for it."""
    table, phrases = _table()
    return phrases.replaced(text.lower(), lambda phrase: table[phrase].words[0])


def _add(weights: Weights, term: str, weight: float) -> None:
    weights[term] = max(weight, weights.get(term, 0.0))


def read_same(path: Path) -> tuple[Same, ...]:
    """The words that mean the same, of a file."""
    return load(path, _File).same


@cache
def _table() -> tuple[dict[str, Same], Phrases]:
    table = {word: same for same in read_same(ASKING) for word in same.words}
    return table, Phrases(table)
