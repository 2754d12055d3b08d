"""Subjects: a logistic regression from the vector of a question to the law and chapter it turns to."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from evals.retrieval_training.corpus import Corpus
from evals.retrieval_training.embedding import Example, Texts
from knowledge.embeddings import Vectors, unit
from knowledge.topics import Subjects, Topics, law_of

_FEWEST, _OTHER = 4, -1
_LOOSENESS, _STEPS = 20.0, 200


def subjects(
    corpus: Corpus, texts: Texts, directions: Vectors, examples: Sequence[Example]
) -> Subjects:
    """What questions turn to, learnt from examples under the embedding that learnt from them."""
    asked = unit(texts.questions([one.ask for one in examples]) @ directions)

    def learnt(name_of: Callable[[int], str]) -> Topics:
        named = [[name_of(row) for row in one.rows] for one in examples]
        often = Counter(name for names in named for name in names)
        kept = {name: row for row, name in enumerate(n for n, k in often.items() if k >= _FEWEST)}
        pairs = [
            (n, kept.get(name, _OTHER), 1 / len(names))
            for n, names in enumerate(named)
            for name in names
        ]
        return _fitted(asked, pairs, tuple(kept))

    def chapter(row: int) -> str:
        return corpus.texts[row].context

    return Subjects(learnt(lambda row: law_of(chapter(row))), learnt(chapter))


def _fitted(
    asked: Vectors, pairs: Sequence[tuple[int, int, float]], names: tuple[str, ...]
) -> Topics:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_LOOSENESS, max_iter=_STEPS)
    rows, labels, shares = (np.array(column) for column in zip(*pairs, strict=True))
    model.fit(asked[rows], labels, sample_weight=shares)
    # scikit-learn sorts its classes: what stands for everything else comes first, and goes last.
    others_last = np.argsort(np.where(model.classes_ == _OTHER, len(names), model.classes_))
    return Topics(
        names,
        model.coef_[others_last].astype(np.float32),
        model.intercept_[others_last].astype(np.float32),
    )
