"""The index folder: disposable, built aside, and put in use by one atomic pointer.

folder/
  CURRENT            the name of the generation in use
  <generation>/      words/ and context/ (bm25s), worked/, shape/, rows.npz, rows.json, chroma/,
                     sums.json

With a Chroma server or PostgreSQL the vectors are there instead, under the generation's name.
"""

import fcntl
import json
import os
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import sums
from knowledge.embeddings import Embedder, StaticEmbedder, Vectors, built_in, built_in_senses
from knowledge.errors import DamagedIndex, IngestRunning, OlderIndex, OtherEmbedder
from knowledge.levels import Level, Standing
from knowledge.pgvector import PgVectors
from knowledge.precedents import Located, built_in_precedents
from knowledge.provisions import EVERYONE, Provision
from knowledge.shape import Shape, Text, assembled, work_out
from knowledge.tokens import terms
from knowledge.topics import Subjects, built_in_subjects
from knowledge.vectors import ChromaVectors, NearestVectors, Progress, chroma
from knowledge.word_index import WordIndex
from knowledge.worked import Worked, keys_of
from pii.cleared import ClearedText

__all__ = ["Entry", "Generation", "Progress", "Stores", "build", "open_generation"]

# Raise when tokens, fields or model change, so that every installation rebuilds.
LAYOUT = 5

_POINTER = "CURRENT"
_NEVER, _ALWAYS = 0, date.max.toordinal()
_STEP = 2000
_EMBED_BATCH = 256
_WORDS, _CONTEXT, _SHAPE, _CHROMA = "words", "context", "shape", "chroma"
_WORKED = "worked"


@dataclass(frozen=True)
class Entry:
    """One text to index: what may be searched of a provision, and when and to whom it shows."""

    provision: Provision
    text: ClearedText
    context: ClearedText
    prior: float


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


def build(
    folder: Path,
    entries: Sequence[Entry],
    fingerprint: str,
    progress: Progress,
    stores: Stores = _DEFAULT,
    *,
    afresh: bool = False,
) -> int:
    """Build a new generation aside, then put it in use; the one before stays for open readers.

    Says how many texts were worked out: what did not change is taken over, unless `afresh`.
    """
    generation = folder / f"g-{uuid.uuid4().hex[:12]}"
    generation.mkdir(parents=True)
    try:
        texts = [
            Text(e.text.text, e.context.text, e.provision.id.partition("#")[0]) for e in entries
        ]
        before = None if afresh else _taken_over(folder)
        worked, vocabulary, fresh = _work_out(texts, before, progress)
        worked.save(generation / _WORKED)
        public = [entry.provision.audience == EVERYONE for entry in entries]
        _build_words(generation, texts, worked, vocabulary, public)
        assembled(texts, worked, built_in(), built_in_subjects(), built_in_senses()).save(
            generation / _SHAPE
        )
        progress("shape", len(entries), len(entries))
        _build_vectors(generation, entries, worked.vectors, stores, progress)
        _save_rows(generation, entries, fingerprint, stores)
        sums.note(generation)
    except BaseException:
        # What could not be finished is of no use to anybody.
        shutil.rmtree(generation, ignore_errors=True)
        raise
    _put_in_use(folder, generation.name, stores)
    return fresh


def _taken_over(folder: Path) -> tuple[Worked, dict[str, int]] | None:
    """What the generation in use worked out, and its vocabulary; None if it cannot be used."""
    name = current(folder)
    rows = _rows(folder / name) if name else None
    if name is None or rows is None or (rows.get("layout"), rows.get("models")) != _made_by():
        return None
    if sums.damaged(folder / name):
        return None
    try:
        return Worked.load(folder / name / _WORKED), WordIndex.load(
            folder / name / _WORDS
        ).vocabulary
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _made_by() -> tuple[int, str]:
    """What the work on a text depends on beside its words."""
    return LAYOUT, f"{built_in().name} {built_in_senses().name}"


def _work_out(
    texts: Sequence[Text], before: tuple[Worked, dict[str, int]] | None, progress: Progress
) -> tuple[Worked, dict[str, int], int]:
    """The work on every text, the vocabulary it is in, and for how many it was done now."""
    known, vocabulary = before or (None, {})
    places = known.places() if known else {}
    keys = keys_of([(text.words, text.context) for text in texts])
    kept = np.array([places.get(key.tobytes(), -1) for key in keys], dtype=np.intp)
    fresh = np.flatnonzero(kept < 0)
    parts = [] if known is None else [known.at(kept[kept >= 0])]
    for start in range(0, max(1, len(fresh)), _STEP):
        batch = [texts[row] for row in fresh[start : start + _STEP]]
        parts.append(work_out(batch, built_in(), built_in_senses(), vocabulary))
        progress("words", start + len(batch), len(fresh))
    # Those taken over come first, then the new ones: put back into the order of the texts.
    order = np.argsort(np.concatenate([np.flatnonzero(kept >= 0), fresh]))
    return reduce(Worked.followed_by, parts).at(order), vocabulary, len(fresh)


def _build_words(
    generation: Path,
    texts: Sequence[Text],
    worked: Worked,
    vocabulary: dict[str, int],
    public: Sequence[bool],
) -> None:
    around: dict[str, list[int]] = {}
    whole, context = [], []
    starts = worked.tokens_starts
    for row, text in enumerate(texts):
        if text.context not in around:
            found = terms(text.context)
            around[text.context] = [vocabulary.setdefault(t, len(vocabulary)) for t in found]
        context.append(around[text.context])
        whole.append(worked.tokens[starts[row] : starts[row + 1]].tolist() + around[text.context])
    WordIndex.from_ids(whole, vocabulary, public).save(generation / _WORDS)
    WordIndex.from_ids(context, vocabulary, public).save(generation / _CONTEXT)


def _build_vectors(
    generation: Path,
    entries: Sequence[Entry],
    own: Vectors,
    stores: Stores,
    progress: Progress,
) -> None:
    vectors = own if stores.embedder is None else _embedded(entries, stores.embedder, progress)
    audience = np.array([entry.provision.audience for entry in entries], dtype=np.str_)
    store = stores.vectors(generation, generation.name, _keys(audience.tolist()))
    for name in np.unique(audience):
        rows = np.flatnonzero(audience == name)
        store.add(str(name), rows, vectors[rows], progress)


def _embedded(entries: Sequence[Entry], embedder: Embedder, progress: Progress) -> Vectors:
    parts = []
    for start in range(0, len(entries), _EMBED_BATCH):
        batch = entries[start : start + _EMBED_BATCH]
        parts.append(embedder.encode([entry.text for entry in batch]))
        progress("embedding", start + len(batch), len(entries))
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _keys(audiences: Sequence[str]) -> dict[str, str]:
    """A name for each audience that a store accepts."""
    return {name: f"a{number}" for number, name in enumerate(sorted(set(audiences)))}


def _save_rows(
    generation: Path, entries: Sequence[Entry], fingerprint: str, stores: Stores
) -> None:
    spans = np.array([_span(entry.provision) for entry in entries], dtype=np.int64).reshape(-1, 2)
    prior = np.array([entry.prior for entry in entries], dtype=np.float32)
    policy = np.array([entry.provision.level is Level.POLICY for entry in entries], dtype=np.bool_)
    np.savez(generation / "rows.npz", spans=spans, prior=prior, policy=policy)
    rows = {
        "layout": LAYOUT,
        "models": _made_by()[1],
        "fingerprint": fingerprint,
        "embedder": stores.maker.name,
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


def _put_in_use(folder: Path, name: str, stores: Stores) -> None:
    before = current(folder)
    pointer = folder / f"{_POINTER}.{name}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / _POINTER)
    for other in folder.glob("g-*"):
        if other.name not in {name, before}:
            if stores.elsewhere:
                stores.vectors(other, other.name, {}).drop()
            shutil.rmtree(other, ignore_errors=True)


def current(folder: Path) -> str | None:
    """The name of the generation in use; None before the first."""
    try:
        # A name that was damaged leads nowhere, which is said when it is opened.
        return (folder / _POINTER).read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None


def fingerprint_in_use(folder: Path) -> str | None:
    """What the generation in use was built from; None if there is none, or it is damaged."""
    name = current(folder)
    rows = _rows(folder / name) if name else None
    return str(rows.get("fingerprint")) if rows else None


def embedder_in_use(folder: Path) -> str | None:
    """Which embedder made the vectors of the generation in use; None if there is none."""
    name = current(folder)
    rows = _rows(folder / name) if name else None
    return str(rows.get("embedder")) if rows else None


def open_generation(folder: Path, name: str, stores: Stores = _DEFAULT) -> Generation:
    """Open one generation for reading.

    Raises DamagedIndex if a part is missing or does not fit, OtherEmbedder if it was built by
    another embedder than the one in `stores`.
    """
    rows = _rows(folder / name)
    if rows is None:
        raise DamagedIndex
    if rows.get("layout") != LAYOUT:
        raise OlderIndex
    if rows.get("embedder") != stores.maker.name:
        raise OtherEmbedder
    if sums.damaged(folder / name, but=_WORKED):
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
        words=WordIndex.load(place / _WORDS),
        context=WordIndex.load(place / _CONTEXT),
        shape=Shape.load(place / _SHAPE),
        model=built_in(),
        subjects=built_in_subjects(),
        senses=built_in_senses(),
        before=built_in_precedents().located(rows["ids"], built_in().idf),
        embedder=stores.maker,
        vectors=stores.vectors(place, place.name, _keys(rows["audiences"])),
        _from=spans[:, 0].astype(np.int32),
        _to=spans[:, 1].astype(np.int32),
        prior=prior,
        policy=policy,
        _audiences=tuple(str(name) for name in audiences),
        _audience=audience,
    )


def _rows(place: Path) -> dict[str, Any] | None:
    """What a generation says of itself; None if that cannot be read."""
    try:
        rows: dict[str, Any] = json.loads((place / "rows.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return rows


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
