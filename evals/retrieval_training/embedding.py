"""The built-in embedding: SVD of the corpus, then contrast on its structure, then on questions.

Contrastive learning with in-batch negatives (van den Oord et al. 2018), Adam on the rows a batch
touches, in numpy: a step is a few sparse products, and two cores need minutes.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evals.retrieval_training.corpus import Corpus, clauses
from knowledge.embeddings import StaticEmbedder, Vectors, quantised
from knowledge.tokens import asking_terms, terms

DIMENSIONS = 128
_RAREST, _COMMONEST = 3, 0.3
_TEMPERATURE, _TEMPERATURE_QUESTIONS = np.float32(0.05), np.float32(0.1)
_BATCH, _QUESTION_BATCH = 256, 128
_HARD, _RANDOM = 4, 256
_RATE = np.float32(2e-3)
_CONTEXT = np.float32(0.5)

Rows = NDArray[np.intp]
Source = Literal["file", "duty", "written"]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Example:
    """A question and the rows that answer it; `part` is the fold it belongs to.

    Of a file the user has, of a duty of ours, or written for an article from its text.
    """

    ask: str
    rows: tuple[int, ...]
    part: int
    source: Source


class Texts:
    """The corpus as sparse counts over the terms that are kept.

    Kept too, and without a direction until questions give one, are the words of questions that no
    statute uses.
    """

    def __init__(self, corpus: Corpus, asked: Sequence[str] = ()) -> None:
        found = [terms(text.words) for text in corpus.texts]
        around = [terms(text.context) for text in corpus.texts]
        holders: dict[str, int] = {}
        for words, context in zip(found, around, strict=True):
            for term in dict.fromkeys([*words, *context]):
                holders[term] = holders.get(term, 0) + 1
        size = len(found)
        kept = {t: n for t, n in holders.items() if _RAREST <= n < _COMMONEST * size}
        rare = {term: np.log1p(size / n) for term, n in kept.items()}
        rare |= {
            term: np.log1p(len(asked) / n)
            for term, n in Counter(t for one in asked for t in set(asking_terms(one))).items()
            if n >= _RAREST and term not in holders
        }
        self.columns = {term: column for column, term in enumerate(rare)}
        self.idf = np.array(list(rare.values()), dtype=np.float32)
        blank = np.zeros((len(rare), 1))
        self._counter = quantised(self.columns, self.idf, blank.astype(np.float32), "counter")
        self.words = self._counter.counts(found)
        self.context = self._counter.counts(around)
        self.whole = (self.words + self.context * _CONTEXT).tocsr()
        pieces, rows = clauses(corpus)
        self.pieces = self._counter.counts([terms(one) for one in pieces])
        self.piece_rows = np.array(rows, dtype=np.intp)
        laws = [f"{text.law}\0{text.context}" for text in corpus.texts]
        self.chapter = np.unique(np.array(laws), return_inverse=True)[1]
        self.followed = np.flatnonzero(self.chapter[:-1] == self.chapter[1:])

    def questions(self, asked: Sequence[str]) -> Any:
        """Questions as counts."""
        return self._counter.counts([asking_terms(one) for one in asked])

    def model(self, trained: Vectors, name: str) -> StaticEmbedder:
        """The embedder of trained directions."""
        return quantised(self.columns, self.idf, trained, name)


def started(texts: Texts, seed: int) -> Vectors:
    """Directions from a truncated SVD of the weighted counts."""
    from scipy.sparse import diags
    from sklearn.decomposition import TruncatedSVD

    weighted = texts.whole.multiply(texts.idf[None]).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = diags(1 / np.maximum(lengths, 1e-6)) @ weighted
    model = TruncatedSVD(DIMENSIONS, n_iter=2, random_state=seed).fit(weighted)
    strengths = np.sqrt(model.singular_values_ / model.singular_values_[0])
    found = model.components_.T * texts.idf[:, None] / strengths[None]
    scaled: Vectors = (found / np.sqrt((found**2).sum(axis=1).mean())).astype(np.float32)
    return scaled


class Learner:
    """Directions, and Adam's memory of them."""

    def __init__(self, directions: Vectors, rate: np.float32 = _RATE) -> None:
        self.directions = directions
        self._rate = rate
        self._first = np.zeros_like(directions)
        self._second = np.zeros(len(directions), dtype=np.float32)
        self._steps = 0

    def step(
        self, asks: Any, texts: Any, target: Vectors, heat: np.float32, not_wrong: Any
    ) -> None:
        """Draw each of `asks` to its target among `texts`, away from the others."""
        from scipy.sparse import vstack

        asked, asked_length = _encoded(asks, self.directions)
        known, known_length = _encoded(texts, self.directions)
        scores = asked @ known.T / heat
        if not_wrong is not None:
            scores[not_wrong] = -1e4
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        pull = (shares - target) / (len(asked) * heat)
        by_asked = _through_length(pull @ known, asked, asked_length)
        by_known = _through_length(pull.T @ asked, known, known_length)
        both = vstack([asks, texts]).tocsr()
        touched = np.unique(both.indices)
        slope = both.T.tocsr()[touched] @ np.vstack([by_asked, by_known]).astype(np.float32)
        self._adam(touched, slope)

    def _adam(self, rows: Rows, slope: Vectors) -> None:
        self._steps += 1
        self._first[rows] = 0.9 * self._first[rows] + 0.1 * slope
        self._second[rows] = 0.99 * self._second[rows] + 0.01 * (slope * slope).mean(axis=1)
        spread = np.sqrt(self._second[rows] / (1 - 0.99**self._steps))[:, None] + 1e-8
        self.directions[rows] -= self._rate * self._first[rows] / spread


def structured(directions: Vectors, texts: Texts, steps: int, seed: int, say: Say) -> Vectors:
    """Directions after learning which clauses, neighbours and chapter titles belong together."""
    random = np.random.default_rng(seed)
    learner = Learner(directions.copy())
    size = texts.words.shape[0]
    for step in range(steps):
        asks, known, group = _TASKS[step % len(_TASKS)](texts, random, size)
        own = np.eye(_BATCH, dtype=np.float32)
        not_wrong = (group[:, None] == group[None]) & ~own.astype(bool)
        learner.step(asks, known, own, _TEMPERATURE, not_wrong)
        if (step + 1) % 500 == 0:
            say(f"structure: {step + 1} of {steps} steps")
    return learner.directions


def _same_text(texts: Texts, random: np.random.Generator, size: int) -> tuple[Any, Any, Rows]:
    rows = random.choice(size, _BATCH, replace=False)
    return _thinned(texts.words[rows], random, 0.75), _thinned(texts.whole[rows], random, 0.4), rows


def _next_text(texts: Texts, random: np.random.Generator, size: int) -> tuple[Any, Any, Rows]:
    rows = random.choice(texts.followed, _BATCH, replace=False)
    return (
        _thinned(texts.words[rows], random, 0.5),
        _thinned(texts.whole[rows + 1], random, 0.2),
        rows,
    )


def _title(texts: Texts, random: np.random.Generator, size: int) -> tuple[Any, Any, Rows]:
    rows = random.choice(size, _BATCH, replace=False)
    return texts.context[rows], texts.words[rows], texts.chapter[rows]


def _clause(texts: Texts, random: np.random.Generator, size: int) -> tuple[Any, Any, Rows]:
    pieces = random.choice(len(texts.piece_rows), _BATCH, replace=False)
    rows = texts.piece_rows[pieces]
    return texts.pieces[pieces], _thinned(texts.whole[rows], random, 0.5), rows


_TASKS = (_same_text, _next_text, _title, _clause)


def answered(
    directions: Vectors,
    texts: Texts,
    examples: Sequence[Example],
    hard: Sequence[Rows],
    *,
    rounds: int,
    seed: int,
) -> Vectors:
    """Directions after learning from questions; `hard` are rows that look right and are not."""
    random = np.random.default_rng(seed)
    learner = Learner(directions.copy())
    asks = texts.questions([one.ask for one in examples])
    pairs = [(n, row) for n, one in enumerate(examples) for row in one.rows]
    size = texts.words.shape[0]
    total = np.zeros_like(directions)
    for turn in range(rounds):
        random.shuffle(pairs)
        for start in range(0, len(pairs) - _QUESTION_BATCH // 2, _QUESTION_BATCH):
            batch = pairs[start : start + _QUESTION_BATCH]
            rows = [row for _, row in batch]
            rows += random.choice(size, _RANDOM, replace=False).tolist()
            rows += [int(random.choice(hard[n])) for n, _ in batch for _ in range(_HARD)]
            rows = list(dict.fromkeys(rows))
            target = np.array([np.isin(rows, examples[n].rows) for n, _ in batch], dtype=np.float32)
            target /= target.sum(axis=1, keepdims=True)
            drawn = _thinned(asks[[n for n, _ in batch]], random, 0.2)
            learner.step(
                drawn,
                _thinned(texts.whole[rows], random, 0.2),
                target,
                _TEMPERATURE_QUESTIONS,
                None,
            )
            # Clauses between the questions: what was learnt of the structure stays.
            piece, known, group = _clause(texts, random, size)
            own = np.eye(_BATCH, dtype=np.float32)
            not_wrong = (group[:, None] == group[None]) & ~own.astype(bool)
            learner.step(piece, known, own, _TEMPERATURE, not_wrong)
        if turn >= rounds // 2:
            total += learner.directions
    # The mean over the later rounds is steadier than the last (Polyak and Juditsky 1992).
    mean: Vectors = total / np.float32(rounds - rounds // 2)
    return mean


def _encoded(counts: Any, directions: Vectors) -> tuple[Vectors, Vectors]:
    found = counts @ directions
    lengths = np.linalg.norm(found, axis=1, keepdims=True) + np.float32(1e-6)
    return found / lengths, lengths


def _through_length(slope: Vectors, unit: Vectors, lengths: Vectors) -> Vectors:
    """The slope before a vector was brought to length one."""
    along: Vectors = (slope * unit).sum(axis=1, keepdims=True) * unit
    return (slope - along) / lengths


def _thinned(counts: Any, random: np.random.Generator, share: float) -> Any:
    """The counts without a random share of their entries."""
    left = counts.copy()
    left.data = left.data * (random.random(len(left.data)) > share).astype(np.float32)
    left.eliminate_zeros()
    return left
