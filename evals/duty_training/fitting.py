"""What each kind of evidence counts for, and how often the right duty is among the first."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float64]

# How firmly weights are held towards nothing: enough that they stay finite.
_RIDGE = 1e-4
# What can only speak against a duty, and how much at least: few questions stand between the rule of a
# regime and the general one, and those decide. Everything else can only speak for it.
_AGAINST, _AT_LEAST = "unnamed", -1.5


def fitted(seen: Numbers, right: NDArray[np.intp], names: Sequence[str]) -> Numbers:
    """The weights under which the right duty is likeliest (conditional logit, McFadden 1974).

    `seen` is questions by duties by kinds of evidence, `right` the row of each question's duty.
    """
    every = np.arange(len(right))

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = seen @ weights
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1)
        share = likely / total[:, None]
        gained = (scores[every, right] - np.log(total)).mean()
        expected = np.einsum("qd,qdk->qk", share, seen)
        slope = (seen[every, right] - expected).mean(axis=0)
        return _RIDGE * weights @ weights - gained, 2 * _RIDGE * weights - slope

    bounds = [(None, _AT_LEAST) if name == _AGAINST else (0, None) for name in names]
    begun = np.array([_AT_LEAST if name == _AGAINST else 1.0 for name in names])
    found: Numbers = minimize(loss, begun, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def shares(scores: Numbers, right: NDArray[np.intp]) -> tuple[str, ...]:
    """How often the right duty is first, among three, among eight."""
    own = scores[np.arange(len(right)), right]
    before = (scores > own[:, None]).sum(axis=1)
    return tuple(f"{(before < place).mean():.3f}" for place in (1, 3, 8))
