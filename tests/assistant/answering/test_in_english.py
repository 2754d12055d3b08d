"""What of a Chinese rule is said in English: only what is asked for, read out of its words, and known whole."""

import pytest

from assistant.answering.in_english import facts_in, title_in_english, told_in_english

_ROW = "材料：电话录音；起算点：通话结束；期限：六个月；说明：回访录音同此"


@pytest.mark.parametrize(
    ("question", "rule", "said"),
    [
        (
            "How long are calls kept?",
            _ROW,
            ["phone recording, kept for 6 months, counted from the end of the call"],
        ),
        ("By what date must claims be filed?", "债权申报截至2026年12月17日。", ["2026-12-17"]),
        (
            "Within how many days is it finished?",
            "客户申请退款的，十五日内原路退回。",
            ["within 15 days"],
        ),
        (
            "How long must a password be?",
            "密码不少于十二位，字母要有。",
            ["at least 12 characters"],
        ),
        ("How many texts may we send?", "短信每月最多发四条。", ["at most 4 messages a month"]),
        (
            "How many may a manager export?",
            "角色：店长；能导出：一次两百条以内",
            ["store manager, may export at most 200 records at a time"],
        ),
        ("How often do we check them?", "每季度检查一次受托方。", ["every quarter"]),
        (
            "Who approves an export?",
            "导出须由部门主管和法务岗两人同意。",
            ["head of department and legal officer"],
        ),
        ("Which form do I need?", "填《申请表》（表单 QH-D-03）。", ["form QH-D-03"]),
        ("What information goes to them?", "只转移姓名、电话。", ["name and telephone"]),
    ],
)
def test_what_is_asked_for_is_said_in_english(question: str, rule: str, said: list[str]) -> None:
    assert [one.said for one in facts_in(question, rule)] == said


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        # Nobody asked for a period.
        ("Who approves an export?", "十五日内原路退回。"),
        # A client is no post of the company.
        ("Who approves it?", "由客户本人办理。"),
        # Not all who approve are known.
        ("Who approves it?", "由齉齉和法务岗同意。"),
        # What is left out is no part of what is handed over.
        ("What information goes to them?", "不含姓名、电话。"),
        # Yes or no is asked for.
        ("May we keep it?", "保存六个月。"),
    ],
)
def test_nothing_else_is_said(question: str, rule: str) -> None:
    assert not facts_in(question, rule)


def test_of_several_clauses_the_one_is_told_that_speaks_of_what_is_asked() -> None:
    rule = "三个工作日内回复已受理，十五日内办结。"
    asked = "Within how many days must a request be finished?"
    assert [one.words for one in facts_in(asked, rule)] == ["十五日内办结"]


def test_a_title_is_told_in_english_where_all_of_it_is_known() -> None:
    assert (
        title_in_english("手册", "4.1 销毁审批") == "《手册》4.1 销毁审批: Approval of destruction"
    )
    assert title_in_english("手册", "4.1 齉齉") == "《手册》4.1 齉齉"


def test_the_rule_is_quoted_whole() -> None:
    told = told_in_english("May I?", "《手册》2", "不得外传。", answers="不得外传。", exact=True)
    assert (
        told == "The company's rule is in Chinese (《手册》2); it says, word for word: “不得外传。”"
    )
