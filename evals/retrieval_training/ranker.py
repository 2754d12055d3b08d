"""The ranker: LambdaMART (Burges 2010) over the features of the search itself, as plain arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.retrieval_training.embedding import Example
from knowledge.embeddings import Vectors
from knowledge.features import FEATURES
from knowledge.index import Generation
from knowledge.provisions import EVERYONE
from knowledge.search import candidates, features_of
from knowledge.trees import MOST_LEAVES, Trees
from knowledge.word_index import understand
from pii.cleared import public_text

_PARAMETERS = {
    "objective": "lambdarank",
    "learning_rate": 0.04,
    "num_leaves": 15,
    "max_depth": 6,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.25,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 30,
    "verbosity": -1,
    # One thread: two take ten times as long on a busy machine, and one is always the same.
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
}
_ROUNDS = 300


@dataclass(frozen=True)
class Case:
    """One question's candidates, as the ranker sees them, and which of them answer."""

    example: Example
    rows: NDArray[np.intp]
    features: Vectors

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which candidates answer the question."""
        return np.isin(self.rows, self.example.rows)


def cases(generation: Generation, examples: Sequence[Example], as_of: date) -> list[Case]:
    """What the search would put before the ranker for each question."""
    found = []
    for one in examples:
        question = public_text(one.ask, source="training")
        pool = candidates(
            generation,
            question,
            understand(one.ask),
            as_of=as_of,
            audience=frozenset({EVERYONE}),
        )
        numbers = features_of(generation, pool) if len(pool.rows) else None
        if numbers is not None:
            found.append(Case(one, pool.rows, numbers))
    return found


def trained(learnt: Sequence[Case], seed: int) -> Trees:
    """Trees fitted to the cases in which a right answer is among the candidates."""
    import lightgbm

    known = [one for one in learnt if one.right.any()]
    data = lightgbm.Dataset(
        np.concatenate([one.features for one in known]),
        np.concatenate([one.right for one in known]).astype(np.int32),
        group=[len(one.right) for one in known],
    )
    booster = lightgbm.train({**_PARAMETERS, "seed": seed}, data, _ROUNDS)
    return as_arrays(booster.dump_model()["tree_info"])


def ordered(trees: Trees, case: Case) -> list[int]:
    """The rows of a case, best first."""
    best = np.argsort(-trees.score(case.features), kind="stable")
    return [int(row) for row in case.rows[best]]


def as_arrays(grown: Sequence[dict[str, Any]]) -> Trees:
    """LightGBM's trees by their tests and leaves, each from left to right."""
    feature = np.zeros((MOST_LEAVES - 1, len(grown)), dtype=np.int32)
    threshold = np.full(feature.shape, np.inf, dtype=np.float32)
    cut = np.zeros(feature.shape, dtype=np.uint16)
    value = np.zeros((len(grown), MOST_LEAVES), dtype=np.float32)

    def add(node: dict[str, Any], tree: int, leaf: int, test: int) -> tuple[int, int]:
        """Put down what begins at this leaf and test; the next of each."""
        if "split_feature" not in node:
            value[tree, leaf] = float(node["leaf_value"])
            return leaf + 1, test
        after, next_test = add(node["left_child"], tree, leaf, test + 1)
        feature[test, tree] = int(node["split_feature"])
        threshold[test, tree] = float(node["threshold"])
        cut[test, tree] = (1 << after) - (1 << leaf)
        return add(node["right_child"], tree, after, next_test)

    for number, tree in enumerate(grown):
        add(tree["tree_structure"], number, 0, 0)
    tests = max(1, int((cut > 0).any(axis=1).sum()))
    return Trees(FEATURES, feature[:tests], threshold[:tests], cut[:tests], value)
