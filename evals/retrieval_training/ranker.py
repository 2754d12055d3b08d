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
from knowledge.trees import Trees
from knowledge.word_index import understand
from pii.cleared import public_text

_DEPTH = 6
_PARAMETERS = {
    "objective": "lambdarank",
    "learning_rate": 0.04,
    "num_leaves": 15,
    "max_depth": _DEPTH,
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

    useful = [one for one in learnt if one.right.any()]
    data = lightgbm.Dataset(
        np.concatenate([one.features for one in useful]),
        np.concatenate([one.right for one in useful]).astype(np.int32),
        group=[len(one.rows) for one in useful],
    )
    booster = lightgbm.train({**_PARAMETERS, "seed": seed}, data, _ROUNDS)
    return as_arrays(booster.dump_model()["tree_info"])


def ordered(trees: Trees, case: Case) -> list[int]:
    """The rows of a case, best first."""
    best = np.argsort(-trees.score(case.features), kind="stable")
    return [int(row) for row in case.rows[best]]


def as_arrays(trees: Sequence[dict[str, Any]]) -> Trees:
    """LightGBM's trees in one numbering; a leaf points to itself."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []

    def add(node: dict[str, Any]) -> int:
        place = len(feature)
        for column, initial in ((feature, 0), (threshold, 0.0), (left, place), (right, place)):
            column.append(initial)  # type: ignore[arg-type]
        value.append(float(node.get("leaf_value", 0.0)))
        if "split_feature" in node:
            feature[place] = int(node["split_feature"])
            threshold[place] = float(node["threshold"])
            left[place] = add(node["left_child"])
            right[place] = add(node["right_child"])
        return place

    roots = [add(tree["tree_structure"]) for tree in trees]
    return Trees(
        features=FEATURES,
        roots=np.array(roots, dtype=np.int32),
        feature=np.array(feature, dtype=np.int32),
        threshold=np.array(threshold, dtype=np.float32),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        value=np.array(value, dtype=np.float32),
        depth=_DEPTH,
    )
