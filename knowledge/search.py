"""Ranking: words and vectors name candidates, trained trees order them, coverage may say "nothing"."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import WEIGHTS, Vectors
from knowledge.errors import EmbeddingUnavailable, VectorsUnavailable
from knowledge.features import FEATURES, SAID_SHARE, Evidence, Known, alike, features
from knowledge.index import Generation
from knowledge.levels import Level
from knowledge.meeting import Asked, asked
from knowledge.precedents import Alike, best
from knowledge.sources import by_name
from knowledge.ties import best_first
from knowledge.tokens import asking_terms
from knowledge.trees import Trees
from knowledge.word_index import PAIR_WEIGHT, Question, Scores, WordIndex, understand
from pii.cleared import ClearedText

By = Literal["words", "vectors", "both", "address"]
Rows = NDArray[np.intp]

# Below this a score means "nothing found". Measured on tests/knowledge/questions.yaml: of 65
# questions outside the subject the best reaches 0.33, of 78 inside it one stays below 0.35.
FLOOR = 0.35

_CANDIDATES = 100
_SMOOTHING = 20
# What a match in the name of the law or chapter counts for beside one in the text.
_CONTEXT_SHARE = np.float32(0.3)
_NO_TERMS = np.zeros(0, dtype=np.intp)
# A question outside the subject must be covered far better to count as answered; with only one
# word to go by it is not answered at all.
_OFF_SUBJECT = 0.4
# A law the product is about is preferred a little; amending decisions repeat what the law says.
_RELEVANT, _PLAIN, _AMENDING, _POLICY = 1.25, 1.0, 0.6, 1.1
_PRIOR_WEIGHT = np.float32(2.0)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ranked:
    """One row of an index with its score, and what found it."""

    row: int
    score: float
    by: By


@dataclass(frozen=True)
class Pool:
    """The candidates for a question, and what is known of them."""

    rows: Rows
    by_words: frozenset[int]
    by_vectors: frozenset[int]
    nearest: tuple[int, ...]
    evidence: Evidence
    asked: Asked | None
    sense: Asked | None
    alike: tuple[Alike, ...]


def prior(name: str, level: Level) -> float:
    """How much an instrument is preferred before anything is asked."""
    if level is Level.POLICY:
        return _POLICY
    if "修正案" in name or "关于修改" in name:
        return _AMENDING
    return _RELEVANT if name in by_name() else _PLAIN


def rank(
    generation: Generation,
    question: ClearedText,
    *,
    as_of: date,
    audience: frozenset[str],
    limit: int,
    floor: float = FLOOR,
) -> list[Ranked]:
    """The best rows for a question among those that hold on that day and may be seen.

    With a floor of 0 the best are given even where nothing answers the question.
    """
    understood = understand(question.text)
    if not understood.concepts:
        return []
    pool = candidates(generation, question, understood, as_of=as_of, audience=audience)
    if not len(pool.rows):
        return []
    order = best_first(_preference(generation, understood, pool))
    closeness = _closeness(understood)
    ranked: list[Ranked] = []
    for row in pool.rows[order].tolist():
        share = _SMOOTHING / (_SMOOTHING + len(ranked))
        score = float(pool.evidence.coverage[row]) * closeness * (0.7 + 0.3 * share)
        if score >= floor:
            ranked.append(
                Ranked(row, min(score, ranked[-1].score if ranked else 1.0), _by(row, pool))
            )
        if len(ranked) == limit:
            break
    return ranked


def candidates(
    generation: Generation,
    question: ClearedText,
    understood: Question,
    *,
    as_of: date,
    audience: frozenset[str],
) -> Pool:
    """What may answer: the best by words, the nearest by vectors, and what answered questions alike.

    All of it of what may be seen only.
    """
    visible = generation.visible(as_of, audience)
    seen = visible.astype(np.float32)
    context = generation.context.scores(understood) * seen
    pairs = generation.words.pair_scores(understood) * seen
    words = generation.words.word_scores(understood) * seen
    words += PAIR_WEIGHT * pairs + _CONTEXT_SHARE * context
    coverage = generation.words.coverage(understood) * seen
    # The model knows no English: there, what the question may be called in a statute stands for it.
    said, others = asking_terms(question.text), understood.others()
    of = asked(question.text, said, others, generation.model) or asked(
        question.text, understood.terms(), (), generation.model
    )
    nearest = [
        row
        for row in _nearest(generation, question, of, generation.open_to(audience))
        if visible[row]
    ]
    columns = of.columns if of else _NO_TERMS
    by_questions = generation.before.said.weight(columns, len(words)) * seen
    by_words = _top(words + SAID_SHARE * by_questions, _CANDIDATES)
    sense = asked(question.text, said, (), generation.senses)
    like = alike(generation.before, of, sense) if of else ()
    before = generation.before.answers(*like)
    known = [row for row in before if visible[row]]
    return Pool(
        # In the order of the index: so are those that are equal in all that is compared.
        rows=np.unique(np.array([*by_words, *nearest, *known], dtype=np.intp)),
        by_words=frozenset(by_words),
        by_vectors=frozenset(nearest),
        nearest=tuple(nearest),
        evidence=Evidence(words, pairs, context, coverage, visible, by_questions),
        asked=of,
        sense=sense,
        alike=like,
    )


def features_of(generation: Generation, pool: Pool) -> Vectors | None:
    """The candidates as the ranker sees them; None if the built-in model knows no word asked."""
    if pool.asked is None:
        return None
    known = Known(
        generation.shape,
        generation.model,
        generation.subjects,
        generation.senses,
        generation.before,
        generation.policy,
    )
    return features(known, pool.asked, pool.sense, pool.alike, pool.evidence, pool.rows)


def _preference(generation: Generation, question: Question, pool: Pool) -> Vectors:
    """How much each candidate is preferred: what the trees say, then what is known beforehand."""
    numbers = features_of(generation, pool)
    preferred = pool.evidence.words[pool.rows] if numbers is None else _ranker().score(numbers)
    known = generation.prior[pool.rows]
    if not question.on_subject:
        known = np.minimum(known, 1)
    preferred = (preferred + _PRIOR_WEIGHT * np.log(known)).astype(np.float32)
    if generation.embedder is generation.model:
        return preferred
    # A configured model knows more than ours, and nothing of words: the two orders are fused.
    places = np.empty(len(preferred), dtype=np.float32)
    places[best_first(preferred)] = np.arange(len(preferred))
    theirs = {row: place for place, row in enumerate(pool.nearest)}
    place = np.array([theirs.get(row, 2 * _CANDIDATES) for row in pool.rows.tolist()])
    return (1 / (_SMOOTHING + places) + 1 / (_SMOOTHING + place)).astype(np.float32)


@cache
def _ranker() -> Trees:
    """The trees shipped with the product, read once."""
    trees = Trees.load(WEIGHTS / "ranker.npz")
    if trees.features != FEATURES:
        raise ValueError("ranker.npz was trained on other features: train it again")
    return trees


def _nearest(
    generation: Generation, question: ClearedText, of: Asked | None, audiences: frozenset[str]
) -> list[int]:
    """The nearest rows; without the store or the endpoint the search goes on by words, and says so."""
    try:
        if generation.embedder is generation.model:
            vector = of.vector if of else None
        else:
            vector = generation.embedder.encode([question])[0]
        if vector is None or not vector.any():
            return []
        return generation.vectors.nearest(vector, audiences, min(_CANDIDATES, len(generation.ids)))
    except (EmbeddingUnavailable, VectorsUnavailable) as error:
        _log.warning("search by words only: %s", type(error).__name__)
        return []


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


def _by(row: int, pool: Pool) -> By:
    if row in pool.by_words:
        return "both" if row in pool.by_vectors else "words"
    return "vectors"


def _top(scores: Scores, limit: int) -> list[int]:
    rows = best(scores, limit)
    found: list[int] = rows[scores[rows] > 0].tolist()
    return found
