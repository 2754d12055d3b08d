"""What the ranker knows of every provision: vectors, clauses, neighbours, place in its law."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embeddings import StaticEmbedder, Vectors, unit
from knowledge.kinds import kinds_given
from knowledge.tokens import terms
from knowledge.topics import Subjects, law_of
from knowledge.worked import Worked, keys_of

_CLAUSE_END = re.compile(r"[；。\n]")
_SHORTEST_CLAUSE = 9

Numbers = NDArray[np.int32]
Small = NDArray[np.int8]
_ONE = np.float32(127)


@dataclass(frozen=True)
class Shape:
    """One row a provision; clauses and known terms hang on it by their starts."""

    vectors: Small
    chapter: Numbers
    chapters: Small
    law: Numbers
    laws: Small
    clauses: Small
    clause_starts: Numbers
    terms: Numbers
    term_starts: Numbers
    length: Numbers
    place: Vectors
    kinds: Small
    law_subject: Numbers
    chapter_subject: Numbers
    # The same texts by what their words mean in general language.
    senses: Small
    sense_chapters: Small
    sense_words: Numbers
    sense_starts: Numbers

    def save(self, folder: Path) -> None:
        """Write each part as a plain array."""
        folder.mkdir()
        for part in fields(self):
            np.save(folder / f"{part.name}.npy", getattr(self, part.name))

    @classmethod
    def load(cls, folder: Path) -> "Shape":
        """The parts written by `save`, whole: what happens to the files later changes no answer."""
        return cls(
            **{
                part.name: np.load(folder / f"{part.name}.npy", allow_pickle=False)
                for part in fields(cls)
            }
        )


@dataclass(frozen=True)
class Text:
    """What a provision says, under which law and chapter."""

    words: str
    context: str
    law: str


def shape(
    texts: Sequence[Text], embedder: StaticEmbedder, subjects: Subjects, senses: StaticEmbedder
) -> tuple[Shape, Vectors]:
    """What is known of the texts, which stand in the order of their laws; and their vectors."""
    worked = work_out(texts, embedder, senses, {})
    return assembled(texts, worked, embedder, subjects, senses), worked.vectors


def work_out(
    texts: Sequence[Text],
    embedder: StaticEmbedder,
    senses: StaticEmbedder,
    vocabulary: dict[str, int],
) -> Worked:
    """What each text is by itself; `vocabulary` is filled on the way."""
    found = [terms(text.words) for text in texts]
    counts, meant = embedder.counts(found), senses.counts(found)
    contexts = {context: n for n, context in enumerate(dict.fromkeys(t.context for t in texts))}
    around = embedder.counts([terms(context) for context in contexts])
    pieces = [_clauses(text.words) for text in texts]
    clauses = embedder.counts([terms(one) for row in pieces for one in row])
    tokens = [[vocabulary.setdefault(term, len(vocabulary)) for term in text] for text in found]
    known, known_starts = _terms(counts)
    sense_words, sense_starts = _terms(meant)
    return Worked(
        keys=keys_of([(text.words, text.context) for text in texts]),
        vectors=embedder.provisions(counts, around[[contexts[text.context] for text in texts]]),
        length=np.array([len(text.words) for text in texts], dtype=np.int32),
        kinds=kinds_given([text.words for text in texts]),
        senses=small(unit(senses.mean(meant))),
        tokens=np.array([one for text in tokens for one in text], dtype=np.int32),
        tokens_starts=np.cumsum([0, *map(len, tokens)]),
        clauses=small(unit(embedder.mean(clauses))),
        clauses_starts=np.cumsum([0, *map(len, pieces)]),
        terms=known,
        terms_starts=known_starts.astype(np.int64),
        sense_words=sense_words,
        sense_words_starts=sense_starts.astype(np.int64),
    )


def assembled(
    texts: Sequence[Text],
    worked: Worked,
    embedder: StaticEmbedder,
    subjects: Subjects,
    senses: StaticEmbedder,
) -> Shape:
    """The texts beside each other, in the order of their laws: what laws and chapters they make."""
    law = _numbered([text.law for text in texts])
    chapter = _numbered([f"{text.law}\0{text.context}" for text in texts])
    first = np.unique(chapter, return_index=True)[1]
    around = [terms(texts[row].context) for row in first]
    starts = np.searchsorted(law, law)
    return Shape(
        vectors=small(worked.vectors),
        chapter=chapter,
        chapters=small(unit(embedder.mean(embedder.counts(around)))),
        law=law,
        laws=small(unit(_sums(worked.vectors, law))),
        clauses=worked.clauses,
        clause_starts=worked.clauses_starts.astype(np.int32),
        terms=worked.terms,
        term_starts=worked.terms_starts.astype(np.int32),
        length=worked.length,
        place=((np.arange(len(texts)) - starts) / np.bincount(law)[law]).astype(np.float32),
        kinds=worked.kinds,
        law_subject=subjects.laws.numbered([law_of(text.context) for text in texts]),
        chapter_subject=subjects.chapters.numbered([text.context for text in texts]),
        senses=worked.senses,
        sense_chapters=small(unit(senses.mean(senses.counts(around)))),
        sense_words=worked.sense_words,
        sense_starts=worked.sense_words_starts.astype(np.int32),
    )


def small(vectors: Vectors) -> Small:
    """Unit vectors in one byte a number."""
    return np.round(vectors * _ONE).astype(np.int8)


def plain(vectors: Small) -> Vectors:
    """What `small` wrote, as unit vectors again."""
    found: Vectors = vectors.astype(np.float32) / _ONE
    return found


def likeness(vectors: Small, question: Vectors) -> Vectors:
    """The cosine of stored vectors with a unit vector."""
    found: Vectors = vectors.astype(np.float32) @ question / _ONE
    return found


def _numbered(names: Sequence[str]) -> Numbers:
    """Names as numbers, counted in the order in which they come."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)


def _sums(vectors: Vectors, law: Numbers) -> Vectors:
    total = np.zeros((int(law.max(initial=-1)) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(total, law, vectors)
    return total


def _terms(counts: Any) -> tuple[Numbers, Numbers]:
    """The known terms of every text; one without any is given the first, so that none is empty."""
    lengths = np.diff(counts.indptr)
    starts = np.cumsum([0, *np.maximum(lengths, 1)]).astype(np.int32)
    found = np.zeros(int(starts[-1]), dtype=np.int32)
    found[np.repeat(starts[:-1] - counts.indptr[:-1], lengths) + np.arange(counts.nnz)] = (
        counts.indices
    )
    return found, starts


def _clauses(text: str) -> list[str]:
    """The clauses of a text; a text of one clause is its own."""
    pieces = [one for one in _CLAUSE_END.split(text) if len(one) >= _SHORTEST_CLAUSE]
    return pieces if len(pieces) > 1 else [text]
