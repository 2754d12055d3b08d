"""What the two name models share: batches side by side, answers remembered by content."""

import hashlib
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pii.cores import usable_cores

_REMEMBERED = 50_000
FARTHEST = 9.0
"""Readings farther behind the best are not worth telling."""
LONGEST = 5


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch of a sentence and its tag: PER, ORG, or MAYBE for a reading that came close."""

    tag: str
    start: int
    end: int
    behind: float = 0.0
    """How far the reading as a name lies behind the best other reading; below 0, ahead of it."""

    def meets(self, other: "Tagged") -> bool:
        """Whether two stretches share a character."""
        return self.start < other.end and other.start < self.end


class SentenceReader(ABC):
    """A model that reads sentences. Loads itself at first use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded = False
        self._answers: OrderedDict[bytes, tuple[Tagged, ...]] = OrderedDict()

    @abstractmethod
    def load(self) -> None:
        """Read the model's files."""

    @abstractmethod
    def batches(self, texts: Sequence[str]) -> Iterable[list[int]]:
        """Which sentences to read together, as numbers."""

    @abstractmethod
    def read(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """The names in one batch."""

    def names(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """For each sentence, the names and organisations in it."""
        with self._lock:
            keys = [_key(sentence) for sentence in sentences]
            unknown = {
                key: sentence
                for key, sentence in zip(keys, sentences, strict=True)
                if key not in self._answers
            }
            fresh = self._ask({key: sentence for key, sentence in unknown.items() if sentence})
            fresh |= {key: () for key, sentence in unknown.items() if not sentence}
            answers = [fresh[key] if key in fresh else self._remembered(key) for key in keys]
            self._remember(fresh)
            return answers

    def _remembered(self, key: bytes) -> tuple[Tagged, ...]:
        self._answers.move_to_end(key)
        return self._answers[key]

    def _remember(self, fresh: dict[bytes, tuple[Tagged, ...]]) -> None:
        self._answers.update(fresh)
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def _ask(self, unknown: dict[bytes, str]) -> dict[bytes, tuple[Tagged, ...]]:
        if not unknown:
            return {}
        if not self._loaded:
            self.load()
            self._loaded = True
        keys, texts = list(unknown), list(unknown.values())
        batches = list(self.batches(texts))
        # The runtime lets go of Python's lock, so batches run side by side, a thread each.
        with ThreadPoolExecutor(min(len(batches), _cores())) as threads:
            read = threads.map(lambda batch: self.read([texts[i] for i in batch]), batches)
            return {
                keys[i]: found
                for batch, spans in zip(batches, read, strict=True)
                for i, found in zip(batch, spans, strict=True)
            }


def session(path: Path) -> Any:
    """An onnxruntime session of one thread: twice as much a core as one of several."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def close_readings(
    to_begin: Any, to_go_on: Any, lengths: Sequence[int]
) -> list[tuple[int, Tagged]]:
    """Stretches nearly read as a person, by row, from how far each character lies behind."""
    found = []
    for row, start in zip(*(to_begin <= FARTHEST).nonzero(), strict=True):
        behind = float(to_begin[row, start])
        for length in range(2, LONGEST + 1):
            if start + length > lengths[row]:
                break
            behind += float(to_go_on[row, start + length - 1])
            if behind > FARTHEST:
                break
            found.append((int(row), Tagged("MAYBE", int(start), int(start) + length, behind)))
    return found


def _cores() -> int:
    """The cores this process may use; beyond four the rest of the work is the bottleneck."""
    return min(usable_cores(), 4)


def _key(sentence: str) -> bytes:
    # A digest, so that the memory of past documents holds no personal data.
    return hashlib.blake2b(sentence.encode("utf-8", "surrogatepass"), digest_size=12).digest()
