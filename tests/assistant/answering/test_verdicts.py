"""Yes or no is said only where the likened question asks the same."""

import numpy as np
import pytest

from assistant.answering.verdicts import LIKE_ENOUGH, verdict
from knowledge.asked import AskedIndex
from knowledge.duties import Asked, Verdict, load_duties

SELL = Asked(q="能把客户名单卖给别人吗", so=Verdict.MAY_NOT)
DELETE = Asked(q="客户要求删除他的信息必须删吗", so=Verdict.MUST)


@pytest.mark.parametrize(
    ("question", "asked", "word"),
    [
        ("可以把客户名单卖给朋友吗", SELL, Verdict.MAY_NOT),
        ("客户让我们删掉信息，一定要删吗", DELETE, Verdict.MUST),
        ("Do we have to delete his data?", Asked(q="Must we delete a client's data?", so=Verdict.MUST), Verdict.MUST),
        # Another way of asking, sign, action or condition: no word.
        ("把客户名单卖给别人会怎么样", SELL, None),
        ("可以不把客户名单卖给别人吗", SELL, None),
        ("能把客户名单留着吗", SELL, None),
        ("客户要求删除他的信息，可以不删吗", DELETE, None),
        ("客户要求删除他的信息，但是还在打官司，必须删吗", DELETE, None),
        ("客户要求删除他的信息，多久之内要删", DELETE, None),
    ],
)  # fmt: skip
def test_a_word_holds_only_for_the_same_question(
    question: str, asked: Asked, word: Verdict | None
) -> None:
    assert verdict(question, asked, 0.9) is word


def test_an_unlike_question_or_one_without_a_word_gets_none() -> None:
    assert verdict(SELL.q, SELL, 0.61) is None
    assert verdict(SELL.q, Asked(q=SELL.q), 1.0) is None
    assert verdict(SELL.q, SELL, 1.0) is Verdict.MAY_NOT


def test_no_reviewed_question_gets_the_word_of_another_that_differs() -> None:
    asked = [one for duty in load_duties().values() for one in duty.asked]
    index = AskedIndex([[one.q] for one in asked])
    wrong = []
    for place, one in enumerate(asked):
        if one.so is None:
            continue
        likeness = index.nearness(one.q)
        for other in np.flatnonzero(likeness >= LIKE_ENOUGH):
            word = verdict(one.q, asked[other], float(likeness[other]))
            if other != place and word not in (None, one.so):
                wrong.append((one.q, asked[other].q))
    assert wrong == []


def test_most_reviewed_questions_get_their_own_word() -> None:
    carrying = [one for duty in load_duties().values() for one in duty.asked if one.so]
    said = [one for one in carrying if verdict(one.q, one, 1.0) is one.so]
    assert len(carrying) >= 400
    assert len(said) >= 0.95 * len(carrying)
