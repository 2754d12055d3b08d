"""People and organisations in sentences, by a small network of our own (docs/name-model.md).

A sentence reads the same in whatever batch it stands, because the network zeroes its padding.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pii.characters import PADDING, encode
from pii.sentence_reader import SentenceReader, Tagged, close_readings, session
from pii.words import word_places

PATH = Path(__file__).parent / "name_model.onnx"
_CHARACTERS_A_BATCH = 4096
TAGS = ("PER", "ORG", "LOC", "ID", "KEY", "BORN")
"""What the network tells apart, two scores each (begins, goes on); only the first two are asked for."""
PERSON, PERSON_ON, ORGANISATION, ORGANISATION_ON = range(1, 5)


class NameModel(SentenceReader):
    """The model that reads everything."""

    def __init__(self, path: Path = PATH) -> None:
        super().__init__()
        self._path = path
        self._session: Any = None

    def load(self) -> None:
        """Open the graph."""
        self._session = session(self._path)

    def batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Sentences of about one length together, so that little is padding."""
        batch: list[int] = []
        for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
            if batch and len(texts[i]) * (len(batch) + 1) > _CHARACTERS_A_BATCH:
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    def read(self, sentences: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """The best reading of each sentence, and readings that came close."""
        import numpy

        longest = max(map(len, sentences))
        ids = numpy.full((len(sentences), longest), PADDING, dtype=numpy.int64)
        words = numpy.zeros_like(ids)
        for row, sentence in enumerate(sentences):
            ids[row, : len(sentence)] = encode(sentence)
            words[row, : len(sentence)] = numpy.frombuffer(word_places(sentence), dtype=numpy.uint8)
        scores = self._session.run(None, {"characters": ids, "words": words})[0]
        named = scores[:, :, : ORGANISATION_ON + 1]
        named[:, :, 0] = numpy.maximum(
            scores[:, :, 0], scores[:, :, ORGANISATION_ON + 1 :].max(axis=2)
        )
        return _spans(named, [len(sentence) for sentence in sentences])


def _spans(scores: Any, lengths: Sequence[int]) -> list[tuple[Tagged, ...]]:
    best, top = scores.argmax(axis=2), scores.max(axis=2)
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
    close = close_readings(top - scores[:, :, PERSON], top - scores[:, :, PERSON_ON], lengths)
    for row, reading in close:
        spans[row].append(reading)
    return [tuple(found) for found in spans]
