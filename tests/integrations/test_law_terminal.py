"""What `compliance knowledge` shows: an old number says where it went, a change shows without colour."""

from datetime import date

import pytest

from assistant.law.law_changes import LawChanges, Shelf, Side
from integrations.cli.law_terminal import show_changes, show_known, show_lookups
from integrations.cli.terminal import console
from knowledge.addresses import Address
from knowledge.diff import compare
from knowledge.levels import Level
from knowledge.lookup import Lookup
from knowledge.provisions import Provision
from knowledge.sources import by_name
from records.language import Language

TODAY = date(2026, 11, 27)


def article(number: str, words: str) -> Provision:
    return Provision(
        f"甲@2026-01-01#{number}", "甲法", number, f"第{number}条", None, words, Level.LAW,
        date(2026, 1, 1), None, "test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "number", "heading"),
    [
        (True, "23", "第二十一条 → 第二十三条"),
        (True, "21", "第二十一条"),
        (False, "21", "第二十一条"),
    ],
)
def test_words_under_an_old_number_are_headed_by_the_number_they_have_now(
    old: bool, number: str, heading: str
) -> None:
    found = Lookup(Address("甲法", "21", old=old), article(number, "保存。"), "保存。")
    with console.capture() as shown:
        show_lookups([found], Language.ZH, today=TODAY)
    assert f"《甲法》{heading}\n" in shown.get()


def test_a_text_known_by_name_only_is_shown_with_rank_day_and_that_it_is_not_loaded() -> None:
    for language, said in ((Language.ZH, "未载入原文"), (Language.EN, "text not loaded")):
        with console.capture() as shown:
            show_known(Shelf((), (by_name()["征信业管理条例"],), (), ()), language)
        assert said in shown.get()
        assert "2013-03-15" in shown.get()


def test_what_went_and_what_came_is_bracketed_where_no_colour_is_shown() -> None:
    sides = (Side("旧", "甲法", None), Side("新", "甲法", None))
    before, after = ([article("1", f"档案保存{years}年。")] for years in ("三", "五"))
    with console.capture() as shown:
        show_changes(LawChanges(*sides, compare(before, after), ()), Language.ZH, articles=True)
    assert "[-三-]{+五+}" in shown.get()
    assert "没有义务" in shown.get()
