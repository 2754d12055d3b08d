"""Marks in text: always at the right place, always escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.web.marking import Numbered, highlight, marked_segment
from pii.kinds import Kind
from pii.policy import Treatment
from pii.reasons import reason_words
from pii.report import ReportLine
from records.language import Bilingual


def line(start: int, end: int) -> ReportLine:
    """A finding at these places."""
    place = Bilingual("第1行", "line 1")
    return ReportLine(place, Kind.MOBILE, Treatment.MASK, 1.0, "mobile/format", start, end, 0)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("甲乙丙", "乙", "甲<mark>乙</mark>丙"),
        ("甲乙丙", "", "甲乙丙"),
        ("甲乙丙", "丁", "甲乙丙"),
        ("甲\n乙", "甲乙", "<mark>甲\n乙</mark>"),
        ("a.c abc", "a.c", "<mark>a.c</mark> abc"),
        ("<b>甲</b>", "甲", "&lt;b&gt;<mark>甲</mark>&lt;/b&gt;"),
        ("甲<乙", "<", "甲<mark>&lt;</mark>乙"),
    ],
)
def test_quoted_words_are_marked_once_and_blanks_do_not_matter(
    text: str, words: str, expected: str
) -> None:
    assert highlight(text, words) == expected


def test_findings_are_marked_with_their_numbers_from_left_to_right() -> None:
    numbered = [Numbered(2, line(4, 5)), Numbered(1, line(0, 2))]
    marked = str(marked_segment("甲乙丙丁戊", numbered))
    assert marked.index('id="mark-1"') < marked.index("丙丁") < marked.index('id="mark-2"')


@given(
    text=st.text(max_size=40), places=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)))
)
def test_no_place_however_wrong_loses_text_or_lets_markup_through(
    text: str, places: list[tuple[int, int]]
) -> None:
    numbered = [Numbered(n, line(*sorted(place))) for n, place in enumerate(places, 1)]
    marked = marked_segment(text, numbered)
    assert "<script" not in str(marked)
    shown = marked
    for number in range(1, len(places) + 1):
        shown = shown.replace(f"<sup>{number}</sup>", "")
    assert shown.striptags() == " ".join(_plain(text).split())


def _plain(text: str) -> str:
    from markupsafe import escape

    return escape(text).striptags()


@pytest.mark.parametrize(
    ("reason", "zh"),
    [
        ("mobile/label:手机号", "字段名“手机号”"),
        ("resident_id/checksum", "校验码正确"),
        ("person_name/elsewhere", "同一文件他处已认定"),
        ("person_name/something_new", "something_new"),
        ("odd", "odd"),
    ],
)
def test_a_reason_is_said_in_words(reason: str, zh: str) -> None:
    assert reason_words(reason).zh == zh
