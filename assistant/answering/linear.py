"""A logistic regression that was fitted beforehand, as plain arrays: what is seen of a text, and its runs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.character_runs import CharacterRuns, Weights

FOLDER = Path(__file__).parent / "weights"
_NEWLINE = "\n"


@dataclass(frozen=True)
class Linear:
    """What each name is weighed by: a row a name.

    `seen` goes with what a caller sees of a text, `characters` with the runs of `runs`; of several texts,
    with those of each in turn.
    """

    names: tuple[str, ...]
    runs: CharacterRuns
    seen: Weights
    characters: Weights
    bias: Weights

    def weigh(self, seen: NDArray[np.float64], *texts: str) -> Weights:
        """How much speaks for each name, as log-odds."""
        found = (self.seen @ seen + self.bias).astype(np.float32)
        for place, text in enumerate(texts):
            columns, weights = self.runs.of(text)
            found += self.characters[:, columns + place * len(self.runs.keys)] @ weights
        return found

    def chances(self, seen: NDArray[np.float64], *texts: str) -> Weights:
        """How likely each name is, together 1."""
        odds = self.weigh(seen, *texts)
        found: Weights = np.exp(odds - odds.max())
        found /= found.sum()
        return found

    def save(self, path: Path) -> None:
        """Write the model as plain arrays (no pickle), the fitted numbers in half precision."""
        np.savez_compressed(
            path,
            names=np.frombuffer(_NEWLINE.join(self.names).encode(), dtype=np.uint8),
            keys=self.runs.keys,
            idf=self.runs.idf.astype(np.float16),
            lengths=np.array(self.runs.lengths),
            seen=self.seen.astype(np.float16),
            characters=self.characters.astype(np.float16),
            bias=self.bias.astype(np.float16),
        )

    @classmethod
    def load(cls, path: Path) -> "Linear":
        """The model written by `save`."""
        with np.load(path, allow_pickle=False) as arrays:
            shortest, longest = map(int, arrays["lengths"])
            return cls(
                tuple(arrays["names"].tobytes().decode().split(_NEWLINE)),
                CharacterRuns(
                    arrays["keys"], arrays["idf"].astype(np.float32), (shortest, longest)
                ),
                arrays["seen"].astype(np.float32),
                arrays["characters"].astype(np.float32),
                arrays["bias"].astype(np.float32),
            )
