"""Precedents: what is kept of the questions trained on, which is vectors and articles, not words."""

from collections.abc import Sequence

import numpy as np

from evals.retrieval_training.corpus import Corpus
from evals.retrieval_training.embedding import Example
from knowledge.embeddings import StaticEmbedder, Vectors, built_in_senses, unit
from knowledge.precedents import Precedents, Wordings
from knowledge.shape import small
from knowledge.tokens import asking_terms


def precedents(corpus: Corpus, model: StaticEmbedder, examples: Sequence[Example]) -> Precedents:
    """The examples as the search will remember them."""
    said = [asking_terms(one.ask) for one in examples]

    def encoded(by: StaticEmbedder) -> Vectors:
        return unit(by.mean(by.counts(said)))

    held = [corpus.provisions[row].id for one in examples for row in one.rows]
    names = ["#".join((one.partition("@")[0], one.rpartition("#")[2])) for one in held]
    articles = {name: number for number, name in enumerate(dict.fromkeys(names))}
    # The words of a file of questions are not ours to keep.
    own = [terms if one.source != "file" else [] for one, terms in zip(examples, said, strict=True)]
    kept = model.counts(own).tocsc()
    terms = np.repeat(np.arange(kept.shape[1]), np.diff(kept.indptr))
    return Precedents(
        vectors=small(encoded(model)),
        senses=small(encoded(built_in_senses())),
        wordings=Wordings(terms.astype(np.int32), kept.indices.astype(np.int32)),
        articles=tuple(articles),
        asked=np.repeat(np.arange(len(examples)), [len(one.rows) for one in examples]).astype(
            np.int32
        ),
        answer=np.array([articles[name] for name in names], dtype=np.int32),
    )
