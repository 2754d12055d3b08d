"""How a question and the texts of candidates meet, term by term, exactly and by likeness."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import StaticEmbedder, Vectors, unit
from knowledge.kinds import Flags, kinds_asked
from knowledge.shape import Numbers
from knowledge.tokens import PAIR

Rows = NDArray[np.intp]

TINY = np.float32(1e-6)
_ALIKE, _AKIN = np.float32(0.7), np.float32(0.5)
_MOST_TELLING = 3


@dataclass(frozen=True)
class Asked:
    """A question as the built-in model sees it: its known terms, their weights, its vector."""

    columns: Rows
    directions: Vectors
    idf: Vectors
    weights: Vectors
    vector: Vectors
    # The vector of the question with what its everyday words are called in a statute.
    wide: Vectors
    # The pairs of the question in its order, as places in `columns`; -1 for one not known.
    pairs: tuple[int, ...]
    kinds: Flags


def asked(
    question: str, terms: Sequence[str], others: Sequence[str], embedder: StaticEmbedder
) -> Asked | None:
    """The question for the built-in model; None if it knows nothing of it."""
    columns, counts = embedder.counted(terms)
    if not len(columns):
        return None
    places = {column: place for place, column in enumerate(columns.tolist())}
    directions = embedder.of(columns)
    idf = embedder.idf[columns]
    vector = wide = unit(counts @ directions)
    if others:
        known, every = embedder.counted([*terms, *others])
        wide = unit(every @ embedder.of(known))
    return Asked(
        columns=columns,
        directions=unit(directions),
        idf=shares(idf),
        weights=shares(idf * np.linalg.norm(directions, axis=1)),
        vector=vector,
        wide=wide,
        pairs=tuple(
            places.get(embedder.columns.get(term, -1), -1) for term in terms if term[0] == PAIR
        ),
        kinds=kinds_asked(question),
    )


@dataclass(frozen=True)
class Meeting:
    """One number a candidate each."""

    by_weight: Vectors
    by_idf: Vectors
    exact: Vectors
    alike: Vectors
    akin: Vectors
    missed: Vectors
    telling: Vectors
    run: Vectors
    share: Vectors
    text: Vectors


@dataclass(frozen=True)
class MeetingInSense:
    """The same for what words mean in general language: only what is told by likeness."""

    by_idf: Vectors
    missed: Vectors
    telling: Vectors
    text: Vectors


@dataclass(frozen=True)
class _Closeness:
    """The different terms of all candidates, where each stands, and the nearest to each thing asked."""

    columns: Rows
    place: Rows
    starts: Rows
    idf: Vectors
    whole: Vectors
    # A row a thing asked: reducing along rows is three times as fast as down columns.
    best: Vectors
    text: Vectors


def meeting(
    terms: Numbers, term_starts: Numbers, embedder: StaticEmbedder, of: Asked, rows: Rows
) -> Meeting:
    """How closely each thing asked is met by its nearest term in the text (late interaction,
    Khattab and Zaharia 2020; counts of near terms as in Xiong et al. 2017), how long a run of the
    question stands in the text as it was said, and how much of the text the question names. The
    terms of each row begin where `term_starts` says.
    """
    by = _closeness(terms, term_starts, embedder, of, rows)
    which = np.full(len(embedder.idf), -1, dtype=np.intp)
    which[of.columns] = np.arange(len(of.columns))
    which = which[by.columns]
    exact = _held(which[by.place], by.starts, len(of.columns))
    share = np.add.reduceat((by.idf * (which >= 0))[by.place], by.starts) / by.whole
    return Meeting(
        by_weight=of.weights @ by.best,
        by_idf=of.idf @ by.best,
        exact=of.idf @ exact,
        alike=of.idf @ (by.best > _ALIKE).astype(np.float32),
        akin=of.idf @ (by.best > _AKIN).astype(np.float32),
        missed=_most_missed(by, of),
        telling=_telling(by, of),
        run=_run(exact, of.pairs),
        share=share.astype(np.float32),
        text=by.text,
    )


def meeting_in_sense(
    terms: Numbers, term_starts: Numbers, senses: StaticEmbedder, of: Asked, rows: Rows
) -> MeetingInSense:
    """How closely each thing asked is met by the word of the text that means most nearly the same."""
    by = _closeness(terms, term_starts, senses, of, rows)
    return MeetingInSense(of.idf @ by.best, _most_missed(by, of), _telling(by, of), by.text)


def _closeness(
    terms: Numbers, term_starts: Numbers, embedder: StaticEmbedder, of: Asked, rows: Rows
) -> _Closeness:
    flat, starts = spans(term_starts, rows)
    columns, place = _numbered(terms[flat], len(embedder.idf))
    close = embedder.closeness(of.directions, columns)
    idf = embedder.idf[columns]
    by_text = (idf * np.maximum(close.max(axis=0), 0))[place]
    whole = np.maximum(np.add.reduceat(idf[place], starts), TINY)
    return _Closeness(
        columns=columns,
        place=place,
        starts=starts,
        idf=idf,
        whole=whole,
        best=np.maximum.reduceat(close.take(place, axis=1), starts, axis=1),
        text=(np.add.reduceat(by_text, starts) / whole).astype(np.float32),
    )


def _most_missed(by: _Closeness, of: Asked) -> Vectors:
    found: Vectors = (of.weights[:, None] * (1 - by.best)).max(axis=0)
    return found


def _telling(by: _Closeness, of: Asked) -> Vectors:
    telling = np.argsort(-of.idf, kind="stable")[:_MOST_TELLING]
    found: Vectors = by.best[telling].min(axis=0)
    return found


def _numbered(found: Numbers, size: int) -> tuple[Rows, Rows]:
    """The different terms, and where each of `found` stands among them."""
    held = np.zeros(size, dtype=np.bool_)
    held[found] = True
    columns = np.flatnonzero(held)
    number = np.empty(size, dtype=np.intp)
    number[columns] = np.arange(len(columns))
    return columns, number[found]


def _held(which: Rows, starts: Rows, asked_for: int) -> Vectors:
    """A row a thing asked: 1 for each candidate whose text holds the very term.

    `which` says for each term of the texts what asked it is, -1 for none.
    """
    hits = np.flatnonzero(which >= 0)
    held = np.zeros((asked_for, len(starts)), dtype=np.float32)
    held[which[hits], np.searchsorted(starts, hits, side="right") - 1] = 1
    return held


def _run(exact: Vectors, pairs: tuple[int, ...]) -> Vectors:
    """The most neighbouring pairs of the question that a text holds, one after another."""
    longest = np.zeros(exact.shape[1], dtype=np.float32)
    run = np.zeros_like(longest)
    for place in pairs:
        run = (run + 1) * exact[place] if place >= 0 else np.zeros_like(longest)
        np.maximum(longest, run, out=longest)
    return longest


def spans(starts: Numbers, rows: Rows) -> tuple[Rows, Rows]:
    """The positions of what hangs on these rows, one after another, and where each row begins."""
    begin, lengths = starts[rows], starts[rows + 1] - starts[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    flat = np.arange(lengths.sum()) + np.repeat(begin - offsets, lengths)
    return flat.astype(np.intp), offsets.astype(np.intp)


def shares(weights: Vectors) -> Vectors:
    """Weights that sum to one."""
    found: Vectors = weights / max(float(weights.sum()), float(TINY))
    return found
