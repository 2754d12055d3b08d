"""Which duty a question turns on, learnt from questions written for each: what on, how well, weights/CARD.md.

A small network in plain arrays: runs of characters and the built-in vectors give what the question is
about, and that, with the vectors, how much speaks for each duty, and for none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import in_same_words
from knowledge.character_runs import CharacterRuns, Weights
from knowledge.embeddings import WEIGHTS, Vectors, built_in, built_in_senses
from pii.cleared import ClearedText

FILE = WEIGHTS / "duties.npz"
LENGTHS = (1, 3)
_NEWLINE = "\n"


@dataclass(frozen=True)
class DutyModel:
    """A hidden layer over runs and vectors, and what speaks for each name; the last is none of them.

    Shapes: `directions` runs by hidden (`scales` one a run), `inner` vectors by hidden, `outer` hidden and
    vectors by names.
    """

    names: tuple[str, ...]
    runs: CharacterRuns
    directions: NDArray[np.int8]
    scales: Weights
    inner: Weights
    outer: Weights
    bias: Weights
    # The vectors it was trained on: those of another training mean nothing to it.
    embedder: str

    def weigh(self, questions: Sequence[ClearedText]) -> tuple[Weights, Weights]:
        """The log-odds of each duty for each question, questions by duties, and of none of them."""
        vectors = vectors_of(questions)
        hidden = np.array([self._runs_of(one.text) for one in questions]) + vectors @ self.inner
        found = np.hstack([np.maximum(hidden, 0), vectors]) @ self.outer + self.bias
        found -= found.max(axis=1, keepdims=True)
        found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
        return found[:, :-1], found[:, -1]

    def _runs_of(self, text: str) -> Weights:
        columns, weights = self.runs.of(both_ways(text))
        weighed = (weights * self.scales[columns]).astype(np.float32)
        found: Weights = weighed @ self.directions[columns].astype(np.float32)
        return found

    def save(self, path: Path) -> None:
        """Write the model as plain arrays (no pickle)."""
        np.savez_compressed(
            path,
            names=np.frombuffer(_NEWLINE.join(self.names).encode(), dtype=np.uint8),
            keys=self.runs.keys,
            idf=self.runs.idf.astype(np.float16),
            directions=self.directions,
            scales=self.scales.astype(np.float16),
            inner=self.inner.astype(np.float16),
            outer=self.outer.astype(np.float16),
            bias=self.bias.astype(np.float16),
            embedder=np.frombuffer(self.embedder.encode(), dtype=np.uint8),
        )

    @classmethod
    def load(cls, path: Path) -> "DutyModel":
        """The model written by `save`."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                tuple(arrays["names"].tobytes().decode().split(_NEWLINE)),
                CharacterRuns(arrays["keys"], arrays["idf"].astype(np.float32), LENGTHS),
                arrays["directions"],
                arrays["scales"].astype(np.float32),
                arrays["inner"].astype(np.float32),
                arrays["outer"].astype(np.float32),
                arrays["bias"].astype(np.float32),
                arrays["embedder"].tobytes().decode(),
            )


def both_ways(text: str) -> str:
    """A question as it was put, and with each thing meant by the first of the words for it."""
    return f"{text}\n{in_same_words(text)}"


def vectors_of(texts: Sequence[ClearedText]) -> Vectors:
    """What the built-in embedders make of texts, side by side."""
    return np.hstack([built_in().encode(texts), built_in_senses().encode(texts)])


@cache
def duty_model() -> DutyModel:
    """The model shipped with the product, read once."""
    model = DutyModel.load(FILE)
    if model.embedder != built_in().name:
        raise ValueError("duties.npz was trained on other vectors: run evals.duty_training again")
    return model
