"""The texts that training sees, and an index over them in memory."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.embeddings import StaticEmbedder, built_in_senses
from knowledge.index import Generation
from knowledge.ingest import entries_of
from knowledge.precedents import NO_PRECEDENTS, Precedents
from knowledge.provisions import EVERYONE, Provision, Standing
from knowledge.regulations import read_regulations
from knowledge.search import prior
from knowledge.shape import Text, shape
from knowledge.sources import short_name
from knowledge.statutes import read_statutes
from knowledge.store import Document
from knowledge.tokens import terms
from knowledge.topics import NONE, Subjects
from knowledge.vectors import ExactVectors
from knowledge.word_index import WordIndex

_CLAUSE_END = re.compile(r"[；。\n]")
_SHORTEST = 9
_ALWAYS = date.max.toordinal()


@dataclass(frozen=True)
class Corpus:
    """Provisions in force, in the order of their laws, as texts to index."""

    provisions: tuple[Provision, ...]
    texts: tuple[Text, ...]

    def row_of(self) -> dict[tuple[str, str], int]:
        """(name, article) → row."""
        return {(short_name(p.instrument), p.article): n for n, p in enumerate(self.provisions)}


def read_corpus(as_of: date, regulations: Path | None) -> Corpus:
    """Every national law, and official texts of a folder, as they stand on that day."""
    found = [p for version in read_statutes() for p in version.provisions]
    for document in read_regulations(regulations) if regulations else ():
        if isinstance(document, Document):
            found += document.provisions
    held = [p for p in found if p.standing(as_of) is Standing.IN_FORCE]
    held.sort(key=lambda p: p.id.partition("#")[0])
    texts = tuple(
        Text(e.text.text, e.context.text, e.provision.id.partition("#")[0])
        for e in entries_of(held, None)
    )
    return Corpus(tuple(held), texts)


class Indexed:
    """The word indexes of a corpus, built once, and a generation for any embedding."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        vocabulary: dict[str, int] = {}
        context = [_ids(text.context, vocabulary) for text in corpus.texts]
        whole = [
            _ids(text.words, vocabulary) + around
            for text, around in zip(corpus.texts, context, strict=True)
        ]
        self._words = WordIndex.from_ids(whole, vocabulary)
        self._context = WordIndex.from_ids(context, vocabulary)

    def with_embedding(
        self,
        model: StaticEmbedder,
        subjects: Subjects = NONE,
        before: Precedents = NO_PRECEDENTS,
    ) -> Generation:
        """The corpus as the search sees it, vectors compared exactly."""
        provisions = self._corpus.provisions
        size = len(provisions)
        ids = tuple(p.id for p in provisions)
        parts, vectors = shape(self._corpus.texts, model, subjects, built_in_senses())
        store = ExactVectors()
        store.add(EVERYONE, np.arange(size), vectors, lambda _stage, _done, _total: None)
        return Generation(
            name="training",
            fingerprint="",
            ids=ids,
            words=self._words,
            context=self._context,
            shape=parts,
            model=model,
            subjects=subjects,
            senses=built_in_senses(),
            before=before.located(ids, model.idf),
            embedder=model,
            vectors=store,
            _from=np.zeros(size, dtype=np.int64),
            _to=np.full(size, _ALWAYS, dtype=np.int64),
            prior=np.array([prior(p.instrument, p.level) for p in provisions], dtype=np.float32),
            policy=np.zeros(size, dtype=np.bool_),
            _audiences=(EVERYONE,),
            _audience=np.zeros(size, dtype=np.intp),
        )


def clauses(corpus: Corpus) -> tuple[list[str], list[int]]:
    """Every clause of every text of several, and the row it stands in."""
    found, rows = [], []
    for row, text in enumerate(corpus.texts):
        pieces = [one for one in _CLAUSE_END.split(text.words) if len(one) >= _SHORTEST]
        if len(pieces) > 1:
            found += pieces
            rows += [row] * len(pieces)
    return found, rows


def _ids(text: str, vocabulary: dict[str, int]) -> list[int]:
    return [vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)]
