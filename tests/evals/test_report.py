"""The page of figures says what was measured, what failed, and what changed."""

from datetime import UTC, datetime

from evals.harness import Result, Score
from evals.report import Previous, page
from evals.suites import SUITES, Baseline

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
RESULTS = [
    Result("tuned by rules: citation", (Score("a", True), Score("b", False, "第<9>条")), 0.4),
    Result("redaction: gone", (Score("c", False, "leak"),), 1.0),
    Result("retention: none", (), 1.0),
]


def _page(previous: Previous = Previous()) -> str:  # noqa: B008
    baseline = Baseline("tuned by rules: citation", "plain search", 0.25)
    return page(RESULTS, previous, [baseline], at=AT)


def test_it_names_suites_shares_baselines_and_failures() -> None:
    html = _page()
    for words in ("50.0 %", "plain search: 25.0 %", "1 套低于门槛", "redaction: gone", "leak"):
        assert words in html
    assert "第&lt;9&gt;条" in html
    assert "retention: none" not in html


def test_it_needs_nothing_from_elsewhere() -> None:
    html = _page()
    assert "<svg" in html
    assert not {"http:", "https:", "<script", "<link"} & set(html.replace('"', " ").split())
    assert "src=" not in html


def test_it_compares_with_an_earlier_run() -> None:
    html = _page(Previous({"tuned by rules: citation": 0.75}, "2026-10-01T00:00:00"))
    assert "-25.0" in html
    assert "2026-10-01" in html
    assert "2026-10-01" not in _page()


def test_attacks_come_last_for_they_change_the_library() -> None:
    assert list(SUITES)[-1] == "injections"
