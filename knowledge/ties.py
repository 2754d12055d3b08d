"""The best first, in one order on every machine: sums of floats differ in their last places."""

import numpy as np
from numpy.typing import NDArray

DECIMALS = 5
"""Places after the point in which two scores must differ; float32 errs in the sixth of numbers near 10."""


def best_first(scores: NDArray[np.floating]) -> NDArray[np.intp]:
    """The places of the scores from the greatest on; near equals keep the order they came in."""
    return np.argsort(-np.round(scores.astype(np.float64), DECIMALS), kind="stable")
