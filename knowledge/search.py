"""Ranking: words and vectors fused by reciprocal rank, and a score that can say "nothing found"."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Generation
from knowledge.levels import Level
from knowledge.sources import by_name
from knowledge.word_index import Question, Scores, WordIndex, understand

By = Literal["words", "vectors", "both", "address"]

# Below this a score means "nothing found". Measured on tests/knowledge/questions.yaml: of 65
# questions outside the subject the best reaches 0.33, of 78 inside it one stays below 0.35.
FLOOR = 0.35

_CANDIDATES = 200
_NEAREST = 200
_SMOOTHING = 20
_WORD_SHARE, _VECTOR_SHARE = 1.0, 0.5
# A question outside the subject must be covered far better to count as answered; with only one
# word to go by it is not answered at all.
_OFF_SUBJECT = 0.4
# A law the product is about is preferred a little; amending decisions repeat what the law says.
_RELEVANT, _PLAIN, _AMENDING, _POLICY = 1.25, 1.0, 0.6, 1.1


@dataclass(frozen=True)
class Ranked:
    """One row of an index with its score, and what found it."""

    row: int
    score: float
    by: By


def prior(name: str, level: Level) -> float:
    """How much an instrument is preferred before anything is asked."""
    if level is Level.POLICY:
        return _POLICY
    if "修正案" in name or "关于修改" in name:
        return _AMENDING
    return _RELEVANT if name in by_name() else _PLAIN


def rank(
    generation: Generation,
    text: str,
    *,
    as_of: date,
    audience: frozenset[str],
    limit: int,
) -> list[Ranked]:
    """The best rows for a question among those that hold on that day and may be seen."""
    question = understand(text)
    if not question.concepts:
        return []
    visible = generation.visible(as_of, audience)
    by_bm25 = generation.words.scores(question) * visible
    fused: dict[int, float] = {}
    by_words = _top(by_bm25, _CANDIDATES)
    for place, row in enumerate(by_words):
        fused[row] = _WORD_SHARE / (_SMOOTHING + place)
    by_vectors = [row for row in _nearest(generation, question.terms()) if visible[row]]
    for place, row in enumerate(by_vectors):
        fused[row] = fused.get(row, 0.0) + _VECTOR_SHARE / (_SMOOTHING + place)
    coverage = generation.words.coverage(question) * np.float32(_closeness(question))
    best = (_WORD_SHARE + _VECTOR_SHARE) / _SMOOTHING
    in_words, in_vectors = set(by_words), set(by_vectors)
    ranked = [
        Ranked(
            row,
            _score(fused[row] * float(generation.prior[row]) / best, float(coverage[row])),
            "both"
            if row in in_words and row in in_vectors
            else "words"
            if row in in_words
            else "vectors",
        )
        for row in fused
    ]
    ranked.sort(key=lambda r: r.score, reverse=True)
    return [r for r in ranked[:limit] if r.score >= FLOOR]


def score_words(index: WordIndex, question: Question) -> Scores:
    """How well every row of a small index answers a question by words alone, 0 to 1."""
    by_bm25 = index.scores(question)
    best = by_bm25.max(initial=0.0)
    if not best:
        return by_bm25
    coverage = index.coverage(question) * np.float32(_closeness(question))
    return np.where(by_bm25 > 0, coverage * (0.7 + 0.3 * by_bm25 / best), 0).astype(np.float32)


def _closeness(question: Question) -> float:
    """How near a question is to the subject: 1 inside it, less outside."""
    if question.on_subject:
        return 1.0
    return _OFF_SUBJECT if len(question.concepts) > 1 else 0.0


def _score(rank_share: float, coverage: float) -> float:
    """Rank decides the order, coverage whether it answers the question at all."""
    return min(1.0, coverage * (0.7 + 0.3 * min(1.0, rank_share)))


def _top(scores: Scores, limit: int) -> list[int]:
    size = min(limit, len(scores))
    if not size:
        return []
    rows: NDArray[np.intp] = np.argpartition(scores, -size)[-size:]
    ordered = rows[np.argsort(-scores[rows], kind="stable")]
    return [int(row) for row in ordered if scores[row] > 0]


def _nearest(generation: Generation, terms: list[str]) -> list[int]:
    vector = generation.embedder.encode(terms)
    if vector is None:
        return []
    return generation.vectors.nearest(vector, min(_NEAREST, len(generation.ids)))
