"""Redaction of the shipped examples, and of generated documents of both halves, holds its figures."""

from pathlib import Path

import pytest

from evals.datasets.business_documents import HALVES, Half
from evals.redaction import business_suite, redaction_suites
from pii.detect import PresidioDetector
from pii.policy import load_policy

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector()


def test_no_example_is_refused_nothing_planted_is_left_and_look_alikes_stay(
    detector: PresidioDetector,
) -> None:
    gone, kept = redaction_suites(EXAMPLES, detector, load_policy("standard"))
    assert [score.reason for score in gone.failures] == []
    assert [score.reason for score in kept.failures] == []


@pytest.mark.parametrize("half", HALVES)
def test_business_documents_lose_their_people_and_keep_their_numbers(
    detector: PresidioDetector, half: Half
) -> None:
    # Figures only: what the held-out half still leaks is not for looking at while tuning.
    _, figures = business_suite(half, detector, load_policy("standard"), each=3)
    assert figures.names_covered >= 0.95
    assert figures.names_precision >= 0.95
    assert figures.addresses_covered >= 0.95
    assert figures.ids_recall == figures.ids_precision == 1.0
    assert figures.traps_kept >= 0.97
    assert figures.leak_rate <= 0.15
