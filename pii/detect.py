"""Texts in, findings out: our recognizers over normalised text, in two passes.

All texts of a call are joined (behind a boundary no pattern crosses) and normalised once, so that
ten thousand cells cost one call. The first pass runs the patterns; the second runs the name model,
several times slower, only over texts that neither a label nor the patterns have decided.
"""

import re
import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

from pii.findings import Finding, resolve
from pii.firm_names import without_names_of_firms
from pii.joined import Joined
from pii.kinds import Kind
from pii.labels import BY_CELLS, IN_PIECES, vocabulary
from pii.name_lists import beside_names
from pii.normalise import normalise
from pii.propagate import everywhere
from pii.recognizers.base import Recognizer
from pii.values import refine, value_at

__all__ = ["Detector", "Finding", "PresidioDetector", "ShippedDetector"]

_CHUNK = 200_000
_OPEN = re.compile(r"[㐀-鿿]|[A-Z][a-z]+ [A-Z][a-z]")
_BETWEEN_VALUES = re.compile(r"[、，,/;；\s和及|]*")


class Detector(Protocol):
    """Finds personal information in text."""

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        """Findings in one text, which a column header or form label may govern."""
        ...

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        """The same for many texts at once, faster."""
        ...


class ShippedDetector:
    """The shipped detector. Builds itself at first use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._built: tuple[Sequence[Recognizer], Sequence[Recognizer]] | None = None

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        """Findings in one text."""
        return self.find_all([text], labels=[label])[0]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        """Findings in each text; equal texts under equal labels are looked at once."""
        given = list(zip(texts, labels or [None] * len(texts), strict=True))
        unique = list(dict.fromkeys(given))
        answers: dict[tuple[str, str | None], list[Finding]] = {}
        for chunk in _chunks(unique):
            answers |= dict(zip(chunk, self._find_chunk(chunk), strict=True))
        return [list(answers[pair]) for pair in given]

    def _find_chunk(self, chunk: Sequence[tuple[str, str | None]]) -> list[list[Finding]]:
        patterns, names = self._recognizers()
        joined = Joined([text for text, _ in chunk])
        found = [_by_label(text, label) for text, label in chunk]
        for findings, more in zip(found, joined.run(patterns), strict=True):
            findings.extend(more)
        open_texts = [i for i, (text, _) in enumerate(chunk) if not _is_decided(text, found[i])]
        asked = Joined([chunk[i][0] for i in open_texts])
        for i, more in zip(open_texts, asked.run(names), strict=True):
            found[i] = without_names_of_firms(chunk[i][0], [*found[i], *more])
        resolved = [
            resolve([*findings, *beside_names(text, findings)])
            for (text, _), findings in zip(chunk, map(resolve, found), strict=True)
        ]
        return [
            everywhere([text], [findings])[0]
            for (text, _), findings in zip(chunk, resolved, strict=True)
        ]

    def _recognizers(self) -> tuple[Sequence[Recognizer], Sequence[Recognizer]]:
        """Patterns, and names."""
        with self._lock:
            if self._built is None:
                from pii.recognizers import PATTERNS, names

                self._built = [build() for build in PATTERNS], [names()]
            return self._built


PresidioDetector = ShippedDetector
"""The same under its first name."""


def _by_label(text: str, label: str | None) -> list[Finding]:
    """What the column header or form label decides about the whole text."""
    kind = vocabulary().kind_of(label) if label else None
    if kind is None:
        return []
    told = label or ""
    if told.endswith(IN_PIECES):
        body = text.strip()
        start = text.find(body)
        return (
            [Finding(kind, start, start + len(body), 0.75, f"{kind.value}/pieces")] if body else []
        )
    why = "cells" if told.endswith(BY_CELLS) else f"label:{vocabulary().word_of(told)}"
    found: list[Finding] = []
    normalised = normalise([text])
    body = normalised.text[: normalised.body]
    position = len(body) - len(body.lstrip())
    while position < len(body):
        span = value_at(kind, body, position)
        if span is None:
            break
        exact = refine(kind, body[slice(*span)])
        found.append(Finding(exact, *normalised.span(*span), 0.9, f"{exact.value}/{why}"))
        gap = _BETWEEN_VALUES.match(body, span[1])
        position = gap.end() if gap else span[1]
    return found


def _is_decided(text: str, findings: Iterable[Finding]) -> bool:
    """Whether nothing is left for the name model: no Chinese outside the findings."""
    spans = sorted((f.start, f.end) for f in findings if f.kind is not Kind.ORGANISATION)
    position = 0
    for start, end in spans:
        if start > position and _OPEN.search(text, position, start):
            return False
        position = max(position, end)
    return _OPEN.search(text, position) is None


def _chunks(
    pairs: Sequence[tuple[str, str | None]],
) -> Iterable[list[tuple[str, str | None]]]:
    """Stretches of about `_CHUNK` characters, so that memory and time stay flat in size."""
    chunk: list[tuple[str, str | None]] = []
    size = 0
    for pair in pairs:
        chunk.append(pair)
        size += len(pair[0]) + 1
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
