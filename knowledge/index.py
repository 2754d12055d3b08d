"""The index folder: disposable, built aside, and put in use by one atomic pointer.

folder/
  CURRENT            the name of the generation in use
  <generation>/      words/ (bm25s), vectors.npz, rows.npz, rows.json, chroma/
"""

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import Embedder, Vectors, fit
from knowledge.errors import IngestRunning
from knowledge.levels import Standing
from knowledge.provisions import EVERYONE, Provision
from knowledge.tokens import terms
from knowledge.word_index import WordIndex
from pii.cleared import ClearedText

# Raise when tokens, fields or model change, so that every installation rebuilds.
LAYOUT = 1
Progress = Callable[[str, int, int], None]

_POINTER = "CURRENT"
_NEVER, _ALWAYS = 0, date.max.toordinal()
_CHROMA_BATCH = 5000
_STEP = 2000


@dataclass(frozen=True)
class Entry:
    """One text to index: what may be searched of a provision, and when and to whom it shows."""

    provision: Provision
    text: ClearedText
    context: ClearedText
    prior: float


class NearestVectors(Protocol):
    """A store of vectors, small enough to stand in for another."""

    def nearest(self, vector: Vectors, limit: int) -> list[int]:
        """The rows nearest to a vector, nearest first."""


class ChromaVectors:
    """Vectors in a Chroma folder; the embedding is always ours."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        self._client = chromadb.PersistentClient(
            str(folder), settings=Settings(anonymized_telemetry=False)
        )
        self._collection = self._client.get_or_create_collection(
            "provisions", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def add(self, vectors: Vectors, progress: Progress) -> None:
        """Store one vector a row."""
        for start in range(0, len(vectors), _CHROMA_BATCH):
            batch = vectors[start : start + _CHROMA_BATCH]
            rows = [str(row) for row in range(start, start + len(batch))]
            self._collection.add(ids=rows, embeddings=batch)
            progress("vectors", start + len(batch), len(vectors))

    def nearest(self, vector: Vectors, limit: int) -> list[int]:
        """The rows nearest to a vector, nearest first."""
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1), n_results=limit, include=[]
        )
        return [int(row) for row in found["ids"][0]]


@dataclass(frozen=True)
class Generation:
    """One index, opened."""

    name: str
    fingerprint: str
    ids: tuple[str, ...]
    words: WordIndex
    embedder: Embedder
    vectors: NearestVectors
    _from: NDArray[np.int64]
    _to: NDArray[np.int64]
    prior: NDArray[np.float32]
    _audiences: tuple[str, ...]
    _audience: NDArray[np.intp]

    def visible(self, as_of: date, audience: frozenset[str]) -> NDArray[np.bool_]:
        """Which rows hold on that day and may be seen by that audience."""
        day = as_of.toordinal()
        seen = [n for n, name in enumerate(self._audiences) if name in audience | {EVERYONE}]
        allowed = np.isin(self._audience, seen)
        visible: NDArray[np.bool_] = (self._from <= day) & (day < self._to) & allowed
        return visible


def build(folder: Path, entries: Sequence[Entry], fingerprint: str, progress: Progress) -> None:
    """Build a new generation aside, then put it in use; the one before stays for open readers."""
    generation = folder / f"g-{uuid.uuid4().hex[:12]}"
    generation.mkdir(parents=True)
    vocabulary: dict[str, int] = {}
    ids = []
    for done, entry in enumerate(entries, start=1):
        found = terms(entry.text.text) + terms(entry.context.text)
        ids.append([vocabulary.setdefault(term, len(vocabulary)) for term in found])
        if done % _STEP == 0 or done == len(entries):
            progress("words", done, len(entries))
    WordIndex.from_ids(ids, vocabulary).save(generation / "words")
    embedder, vectors = fit(ids, vocabulary)
    embedder.save(generation / "vectors.npz")
    ChromaVectors(generation / "chroma").add(vectors, progress)
    _save_rows(generation, entries, fingerprint)
    _put_in_use(folder, generation.name)


def _save_rows(generation: Path, entries: Sequence[Entry], fingerprint: str) -> None:
    spans = np.array([_span(entry.provision) for entry in entries], dtype=np.int64).reshape(-1, 2)
    prior = np.array([entry.prior for entry in entries], dtype=np.float32)
    np.savez(generation / "rows.npz", spans=spans, prior=prior)
    rows = {
        "fingerprint": fingerprint,
        "ids": [entry.provision.id for entry in entries],
        "audiences": [entry.provision.audience for entry in entries],
    }
    (generation / "rows.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _span(provision: Provision) -> tuple[int, int]:
    """The days it holds, as numbers; the same rule as `provisions.standing`."""
    unknown_end = provision.effective_to is None and provision.ends_as is not None
    if unknown_end or provision.ends_as is Standing.DRAFT:
        return _NEVER, _NEVER
    first = provision.effective_from.toordinal() if provision.effective_from else _NEVER
    last = provision.effective_to.toordinal() if provision.effective_to else _ALWAYS
    return first, last


def _put_in_use(folder: Path, name: str) -> None:
    before = current(folder)
    pointer = folder / f"{_POINTER}.{name}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / _POINTER)
    for other in folder.glob("g-*"):
        if other.name not in {name, before}:
            shutil.rmtree(other, ignore_errors=True)


def current(folder: Path) -> str | None:
    """The name of the generation in use; None before the first."""
    try:
        return (folder / _POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def fingerprint_in_use(folder: Path) -> str | None:
    """What the generation in use was built from; None if there is none, or it is damaged."""
    name = current(folder)
    if name is None:
        return None
    try:
        rows: dict[str, Any] = json.loads((folder / name / "rows.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(rows.get("fingerprint"))


def open_generation(folder: Path, name: str) -> Generation:
    """Open one generation for reading."""
    place = folder / name
    rows = json.loads((place / "rows.json").read_text(encoding="utf-8"))
    with np.load(place / "rows.npz", allow_pickle=False) as arrays:
        spans, prior = arrays["spans"], arrays["prior"]
    audiences, audience = np.unique(np.array(rows["audiences"], dtype=np.str_), return_inverse=True)
    return Generation(
        name=name,
        fingerprint=rows["fingerprint"],
        ids=tuple(rows["ids"]),
        words=WordIndex.load(place / "words"),
        embedder=Embedder.load(place / "vectors.npz"),
        vectors=ChromaVectors(place / "chroma"),
        _from=spans[:, 0],
        _to=spans[:, 1],
        prior=prior,
        _audiences=tuple(str(name) for name in audiences),
        _audience=audience,
    )


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the folder for one ingest; a second one at the same time is told so."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IngestRunning from error
        yield
