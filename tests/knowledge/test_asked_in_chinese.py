"""An English question in Chinese words and order: by it a company's Chinese rules are sought."""

import pytest

from knowledge.asked_in_chinese import asked_in_chinese


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How often do passwords have to be changed?", "密码换多久一次"),
        ("Who has to approve an export of customer data?", "谁批准客户信息的导出"),
        ("Can the IT team open it?", "可以信息系统岗打开吗"),
        ("What about bicycles?", ""),
        ("密码多久换一次", ""),
    ],
)
def test_a_question_is_put_in_chinese_words(question: str, told: str) -> None:
    used = {"批准": 3, "换": 2, "客户信息": 2, "打开": 1, "信息系统岗": 2}
    assert asked_in_chinese(question, lambda word: used.get(word, 0)) == told
