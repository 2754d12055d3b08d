"""Shares know how sure they are, and every figure counts what its name says."""

import pytest

from evals.datasets.business_documents import BusinessDocument, Span
from evals.presidio_measures import presidio_span_scores
from evals.span_measures import Read, Share, by_kind, over_redaction

TEXT = "客户王小明电话13800138000订单88号"
GOLD = (Span("person_name", 2, 5), Span("mobile", 7, 18))
TRAPS = (Span("order", 20, 22),)


def read(*found: Span) -> Read:
    return Read(BusinessDocument("a.txt", TEXT, GOLD, TRAPS), found)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(3000, 3000, 0.9987, 1.0), (6000, 6000, 0.9993, 1.0), (50, 100, 0.40, 0.60), (0, 0, 0.0, 1.0)],
)
def test_the_interval_narrows_with_the_number_of_cases(
    hits: int, total: int, low: float, high: float
) -> None:
    share = Share(hits, total)
    assert share.interval == pytest.approx((low, high), abs=0.005)
    assert str(hits) in str(share)


def test_three_thousand_cases_without_a_miss_show_the_target_and_a_hundred_do_not() -> None:
    assert Share(6000, 6000).interval[0] >= 0.999
    assert Share(100, 100).interval[0] < 0.999


def test_recall_and_precision_are_counted_by_kind() -> None:
    figures = {
        one.kind: (str(one.recall.value), str(one.precision.value))
        for one in by_kind(
            [read(Span("person_name", 2, 4), Span("mobile", 7, 18), Span("qq", 20, 22))]
        )
    }
    assert figures == {
        "person_name": ("0.0", "1.0"),
        "mobile": ("1.0", "1.0"),
        "qq": ("1.0", "0.0"),
    }


def test_nobodys_characters_are_those_outside_every_gold_span() -> None:
    assert over_redaction([read(*GOLD)]) == Share(0, 9)
    assert over_redaction([read(*GOLD, Span("qq", 20, 22))]) == Share(2, 9)


def test_presidio_evaluator_agrees_on_what_is_found() -> None:
    pytest.importorskip("presidio_evaluator")
    assert presidio_span_scores([read(*GOLD)]).recall == 1.0
    half = presidio_span_scores([read(GOLD[1], Span("qq", 20, 22))])
    assert (half.recall, half.precision, half.annotated) == (0.5, 0.5, 2)
