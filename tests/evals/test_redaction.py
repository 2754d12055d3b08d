"""Redaction of the shipped examples, and of generated documents of both halves, holds its figures."""

from pathlib import Path

import pytest

from evals.datasets.business_documents import HALVES, Half
from evals.datasets.business_files import forms
from evals.redaction import business_suite, identifier_figures, recoverable, redaction_suites
from pii.detect import ShippedDetector
from pii.policy import load_policy

USUAL, FRESH, EVERYDAY = (0.95, 0.97, 0.15, 0.97), (0.86, 0.93, 0.4, 0.97), (0.86, 0.93, 0.3, 0.84)
MIXED, BLIND = (0.94, 0.97, 0.4, 0.92), (0.88, 0.97, 0.16, 0.93)
SAID = (0.9, 0.9, 0.45, 0.76)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def detector() -> ShippedDetector:
    return ShippedDetector()


def test_no_example_is_refused_nothing_planted_is_left_and_look_alikes_stay(
    detector: ShippedDetector,
) -> None:
    gone, kept = redaction_suites(EXAMPLES, detector, load_policy("standard"))
    assert [score.reason for score in gone.failures] == []
    assert [score.reason for score in kept.failures] == []


@pytest.mark.parametrize("half", HALVES)
def test_business_documents_lose_their_people_and_keep_their_numbers(
    detector: ShippedDetector, half: Half
) -> None:
    # Figures only: what the held-out half still leaks is not for looking at while tuning.
    _, figures = business_suite(half, detector, load_policy("standard"), each=2)
    mixed, blind = half.startswith("mixed"), half.startswith("blind")
    assert figures.names_covered >= (0.92 if mixed or half.startswith("said") else 0.97)
    assert figures.addresses_precision >= 0.95
    assert figures.ids_recall == 1.0
    # Numbers of members and of keys under 卡号 are hidden as cards in the last two sets.
    assert figures.ids_precision >= (0.7 if mixed else 0.9 if blind else 1.0)
    # The second set is all hard places and words that look like names; in the third firms look like people.
    bars = {"fresh": FRESH, "everyday": EVERYDAY, "mixed": MIXED, "blind": BLIND, "said": SAID}
    precision, addresses, leaking, kept = bars.get(half.removesuffix("_held_out"), USUAL)
    assert figures.traps_kept >= kept
    assert figures.names_precision >= precision
    assert figures.addresses_covered >= addresses
    assert figures.leak_rate <= leaking


@pytest.mark.parametrize("half", HALVES[:2])
def test_checksummed_identifiers_are_found_in_every_writing_and_near_misses_stay(
    detector: ShippedDetector, half: Half
) -> None:
    # The full run measures thousands: python -m evals.redaction.
    figures = identifier_figures(half, detector, count=540)
    assert figures.found.value >= 0.998
    assert figures.precision.value >= 0.995
    assert figures.clean.value >= 0.995


@pytest.mark.parametrize("form", forms())
def test_no_labelled_value_can_be_read_from_a_redacted_file(
    detector: ShippedDetector, form: str
) -> None:
    result = recoverable("tuned", form, detector, load_policy("standard"), each=1, step=14)
    assert [score.reason for score in result.failures] == []
