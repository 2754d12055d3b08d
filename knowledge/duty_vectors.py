"""What each duty says and what is asked of it, as the sentence model reads them (knowledge/sentences.py)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.duties import Duties, Duty
from knowledge.embeddings import Vectors
from knowledge.sentences import FOLDER, model_name, passages, read_question, read_questions
from pii.cleared import ClearedText, public_text

FILE = FOLDER / "duties.npz"
_STEPS = 127


@dataclass(frozen=True)
class DutyVectors:
    """Unit vectors in whole steps of 1/127: of three texts a duty, and of every question asked of one, in order."""

    said: NDArray[np.int8]
    asked: NDArray[np.int8]
    texts: str
    """A hash of what was read, and by which model."""

    @classmethod
    def of(cls, duties: Duties) -> "DutyVectors":
        """Read them all: about a minute."""
        said, asked = _texts(duties)
        return cls(
            np.rint(passages()(said) * _STEPS).astype(np.int8),
            np.rint(read_questions(asked) * _STEPS).astype(np.int8),
            _hash(said, asked),
        )

    @classmethod
    def load(cls, duties: Duties, path: Path = FILE) -> "DutyVectors":
        """Those that were saved. Raises ValueError where duties or model are others by now."""
        with np.load(path, allow_pickle=False) as arrays:
            found = cls(arrays["said"], arrays["asked"], str(arrays["texts"]))
        if found.texts != _hash(*_texts(duties)):
            raise ValueError(f"{path.name} is of other duties: run evals.duty_training again")
        return found

    def save(self, path: Path = FILE) -> None:
        """Write them as plain arrays (no pickle)."""
        np.savez_compressed(path, said=self.said, asked=self.asked, texts=np.array(self.texts))

    def near(self, question: ClearedText) -> tuple[Vectors, Vectors]:
        """How near it lies to what each duty says, the nearest of the three, and to each question: -1 to 1."""
        read = read_question(question) / np.float32(_STEPS)
        near = self._every @ read
        said = near[: len(self.said)].reshape(-1, 3).max(axis=1)
        return said, near[len(self.said) :]

    @cached_property
    def _every(self) -> Vectors:
        """What is said and what is asked, as numbers that multiply without being made anew."""
        return np.concatenate([self.said, self.asked]).astype(np.float32)


def said_of(duty: Duty) -> tuple[str, str, str]:
    """What a duty says: about what and when, what must be done, and that in English."""
    return (
        f"{duty.about.zh}：{duty.trigger}",
        duty.duty,
        f"{duty.about.en}: {duty.duty_en}",
    )


def _texts(duties: Duties) -> tuple[list[ClearedText], list[ClearedText]]:
    said = [public_text(one, source=duty.id) for duty in duties.values() for one in said_of(duty)]
    asked = [
        public_text(one.q, source=duty.id) for duty in duties.values() for one in duty.questions
    ]
    return said, asked


def _hash(*texts: Sequence[ClearedText]) -> str:
    lines = [model_name(), *("\n".join(one.text for one in some) for some in texts)]
    return hashlib.sha256("\0".join(lines).encode()).hexdigest()[:16]
