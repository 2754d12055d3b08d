"""Versions compared: what stayed, moved, changed, came and went, with the words marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.checked import checked, fingerprint, outdated
from knowledge.diff import Kind, Mark, compare, pieces_of
from knowledge.duties import load_duties
from knowledge.ingest import IngestReport
from knowledge.library import Library
from knowledge.store import ProvisionRow
from records.database import Database
from tests.knowledge.conftest import TODAY


@dataclass(frozen=True)
class Article:
    article: str
    text: str

    @property
    def heading(self) -> str:
        return f"第{self.article}条"


REGISTER = "客户档案由档案员登记，保存三年，期满后报主管批准。"
NOTIFY = "泄露客户信息的，应当在二十四小时内向主管部门报告并通知本人。"
DESTROY = "销毁客户档案由两名主管签字，并制作销毁清册永久保存。"


def kinds(
    old: Sequence[Article], new: Sequence[Article]
) -> list[tuple[str, str | None, str | None]]:
    return [(c.kind.value, c.old_article, c.new_article) for c in compare(old, new).changes]


def test_a_number_changes_as_a_whole() -> None:
    found = [
        (p.mark, p.words) for p in pieces_of("自2025年3月1日起施行。", "自2027年1月15日起施行。")
    ]
    assert found == [
        (Mark.SAME, "自"),
        (Mark.GONE, "2025年3月1"),
        (Mark.NEW, "2027年1月15"),
        (Mark.SAME, "日起施行。"),
    ]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (
            [Article("1", REGISTER), Article("2", NOTIFY), Article("3", DESTROY)],
            [("same", "1", "1"), ("same", "2", "2"), ("same", "3", "3")],
        ),
        (
            [
                *(Article("1", "本办法适用于全体员工和外包人员。"), Article("2", REGISTER)),
                *(Article("3", NOTIFY), Article("4", DESTROY)),
            ],
            [
                *(("added", None, "1"), ("renumbered", "1", "2")),
                *(("renumbered", "2", "3"), ("renumbered", "3", "4")),
            ],
        ),
        (
            [Article("1", REGISTER), Article("2", DESTROY.replace("两名", "三名"))],
            [("same", "1", "1"), ("removed", "2", None), ("renumbered_changed", "3", "2")],
        ),
        (
            [Article("1", REGISTER), Article("2", NOTIFY.replace("二十四", "一")), Article("3", DESTROY)],
            [("same", "1", "1"), ("changed", "2", "2"), ("same", "3", "3")],
        ),
        (
            [Article("1", DESTROY), Article("2", REGISTER), Article("3", NOTIFY)],
            [("renumbered", "3", "1"), ("renumbered", "1", "2"), ("renumbered", "2", "3")],
        ),
    ],
)  # fmt: skip
def test_each_article_is_followed_to_where_it_went(
    new: list[Article], expected: list[tuple[str, str | None, str | None]]
) -> None:
    old = [Article("1", REGISTER), Article("2", NOTIFY), Article("3", DESTROY)]
    assert kinds(old, new) == expected


def test_the_words_that_changed_are_marked() -> None:
    (change,) = compare(
        [Article("2", NOTIFY)], [Article("2", NOTIFY.replace("二十四", "一"))]
    ).changes
    assert [(p.mark, p.words) for p in change.pieces if p.mark is not Mark.SAME] == [
        (Mark.GONE, "二十四"),
        (Mark.NEW, "一"),
    ]


@settings(deadline=None, max_examples=60)
@given(st.text("客户档案保存三年。", max_size=40), st.text("客户档案保存五年；", max_size=40))
def test_the_pieces_put_together_are_both_texts(old: str, new: str) -> None:
    pieces = list(pieces_of(old, new))
    assert "".join(p.words for p in pieces if p.mark is not Mark.NEW) == old
    assert "".join(p.words for p in pieces if p.mark is not Mark.GONE) == new


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([REGISTER, NOTIFY, DESTROY, "短。"]), max_size=6),
    st.lists(st.sampled_from([REGISTER, NOTIFY, DESTROY, "短句。"]), max_size=6),
)
def test_every_article_of_both_versions_stands_once(old: list[str], new: list[str]) -> None:
    before = [Article(str(n), text) for n, text in enumerate(old)]
    after = [Article(str(n), text) for n, text in enumerate(new)]
    changes = compare(before, after).changes
    assert sorted(c.old_article for c in changes if c.old_article) == sorted(
        a.article for a in before
    )
    assert [c.new_article for c in changes if c.new_article] == [a.article for a in after]


def test_a_real_amendment_is_followed(whole: tuple[Library, IngestReport]) -> None:
    library, _ = whole
    old, new = library.version("商标法@2019-11-01"), library.version("商标法@2027-01-01")
    diff = compare(old, new)
    assert sum(diff.counts.values()) == len(new) + diff.counts[Kind.REMOVED]
    moved = {c.old_article: c.new_article for c in diff.changes if c.old_article and c.new_article}
    assert moved["72"] == "86"
    assert len(moved) > 40


def test_every_duty_rests_on_the_words_it_was_checked_against(
    whole: tuple[Library, IngestReport], whole_database: Database
) -> None:
    with whole_database.reading() as session:
        assert outdated(session, load_duties(), as_of=TODAY) == []
    assert sum(len(one) for one in checked().values()) > 250


def test_a_duty_whose_article_changed_needs_review(
    whole: tuple[Library, IngestReport], whole_database: Database
) -> None:
    sealed = {"中华人民共和国个人信息保护法": {"47": fingerprint("别的文字")}}
    with whole_database.reading() as session:
        found = outdated(session, load_duties(), as_of=TODAY, against=sealed)
        before = outdated(session, load_duties(), as_of=date(2020, 1, 1))
        words = session.get(ProvisionRow, "个人信息保护法@2021-11-01#47")
    assert "OB-075" in {one.duty.id for one in found}
    assert {(one.article, one.version) for one in found} == {("47", "个人信息保护法@2021-11-01")}
    # Before the law began its articles were not in force: nothing carries the duty then.
    assert {one.version for one in before if "个人信息保护法" in one.instrument} == {None}
    assert words is not None
    assert fingerprint(words.text) == checked()["中华人民共和国个人信息保护法"]["47"]


def test_spaces_and_punctuation_do_not_make_another_reading() -> None:
    assert fingerprint("应当 删除；\n（一）甲") == fingerprint("应当删除:(一)甲")
    assert fingerprint("应当删除") != fingerprint("可以删除")
