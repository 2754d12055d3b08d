"""A logistic regression of scikit-learn over what is seen of texts and their runs, taken down as plain arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from assistant.answering.linear import Linear
from knowledge.character_runs import CharacterRuns


def fitted(
    model: LogisticRegression,
    texts: Sequence[str | tuple[str, ...]],
    seen: Sequence[NDArray[np.float64]],
    names: Sequence[str],
    *,
    runs: CharacterRuns,
    weight: float = 1.0,
    counts: Sequence[float] | None = None,
) -> Linear:
    """`model` fitted to tell the names of the texts, or of several each, apart; with two names, to tell the second.

    `weight` is what a text's runs count for beside what is `seen` of it, `counts` what each text does.
    """
    known = sorted(set(names))
    parts = zip(*((one,) if isinstance(one, str) else one for one in texts), strict=True)
    rows = hstack(
        [csr_matrix(np.array(seen)), *(weight * rows_of(runs, [*part]) for part in parts)]
    )
    model.fit(rows, [known.index(name) for name in names], sample_weight=counts)
    split = len(seen[0])
    return Linear(
        tuple(known[-len(model.coef_) :]),
        runs,
        model.coef_[:, :split].astype(np.float32),
        (weight * model.coef_[:, split:]).astype(np.float32),
        model.intercept_.astype(np.float32),
    )


def rows_of(runs: CharacterRuns, texts: Sequence[str]) -> Any:
    """A sparse row a text over the known runs."""
    found = [runs.of(text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in found)])
    columns = np.concatenate([columns for columns, _ in found])
    weights = np.concatenate([weights for _, weights in found])
    return csr_matrix((weights, columns, starts), shape=(len(texts), len(runs.keys)))
