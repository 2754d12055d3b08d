"""Boosted trees, evaluated from plain arrays: no pickle, no library at run time."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Trees:
    """A sum of decision trees. A row goes left where its feature is at most the threshold.

    All trees stand in one numbering; a leaf points to itself, so that every row may take the same
    number of steps.
    """

    features: tuple[str, ...]
    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Values
    depth: int

    def score(self, rows: Values) -> Values:
        """The sum over all trees, one value a row."""
        node = np.repeat(self.roots[:, None], len(rows), axis=1)
        flat = np.ascontiguousarray(rows).ravel()
        begin = np.arange(len(rows)) * rows.shape[1]
        for _ in range(self.depth):
            goes_left = flat.take(begin + self.feature[node]) <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        total: Values = self.value[node].sum(axis=0)
        return total

    def save(self, path: Path) -> None:
        """Write the trees as plain arrays."""
        np.savez_compressed(
            path,
            features=np.array(self.features, dtype=np.str_),
            roots=self.roots,
            feature=self.feature,
            threshold=self.threshold,
            left=self.left,
            right=self.right,
            value=self.value,
            depth=np.int32(self.depth),
        )

    @classmethod
    def load(cls, path: Path) -> "Trees":
        """The trees written by `save`."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                features=tuple(str(name) for name in arrays["features"]),
                roots=arrays["roots"],
                feature=arrays["feature"],
                threshold=arrays["threshold"],
                left=arrays["left"],
                right=arrays["right"],
                value=arrays["value"],
                depth=int(arrays["depth"]),
            )
