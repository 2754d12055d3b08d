"""Yes or no by a company's own rule: where its wording settles it or it is likely, and nowhere else."""

import pytest

from assistant.answering.rule_words import rule_word
from knowledge.duties import Verdict


@pytest.mark.parametrize(
    ("question", "rule", "word"),
    [
        # The wording settles it.
        ("要马上关机吗", "拔网线，不关机。", Verdict.NEED_NOT),
        # It is weighed: the rule says 不得 of other words than the question's.
        ("昨天漏开的单子今天补个昨天的日期行不行", "日期按当天写，不得倒填。", Verdict.MAY_NOT),
        (
            "隔壁店想要我们的老客户名册，能给一份吗",
            "请求：同行要名册；处理：不提供。",
            Verdict.MAY_NOT,
        ),
        # Neither: what is asked openly, and what the rule does not speak of.
        ("名册归谁保管", "请求：同行要名册；处理：不提供。", None),
        ("两家分店要先关吗", "每半年演练一次。", None),
    ],
)
def test_a_word_where_the_rule_gives_one(question: str, rule: str, word: Verdict | None) -> None:
    assert rule_word(question, rule) is word
