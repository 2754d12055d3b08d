"""Training of the network of `knowledge.duty_model`: Adam over the softmax's loss, runs left out at random.

Several are trained, each from another seed, and made one that says what they say on average: a single one
chooses another duty for a few questions in a hundred whenever it is trained again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.answer_training.fitting import rows_of
from evals.duty_training.questions import NONE, Example
from knowledge.character_runs import CharacterRuns, Weights
from knowledge.duty_model import LENGTHS, DutyModel, both_ways, vectors_of
from knowledge.embeddings import Vectors, built_in, quantised
from pii.cleared import public_text

_SEEDS = (20261127, 20261128, 20261129)
_HIDDEN, _ROUNDS, _BATCH, _RATE = 128, 6, 64, 0.007
# The weights are the mean of those after every so many steps of the second half (Izmailov et al. 2018).
_EVERY = 20
# How much of what is seen is left out at random, so that no one thing decides (Srivastava et al. 2014).
_RUNS_OUT, _HIDDEN_OUT = 0.3, 0.1
# A run that fewer questions hold is somebody's name for something.
_HELD_BY = 5
_DECAY, _DECAY_OF_SQUARES, _TINY = 0.9, 0.999, 1e-7


def trained(examples: Sequence[Example], duties: Sequence[str]) -> DutyModel:
    """The model of these examples; a minute and a half of one core for 18,000."""
    names = (*duties, NONE)
    place = {name: number for number, name in enumerate(names)}
    texts = [both_ways(one.text) for one in examples]
    runs = CharacterRuns.fit(texts, LENGTHS, held_by=_HELD_BY)
    right = np.array([place[one.name] for one in examples])
    vectors = vectors_of([public_text(one.text, source="evals") for one in examples])
    rows = rows_of(runs, texts)
    several = []
    for seed in _SEEDS:
        network = _Network.begun(len(runs.keys), vectors.shape[1], len(names), seed)
        several.append(network.learn(rows, vectors, right, seed))
    found = _as_one(several)
    whole = quantised({}, runs.idf, found["directions"], "")
    return DutyModel(
        names,
        runs,
        whole.directions,
        whole.scales,
        found["inner"],
        found["outer"],
        found["bias"],
        built_in().name,
    )


def _as_one(several: Sequence[Mapping[str, Weights]]) -> dict[str, Weights]:
    """One network with the hidden layers of all side by side: what it says is the mean of what they say."""
    outer = [of["outer"][:_HIDDEN] for of in several]
    from_vectors = [of["outer"][_HIDDEN:] for of in several]
    return {
        "directions": np.hstack([of["directions"] for of in several]),
        "inner": np.hstack([of["inner"] for of in several]),
        "outer": np.vstack([*outer, np.sum(from_vectors, axis=0)]) / np.float32(len(several)),
        "bias": np.mean([of["bias"] for of in several], axis=0),
    }


@dataclass(frozen=True)
class _Network:
    of: dict[str, Weights]
    moments: dict[str, tuple[Weights, Weights]]

    @classmethod
    def begun(cls, runs: int, vectors: int, names: int, seed: int) -> "_Network":
        chance = np.random.default_rng(seed)
        spread = {
            "directions": (0.3 / np.sqrt(_HIDDEN), (runs, _HIDDEN)),
            "inner": (0.05, (vectors, _HIDDEN)),
            "outer": (0.05, (_HIDDEN + vectors, names)),
            "bias": (0.0, (names,)),
        }
        of = {
            name: chance.normal(0, width, shape).astype(np.float32)
            for name, (width, shape) in spread.items()
        }
        return cls(of, {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in of.items()})

    def learn(
        self, rows: Any, vectors: Vectors, right: NDArray[np.intp], seed: int
    ) -> dict[str, Weights]:
        """The weights learnt."""
        chance = np.random.default_rng(seed)
        total, many = {name: np.zeros_like(w) for name, w in self.of.items()}, 0
        half = _ROUNDS * len(right) // _BATCH // 2
        for time, batch in enumerate(_batches(len(right), chance), start=1):
            seen = rows[batch]
            seen.data *= _kept(chance, seen.data.shape, _RUNS_OUT)
            self._step(time, seen, vectors[batch], right[batch], chance)
            if time >= half and not time % _EVERY:
                many += 1
                for name, w in self.of.items():
                    total[name] += w
        return {name: w / np.float32(many) for name, w in total.items()}

    def _step(
        self,
        time: int,
        seen: Any,
        vectors: Vectors,
        right: NDArray[np.intp],
        chance: np.random.Generator,
    ) -> None:
        outer = self.of["outer"]
        before = seen @ self.of["directions"] + vectors @ self.of["inner"]
        kept = _kept(chance, before.shape, _HIDDEN_OUT)
        both = np.hstack([np.maximum(before, 0) * kept, vectors])
        told = both @ outer + self.of["bias"]
        wrong = np.exp(told - told.max(axis=1, keepdims=True))
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[np.arange(len(right)), right] -= 1
        wrong /= len(right)
        back = (wrong @ outer.T)[:, :_HIDDEN] * kept * (before > 0)
        columns = np.unique(seen.indices)
        self._move("outer", both.T @ wrong, time)
        self._move("bias", wrong.sum(axis=0), time)
        self._move("inner", vectors.T @ back, time)
        self._move("directions", seen[:, columns].T @ back, time, columns)

    def _move(self, name: str, slope: Any, time: int, rows: Any = slice(None)) -> None:
        """One step of Adam (Kingma and Ba 2015), of the rows that were seen."""
        mean, square = self.moments[name]
        mean[rows] = _DECAY * mean[rows] + (1 - _DECAY) * slope
        square[rows] = _DECAY_OF_SQUARES * square[rows] + (1 - _DECAY_OF_SQUARES) * slope**2
        straight = mean[rows] / (1 - _DECAY**time)
        width = np.sqrt(square[rows] / (1 - _DECAY_OF_SQUARES**time)) + _TINY
        self.of[name][rows] -= _RATE * straight / width


def _batches(many: int, chance: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    for _ in range(_ROUNDS):
        order = chance.permutation(many)
        yield from (order[at : at + _BATCH] for at in range(0, many, _BATCH))


def _kept(chance: np.random.Generator, shape: tuple[int, ...], out: float) -> Weights:
    """What each of so many things counts for, where a share is left out at random."""
    return ((chance.random(shape) >= out) / (1 - out)).astype(np.float32)
