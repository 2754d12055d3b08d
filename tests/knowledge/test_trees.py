"""Trees from plain arrays score as the library that grew them does."""

from pathlib import Path

import numpy as np
import pytest

from evals.retrieval_training.ranker import as_arrays
from knowledge.trees import Trees


def test_trees_score_as_lightgbm_does(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    random = np.random.default_rng(5)
    rows = random.normal(size=(400, 28)).astype(np.float32)
    wanted = rows[:, 0] * rows[:, 1] + rows[:, 2]
    parameters = {"objective": "regression", "max_depth": 6, "num_leaves": 15, "verbosity": -1}
    booster = lightgbm.train(parameters, lightgbm.Dataset(rows, wanted), 20)
    trees = as_arrays(booster.dump_model()["tree_info"])
    trees.save(tmp_path / "trees.npz")
    loaded = Trees.load(tmp_path / "trees.npz")
    assert loaded.score(rows) == pytest.approx(booster.predict(rows), abs=1e-4)


def test_a_row_on_the_threshold_goes_left() -> None:
    trees = as_arrays(
        [
            {
                "tree_structure": {
                    "split_feature": 0,
                    "threshold": 0.5,
                    "left_child": {"leaf_value": 1.0},
                    "right_child": {"leaf_value": 2.0},
                }
            }
        ]
    )
    rows = np.array([[0.5], [0.500001]], dtype=np.float32)
    assert trees.score(rows).tolist() == [1.0, 2.0]
