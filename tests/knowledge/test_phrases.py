"""Phrases are found whole, the longest first."""

import pytest

from knowledge.phrases import Phrases

PHRASES = Phrases(["客户", "客户名单", "单", "file", "mp3", "id card"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("客户名单和客户", [("客户名单", "客户名单"), ("客户", "客户")]),
        ("客户名", [("客户", "客户")]),
        ("单", [("单", "单")]),
        ("two files", [("file", "files")]),
        ("filed, filing", [("file", "filed")]),
        ("profile", []),
        ("filers", []),
        ("客户file", [("客户", "客户"), ("file", "file")]),
        ("mp3s", [("mp3", "mp3")]),
        ("id cards", [("id card", "id cards")]),
        ("", []),
    ],
)
def test_the_longest_phrase_counts_and_english_stands_as_a_whole_word(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert [(one.phrase, text[one.start : one.end]) for one in PHRASES.found_in(text)] == found


def test_phrases_give_way_with_their_endings() -> None:
    assert (
        PHRASES.replaced("all files of 客户名单", lambda one: f"<{one}>")
        == "all <file> of <客户名单>"
    )
