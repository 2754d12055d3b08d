"""Yes or no is said only where the reviewed questions of the duty bear it."""

import pytest

from assistant.answering.duties_told import asks_the_same
from assistant.answering.verdicts import LIKE_ENOUGH, SURE, verdict
from assistant.answering.ways import Way, form_of, same_asked
from evals import verdicts as measured
from knowledge.duties import Asked, Duty, Verdict, load_duties
from knowledge.duty_search import duty_search
from pii.cleared import public_text

DUTIES = load_duties()


def word(question: str, duty: Duty) -> Verdict | None:
    near = duty_search().asked_of(public_text(question, source="test"), duty)
    return verdict(question, duty, near)


def test_of_what_is_disputed_no_word_takes_a_side() -> None:
    disputed = [duty for duty in DUTIES.values() if duty.readings]
    assert disputed
    assert all(word("欠款三年没去催，再打官司还行吗", duty) is None for duty in disputed)


@pytest.mark.parametrize(
    ("question", "way"),
    [
        ("老板要追查举报的人可以吗", Way.MAY),
        ("客户要删资料，我们必须照办么", Way.MUST),
        ("泄露通知里要写什么", Way.OPEN),
        ("这样做违法不", Way.IS),
        ("会不会被罚", Way.WILL),
        ("What must a notice say?", Way.OPEN),
        ("Must we tell the client?", Way.MUST),
        ("Is it ok to keep it?", Way.MAY),
        ("打码的数据还受个保法管吗", Way.IS),
        ("等保非做不可吗", Way.IS),
        ("派出所口头要客户电话给不给", Way.MAY),
        ("法院要客户资料，交给他吗", Way.MAY),
        ("把客户名单贴小区里", Way.TOLD),
        ("burning papers in the yard", Way.TOLD),
        ("把客户名单贴小区里怎么处罚", Way.OPEN),
    ],
)
def test_the_cue_that_ends_last_says_how_it_is_asked(question: str, way: Way) -> None:
    assert form_of(question).way is way


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("把客户名单卖给别人会怎么样", "能把客户名单卖给别人吗"),
        ("可以不把客户名单卖给别人吗", "能把客户名单卖给别人吗"),
        ("能把客户名单留着吗", "能把客户名单卖给别人吗"),
        ("客户要求删除，但是还在打官司，必须删吗", "客户要求删除必须删吗"),
        ("什么情况不能简易注销", "简易注销要多少天"),
        ("影响评估报告怎么写", "影响评估报告存几年"),
        ("Who approves the destruction?", "When was the destruction approved?"),
    ],
)
def test_another_way_sign_act_condition_or_thing_wanted_asks_something_else(
    question: str, other: str
) -> None:
    assert not same_asked(question, other)


@pytest.mark.parametrize(
    ("question", "slug", "said"),
    [
        ("可以把顾客的联系方式卖给朋友吗", "no-illegal-trade", Verdict.MAY_NOT),
        ("隐私政策换了内容，得通知老用户么", "notice-of-change", Verdict.MUST),
        ("Are we allowed to publish clients' names?", "no-public-disclosure", Verdict.MAY_NOT),
        ("买卖客户资料最高判几年", "no-illegal-trade", None),
        ("某公司买卖客户资料的案子", "no-illegal-trade", None),
    ],
)
def test_a_question_in_other_words_gets_the_word_of_its_duty(
    question: str, slug: str, said: Verdict | None
) -> None:
    assert word(question, DUTIES[slug]) is said


@pytest.mark.parametrize(
    ("question", "slug", "against"),
    [
        ("老客户资料还要留吗", "delete-when-done", Verdict.MUST),
        ("税局来查 要客户名单 给不", "tax-inspection", Verdict.MAY_NOT),
    ],
)
def test_no_word_is_said_that_its_own_duty_contradicts(
    question: str, slug: str, against: Verdict
) -> None:
    assert word(question, DUTIES[slug]) is not against


def test_nearly_every_reviewed_question_gets_its_own_word() -> None:
    asked = [(one, duty) for duty in DUTIES.values() for one in duty.questions if one.so]
    wrong = [one.q for one, duty in asked if word(one.q, duty) not in (None, one.so)]
    assert len(wrong) <= 0.01 * len(asked), wrong
    assert sum(word(one.q, duty) is one.so for one, duty in asked) >= 0.9 * len(asked)


def test_a_word_for_duties_never_seen_is_seldom_wrong_and_hardly_ever_the_opposite() -> None:
    own, others = measured.kinds()
    easy, hard = measured.shares(own), measured.shares(others)
    assert easy["silent"] <= 0.4
    assert easy["right"] >= 0.79
    assert easy["the opposite"] <= 0.045
    # Written so that a duty's rivals do not answer them, seldom in its words.
    assert hard["right"] >= 0.74
    assert hard["the opposite"] <= 0.145
    assert min(LIKE_ENOUGH, SURE) > 0.5
    assert max(LIKE_ENOUGH, SURE) < 1


@pytest.mark.parametrize(
    ("joined", "same"),
    [
        ("A mother wants to see her child's data: Does she have to pay for it?", False),
        ("笔记本电脑丢了：要不要告诉客户？", True),
        ("A mother wants to see her child's data: May we send a copy?", False),
    ],
)
def test_likeness_to_the_first_of_two_questions_carries_no_word(joined: str, same: bool) -> None:
    near = [
        (Asked(q="must we show a mother her child's data"), 0.9),
        (Asked(q="电脑丢了要通知客户吗"), 0.7),
        (Asked(q="may we send a copy of the file"), 0.3),
    ]
    assert asks_the_same(joined, near) is same
