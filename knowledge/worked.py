"""What is worked out of each text by itself, and taken over into the next index where it is unchanged.

Of a text only a hash is kept. What depends on its neighbours (law, chapter, place) is in `shape.py`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
_HASH = 16
# The parts of which a text has several, each with where a text's own begin.
RAGGED = ("tokens", "clauses", "terms", "sense_words")


@dataclass(frozen=True)
class Worked:
    """One row a text; of ragged parts, row n stands from starts[n] to starts[n + 1].

    `tokens` are numbers in the index's vocabulary, `vectors` (float32) those of our own model.
    """

    keys: NDArray[np.uint8]
    vectors: NDArray[np.float32]
    length: NDArray[np.int32]
    kinds: NDArray[np.int8]
    senses: NDArray[np.int8]
    tokens: NDArray[np.int32]
    tokens_starts: NDArray[np.int64]
    clauses: NDArray[np.int8]
    clauses_starts: NDArray[np.int64]
    terms: NDArray[np.int32]
    terms_starts: NDArray[np.int64]
    sense_words: NDArray[np.int32]
    sense_words_starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    def save(self, folder: Path) -> None:
        """Write each part as a plain array."""
        folder.mkdir()
        for part in fields(self):
            np.save(folder / f"{part.name}.npy", getattr(self, part.name))

    @classmethod
    def load(cls, folder: Path) -> "Worked":
        """The parts written by `save`, read from disk as they are needed."""
        names = [part.name for part in fields(cls)]
        paths = {name: folder / f"{name}.npy" for name in names}
        return cls(**{n: np.load(p, mmap_mode="r", allow_pickle=False) for n, p in paths.items()})

    def places(self) -> dict[bytes, int]:
        """The row of each text by its key."""
        return {key.tobytes(): row for row, key in enumerate(self.keys)}

    def at(self, rows: Rows) -> "Worked":
        """These rows, in this order."""
        found: dict[str, Any] = {}
        for name in RAGGED:
            starts = getattr(self, f"{name}_starts")
            lengths = np.diff(starts)[rows]
            begins = np.cumsum([0, *lengths])
            source = np.repeat(starts[rows] - begins[:-1], lengths) + np.arange(begins[-1])
            found |= {name: getattr(self, name)[source], f"{name}_starts": begins}
        names = (part.name for part in fields(self) if part.name not in found)
        return Worked(**found, **{name: getattr(self, name)[rows] for name in names})

    def followed_by(self, other: "Worked") -> "Worked":
        """These rows, then the others."""
        found: dict[str, Any] = {}
        for part in fields(self):
            one, two = getattr(self, part.name), getattr(other, part.name)
            if part.name.endswith("_starts"):
                one, two = one[:-1], two + one[-1]
            found[part.name] = np.concatenate([one, two])
        return Worked(**found)


def keys_of(texts: Sequence[tuple[str, str]]) -> NDArray[np.uint8]:
    """A hash of each text with its context."""
    hashed = b"".join(
        hashlib.sha256(f"{text}\0{context}".encode()).digest()[:_HASH] for text, context in texts
    )
    return np.frombuffer(hashed, dtype=np.uint8).reshape(-1, _HASH)
