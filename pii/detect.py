"""Texts in, findings out: Presidio's analyzer over our recognizers, in two passes.

All texts of a call are joined (behind a boundary no pattern crosses) and normalised once, so that
ten thousand cells cost one call. The first pass runs the patterns; the second runs the name model,
ten times slower, only over texts that neither a label nor the patterns have decided.
"""

import re
import threading
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from pii.findings import Finding, resolve
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.lac import NameModel
from pii.normalise import BOUNDARY, Normalised, normalise
from pii.propagate import everywhere
from pii.values import refine, value_at

__all__ = ["Detector", "Finding", "PresidioDetector"]

_LANGUAGE = "zh"
_CHUNK = 200_000
_HAN = re.compile(r"[㐀-鿿]")
_IMPERSONAL_GAP = re.compile(r"[ :：#为是\"'.]{0,4}$")
# Kinds that a number behind 订单号 or 发票号 only looks like.
_BY_CHANCE = frozenset({
    Kind.MOBILE, Kind.BANK_CARD, Kind.LANDLINE, Kind.PASSPORT, Kind.TRAVEL_PERMIT, Kind.VIN,
    Kind.FOREIGNER_ID, Kind.CREDIT_CODE,
})  # fmt: skip


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


class PresidioDetector:
    """The shipped detector. Builds itself at first use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engines: tuple[Any, Any] | None = None

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
        patterns, names = self._ready()
        joined = _Joined([text for text, _ in chunk])
        found = [_by_label(text, label) for text, label in chunk]
        for findings, more in zip(found, joined.run(patterns), strict=True):
            findings.extend(more)
        open_texts = [i for i, (text, _) in enumerate(chunk) if not _is_decided(text, found[i])]
        asked = _Joined([chunk[i][0] for i in open_texts])
        for i, more in zip(open_texts, asked.run(names), strict=True):
            found[i].extend(more)
        resolved = [resolve(findings) for findings in found]
        return [
            everywhere([text], [findings])[0]
            for (text, _), findings in zip(chunk, resolved, strict=True)
        ]

    def _ready(self) -> tuple[Any, Any]:
        with self._lock:
            if self._engines is None:
                self._engines = _build_engines()
            return self._engines


def _build_engines() -> tuple[Any, Any]:
    """Two analyzers: patterns, and names."""
    from pii.recognizers import PATTERNS
    from pii.recognizers.person_name import PersonNameRecognizer

    return (
        _engine([build() for build in PATTERNS]),
        _engine([PersonNameRecognizer(NameModel())]),
    )


def _engine(recognizers: list[Any]) -> Any:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    class NoEnhancer(ContextAwareEnhancer):
        """Context is our recognizers' own work; Presidio's enhancer is quadratic in length."""

        def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:
            return raw_results

    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=[_LANGUAGE]),
        nlp_engine=NoOpNlpEngine([{"lang_code": _LANGUAGE, "model_name": "none"}]),
        supported_languages=[_LANGUAGE],
        context_aware_enhancer=NoEnhancer(0, 0, 0, 0),
    )


class _Joined:
    """Texts as one, with the way back."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._starts: list[int] = []
        position = 0
        for text in texts:
            self._starts.append(position)
            position += len(text) + 1
        self._normalised: Normalised = normalise(texts)

    def run(self, engine: Any) -> list[list[Finding]]:
        """The engine's findings, each in the text it belongs to."""
        found: list[list[Finding]] = [[] for _ in self._texts]
        if not self._texts:
            return found
        normalised = self._normalised
        for result in engine.analyze(normalised.text, language=_LANGUAGE):
            if BOUNDARY in normalised.text[result.start : result.end]:
                continue
            kind = Kind(result.entity_type)
            if kind in _BY_CHANCE and _is_impersonal(normalised.text, result.start):
                continue
            start, end = normalised.span(result.start, result.end)
            index = bisect_right(self._starts, start) - 1
            base = self._starts[index]
            reason = f"{kind.value}/{result.recognition_metadata['reason']}"
            found[index].append(Finding(kind, start - base, end - base, result.score, reason))
        return found


def _is_impersonal(text: str, start: int) -> bool:
    """Whether a label such as 订单号 stands right before."""
    before = _IMPERSONAL_GAP.sub("", text[max(0, start - 20) : start]).lower()
    return before.endswith(vocabulary().impersonal)


def _by_label(text: str, label: str | None) -> list[Finding]:
    """What the column header or form label decides about the whole text."""
    kind = vocabulary().kind_of(label) if label else None
    if kind is None:
        return []
    found: list[Finding] = []
    normalised = normalise([text])
    body = normalised.text[: normalised.body]
    position = len(body) - len(body.lstrip())
    while position < len(body):
        span = value_at(kind, body, position)
        if span is None:
            break
        exact = refine(kind, body[slice(*span)])
        found.append(Finding(exact, *normalised.span(*span), 0.9, f"{exact.value}/label:{label}"))
        gap = re.compile(r"[、，,/;；\s和及|]*").match(body, span[1])
        position = gap.end() if gap else span[1]
    return found


def _is_decided(text: str, findings: Iterable[Finding]) -> bool:
    """Whether nothing is left for the name model: no Chinese outside the findings."""
    left = list(text)
    for finding in findings:
        if finding.kind is not Kind.ORGANISATION:
            left[finding.start : finding.end] = " " * (finding.end - finding.start)
    rest = "".join(left)
    return _HAN.search(rest) is None and not re.search(r"[A-Z][a-z]+ [A-Z][a-z]", rest)


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
