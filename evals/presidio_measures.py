"""The span metrics of presidio-evaluator beside ours, for readers who know those.

The extra `evals`: it brings pandas and transformers, so it is imported only when asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.datasets.business_documents import Span
from evals.span_measures import Read

_SAME = {"surname": "person_name"}


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Spans of any kind, matched when they share nine tenths of their characters."""

    precision: float
    recall: float
    annotated: int


def presidio_span_scores(reads: Sequence[Read]) -> SpanScores:
    """presidio-evaluator's SpanEvaluator over characters as tokens."""
    import pandas
    from presidio_evaluator.evaluation import SpanEvaluator

    rows = [row for number, read in enumerate(reads) for row in _rows(number, read)]
    columns = ["sentence_id", "token", "start_indices", "annotation", "prediction"]
    frame = pandas.DataFrame(rows, columns=columns)
    result = SpanEvaluator(iou_threshold=0.9, skip_words=[]).calculate_score_on_df(
        frame, level="pii"
    )
    return SpanScores(
        float(result.pii_precision or 0), float(result.pii_recall or 0), int(result.pii_annotated)
    )


def _rows(number: int, read: Read) -> list[tuple[int, str, int, str, str]]:
    annotated, predicted = _tags(read.document.personal), _tags(read.found)
    return [
        (number, char, at, annotated.get(at, "O"), predicted.get(at, "O"))
        for at, char in enumerate(read.document.text)
    ]


def _tags(spans: Sequence[Span]) -> dict[int, str]:
    return {
        at: _SAME.get(span.kind, span.kind) for span in spans for at in range(span.start, span.end)
    }
