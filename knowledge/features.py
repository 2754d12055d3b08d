"""What speaks for a candidate, as numbers for the ranker. Used alike to train it and to run it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import StaticEmbedder, Vectors, unit
from knowledge.kinds import Flags
from knowledge.meeting import TINY, Asked, Meeting, Rows, meeting, meeting_in_sense, shares, spans
from knowledge.precedents import Alike, Located, Votes, lenders_of, lent, likeness_before, votes
from knowledge.shape import Numbers, Shape, Small, likeness
from knowledge.ties import best_first
from knowledge.topics import Subjects

Seen = NDArray[np.bool_]

# Reciprocal ranks are smoothed as in Cormack, Clarke and Büttcher 2009.
_SMOOTHING = np.float32(60)
_VOTERS, _LEAD = 50, 5
# What the words of questions an article answers count for beside its own.
SAID_SHARE = np.float32(0.3)


@dataclass(frozen=True)
class Evidence:
    """What the word indexes say of every row that may be seen, 0 for the others."""

    words: Vectors
    pairs: Vectors
    context: Vectors
    coverage: Vectors
    seen: Seen
    # What questions it answers say: see `Wordings.weight`.
    said: Vectors


@dataclass(frozen=True)
class Known:
    """What is known before anything is asked."""

    shape: Shape
    embedder: StaticEmbedder
    subjects: Subjects
    senses: StaticEmbedder
    before: Located
    # Of each row, whether it is a company's policy.
    policy: NDArray[np.bool_]


@dataclass(frozen=True)
class _Meant:
    """How candidates meet the question in general sense: 0 where none of its words is known."""

    near: Vectors
    chapter: Vectors
    met: Vectors
    telling: Vectors
    missed: Vectors
    text: Vectors


@dataclass(frozen=True)
class _Candidates:
    """The candidates of one question, with what several features rest on."""

    rows: Rows
    near: Vectors
    words: Vectors
    pairs: Vectors
    wide: Vectors
    near_rank: Vectors
    word_rank: Vectors
    context: Vectors
    coverage: Vectors
    clause: Vectors
    met: Meeting
    like_best: Vectors
    law_subject: Vectors
    chapter_subject: Vectors
    asked_kinds: Flags
    kinds: Flags
    beside_near: Vectors
    beside_words: Vectors
    law: Numbers
    in_law: Vectors
    chapter: Numbers
    in_chapter: Vectors
    length: Numbers
    place: Vectors
    meant: _Meant
    votes: Votes
    sense_votes: Votes
    word_votes: Votes
    said: Vectors
    words_and_said: Vectors


def features(
    known: Known,
    of: Asked,
    sense: Asked | None,
    like: Sequence[Alike],
    evidence: Evidence,
    rows: Rows,
) -> Vectors:
    """A row of numbers a candidate, in the order of FEATURES.

    `sense` is the question in `senses`, `like` what `alike` says of it.
    """
    shape = known.shape
    vectors = shape.vectors[rows]
    near, words = likeness(vectors, of.vector), evidence.words[rows]
    near_rank, word_rank = _ranks(near), _ranks(words)
    law, chapter, before = shape.law[rows], shape.chapter[rows], known.before
    lenders = lenders_of(near, known.policy[rows])
    by_vector, by_sense, by_words = (lent(votes(before, one, shape, rows), lenders) for one in like)
    said = evidence.said[rows][lenders]
    beside, held = _beside(shape, evidence.seen, rows)
    by = _Candidates(
        rows=rows,
        near=near,
        words=words,
        pairs=evidence.pairs[rows],
        wide=near if of.wide is of.vector else likeness(vectors, of.wide),
        near_rank=near_rank,
        word_rank=word_rank,
        context=evidence.context[rows],
        coverage=evidence.coverage[rows],
        clause=_clauses(shape, of, rows),
        met=meeting(shape.terms, shape.term_starts, known.embedder, of, rows),
        like_best=_like_best(vectors, near_rank, word_rank),
        law_subject=known.subjects.laws.likely(of.vector)[shape.law_subject[rows]],
        chapter_subject=known.subjects.chapters.likely(of.vector)[shape.chapter_subject[rows]],
        asked_kinds=of.kinds,
        kinds=shape.kinds[rows],
        beside_near=_better(likeness(shape.vectors[beside], of.vector), held),
        beside_words=_better(evidence.words[beside], held),
        law=law,
        in_law=likeness(shape.laws[law], of.vector),
        chapter=chapter,
        in_chapter=likeness(shape.chapters[chapter], of.vector),
        length=shape.length[rows],
        place=shape.place[rows],
        meant=_meant(shape, known.senses, sense, rows),
        votes=by_vector,
        sense_votes=by_sense,
        word_votes=by_words,
        said=said,
        words_and_said=words + SAID_SHARE * said,
    )
    numbers = np.empty((len(_RULES), len(rows)), dtype=np.float32)
    for row, rule in zip(numbers, _RULES.values(), strict=True):
        row[:] = rule(by)
    return numbers.T


def alike(before: Located, of: Asked, sense: Asked | None) -> tuple[Alike, Alike, Alike]:
    """How like the question is to each asked before: by vector, in general sense, by words."""
    return (
        Alike.of(likeness_before(before.vectors, of.vector)),
        Alike.of(likeness_before(before.senses, sense.vector if sense else None)),
        Alike.of(before.like(of.columns)),
    )


_VOTED: Mapping[str, Callable[[Votes], Vectors]] = {
    "article": lambda by: by.article,
    "nearest": lambda by: by.nearest,
    "nearest, to best": lambda by: by.nearest - by.nearest.max(),
    "rank": lambda by: np.log1p(_ranks(by.article)),
    "beside": lambda by: by.beside,
    "chapter": lambda by: by.chapter,
    "law": lambda by: by.law,
}


def _voted(
    name: str, of: Callable[[_Candidates], Votes]
) -> Mapping[str, Callable[[_Candidates], Vectors]]:
    """The rules of one kind of votes."""

    def applied(rule: Callable[[Votes], Vectors]) -> Callable[[_Candidates], Vectors]:
        return lambda by: rule(of(by))

    return {f"{name}, {what}": applied(rule) for what, rule in _VOTED.items()}


# How often an article answered any training question is left out on purpose: those questions are of
# general law, ours of client information. Only what answered a question like this one counts.
_RULES: Mapping[str, Callable[[_Candidates], Vectors]] = {
    "near": lambda by: by.near,
    "near, to best": lambda by: by.near - by.near.max(),
    "near, rank": lambda by: np.log1p(by.near_rank),
    "words": lambda by: by.words,
    "words, to best": lambda by: by.words / max(by.words.max(), TINY),
    "words, rank": lambda by: np.log1p(by.word_rank),
    "fused": lambda by: _reciprocal(by.near_rank) + _reciprocal(by.word_rank),
    "context words": lambda by: by.context,
    "coverage": lambda by: by.coverage,
    "coverage, to best": lambda by: by.coverage - by.coverage.max(),
    "clause": lambda by: by.clause,
    "clause, to best": lambda by: by.clause - by.clause.max(),
    "terms met": lambda by: by.met.by_weight,
    "terms met, to best": lambda by: by.met.by_weight - by.met.by_weight.max(),
    "terms met, by rarity": lambda by: by.met.by_idf,
    "terms met, by rarity, to best": lambda by: by.met.by_idf - by.met.by_idf.max(),
    "terms met exactly": lambda by: by.met.exact,
    "terms met exactly, to best": lambda by: by.met.exact - by.met.exact.max(),
    "terms met alike": lambda by: by.met.alike,
    "terms akin": lambda by: by.met.akin,
    "term most missed": lambda by: by.met.missed,
    "telling terms met": lambda by: by.met.telling,
    "run": lambda by: by.met.run,
    "run, to best": lambda by: by.met.run - by.met.run.max(),
    "share of text met": lambda by: by.met.share,
    "share of text akin": lambda by: by.met.text,
    "share of text akin, to best": lambda by: by.met.text - by.met.text.max(),
    "pairs": lambda by: by.pairs,
    "pairs, to best": lambda by: by.pairs / max(by.pairs.max(), TINY),
    "near, wider": lambda by: by.wide,
    "near, wider, to best": lambda by: by.wide - by.wide.max(),
    "near, wider, rank": lambda by: np.log1p(_ranks(by.wide)),
    "like the best": lambda by: by.like_best,
    "near, spread": lambda by: _spread(by.near),
    "words, spread": lambda by: _spread(by.words),
    "near, rank in law": lambda by: _within(by.law, by.near_rank),
    "words, rank in law": lambda by: _within(by.law, by.word_rank),
    "near, rank in chapter": lambda by: _within(by.chapter, by.near_rank),
    "words, rank in chapter": lambda by: _within(by.chapter, by.word_rank),
    "kinds agreed": lambda by: (by.kinds @ by.asked_kinds).astype(np.float32),
    "kinds missed": lambda by: ((1 - by.kinds) @ by.asked_kinds).astype(np.float32),
    "law, turned to": lambda by: by.law_subject,
    "law, turned to, to best": lambda by: by.law_subject - by.law_subject.max(),
    "chapter, turned to": lambda by: by.chapter_subject,
    "chapter, turned to, to best": lambda by: by.chapter_subject - by.chapter_subject.max(),
    "near, above beside": lambda by: by.near - by.beside_near,
    "neighbour, near": lambda by: by.beside_near,
    "neighbour, words": lambda by: by.beside_words / max(by.words.max(), TINY),
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
    "sense": lambda by: by.meant.near,
    "sense, to best": lambda by: by.meant.near - by.meant.near.max(),
    "sense, rank": lambda by: np.log1p(_ranks(by.meant.near)),
    "sense of chapter": lambda by: by.meant.chapter,
    "senses met": lambda by: by.meant.met,
    "senses met, to best": lambda by: by.meant.met - by.meant.met.max(),
    "telling senses met": lambda by: by.meant.telling,
    "sense most missed": lambda by: by.meant.missed,
    "share of text meant": lambda by: by.meant.text,
    **_voted("asked alike", lambda by: by.votes),
    **_voted("asked in like sense", lambda by: by.sense_votes),
    **_voted("asked in like words", lambda by: by.word_votes),
    "said": lambda by: by.said,
    "said, to best": lambda by: by.said / max(by.said.max(), TINY),
    "words and said": lambda by: by.words_and_said,
    "words and said, to best": lambda by: by.words_and_said / max(by.words_and_said.max(), TINY),
    "words and said, rank": lambda by: np.log1p(_ranks(by.words_and_said)),
}
FEATURES = tuple(_RULES)


def _meant(shape: Shape, senses: StaticEmbedder, sense: Asked | None, rows: Rows) -> _Meant:
    if sense is None:
        nothing = np.zeros(len(rows), dtype=np.float32)
        return _Meant(nothing, nothing, nothing, nothing, nothing, nothing)
    met = meeting_in_sense(shape.sense_words, shape.sense_starts, senses, sense, rows)
    return _Meant(
        near=likeness(shape.senses[rows], sense.vector),
        chapter=likeness(shape.sense_chapters[shape.chapter[rows]], sense.vector),
        met=met.by_idf,
        telling=met.telling,
        missed=met.missed,
        text=met.text,
    )


def _spread(scores: Vectors) -> Vectors:
    """How far above the mean, in standard deviations."""
    found: Vectors = (scores - scores.mean()) / max(float(scores.std()), float(TINY))
    return found


def _within(groups: Numbers, ranks: Vectors) -> Vectors:
    """The place of each among those of its group, the best first."""
    order = np.lexsort((ranks, groups))
    grouped = groups[order]
    begins = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]]))
    sizes = np.diff(np.concatenate([begins, [len(grouped)]]))
    places = np.empty(len(order), dtype=np.float32)
    places[order] = np.arange(len(order)) - np.repeat(begins, sizes)
    found: Vectors = np.log1p(places)
    return found


def _like_best(vectors: Small, near_rank: Vectors, word_rank: Vectors) -> Vectors:
    """The likeness to the few that lead in both ways (pseudo relevance feedback)."""
    lead = best_first(_reciprocal(near_rank) + _reciprocal(word_rank))[:_LEAD]
    return likeness(vectors, unit(vectors[lead].astype(np.float32).sum(axis=0)))


def _reciprocal(ranks: Vectors) -> Vectors:
    found: Vectors = np.float32(1) / (_SMOOTHING + ranks)
    return found


def _ranks(scores: Vectors) -> Vectors:
    order = best_first(scores)
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[order] = np.arange(len(scores))
    return ranks


def _votes(groups: Numbers, scores: Vectors, ranks: Vectors) -> Vectors:
    """The share of the best candidates' scores that the group of each candidate holds."""
    cast = np.where(ranks < _VOTERS, np.maximum(scores, 0), 0)
    return shares(np.bincount(groups, weights=cast).astype(np.float32))[groups]


def _clauses(shape: Shape, of: Asked, rows: Rows) -> Vectors:
    """The likeness of the best clause of each."""
    flat, starts = spans(shape.clause_starts, rows)
    best: Vectors = np.maximum.reduceat(likeness(shape.clauses[flat], of.vector), starts)
    return best


def _beside(shape: Shape, seen: Seen, rows: Rows) -> tuple[Rows, Seen]:
    """The articles before and after, one after the other; and whether they are of the same law and visible."""
    beside = np.clip(np.concatenate([rows - 1, rows + 1]), 0, len(shape.law) - 1)
    rows = np.tile(rows, 2)
    return beside, (shape.law[beside] == shape.law[rows]) & seen[beside] & (beside != rows)


def _better(scores: Vectors, held: Seen) -> Vectors:
    """The better score of those before and after, of those that are held."""
    found: Vectors = np.where(held, scores, 0).reshape(2, -1).max(axis=0, initial=0)
    return found
