"""Runs of neighbouring characters as TF-IDF weights, in plain arrays: no model library at run time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.meeting import spans

Keys = NDArray[np.uint64]
Columns = NDArray[np.intp]
Weights = NDArray[np.float32]

_SPACES = re.compile(r"\s\s+")
# A run of four characters of 16 bits fills a key of 64.
LONGEST = 4


@dataclass(frozen=True)
class CharacterRuns:
    """The runs known, each as a number, and how telling each is.

    A text is its runs, each 1 + log of how often it occurs times how rare it is, at length one
    (sublinear TF-IDF; Salton and Buckley 1988). `keys` ascends, `idf` goes with it.
    """

    keys: Keys
    idf: Weights
    lengths: tuple[int, int]

    @classmethod
    def fit(
        cls, texts: Sequence[str], lengths: tuple[int, int], *, held_by: int = 1
    ) -> "CharacterRuns":
        """The runs of these lengths that at least `held_by` of the texts hold."""
        found = [np.unique(_keys(text, lengths)) for text in texts]
        keys, holders = np.unique(np.concatenate(found), return_counts=True)
        kept = holders >= held_by
        idf = np.log((1 + len(texts)) / (1 + holders[kept])) + 1
        return cls(keys[kept], idf.astype(np.float32), lengths)

    def among(self, texts: Sequence[str]) -> "CharacterRuns":
        """Those of the runs that these texts hold, as telling as before."""
        held = np.unique(np.concatenate([self.of(text)[0] for text in texts]))
        return CharacterRuns(self.keys[held], self.idf[held], self.lengths)

    def of(self, text: str) -> tuple[Columns, Weights]:
        """The places of the known runs of a text among `keys`, and what each weighs."""
        keys, counts = np.unique(_keys(text, self.lengths), return_counts=True)
        columns = np.searchsorted(self.keys, keys)
        columns[columns == len(self.keys)] = 0
        known = self.keys[columns] == keys if len(self.keys) else np.zeros(len(keys), dtype=bool)
        columns = columns[known]
        weights = ((1 + np.log(counts[known])) * self.idf[columns]).astype(np.float32)
        return columns, weights / max(np.float32(np.linalg.norm(weights)), np.float32(1e-9))


class SharedRuns:
    """Which texts share how many runs of up to three characters with another."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._runs = CharacterRuns.fit(texts, (1, 3))
        found = [self._runs.of(text) for text in texts]
        columns = np.concatenate([places for places, _ in found])
        order = np.argsort(columns, kind="stable")
        rows = np.repeat(np.arange(len(found)), [len(places) for places, _ in found])
        self._size = len(found)
        self._rows = rows[order]
        self._weights = np.concatenate([weights for _, weights in found])[order]
        starts = np.searchsorted(columns[order], np.arange(len(self._runs.keys) + 1))
        self._starts = starts.astype(np.int32)

    def with_text(self, text: str) -> Weights:
        """The cosine with every text, 0 to 1."""
        shared = np.zeros(self._size, dtype=np.float32)
        columns, weights = self._runs.of(text)
        held, _ = spans(self._starts, columns)
        lengths = self._starts[columns + 1] - self._starts[columns]
        np.add.at(shared, self._rows[held], self._weights[held] * np.repeat(weights, lengths))
        return shared


def _keys(text: str, lengths: tuple[int, int]) -> Keys:
    """Every run of a text as a number, of the shortest length first."""
    low = _SPACES.sub(" ", text.lower())
    units = np.frombuffer(low.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    return np.concatenate([*_of_length(units.astype(np.uint64), lengths)])


def _of_length(units: Keys, lengths: tuple[int, int]) -> Iterator[Keys]:
    for length in range(lengths[0], lengths[1] + 1):
        ends = len(units) - length + 1
        keys = np.zeros(max(ends, 0), dtype=np.uint64)
        for place in range(length if ends > 0 else 0):
            keys |= units[place : place + ends] << np.uint64(16 * place)
        yield keys
