"""What is equally good comes in one order, whatever a machine's arithmetic leaves in the last places."""

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.precedents import best
from knowledge.provisions import EVERYONE
from knowledge.ties import best_first
from knowledge.vectors import ExactVectors

NOISE = 2e-7


def shaken(scores: list[float], seed: int) -> NDArray[np.float32]:
    """The scores as another machine may add them up."""
    dice = np.random.default_rng(seed)
    return (np.array(scores) + dice.uniform(-NOISE, NOISE, len(scores))).astype(np.float32)


@pytest.mark.parametrize("seed", range(8))
def test_near_equals_keep_their_order(seed: int) -> None:
    scores = [0.25, 0.75, 0.25, 0.75002, 0.75, 0.0, -0.25, 0.0]
    assert best_first(shaken(scores, seed)).tolist() == [3, 1, 4, 0, 2, 5, 7, 6]
    assert best(shaken(scores, seed), 3).tolist() == [3, 1, 4]


@pytest.mark.parametrize("seed", range(8))
def test_equally_near_vectors_come_in_the_order_of_the_index(seed: int) -> None:
    dice = np.random.default_rng(seed)
    one = dice.normal(size=16).astype(np.float32)
    vectors = np.tile(one / np.linalg.norm(one), (40, 1))
    vectors += dice.uniform(-1e-8, 1e-8, vectors.shape).astype(np.float32)
    held = ExactVectors()
    held.add(EVERYONE, np.arange(40), vectors, lambda *_: None)
    assert held.nearest(vectors[7], frozenset({EVERYONE}), 10) == list(range(10))
