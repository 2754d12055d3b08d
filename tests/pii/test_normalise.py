"""One normalisation, and the way back to the original offsets."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pii.normalise import BOUNDARY, normalise

_PIECES = st.lists(
    st.sampled_from(
        [
            "１",
            "8",
            "张",
            "\u200b",
            " ",
            "-",
            "　",
            "\n",
            "Ａ",
            "x",
            "。",
            "\ue000",
            "\x00",
            "138 0013 8000",
            "\u00ad",
            "😀",
        ]
    ),
    max_size=30,
).map("".join)


@given(st.lists(_PIECES, min_size=1, max_size=4))
def test_every_character_maps_back_to_the_one_it_was_read_from(texts: list[str]) -> None:
    normalised = normalise(texts)
    original = "\x00".join(texts)
    body = normalised.text[: normalised.body]
    origins = [normalised.origin(i) for i in range(len(body))]
    assert origins == sorted(set(origins))
    for char, origin in zip(body, origins, strict=True):
        folded = normalise([original[origin]]).text[:1] if char != BOUNDARY else BOUNDARY
        assert char in (folded, "\ue0ff", " ")


@given(st.lists(_PIECES, min_size=1, max_size=4))
def test_joined_readings_map_back_to_characters_they_show(texts: list[str]) -> None:
    normalised = normalise(texts)
    body = normalised.text[: normalised.body]
    at = {normalised.origin(i): char for i, char in enumerate(body)}
    for index in range(normalised.body, len(normalised.text)):
        char = normalised.text[index]
        if char != BOUNDARY:
            assert at[normalised.origin(index)] == char


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("138\n00138000", "13800138000"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("6222　0212　3456　7890　128", "6222021234567890128"),
    ],
)
def test_numbers_written_apart_are_also_read_as_one(text: str, reading: str) -> None:
    assert reading in normalise([text]).text


@pytest.mark.parametrize("text", ["2024-01-15", "1.2.3.4", "12 3 45 6 78 9 01", "13800138000"])
def test_other_numbers_have_no_second_reading(text: str) -> None:
    normalised = normalise([text])
    assert normalised.text == text
    assert normalised.body == len(text)


# Each by its form alone, in the groups it is written in.
_WRITTEN_APART = (
    ("138", "0013", "8000"),
    ("86", "138", "0013", "8000"),
    ("6222", "0212", "3456", "7890", "128"),
    ("4111", "1111", "1111", "1111"),
    ("5500", "0000", "0000", "0004"),
    ("3782", "822463", "10005"),
    ("110105", "19491231", "002X"),
    ("110105", "491231", "002"),
    tuple("13800138000"),
    tuple("6222021234567890128"),
    ("0755", "88", "88", "88", "88"),
    ("91", "350100", "M000100Y43"),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(_WRITTEN_APART),
    st.sampled_from([" ", "-", "\n"]),
    st.lists(st.integers(10, 99).map(str), min_size=8, max_size=40),
    st.integers(0, 40),
)
def test_a_number_written_apart_is_read_as_one_among_a_row_of_numbers(
    number: tuple[str, ...], gap: str, row: list[str], place: int
) -> None:
    before, after = row[:place], row[place:]
    text = " ".join([*before, gap.join(number), *after])
    assert "".join(number) in normalise([text]).text


@pytest.mark.parametrize("width", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("gap", [" ", "-", "  ", "\n"])
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=0)
def test_readings_of_a_page_of_figures_stay_a_few_times_the_page(
    width: int, gap: str, seed: int
) -> None:
    chance = random.Random(seed)
    groups = [str(chance.randrange(10 ** (width - 1), 10**width)) for _ in range(900)]
    page = "\n".join(gap.join(groups[i : i + 18]) for i in range(0, len(groups), 18))
    assert len(normalise([page]).text) < 7 * len(page)
