"""People and organisations in sentences, by a small network of our own (docs/name-model.md).

A sentence reads the same in whatever batch it stands, because the network zeroes its padding. Answers
are remembered by content: forms and tables repeat themselves.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pii.characters import PADDING, encode

PATH = Path(__file__).parent / "name_model.onnx"
_CHARACTERS_A_BATCH = 4096
_REMEMBERED = 50_000
_FARTHEST = 9.0
_LONGEST = 5
NOTHING, PERSON, PERSON_ON, ORGANISATION, ORGANISATION_ON = range(5)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch of a sentence and its tag: PER, ORG, or MAYBE for a reading that came close."""

    tag: str
    start: int
    end: int
    behind: float = 0.0
    """How far the reading as a name lies behind the best other reading; below 0, ahead of it."""


class NameModel:
    """The model, loaded at first use. One thread a session; batches run side by side."""

    def __init__(self, path: Path = PATH) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._session: Any = None
        self._answers: OrderedDict[bytes, tuple[Tagged, ...]] = OrderedDict()

    def names(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """For each sentence, the names and organisations in it."""
        with self._lock:
            keys = [_key(sentence) for sentence in sentences]
            unknown = {
                key: sentence
                for key, sentence in zip(keys, sentences, strict=True)
                if key not in self._answers
            }
            fresh = self._ask(unknown)
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
        if self._session is None:
            self._session = _session(self._path)
        keys, texts = list(unknown), list(unknown.values())
        batches = list(_batches(texts))
        # The runtime lets go of Python's lock, so batches run side by side, a thread each.
        with ThreadPoolExecutor(min(len(batches), _cores())) as threads:
            read = threads.map(lambda batch: self._read([texts[i] for i in batch]), batches)
            return {
                keys[i]: found
                for batch, spans in zip(batches, read, strict=True)
                for i, found in zip(batch, spans, strict=True)
            }

    def _read(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        import numpy

        longest = max(map(len, sentences))
        if not longest:
            return [()] * len(sentences)
        ids = numpy.full((len(sentences), longest), PADDING, dtype=numpy.int64)
        for row, sentence in enumerate(sentences):
            ids[row, : len(sentence)] = encode(sentence)
        scores = self._session.run(None, {"characters": ids})[0]
        return _spans(scores, [len(sentence) for sentence in sentences])


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _cores() -> int:
    """The cores this process may use; beyond four the rest of the work is the bottleneck."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 4)


def _key(sentence: str) -> bytes:
    # A digest, so that the memory of past documents holds no personal data.
    return hashlib.blake2b(sentence.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Sentences of about one length together, so that little is padding."""
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        if batch and len(texts[i]) * (len(batch) + 1) > _CHARACTERS_A_BATCH:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _spans(scores: Any, lengths: Sequence[int]) -> list[tuple[Tagged, ...]]:
    """The best reading of each sentence, and readings that came close."""
    best = scores.argmax(axis=2)
    spans: list[list[Tagged]] = [[] for _ in lengths]
    for tag, begin, on in (("PER", PERSON, PERSON_ON), ("ORG", ORGANISATION, ORGANISATION_ON)):
        ours = scores[:, :, [begin, on]].max(axis=2)
        others = [other for other in range(scores.shape[2]) if other not in (begin, on)]
        rest = scores[:, :, others].max(axis=2)
        for row, start in zip(*(best == begin).nonzero(), strict=True):
            end = int(start) + 1
            while end < lengths[row] and best[row, end] == on:
                end += 1
            if start < lengths[row]:
                behind = float((rest[row, start:end] - ours[row, start:end]).max())
                spans[row].append(Tagged(tag, int(start), end, behind))
    for row, close in _close_readings(scores, lengths):
        spans[row].append(close)
    return [tuple(found) for found in spans]


def _close_readings(scores: Any, lengths: Sequence[int]) -> Iterable[tuple[int, Tagged]]:
    """Stretches that the model nearly read as a person, and by how much it did not."""
    top = scores.max(axis=2)
    to_begin, to_go_on = top - scores[:, :, PERSON], top - scores[:, :, PERSON_ON]
    for row, start in zip(*(to_begin <= _FARTHEST).nonzero(), strict=True):
        behind = float(to_begin[row, start])
        for length in range(2, _LONGEST + 1):
            if start + length > lengths[row]:
                break
            behind += float(to_go_on[row, start + length - 1])
            if behind > _FARTHEST:
                break
            yield int(row), Tagged("MAYBE", int(start), int(start) + length, behind)
