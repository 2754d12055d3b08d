"""Building an index aside, taking over what did not change, and putting it in use at once."""

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path

import numpy as np

from knowledge import sums
from knowledge.embeddings import Embedder, Vectors, built_in, built_in_senses
from knowledge.errors import IngestRunning
from knowledge.index import (
    CONTEXT,
    LAYOUT,
    POINTER,
    SHAPE,
    WORDS,
    WORKED,
    Stores,
    audience_keys,
    current,
    said_of_itself,
)
from knowledge.levels import Level, Standing
from knowledge.provisions import EVERYONE, Provision
from knowledge.shape import Text, assembled, work_out
from knowledge.tokens import terms
from knowledge.topics import built_in_subjects
from knowledge.vectors import Progress
from knowledge.word_index import WordIndex
from knowledge.worked import Worked, keys_of
from pii.cleared import ClearedText

_NEVER, _ALWAYS = 0, date.max.toordinal()
_STEP = 2000
_EMBED_BATCH = 256
_DEFAULT = Stores()


@dataclass(frozen=True)
class Entry:
    """One text to index: what may be searched of a provision, and when and to whom it shows."""

    provision: Provision
    text: ClearedText
    context: ClearedText
    prior: float


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
        worked.save(generation / WORKED)
        public = [entry.provision.audience == EVERYONE for entry in entries]
        _build_words(generation, texts, worked, vocabulary, public)
        assembled(texts, worked, built_in(), built_in_subjects(), built_in_senses()).save(
            generation / SHAPE
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
    rows = said_of_itself(folder / name) if name else None
    if name is None or rows is None or (rows.get("layout"), rows.get("models")) != _made_by():
        return None
    if sums.damaged(folder / name):
        return None
    try:
        return Worked.load(folder / name / WORKED), WordIndex.load(folder / name / WORDS).vocabulary
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
    WordIndex.from_ids(whole, vocabulary, public).save(generation / WORDS)
    WordIndex.from_ids(context, vocabulary, public).save(generation / CONTEXT)


def _build_vectors(
    generation: Path,
    entries: Sequence[Entry],
    own: Vectors,
    stores: Stores,
    progress: Progress,
) -> None:
    vectors = own if stores.embedder is None else _embedded(entries, stores.embedder, progress)
    audience = np.array([entry.provision.audience for entry in entries], dtype=np.str_)
    store = stores.vectors(generation, generation.name, audience_keys(audience.tolist()))
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
    pointer = folder / f"{POINTER}.{name}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / POINTER)
    for other in folder.glob("g-*"):
        if other.name not in {name, before}:
            if stores.elsewhere:
                stores.vectors(other, other.name, {}).drop()
            shutil.rmtree(other, ignore_errors=True)


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
