"""Our recognizers in Microsoft Presidio.

`analyzer()` is an ordinary `AnalyzerEngine` for those who have built on Presidio or audit with it;
a contract test holds its results equal to the detector's. The product itself does not go this way:
importing Presidio and spaCy takes two seconds, and its context enhancer is quadratic in length.
"""

from collections.abc import Sequence
from typing import Any

from presidio_analyzer import (
    AnalysisExplanation,
    AnalyzerEngine,
    EntityRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from pii.findings import Finding
from pii.joined import Joined
from pii.kinds import Kind
from pii.recognizers import PATTERNS, names
from pii.recognizers.base import Recognizer

LANGUAGE = "zh"
REASON = "reason"


class AdaptedRecognizer(EntityRecognizer):
    """One of our recognizers behind Presidio's interface. Entities are our kinds: person_name."""

    def __init__(self, ours: Recognizer, language: str = LANGUAGE) -> None:
        self._ours = ours
        super().__init__(
            supported_entities=[kind.value for kind in ours.kinds],
            supported_language=language,
            name=type(ours).__name__,
        )
        self._name = type(ours).__name__

    def load(self) -> None:
        """Nothing to load: the name model loads itself when first asked."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Findings in the text as it was given, full-width or spaced as it may be."""
        findings = Joined([text]).run([self._ours])[0]
        return [self._result(f) for f in findings if not entities or f.kind.value in entities]

    def _result(self, finding: Finding) -> RecognizerResult:
        return RecognizerResult(
            finding.kind.value,
            finding.start,
            finding.end,
            finding.score,
            AnalysisExplanation(
                recognizer=self._name,
                original_score=finding.score,
                textual_explanation=finding.reason,
            ),
            {
                RecognizerResult.RECOGNIZER_NAME_KEY: self._name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                REASON: finding.reason,
            },
        )


class _NoEnhancer(ContextAwareEnhancer):
    """Context is our recognizers' own work."""

    def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:
        return raw_results


def recognizers(language: str = LANGUAGE) -> list[AdaptedRecognizer]:
    """Every recognizer of ours, for a registry of your own."""
    return [AdaptedRecognizer(one, language) for one in (*(p() for p in PATTERNS), names())]


def analyzer(language: str = LANGUAGE) -> AnalyzerEngine:
    """An analyzer that finds what the detector's recognizers find."""
    return AnalyzerEngine(
        registry=RecognizerRegistry(
            recognizers=recognizers(language), supported_languages=[language]
        ),
        nlp_engine=NoOpNlpEngine([{"lang_code": language, "model_name": "none"}]),
        supported_languages=[language],
        context_aware_enhancer=_NoEnhancer(0, 0, 0, 0),
    )


def findings(results: Sequence[RecognizerResult]) -> list[Finding]:
    """An analyzer's results as findings."""
    return [
        Finding(Kind(r.entity_type), r.start, r.end, r.score, str(r.recognition_metadata[REASON]))
        for r in results
    ]
