"""Which laws and chapters a question turns to, before any text is compared.

A logistic regression on the vector of the question, trained on questions with their articles:
weights/CARD.md. Laws and chapters that training saw too little of share what is left over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import WEIGHTS, Vectors

_OTHERS = np.float32(50)
_LEAST = np.float32(1e-5)

Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Topics:
    """Names, and a row of weights a name; one more row stands for everything else."""

    names: tuple[str, ...]
    weights: Vectors
    constants: Vectors

    def numbered(self, names: Sequence[str]) -> Numbers:
        """The row of each name."""
        known = {name: row for row, name in enumerate(self.names)}
        return np.array([known.get(name, len(known)) for name in names], dtype=np.int32)

    def likely(self, question: Vectors) -> Vectors:
        """The logarithm of how likely each row is what the question turns to."""
        raised = self.weights @ question + self.constants
        shares = np.exp(raised - raised.max())
        shares /= shares.sum()
        shares[-1] /= _OTHERS
        found: Vectors = np.log(shares + _LEAST)
        return found


@dataclass(frozen=True)
class Subjects:
    """The laws, and the chapters of laws, that questions were seen to turn to."""

    laws: Topics
    chapters: Topics

    def save(self, path: Path) -> None:
        """Write both as plain arrays."""
        parts: dict[str, NDArray[np.float32] | NDArray[np.uint8]] = {}
        for kind, topics in (("laws", self.laws), ("chapters", self.chapters)):
            parts[f"{kind}_names"] = np.frombuffer("\n".join(topics.names).encode(), dtype=np.uint8)
            parts[f"{kind}_weights"] = topics.weights
            parts[f"{kind}_constants"] = topics.constants
        np.savez_compressed(path, allow_pickle=False, **parts)

    @classmethod
    def load(cls, path: Path) -> "Subjects":
        """What `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            laws, chapters = (
                Topics(
                    tuple(arrays[f"{kind}_names"].tobytes().decode().split("\n")),
                    arrays[f"{kind}_weights"],
                    arrays[f"{kind}_constants"],
                )
                for kind in ("laws", "chapters")
            )
        return cls(laws, chapters)


_NOTHING = Topics((), np.zeros((1, 1), dtype=np.float32), np.zeros(1, dtype=np.float32))
NONE = Subjects(_NOTHING, _NOTHING)


def law_of(context: str) -> str:
    """The law in a context, which is its short name and then the titles a provision stands under."""
    return context.partition(" ")[0]


@cache
def built_in_subjects() -> Subjects:
    """The subjects shipped with the product, read once."""
    return Subjects.load(WEIGHTS / "subjects.npz")
