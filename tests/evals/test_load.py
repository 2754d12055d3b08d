"""The verdict of the load run: which limit was passed."""

import pytest

from evals.load import ACKNOWLEDGED_MILLIS, Measured, limits_passed


def measured(*millis: float, **errors: int) -> Measured:
    return Measured(millis=list(millis), errors=dict(errors))


def test_a_load_that_was_held_passes_no_limit() -> None:
    quick = measured(*[40.0] * 200)
    assert limits_passed(quick, 200, measured(900.0), measured(20.0)) == []


def test_one_slow_acknowledgement_in_a_thousand_is_within_the_limit() -> None:
    assert limits_passed(measured(*[40.0] * 999, 3000.0), 1000) == []


@pytest.mark.parametrize(
    ("events", "sent", "others", "said"),
    [
        (measured(*[40.0] * 90, *[600.0] * 10), 100, (), "p99 600 ms, limit 500 ms"),
        (measured(*[40.0] * 99), 100, (), "1 of 100 Slack events not acknowledged"),
        (measured(*[40.0] * 99, **{"503": 1}), 100, (), "1 × 503"),
        (measured(40.0), 1, (measured(20.0, ReadTimeout=2),), "2 × ReadTimeout"),
        (measured(40.0), 1, (measured(),), "nothing that was right"),
        (measured(), 0, (), "no Slack event was sent"),
    ],
)
def test_each_limit_is_named_when_it_is_passed(
    events: Measured, sent: int, others: tuple[Measured, ...], said: str
) -> None:
    assert any(said in one for one in limits_passed(events, sent, *others))


def test_exactly_at_the_limit_is_still_within_it() -> None:
    assert limits_passed(measured(*[ACKNOWLEDGED_MILLIS] * 100), 100) == []
