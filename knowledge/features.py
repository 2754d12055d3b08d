"""What speaks for a candidate, as numbers for the ranker. Used alike to train it and to run it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import StaticEmbedder, Vectors, unit
from knowledge.shape import Numbers, Shape, likeness

Rows = NDArray[np.intp]
Seen = NDArray[np.bool_]

# Reciprocal ranks are smoothed as in Cormack, Clarke and Büttcher 2009.
_SMOOTHING = np.float32(60)
_VOTERS = 50
_TINY = np.float32(1e-6)


@dataclass(frozen=True)
class Asked:
    """A question as the built-in model sees it: its known terms, their weights, its vector."""

    columns: Rows
    directions: Vectors
    idf: Vectors
    weights: Vectors
    vector: Vectors


@dataclass(frozen=True)
class Evidence:
    """What the word indexes say of every row that may be seen, 0 for the others."""

    words: Vectors
    context: Vectors
    coverage: Vectors
    seen: Seen


def asked(terms: list[str], embedder: StaticEmbedder) -> Asked | None:
    """The question for the built-in model; None if it knows nothing of it."""
    counts = embedder.counts([terms])
    if not counts.nnz:
        return None
    columns = counts.indices.astype(np.intp)
    directions = embedder.of(columns)
    idf = embedder.idf[columns]
    return Asked(
        columns=columns,
        directions=unit(directions),
        idf=idf / idf.sum(),
        weights=_shares(idf * np.linalg.norm(directions, axis=1)),
        vector=unit(counts.data @ directions),
    )


@dataclass(frozen=True)
class _Candidates:
    """The candidates of one question, with what several features rest on."""

    rows: Rows
    near: Vectors
    words: Vectors
    near_rank: Vectors
    word_rank: Vectors
    context: Vectors
    coverage: Vectors
    clause: Vectors
    met: Vectors
    met_idf: Vectors
    share: Vectors
    beside_near: Vectors
    beside_words: Vectors
    law: Numbers
    in_law: Vectors
    chapter: Numbers
    in_chapter: Vectors
    length: Numbers
    place: Vectors


def features(
    shape: Shape, embedder: StaticEmbedder, of: Asked, evidence: Evidence, rows: Rows
) -> Vectors:
    """A row of numbers a candidate, in the order of FEATURES."""
    near, words = likeness(shape.vectors[rows], of.vector), evidence.words[rows]
    met, met_idf, share = _terms(shape, embedder, of, rows)
    law, chapter = shape.law[rows], shape.chapter[rows]
    by = _Candidates(
        rows=rows,
        near=near,
        words=words,
        near_rank=_ranks(near),
        word_rank=_ranks(words),
        context=evidence.context[rows],
        coverage=evidence.coverage[rows],
        clause=_clauses(shape, of, rows),
        met=met,
        met_idf=met_idf,
        share=share,
        beside_near=_beside(
            shape, evidence.seen, rows, lambda r: likeness(shape.vectors[r], of.vector)
        ),
        beside_words=_beside(shape, evidence.seen, rows, lambda r: evidence.words[r]),
        law=law,
        in_law=likeness(shape.laws[law], of.vector),
        chapter=chapter,
        in_chapter=likeness(shape.chapters[chapter], of.vector),
        length=shape.length[rows],
        place=shape.place[rows],
    )
    return np.stack([rule(by) for rule in _RULES.values()], axis=1).astype(np.float32)


# Identity of a law or popularity among training questions is left out on purpose: those questions
# are of general law, ours of client information.
_RULES: Mapping[str, Callable[[_Candidates], Vectors]] = {
    "near": lambda by: by.near,
    "near, to best": lambda by: by.near - by.near.max(),
    "near, rank": lambda by: np.log1p(by.near_rank),
    "words": lambda by: by.words,
    "words, to best": lambda by: by.words / max(by.words.max(), _TINY),
    "words, rank": lambda by: np.log1p(by.word_rank),
    "fused": lambda by: _reciprocal(by.near_rank) + _reciprocal(by.word_rank),
    "context words": lambda by: by.context,
    "coverage": lambda by: by.coverage,
    "coverage, to best": lambda by: by.coverage - by.coverage.max(),
    "clause": lambda by: by.clause,
    "clause, to best": lambda by: by.clause - by.clause.max(),
    "terms met": lambda by: by.met,
    "terms met, to best": lambda by: by.met - by.met.max(),
    "terms met, by rarity": lambda by: by.met_idf,
    "share of text met": lambda by: by.share,
    "neighbour, near": lambda by: by.beside_near,
    "neighbour, words": lambda by: by.beside_words / max(by.words.max(), _TINY),
    "law": lambda by: by.in_law,
    "law, to best": lambda by: by.in_law - by.in_law.max(),
    "law, votes by near": lambda by: _votes(by.law, by.near, by.near_rank),
    "law, votes by words": lambda by: _votes(by.law, by.words, by.word_rank),
    "chapter": lambda by: by.in_chapter,
    "chapter, to best": lambda by: by.in_chapter - by.in_chapter.max(),
    "chapter, votes by near": lambda by: _votes(by.chapter, by.near, by.near_rank),
    "chapter, votes by words": lambda by: _votes(by.chapter, by.words, by.word_rank),
    "length": lambda by: np.log1p(by.length),
    "place in law": lambda by: by.place,
}
FEATURES = tuple(_RULES)


def _reciprocal(ranks: Vectors) -> Vectors:
    found: Vectors = np.float32(1) / (_SMOOTHING + ranks)
    return found


def _ranks(scores: Vectors) -> Vectors:
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[order] = np.arange(len(scores))
    return ranks


def _shares(weights: Vectors) -> Vectors:
    shares: Vectors = weights / max(float(weights.sum()), float(_TINY))
    return shares


def _votes(groups: Numbers, scores: Vectors, ranks: Vectors) -> Vectors:
    """The share of the best candidates' scores that the group of each candidate holds."""
    cast = np.where(ranks < _VOTERS, np.maximum(scores, 0), 0)
    _, place = np.unique(groups, return_inverse=True)
    held = np.bincount(place, weights=cast)
    return _shares(held.astype(np.float32))[place]


def _clauses(shape: Shape, of: Asked, rows: Rows) -> Vectors:
    """The likeness of the best clause of each."""
    flat, starts = _spans(shape.clause_starts, rows)
    best: Vectors = np.maximum.reduceat(likeness(shape.clauses[flat], of.vector), starts)
    return best


def _terms(
    shape: Shape, embedder: StaticEmbedder, of: Asked, rows: Rows
) -> tuple[Vectors, Vectors, Vectors]:
    """How closely each thing asked is met by its nearest term in the text, weighted in two ways
    (late interaction, Khattab and Zaharia 2020); and how much of the text the question names.
    """
    flat, starts = _spans(shape.term_starts, rows)
    columns, place = np.unique(shape.terms[flat], return_inverse=True)
    # A row a thing asked: reducing along rows is three times as fast as down columns.
    close = of.directions @ unit(embedder.of(columns)).T
    best = np.maximum.reduceat(close[:, place], starts, axis=1)
    idf = embedder.idf[columns]
    named = np.add.reduceat((idf * np.isin(columns, of.columns))[place], starts)
    whole = np.add.reduceat(idf[place], starts)
    share: Vectors = (named / np.maximum(whole, _TINY)).astype(np.float32)
    return of.weights @ best, of.idf @ best, share


def _beside(shape: Shape, seen: Seen, rows: Rows, score: Callable[[Rows], Vectors]) -> Vectors:
    """The better score of the articles before and after, of the same law and visible."""
    best = np.zeros(len(rows), dtype=np.float32)
    for step in (-1, 1):
        other = np.clip(rows + step, 0, len(shape.law) - 1)
        same = (shape.law[other] == shape.law[rows]) & seen[other] & (other != rows)
        best = np.maximum(best, np.where(same, score(other), 0))
    return best


def _spans(starts: Numbers, rows: Rows) -> tuple[Rows, Rows]:
    """The positions of what hangs on these rows, one after another, and where each row begins."""
    begin, lengths = starts[rows], starts[rows + 1] - starts[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    flat = np.arange(lengths.sum()) + np.repeat(begin - offsets, lengths)
    return flat.astype(np.intp), offsets.astype(np.intp)
