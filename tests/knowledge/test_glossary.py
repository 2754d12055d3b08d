"""The glossary: an English question in Chinese words, and a Chinese rule word by word in English."""

import pytest

from knowledge.glossary import gloss, in_chinese, things_in, without_people_and_acts


def test_an_english_question_is_also_sought_in_chinese_words() -> None:
    meant = in_chinese("Who can read the counselling notes?")
    assert any("心理记录" in words for words in meant)
    assert in_chinese("心理记录谁能看") == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("电话录音保存六个月。", "phone recording · keep 6 months"),
        ("不得用私人邮箱发送客户名单", "must not with private mailbox · send client list"),
        ("十五日内办结", "within 15 days · finish"),
        ("2026年10月23日起生效", "2026-10-23 take effect"),
        ("2021年解约；第四十七条；5 万元", "2021 contract ended; art. 47; 50,000 yuan"),
        (
            "没有加密的，按信息已经泄露处理。",
            "where not encrypt · handle according to information already leak",
        ),
        ("材料：电话录音；期限：六个月", "material: phone recording; period: 6 months"),
        ("结案后满三年", "after case closed · full 3 years"),
    ],
)
def test_a_rule_is_told_by_its_terms_in_order(rule: str, told: str) -> None:
    assert gloss(rule) == told


@pytest.mark.parametrize(
    "rule",
    [
        "没有加密的电脑先收回。",
        "无人看管的资料不得存放",
        "是公司的要求，客户须同意",
        "没有客户同意不提供",
    ],
)
def test_a_gloss_does_not_begin_as_an_answer_does(rule: str) -> None:
    assert gloss(rule)
    assert not gloss(rule).lower().startswith(("no ", "no,", "yes"))


def test_what_is_forbidden_stays_forbidden_where_a_word_is_not_known() -> None:
    assert "not … sell" in gloss("客户名单不得齉齉出售")


def test_a_gloss_names_no_instrument() -> None:
    assert "《" not in gloss("客户投诉按《客户信息管理手册》6.3 处理。")


def test_an_english_rule_gets_no_gloss() -> None:
    assert gloss("Phone recordings are kept for 6 months.") == ""


def test_a_rule_of_which_little_is_known_gets_no_gloss() -> None:
    assert gloss("魑魅魍魉皆不准") == ""


def test_whom_and_what_is_done_is_nothing_talk_is_about() -> None:
    assert not things_in("who has to approve it")
    assert "approve" not in without_people_and_acts("who has to approve it")
    assert things_in("who approves the test papers")
