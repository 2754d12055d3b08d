"""Vectors without any download: a direction per word and per character pair, trained by us.

What was trained on, how, and what it reaches: weights/CARD.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.tokens import terms
from pii.cleared import ClearedText

Vectors = NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "weights"
# What the law's name and the chapter count for beside the text.
_CONTEXT = np.float32(0.5)


class Embedder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """What the index remembers: vectors of one embedder mean nothing to another."""

    def encode(self, texts: Sequence[ClearedText]) -> Vectors:
        """A unit vector a text; all zero where nothing in it is known."""


@dataclass(frozen=True)
class StaticEmbedder:
    """The built-in model: a text is the mean of the directions of what stands in it."""

    columns: dict[str, int]
    idf: Vectors
    directions: NDArray[np.int8]
    scales: Vectors
    name: str = "built-in"

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return int(self.directions.shape[1])

    def encode(self, texts: Sequence[ClearedText]) -> Vectors:
        """A unit vector a text; all zero where nothing in it is known."""
        found = [terms(text.text) for text in texts]
        if len(found) == 1:
            # To the last bit the same, without the matrix of many.
            columns, counts = self.counted(found[0])
            return unit((counts[:, None] * self.of(columns)).sum(axis=0, keepdims=True))
        return unit(self.mean(self.counts(found)))

    def provisions(self, texts: Any, contexts: Any) -> Vectors:
        """Unit vectors of texts seen in their context, both as `counts`."""
        return unit(self.mean(texts) + _CONTEXT * self.mean(contexts))

    def counts(self, texts: Sequence[Sequence[str]]) -> Any:
        """A sparse row a text over the known terms, each 1 + log of how often it occurs."""
        from scipy.sparse import csr_matrix

        found = [[c for t in text if (c := self.columns.get(t)) is not None] for text in texts]
        starts = np.cumsum([0, *map(len, found)])
        flat = np.fromiter((c for text in found for c in text), dtype=np.int32, count=starts[-1])
        shape = (len(found), len(self.columns))
        rows = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, starts), shape=shape)
        rows.sum_duplicates()
        rows.data = 1 + np.log(rows.data)
        return rows

    def counted(self, text: Sequence[str]) -> tuple[NDArray[np.intp], Vectors]:
        """The known terms of one text in ascending order, and the same count of each as `counts` has."""
        found = [c for term in text if (c := self.columns.get(term)) is not None]
        columns, times = np.unique(np.array(found, dtype=np.intp), return_counts=True)
        return columns, 1 + np.log(times.astype(np.float32))

    def mean(self, counts: Any) -> Vectors:
        """The sum of directions a row; its length says nothing."""
        columns, places = np.unique(counts.indices, return_inverse=True)
        narrow = type(counts)(
            (counts.data, places.astype(np.int32), counts.indptr), (counts.shape[0], len(columns))
        )
        found: Vectors = narrow @ self.of(columns)
        return found

    def of(self, columns: NDArray[np.integer[Any]]) -> Vectors:
        """The directions of these terms, as they were trained."""
        found: Vectors = self.directions[columns].astype(np.float32) * self.scales[columns, None]
        return found

    def closeness(self, others: Vectors, columns: NDArray[np.integer[Any]]) -> Vectors:
        """The cosine of each unit vector, a row each, with the direction of each of these terms."""
        found: Vectors = others @ self.directions.take(columns, axis=0).astype(np.float32).T
        found *= self._lengths[columns]
        return found

    @cached_property
    def _lengths(self) -> Vectors:
        """One over the length of each stored direction: the scale cancels."""
        squares = np.einsum("ij,ij->i", self.directions, self.directions, dtype=np.float32)
        found: Vectors = 1 / np.sqrt(np.maximum(squares, np.float32(1)))
        return found

    def save(self, path: Path) -> None:
        """Write the model as plain arrays (no pickle)."""
        np.savez_compressed(
            path,
            terms=np.frombuffer("\n".join(self.columns).encode(), dtype=np.uint8),
            idf=self.idf.astype(np.float16),
            directions=self.directions,
            scales=self.scales.astype(np.float16),
            name=np.frombuffer(self.name.encode(), dtype=np.uint8),
        )

    @classmethod
    def load(cls, path: Path) -> "StaticEmbedder":
        """The model written by `save`."""
        with np.load(path, allow_pickle=False) as arrays:
            known = arrays["terms"].tobytes().decode().split("\n")
            return cls(
                {term: column for column, term in enumerate(known)},
                arrays["idf"].astype(np.float32),
                arrays["directions"],
                arrays["scales"].astype(np.float32),
                arrays["name"].tobytes().decode(),
            )


def quantised(columns: dict[str, int], idf: Vectors, trained: Vectors, name: str) -> StaticEmbedder:
    """A trained model in one byte a number: a quarter of the size, ranks unchanged."""
    scales = np.maximum(np.abs(trained).max(axis=1), np.float32(1e-6)) / np.float32(127)
    directions = np.round(trained / scales[:, None]).astype(np.int8)
    return StaticEmbedder(columns, idf, directions, scales.astype(np.float32), name)


def unit(vectors: Vectors) -> Vectors:
    """The vectors at length one; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    shrunk: Vectors = (vectors / np.maximum(lengths, np.float32(1e-9))).astype(np.float32)
    return shrunk


@cache
def built_in() -> StaticEmbedder:
    """The model shipped with the product, read once."""
    return StaticEmbedder.load(WEIGHTS / "embedding.npz")


@cache
def built_in_senses() -> StaticEmbedder:
    """What words mean in general language, also those no statute has; read once."""
    return StaticEmbedder.load(WEIGHTS / "senses.npz")
