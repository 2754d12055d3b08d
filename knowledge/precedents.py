"""Questions asked before, as vectors without their words, and the articles that answered them.

What was asked alike is often answered alike: the nearest of them vote (k nearest neighbours, Cover and
Hart 1967) for articles, for those beside, for chapters and laws. Where they come from: weights/CARD.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import WEIGHTS, Vectors
from knowledge.shape import Numbers, Shape, Small, plain

DIMENSIONS = 128
_VOTERS = 50
_NEAREST = 20
# How fast a vote falls with likeness: one 0.1 less like counts for a third.
_FALL = np.float32(0.1)
_BESIDE = 3
_TINY = np.float32(1e-6)

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Wordings:
    """Which questions say a term, for those whose words are kept, as pairs sorted by term.

    Terms are columns of the embedding these questions were trained under.
    """

    terms: Numbers
    asked: Numbers

    def lengths(self, idf: Vectors, count: int) -> NDArray[np.float64]:
        """The squared length of the TF-IDF of each of `count` questions, term counts taken as one."""
        found = np.bincount(self.asked, weights=idf[self.terms] ** 2, minlength=count)
        return np.asarray(found, dtype=np.float64)

    def likeness(self, columns: Rows, idf: Vectors, lengths: NDArray[np.float64]) -> Vectors:
        """The cosine of TF-IDF of a question with each whose squared length is given."""
        shared = np.zeros(len(lengths))
        for saying, weight in zip(self._saying(columns), idf[columns] ** 2, strict=True):
            shared[saying] += weight
        own = float((idf[columns] ** 2).sum())
        found: Vectors = (shared / np.sqrt(np.maximum(lengths * own, _TINY))).astype(np.float32)
        return found

    def by_row(self, asked: Numbers, row: Numbers, size: int) -> "Wordings":
        """Which rows say a term by a question they answer, of pairs of a question and a row."""
        order = np.argsort(asked, kind="stable")
        asked, row = asked[order], row[order]
        first, last = (np.searchsorted(asked, self.asked, side) for side in ("left", "right"))
        terms = np.repeat(self.terms, last - first)
        begins = np.repeat(
            first - np.concatenate([[0], np.cumsum(last - first)[:-1]]), last - first
        )
        rows = row[begins + np.arange(len(terms))]
        both = np.unique(terms.astype(np.int64) * max(size, 1) + rows)
        return Wordings(
            (both // max(size, 1)).astype(np.int32), (both % max(size, 1)).astype(np.int32)
        )

    def weight(self, columns: Rows, size: int) -> Vectors:
        """The summed weight of the terms each of `size` says, a term weighing more the fewer say it."""
        found = np.zeros(size, dtype=np.float32)
        for saying in self._saying(columns):
            if len(saying):
                found[saying] += np.float32(np.log1p(self._speakers / len(saying)))
        return found

    def _saying(self, columns: Rows) -> Iterator[Numbers]:
        """Who says each of these terms."""
        starts, ends = (np.searchsorted(self.terms, columns, side) for side in ("left", "right"))
        return (self.asked[start:end] for start, end in zip(starts, ends, strict=True))

    @cached_property
    def _speakers(self) -> int:
        return len(np.unique(self.asked))


@dataclass(frozen=True)
class Precedents:
    """A row a question: its vector, its general sense; and pairs of a question with an article."""

    vectors: Small
    senses: Small
    wordings: Wordings
    # Law and article, as "民法典#188".
    articles: tuple[str, ...]
    asked: Numbers
    answer: Numbers

    def located(self, ids: Sequence[str], idf: Vectors) -> "Located":
        """The same where the articles stand in an index with these identifiers of provisions.

        `idf`: of the embedding these questions were trained under.
        """
        rows: dict[str, list[int]] = defaultdict(list)
        for row, one in enumerate(ids):
            name, _, rest = one.partition("@")
            rows[f"{name}#{rest.rpartition('#')[2]}"].append(row)
        found = [
            (asked, row)
            for asked, answer in zip(self.asked.tolist(), self.answer.tolist(), strict=True)
            for row in rows.get(self.articles[answer], ())
        ]
        pairs = np.array(found, dtype=np.int32).reshape(-1, 2)
        said = self.wordings.by_row(pairs[:, 0], pairs[:, 1], len(ids))
        held = np.bincount(pairs[:, 0], minlength=len(self.vectors))
        weight = (1 / held[pairs[:, 0]]).astype(np.float32)
        return Located(
            plain(self.vectors),
            plain(self.senses),
            self.wordings,
            said,
            idf,
            self.wordings.lengths(idf, len(self.vectors)),
            pairs[:, 0],
            pairs[:, 1],
            weight,
        )

    def save(self, path: Path) -> None:
        """Write them as plain arrays."""
        np.savez_compressed(
            path,
            vectors=self.vectors,
            senses=self.senses,
            terms=self.wordings.terms,
            term_asked=self.wordings.asked,
            articles=np.frombuffer("\n".join(self.articles).encode(), dtype=np.uint8),
            asked=self.asked,
            answer=self.answer,
        )

    @classmethod
    def load(cls, path: Path) -> "Precedents":
        """What `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            articles = arrays["articles"].tobytes().decode()
            return cls(
                arrays["vectors"],
                arrays["senses"],
                Wordings(arrays["terms"], arrays["term_asked"]),
                tuple(articles.split("\n")) if articles else (),
                arrays["asked"],
                arrays["answer"],
            )


@dataclass(frozen=True)
class Located:
    """Precedents over the rows of one index; a question's vote is shared among its answers."""

    vectors: Vectors
    senses: Vectors
    wordings: Wordings
    # The same by row: who says it is an article, by any of its questions.
    said: Wordings
    idf: Vectors
    lengths: NDArray[np.float64]
    asked: Numbers
    row: Numbers
    weight: Vectors

    def like(self, columns: Rows) -> Vectors:
        """How like each is by its words; 0 for one whose words are not kept."""
        return self.wordings.likeness(columns, self.idf, self.lengths)

    def answers(self, *likenesses: Vectors) -> list[int]:
        """What answered the questions most like in any way."""
        found: list[int] = []
        for like in likenesses:
            near = np.zeros(len(like), dtype=np.bool_)
            near[_most(like, _NEAREST)] = True
            found += self.row[(near & (like > 0))[self.asked]].tolist()
        return found


@dataclass(frozen=True)
class Votes:
    """One number a candidate each: shares of all votes, and the likeness of the nearest question."""

    article: Vectors
    nearest: Vectors
    beside: Vectors
    chapter: Vectors
    law: Vectors


def votes(before: Located, like: Vectors, shape: Shape, rows: Rows) -> Votes:
    """The votes for candidates of the questions most alike; `like` is the likeness of each."""
    size = len(shape.law)
    cast = np.zeros_like(like)
    voters = _most(like, _VOTERS)
    cast[voters] = np.exp((like[voters] - like.max(initial=-1)) / _FALL)
    pairs = np.flatnonzero(cast[before.asked])
    to, weight = before.row[pairs], cast[before.asked[pairs]] * before.weight[pairs]
    weight = weight / max(float(weight.sum()), float(_TINY))
    article = np.bincount(to, weights=weight, minlength=size).astype(np.float32)
    nearest = np.zeros(size, dtype=np.float32)
    np.maximum.at(nearest, before.row, like[before.asked])
    beside = np.zeros(len(rows), dtype=np.float32)
    for step in (n for n in range(-_BESIDE, _BESIDE + 1) if n):
        other = np.clip(rows + step, 0, size - 1)
        same = (shape.law[other] == shape.law[rows]) & (other == rows + step)
        beside += np.where(same, article[other], 0) / np.float32(abs(step))
    return Votes(
        article=article[rows],
        nearest=nearest[rows],
        beside=beside,
        chapter=_by_group(shape.chapter, to, weight, rows),
        law=_by_group(shape.law, to, weight, rows),
    )


def lent(of: Votes, lenders: Rows) -> Votes:
    """The votes, each candidate having those of its lender."""
    return Votes(*(getattr(of, one.name)[lenders] for one in fields(of)))


def lenders_of(near: Vectors, policy: NDArray[np.bool_]) -> Rows:
    """Whose votes each candidate has: its own, a section of a company's policy those of an equally near law.

    No question asked before can have been about it: that it has no votes says nothing of it.
    """
    source = np.arange(len(near))
    if policy.all() or not policy.any():
        return source
    lenders = np.flatnonzero(~policy)[np.argsort(near[~policy], kind="stable")]
    place = np.searchsorted(near[lenders], near[policy])
    source[policy] = lenders[np.minimum(place, len(lenders) - 1)]
    return source


def _most(like: Vectors, count: int) -> Rows:
    """The places of the greatest, in no order."""
    if len(like) <= count:
        return np.arange(len(like))
    found: Rows = np.argpartition(-like, count)[:count]
    return found


def _by_group(groups: Numbers, to: Numbers, weight: Vectors, rows: Rows) -> Vectors:
    of = groups[rows]
    total = np.bincount(groups[to], weights=weight, minlength=int(of.max(initial=0)) + 1)
    found: Vectors = total[of].astype(np.float32)
    return found


def likeness_before(kept: Vectors, vector: Vectors | None) -> Vectors:
    """How like each question asked before is; 0 where nothing of this one is known."""
    return np.zeros(len(kept), dtype=np.float32) if vector is None else kept @ vector


_NONE = np.zeros((0, DIMENSIONS), dtype=np.int8)
_NOTHING = np.zeros(0, dtype=np.int32)
NO_PRECEDENTS = Precedents(_NONE, _NONE, Wordings(_NOTHING, _NOTHING), (), _NOTHING, _NOTHING)


@cache
def built_in_precedents() -> Precedents:
    """The precedents shipped with the product, read once."""
    return Precedents.load(WEIGHTS / "precedents.npz")
