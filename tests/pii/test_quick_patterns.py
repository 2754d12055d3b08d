"""A pattern made quick matches what it matched before."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.recognizers import PATTERNS
from pii.recognizers.base import ShapeRecognizer, quick

SHAPES = [shape for build in PATTERNS for shape in getattr(build(), "shapes", ()) if shape.pattern]
QUICK = [shape for shape in SHAPES if quick(shape.pattern) is not shape.pattern]


def test_some_shipped_patterns_are_made_quick() -> None:
    assert len(QUICK) >= 5
    assert issubclass(PATTERNS[0], ShapeRecognizer)  # type: ignore[arg-type]


@given(st.text(alphabet="08912HMAWJ粤·.-_ a\n", max_size=40), st.sampled_from(QUICK))
def test_a_quick_pattern_finds_the_same(text: str, shape: object) -> None:
    pattern: re.Pattern[str] = shape.pattern  # type: ignore[attr-defined]
    for given_text in (text, "900001" + text, "80000020000101000X" + text):
        before = [match.span() for match in pattern.finditer(given_text)]
        assert [match.span() for match in quick(pattern).finditer(given_text)] == before


@pytest.mark.parametrize("pattern", [r"(?<![a])b|c", r"(?<![a])b*c", r"(?<![a])(?:b|c)", r"bc"])
def test_what_cannot_be_made_quick_stays(pattern: str) -> None:
    compiled = re.compile(pattern)
    assert quick(compiled) is compiled
