"""The index folder: disposable, built aside, and put in use by one atomic pointer.

folder/
  CURRENT            the name of the generation in use
  <generation>/      words/ and context/ (bm25s), worked/, shape/, rows.npz, rows.json, chroma/,
                     sums.json

With a Chroma server or PostgreSQL the vectors are there instead, under the generation's name.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import sums
from knowledge.embeddings import Embedder, StaticEmbedder, built_in, built_in_senses
from knowledge.errors import DamagedIndex, OlderIndex, OtherEmbedder
from knowledge.pgvector import PgVectors
from knowledge.precedents import Located, built_in_precedents
from knowledge.provisions import EVERYONE
from knowledge.shape import Shape
from knowledge.topics import Subjects, built_in_subjects
from knowledge.vectors import ChromaVectors, NearestVectors, chroma
from knowledge.word_index import WordIndex

# Raise when tokens, fields or model change, so that every installation rebuilds.
LAYOUT = 5

POINTER = "CURRENT"
WORDS, CONTEXT, SHAPE, _CHROMA = "words", "context", "shape", "chroma"
WORKED = "worked"


@dataclass(frozen=True)
class Stores:
    """Where vectors are kept and who makes them; by default Chroma in the folder and our model."""

    embedder: Embedder | None = None
    chroma_url: str = ""
    pgvector_url: str = ""

    @property
    def elsewhere(self) -> str:
        """The URL of the server that keeps vectors; empty where they lie in the folder."""
        return self.pgvector_url or self.chroma_url

    @property
    def maker(self) -> Embedder:
        """Who makes the vectors that are searched."""
        return self.embedder or built_in()

    def vectors(self, folder: Path, prefix: str, audiences: Mapping[str, str]) -> NearestVectors:
        """The store of one generation."""
        if self.pgvector_url:
            return PgVectors(self.pgvector_url, prefix)
        place = self.chroma_url or folder / _CHROMA
        return ChromaVectors(chroma(place), prefix, audiences)


_DEFAULT = Stores()


@dataclass(frozen=True)
class Generation:
    """One index, opened."""

    name: str
    fingerprint: str
    ids: tuple[str, ...]
    words: WordIndex
    context: WordIndex
    shape: Shape
    model: StaticEmbedder
    subjects: Subjects
    senses: StaticEmbedder
    before: Located
    embedder: Embedder
    vectors: NearestVectors
    _from: NDArray[np.int32]
    _to: NDArray[np.int32]
    prior: NDArray[np.float32]
    policy: NDArray[np.bool_]
    _audiences: tuple[str, ...]
    _audience: NDArray[np.intp]

    def visible(self, as_of: date, audience: frozenset[str]) -> NDArray[np.bool_]:
        """Which rows hold on that day and may be seen by that audience."""
        day = as_of.toordinal()
        seen = np.array([name in audience | {EVERYONE} for name in self._audiences], dtype=np.bool_)
        visible: NDArray[np.bool_] = (self._from <= day) & (day < self._to) & seen[self._audience]
        return visible

    def open_to(self, audience: frozenset[str]) -> frozenset[str]:
        """Whose texts may be looked at: those of the audience, and everybody's."""
        return (audience | {EVERYONE}) & set(self._audiences)


def current(folder: Path) -> str | None:
    """The name of the generation in use; None before the first."""
    try:
        # A name that was damaged leads nowhere, which is said when it is opened.
        return (folder / POINTER).read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None


def fingerprint_in_use(folder: Path) -> str | None:
    """What the generation in use was built from; None if there is none, or it is damaged."""
    name = current(folder)
    rows = said_of_itself(folder / name) if name else None
    return str(rows.get("fingerprint")) if rows else None


def embedder_in_use(folder: Path) -> str | None:
    """Which embedder made the vectors of the generation in use; None if there is none."""
    name = current(folder)
    rows = said_of_itself(folder / name) if name else None
    return str(rows.get("embedder")) if rows else None


def open_generation(folder: Path, name: str, stores: Stores = _DEFAULT) -> Generation:
    """Open one generation for reading.

    Raises DamagedIndex if a part is missing or does not fit, OtherEmbedder if it was built by
    another embedder than the one in `stores`.
    """
    rows = said_of_itself(folder / name)
    if rows is None:
        raise DamagedIndex
    if rows.get("layout") != LAYOUT:
        raise OlderIndex
    if rows.get("embedder") != stores.maker.name:
        raise OtherEmbedder
    if sums.damaged(folder / name, but=WORKED):
        raise DamagedIndex
    try:
        generation = _open(folder / name, rows, stores)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedIndex from error
    size = len(generation.ids)
    parts = (generation.words.size, generation.context.size, len(generation.shape.vectors))
    if any(part != size for part in parts) or generation.vectors.count() != size:
        raise DamagedIndex
    return generation


def _open(place: Path, rows: dict[str, Any], stores: Stores) -> Generation:
    with np.load(place / "rows.npz", allow_pickle=False) as arrays:
        spans, prior, policy = arrays["spans"], arrays["prior"], arrays["policy"]
    if not stores.elsewhere and not (place / _CHROMA).is_dir():
        raise DamagedIndex
    audiences, audience = np.unique(np.array(rows["audiences"], dtype=np.str_), return_inverse=True)
    return Generation(
        name=place.name,
        fingerprint=rows["fingerprint"],
        ids=tuple(rows["ids"]),
        words=WordIndex.load(place / WORDS),
        context=WordIndex.load(place / CONTEXT),
        shape=Shape.load(place / SHAPE),
        model=built_in(),
        subjects=built_in_subjects(),
        senses=built_in_senses(),
        before=built_in_precedents().located(rows["ids"], built_in().idf),
        embedder=stores.maker,
        vectors=stores.vectors(place, place.name, audience_keys(rows["audiences"])),
        _from=spans[:, 0].astype(np.int32),
        _to=spans[:, 1].astype(np.int32),
        prior=prior,
        policy=policy,
        _audiences=tuple(str(name) for name in audiences),
        _audience=audience,
    )


def said_of_itself(place: Path) -> dict[str, Any] | None:
    """What a generation says of itself; None if that cannot be read."""
    try:
        rows: dict[str, Any] = json.loads((place / "rows.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return rows


def audience_keys(audiences: Sequence[str]) -> dict[str, str]:
    """A name for each audience that a store accepts."""
    return {name: f"a{number}" for number, name in enumerate(sorted(set(audiences)))}
