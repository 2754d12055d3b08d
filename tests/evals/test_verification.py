"""The check on drafts made wrong on purpose, over the laws of the small library."""

from assistant.app import App
from evals.verification import by_way, verification_suites


def test_wrong_drafts_are_caught_and_right_ones_pass(app: App) -> None:
    caught, passed = verification_suites(app, as_of=app.today())
    assert len(caught.scores) > 500
    assert len(passed.scores) > 60
    assert caught.passed, [score.reason for score in caught.failures]
    assert passed.passed, [score.reason for score in passed.failures]


def test_every_way_of_being_wrong_is_tried(app: App) -> None:
    ways = by_way(verification_suites(app, as_of=app.today())[0])
    assert len(ways) == 12
    for way, (number, share) in ways.items():
        assert number >= 3, way
        assert share >= 0.9, way
