"""The glossary: an English question in Chinese words, and nouns of a Chinese rule in English."""

import pytest

from knowledge.glossary import (
    in_chinese,
    listed,
    people_listed,
    things_in,
    without_people_and_acts,
)


def test_an_english_question_is_also_sought_in_chinese_words() -> None:
    meant = in_chinese("Who can read the counselling notes?")
    assert any("心理记录" in words for words in meant)
    assert in_chinese("心理记录谁能看") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("电话录音", "phone recording"),
        ("姓名、电话和地址", "name, telephone and address"),
        ("会员的照片", "member photo"),
        ("姓名、齉齉", ""),
        ("销毁", ""),
    ],
)
def test_nouns_are_told_where_each_is_known(text: str, told: str) -> None:
    assert listed(text) == told


def test_people_are_told_where_all_are_people() -> None:
    assert (
        people_listed("部门主管和客户信息负责人")
        == "head of department and client information officer"
    )
    assert people_listed("部门主管和表单") == ""


def test_whom_and_what_is_done_is_nothing_talk_is_about() -> None:
    assert not things_in("who has to approve it")
    assert "approve" not in without_people_and_acts("who has to approve it")
    assert things_in("who approves the test papers")
