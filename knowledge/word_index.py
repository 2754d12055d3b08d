"""Search by words: BM25 scores, and how much of a question a text covers."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.synonyms import everyday, on_subject
from knowledge.tokens import pairs, stop_words, words

Scores = NDArray[np.float32]
Counts = NDArray[np.int32]
_K1, _B = 1.2, 0.6
_HOLDERS = "holders.npy"

# What a statutory phrase counts for beside the word that was said, and a pair beside a word.
_ALTERNATIVE = 0.7
PAIR_WEIGHT = 0.5
# A text that touches one thing of several asked about, and a word that no text has: everyday
# questions are full of them (偷偷, 店里), so they weigh less than the rarest known one.
_ONE_OF_SEVERAL = np.float32(0.75)
_UNKNOWN = 0.6


@dataclass(frozen=True)
class Concept:
    """One thing the question speaks of: its own words, or other words for it."""

    own: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Question:
    """A question taken apart: what it speaks of, and its character pairs."""

    concepts: tuple[Concept, ...]
    pairs: tuple[str, ...]
    on_subject: bool

    def others(self) -> list[str]:
        """What the things asked about are called in a statute."""
        return [word for c in self.concepts for phrase in c.others for word in phrase]

    def terms(self) -> list[str]:
        """Every term to look for, other words included."""
        found = [word for c in self.concepts for phrase in (c.own, *c.others) for word in phrase]
        return [*found, *self.pairs]


def understand(text: str) -> Question:
    """The question as concepts; grammar and words of asking are left out."""
    concepts: list[Concept] = []
    place = 0
    for said in everyday(text):
        concepts += map(Concept, _telling(text[place : said.start]))
        others = tuple(tuple(_content(phrase)) for phrase in said.law if phrase != said.phrase)
        concepts.append(Concept(tuple(_content(said.phrase)), tuple(filter(None, others))))
        place = said.end
    concepts += map(Concept, _telling(text[place:]))
    spoken = "".join(word if word not in stop_words() else " " for word in words(text))
    return Question(
        tuple(dict.fromkeys(concepts)), tuple(dict.fromkeys(pairs(spoken))), on_subject(text)
    )


def _telling(text: str) -> list[tuple[str, ...]]:
    """What is asked, a tuple of terms each: words, and 年假 left in two characters as its pair.

    A character alone, or a digit, occurs anywhere and tells nothing.
    """
    found: list[tuple[str, ...]] = []
    run = ""
    for word in [*words(text), ""]:
        single = len(word) == 1 and not word.isascii() and word not in stop_words()
        if single:
            run += word
            continue
        if len(run) > 1 and run in text:
            found.append(tuple(pairs(run)))
        run = ""
        if len(word) > 1 and word not in stop_words():
            found.append((word,))
    return found


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in stop_words()]


def _bm25s() -> Any:
    """The library, loaded at first use; at import it sets its logger to DEBUG, undone here."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


def _put_beside(
    bm25: Any, ids: Sequence[Sequence[int]], counted: NDArray[np.intp], holders: Counts
) -> None:
    """Give every text its own row, those not counted scored by the counts of the others."""
    kept = bm25.scores
    columns = np.repeat(np.arange(len(kept["indptr"]) - 1), np.diff(kept["indptr"]))
    parts = [(columns, counted[kept["indices"]], np.asarray(kept["data"]))]
    usual = np.mean([len(ids[row]) for row in counted]) or 1.0
    for row in sorted(set(range(len(ids))) - set(counted.tolist())):
        found, times = np.unique(np.asarray(ids[row], dtype=np.int64), return_counts=True)
        rare = np.log1p((holders[-1] - holders[found] + 0.5) / (holders[found] + 0.5))
        length = _K1 * (1 - _B + _B * len(ids[row]) / usual)
        parts.append((found, np.full(len(found), row), rare * times / (length + times)))
    column, rows, data = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((rows, column))
    bm25.scores = {
        **kept,
        "data": data[order].astype(np.float32),
        "indices": rows[order].astype(np.int32),
        "indptr": np.searchsorted(column[order], np.arange(len(holders))).astype(np.int64),
        "num_docs": len(ids),
    }


class WordIndex:
    """A bm25s index over term lists; one row per text.

    How rare a word is, is told by the texts that are for everybody alone: what some may not read must
    not move the scores of what they do.
    """

    def __init__(self, bm25: Any, holders: Counts) -> None:
        """`holders` says how many texts for everybody have each term, and last, how many there are."""
        self._bm25 = bm25
        self._holders = holders
        self.vocabulary: dict[str, int] = bm25.vocab_dict
        scores = bm25.scores
        # Plain arrays over mapped files: what a question needs is read, and no more.
        self._data, self._rows, self._starts = (
            np.asarray(scores[part]) for part in ("data", "indices", "indptr")
        )
        self.size = int(scores["num_docs"])
        self._counted = int(holders[-1])
        self._highest_idf = float(np.log1p(self._counted))

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]], vocabulary: dict[str, int]) -> "WordIndex":
        """An index over texts given as term lists; `vocabulary` is filled on the way."""
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in text] for text in texts]
        return cls.from_ids(ids, vocabulary)

    @classmethod
    def from_ids(
        cls,
        ids: Sequence[Sequence[int]],
        vocabulary: dict[str, int],
        public: Sequence[bool] | None = None,
    ) -> "WordIndex":
        """An index over texts given as numbers of terms; `public` says which are for everybody."""
        counted = [n for n in range(len(ids)) if public is None or public[n]] or range(len(ids))
        bm25 = _bm25s().BM25(k1=_K1, b=_B, method="lucene")
        bm25.index(([ids[n] for n in counted], vocabulary), show_progress=False)
        holders = np.zeros(len(vocabulary) + 1, dtype=np.int32)
        starts = bm25.scores["indptr"]
        holders[: len(starts) - 1] = np.diff(starts)
        holders[-1] = len(counted)
        if len(counted) < len(ids):
            _put_beside(bm25, ids, np.array(counted), holders)
        return cls(bm25, holders)

    @classmethod
    def load(cls, folder: Path) -> "WordIndex":
        """The index saved in that folder, read whole: a file cut while it is mapped ends the process."""
        bm25 = _bm25s().BM25.load(str(folder))
        return cls(bm25, np.load(folder / _HOLDERS, allow_pickle=False))

    def save(self, folder: Path) -> None:
        """Write the index into that folder."""
        self._bm25.save(str(folder))
        np.save(folder / _HOLDERS, self._holders)

    def word_scores(self, question: Question) -> Scores:
        """The BM25 score of every text by words; of several wordings of one thing the best counts."""
        total = np.zeros(self.size, dtype=np.float32)
        for concept in question.concepts:
            if not concept.others:
                self._add(concept.own, total)
                continue
            best = self._sum(concept.own)
            for phrase in concept.others:
                np.maximum(best, _ALTERNATIVE * self._sum(phrase), out=best)
            total += best
        return total

    def pair_scores(self, question: Question) -> Scores:
        """The BM25 score of every text by the pairs of the question alone."""
        return self._sum(question.pairs)

    def scores(self, question: Question) -> Scores:
        """The BM25 score of every text, pairs beside words."""
        found: Scores = self.word_scores(question) + PAIR_WEIGHT * self.pair_scores(question)
        return found

    def coverage(self, question: Question) -> Scores:
        """How much of the question every text speaks of, 0 to 1, rare words counting more."""
        total = np.zeros(self.size, dtype=np.float32)
        touched = np.zeros(self.size, dtype=np.int16)
        weight = 0.0
        for concept in question.concepts:
            worth = self._worth(concept)
            weight += worth
            if len(concept.own) == 1 and not concept.others:
                holders = self._rows[self._column(concept.own[0])]
                total[holders] += np.float32(worth)
                touched[holders] += 1
                continue
            best = self._share(concept.own)
            rarest = max(map(self._weight, concept.others), default=1.0)
            for phrase in concept.others:
                # A general phrase (告知) stands for the thing less than a telling one does.
                likeness = np.float32(0.5 + 0.5 * self._weight(phrase) / rarest)
                np.maximum(best, likeness * self._share(phrase), out=best)
            total += np.float32(worth) * best
            touched += best > 0
        if len(question.concepts) > 1:
            total[touched == 1] *= _ONE_OF_SEVERAL
        return total / np.float32(weight) if weight else total

    def _worth(self, concept: Concept) -> float:
        """How telling a concept is: by its rarest word; see `_UNKNOWN` for words no text has.

        Where other wordings exist, the commonest of them decides: saying 碎掉 for 删除 is no
        rarer a thing to ask.
        """
        own = max(map(self._idf, concept.own), default=0.0)
        others = [max(map(self._idf, phrase)) for phrase in concept.others]
        return min([own, *others]) if others else own

    def _weight(self, phrase: Sequence[str]) -> float:
        return sum(map(self._idf, phrase))

    def _idf(self, term: str) -> float:
        column = self.vocabulary.get(term)
        holders = 0 if column is None else int(self._holders[column])
        if not holders:
            return _UNKNOWN * self._highest_idf
        return float(np.log1p(self._counted / holders))

    def _sum(self, terms: Sequence[str]) -> Scores:
        total = np.zeros(self.size, dtype=np.float32)
        self._add(terms, total)
        return total

    def _add(self, terms: Sequence[str], total: Scores) -> None:
        for term in terms:
            rows = self._column(term)
            total[self._rows[rows]] += self._data[rows]

    def _share(self, terms: Sequence[str]) -> Scores:
        """The share of these terms each text holds."""
        total = np.zeros(self.size, dtype=np.float32)
        for term in terms:
            total[self._rows[self._column(term)]] += 1
        return total / np.float32(max(1, len(terms)))

    def _column(self, term: str) -> slice:
        column = self.vocabulary.get(term)
        if column is None:
            return slice(0, 0)
        return slice(int(self._starts[column]), int(self._starts[column + 1]))
