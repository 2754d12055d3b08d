"""Questions asked before, as vectors without their words, and the articles that answered them.

What was asked alike is often answered alike: the nearest of them vote (k nearest neighbours, Cover and
Hart 1967) for articles, for those beside, for chapters and laws. Where they come from: weights/CARD.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import WEIGHTS, Vectors
from knowledge.meeting import spans
from knowledge.shape import Numbers, Shape, Small, plain
from knowledge.ties import best_first

DIMENSIONS = 128
_VOTERS = 50
_NEAREST = 20
# How fast a vote falls with likeness: one 0.1 less like counts for a third.
_FALL = np.float32(0.1)
# Which articles stand beside one; each counts for less the farther off it is.
_STEPS = np.array([-3, -2, -1, 1, 2, 3])
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
        """The length of the TF-IDF of each of `count` questions, term counts taken as one."""
        found = np.bincount(self.asked, weights=idf[self.terms] ** 2, minlength=count)
        return np.sqrt(found)

    def likeness(self, columns: Rows, idf: Vectors, lengths: NDArray[np.float64]) -> Vectors:
        """The cosine of TF-IDF of a question with each whose length is given."""
        shared = np.zeros(len(lengths))
        for saying, weight in zip(self._saying(columns), idf[columns] ** 2, strict=True):
            shared[saying] += weight
        own = np.sqrt((idf[columns] ** 2).sum(dtype=np.float64))
        found: Vectors = (shared / np.maximum(lengths * own, _TINY)).astype(np.float32)
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
        # In the type of the terms, or all of them would be converted.
        wanted = columns.astype(self.terms.dtype)
        starts, ends = (np.searchsorted(self.terms, wanted, side) for side in ("left", "right"))
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
        found.sort(key=lambda pair: pair[0])
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
            len(ids),
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
class Alike:
    """How like each question asked before is, and the places of those most alike, ascending."""

    each: Vectors
    most: Rows

    @classmethod
    def of(cls, each: Vectors) -> "Alike":
        """From the likeness of each."""
        return cls(each, np.sort(best(each, _VOTERS)))


@dataclass(frozen=True)
class Located:
    """Precedents over the rows of one index, pairs of a question and a row in the order of the questions.

    A question's vote is shared among its answers.
    """

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
    # How many rows the index has.
    size: int

    def like(self, columns: Rows) -> Vectors:
        """How like each is by its words; 0 for one whose words are not kept."""
        return self.wordings.likeness(columns, self.idf, self.lengths)

    def answers(self, *alike: Alike) -> list[int]:
        """What answered the questions most like in any way."""
        found: list[int] = []
        for one in alike:
            near = one.most[np.sort(best(one.each[one.most], _NEAREST))]
            found += self.row[spans(self.starts, near[one.each[near] > 0])[0]].tolist()
        return found

    def answered(self, rows: Rows) -> tuple[Numbers, NDArray[Any]]:
        """The questions these rows answer, and for each the place of its row among them."""
        order, starts = self._by_row
        pairs, _ = spans(starts, rows)
        place = np.repeat(np.arange(len(rows)), starts[rows + 1] - starts[rows])
        return self.asked[order[pairs]], place

    @cached_property
    def starts(self) -> Numbers:
        """Where the pairs of each question begin."""
        return np.searchsorted(self.asked, np.arange(len(self.vectors) + 1)).astype(np.int32)

    @cached_property
    def _by_row(self) -> tuple[Rows, Numbers]:
        """The pairs in the order of the rows, and where those of each row begin."""
        order: Rows = np.argsort(self.row, kind="stable")
        starts = np.searchsorted(self.row[order], np.arange(self.size + 1))
        return order, starts.astype(np.int32)


@dataclass(frozen=True)
class Votes:
    """One number a candidate each: shares of all votes, and the likeness of the nearest question."""

    article: Vectors
    nearest: Vectors
    beside: Vectors
    chapter: Vectors
    law: Vectors


def votes(before: Located, alike: Alike, shape: Shape, rows: Rows) -> Votes:
    """The votes for candidates of the questions most alike."""
    size = len(shape.law)
    like = alike.each[alike.most]
    cast = np.exp((like - like.max(initial=-1)) / _FALL)
    pairs, _ = spans(before.starts, alike.most)
    to = before.row[pairs]
    weight = cast[np.searchsorted(alike.most, before.asked[pairs])] * before.weight[pairs]
    weight = weight / max(float(weight.sum()), float(_TINY))
    article = np.bincount(to, weights=weight, minlength=size).astype(np.float32)
    questions, place = before.answered(rows)
    nearest = np.zeros(len(rows), dtype=np.float32)
    np.maximum.at(nearest, place, alike.each[questions])
    others = rows[:, None] + _STEPS
    there = np.clip(others, 0, size - 1)
    same = (shape.law[there] == shape.law[rows][:, None]) & (there == others)
    beside = (np.where(same, article[there], 0) / np.abs(_STEPS)).sum(axis=1).astype(np.float32)
    return Votes(
        article=article[rows],
        nearest=nearest,
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


def best(scores: Vectors, count: int) -> Rows:
    """The places of the greatest, the greatest first; of equal ones the first."""
    rows = np.arange(len(scores))
    highest = scores.max(initial=0)
    # Sorting the few that are nearly as high is faster than parting all of them.
    for share in (0.5, 0.25, 0.125):
        high = np.flatnonzero(scores > highest * share)
        if len(high) >= count:
            rows = high
            break
    return rows[best_first(scores[rows])[:count]]


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
