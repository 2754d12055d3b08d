"""Where a character stands in the words of its sentence."""

from hypothesis import given
from hypothesis import strategies as st

from pii.words import ALONE, BEGIN, END, INSIDE, PLACES, word_places


def test_characters_know_their_place_in_a_word() -> None:
    assert list(word_places("他确认")) == [ALONE, BEGIN, END]
    assert word_places("合同书")[0] in (BEGIN, BEGIN + 1)
    assert list(word_places("马到成功")) == [BEGIN + 2, INSIDE, INSIDE, END + 2]


@given(st.text(max_size=60))
def test_every_character_has_one_place(text: str) -> None:
    places = word_places(text)
    assert len(places) == len(text)
    assert all(0 <= place < PLACES for place in places)
