"""Stores of vectors: Chroma in a folder or behind a URL, and an exact one in memory; see pgvector.py.

A store holds the vectors of each audience apart, so that a question is compared only with what its
asker may read; nothing else can push those out of the nearest.
"""

import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import Vectors
from knowledge.errors import DamagedIndex, VectorsUnavailable
from knowledge.ties import DECIMALS, best_first

Rows = NDArray[np.intp]
Progress = Callable[[str, int, int], None]

_BATCH = 5000
# Candidates looked at while a graph is walked: with 200, 97 of the 100 nearest are found.
_WALK = 200


class NearestVectors(Protocol):
    """A store of vectors by audience, whatever keeps them."""

    def add(self, audience: str, rows: Rows, vectors: Vectors, progress: Progress) -> None:
        """Store one vector a row for an audience."""

    def nearest(self, vector: Vectors, audiences: frozenset[str], limit: int) -> list[int]:
        """The rows nearest to a vector among those of the audiences, nearest first."""

    def count(self) -> int:
        """How many vectors are held."""

    def drop(self) -> None:
        """Forget everything."""


class ExactVectors:
    """Every vector compared; for training, tests, and small libraries."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Rows, Vectors]] = {}

    def add(self, audience: str, rows: Rows, vectors: Vectors, progress: Progress) -> None:
        """Store one vector a row for an audience."""
        self._held[audience] = rows, vectors
        progress("vectors", len(rows), len(rows))

    def nearest(self, vector: Vectors, audiences: frozenset[str], limit: int) -> list[int]:
        """The rows nearest to a vector among those of the audiences, nearest first."""
        found: list[tuple[float, int]] = []
        for audience in audiences & self._held.keys():
            rows, vectors = self._held[audience]
            likeness = vectors @ vector
            found += [
                (-round(float(likeness[n]), DECIMALS), int(rows[n]))
                for n in best_first(likeness)[:limit]
            ]
        return [row for _, row in sorted(found)[:limit]]

    def count(self) -> int:
        """How many vectors are held."""
        return sum(len(rows) for rows, _ in self._held.values())

    def drop(self) -> None:
        """Forget everything."""
        self._held.clear()


class ChromaVectors:
    """Vectors in Chroma, a collection an audience; the embedding is always ours."""

    def __init__(self, client: Any, prefix: str, audiences: Mapping[str, str]) -> None:
        self._client = client
        self._prefix = prefix
        self._names = {audience: f"{prefix}.{key}" for audience, key in audiences.items()}
        self._open: dict[str, Any] = {}
        # A dozen open files, given back once nobody reads from this generation any more.
        weakref.finalize(self, client.close).atexit = False

    def add(self, audience: str, rows: Rows, vectors: Vectors, progress: Progress) -> None:
        """Store one vector a row for an audience."""
        with _translated():
            collection = self._client.get_or_create_collection(
                self._names[audience],
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _WALK}},
            )
        for start in range(0, len(rows), _BATCH):
            batch = [str(row) for row in rows[start : start + _BATCH]]
            with _translated():
                collection.add(ids=batch, embeddings=vectors[start : start + _BATCH])
            progress("vectors", start + len(batch), len(rows))

    def nearest(self, vector: Vectors, audiences: frozenset[str], limit: int) -> list[int]:
        """The rows nearest to a vector among those of the audiences, nearest first."""
        found: list[tuple[float, int]] = []
        with _translated():
            for audience in audiences & self._names.keys():
                answer = self._collection(audience).query(
                    query_embeddings=vector.reshape(1, -1),
                    n_results=limit,
                    include=["distances"],
                )
                distances = (round(d, DECIMALS) for d in answer["distances"][0])
                found += zip(distances, map(int, answer["ids"][0]), strict=True)
        return [row for _, row in sorted(found)[:limit]]

    def count(self) -> int:
        """How many vectors are held."""
        with _translated():
            return sum(int(self._collection(audience).count()) for audience in self._names)

    def drop(self) -> None:
        """Forget everything."""
        with _translated():
            for name in self._client.list_collections():
                called = str(getattr(name, "name", name))
                if called.startswith(f"{self._prefix}."):
                    self._client.delete_collection(called)
        self._open.clear()

    def _collection(self, audience: str) -> Any:
        if audience not in self._open:
            self._open[audience] = self._client.get_collection(
                self._names[audience], embedding_function=None
            )
        return self._open[audience]


@contextmanager
def _translated() -> Iterator[None]:
    """Chroma's errors as ours: a part that is missing, or a server that does not answer."""
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise DamagedIndex from error
    except Exception as error:
        raise VectorsUnavailable from error


def chroma(place: Path | str) -> Any:
    """A client of Chroma: of a folder, or of the server behind a URL."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        try:
            return chromadb.PersistentClient(str(place), settings=settings)
        except Exception as error:
            raise DamagedIndex from error
    parts = urlsplit(place)
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=settings,
        )
    except Exception:
        raise VectorsUnavailable from None
