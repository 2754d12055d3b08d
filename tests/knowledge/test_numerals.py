"""Chinese numerals and article labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import article_heading, article_label, to_chinese, to_number


@given(st.integers(min_value=1, max_value=9999))
def test_a_number_survives_the_way_to_chinese_and_back(number: int) -> None:
    assert to_number(to_chinese(number)) == number


@given(st.integers(min_value=1, max_value=9999), st.integers(min_value=1, max_value=30))
def test_a_label_survives_the_way_to_a_heading_and_back(number: int, branch: int) -> None:
    label = f"{number}之{to_chinese(branch)}"
    assert article_label(article_heading(label)) == label
    assert article_label(article_heading(str(number))) == str(number)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("十", 10),
        ("一十七", 17),
        ("一百零五", 105),
        ("一百一十", 110),
        ("二〇二五", 2025),
        ("４７", 47),
    ],
)
def test_usual_spellings_are_read(written: str, number: int) -> None:
    assert to_number(written) == number


@pytest.mark.parametrize("written", ["", "百百", "十百", "四七十", "条", "一二百"])
def test_a_misspelt_numeral_is_no_number(written: str) -> None:
    assert to_number(written) is None


@pytest.mark.parametrize("number", [0, -1, 10000])
def test_numbers_beyond_any_statute_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no statute"):
        to_chinese(number)
