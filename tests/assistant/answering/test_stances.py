"""Yes or no from the sentence that is told: only where it settles the act asked about."""

import pytest

from assistant.answering.stances import Stance, agrees, stance_on, word_from
from knowledge.duties import Verdict

# Invented rules, worded as companies word them.


@pytest.mark.parametrize(
    ("question", "rule", "word"),
    [
        ("能在服务区过夜吗", "押运须两人一车，中途不得停留过夜。", Verdict.MAY_NOT),
        ("这批纸能扔吗", "有纠纷的不得提前清理。", Verdict.MAY_NOT),
        ("卡背后三个数要记吗", "押金卡不记录卡背面三位数。", Verdict.NEED_NOT),
        ("要马上关机吗", "拔网线，不关机。", Verdict.NEED_NOT),
        ("打卡记录能导出吗", "退会后可导出一次。", None),
        ("退会后打卡记录能导出吗", "退会后可导出一次。", Verdict.MAY),
        ("要两个人签字吗", "销毁单须两个人签字。", Verdict.MUST),
        ("可以不签字吗", "销毁单须签字。", Verdict.MAY_NOT),
        ("要登记吗", "赠品无需登记。", Verdict.NEED_NOT),
        ("没加密可以存吗", "电脑须加密后才能存放名单。", Verdict.MAY_NOT),
        ("会通知本人吗", "抽查不通知本人。", Verdict.WILL_NOT),
        # What the company says it does not do, it forbids; a condition is asked for by its name.
        ("国外总部要名单，直接发过去行吗", "本公司不向境外提供客户信息。", Verdict.MAY_NOT),
        ("换个用途要不要再征得同意", "改变用途的，须重新取得同意。", Verdict.MUST),
    ],
)
def test_the_sentence_settles_it(question: str, rule: str, word: Verdict | None) -> None:
    assert word_from(question, rule) is word


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        # Another act, a condition that only the asker knows, two clauses that say different things.
        ("能复印吗", "押运须两人一车，中途不得停留过夜。"),
        ("能给他妹妹看订单吗", "亲属来看订单的，须有本人书面委托。"),
        ("能删吗", "到期的可以删，在办的不得删。"),
        ("要恢复吗", "确需恢复的，恢复后立即重做删除。"),
        ("保留吗", "到期不再续费的不得联系。"),
        # What stops says yes to whether one must stop.
        ("要停止提供吗", "对名单上的公司停止提供。"),
        # No yes or no is asked for.
        ("什么时候删", "到期的不得删。"),
    ],
)
def test_where_it_does_not_nothing_is_said(question: str, rule: str) -> None:
    assert word_from(question, rule) is None


def test_what_is_forbidden_but_on_a_condition_is_limited() -> None:
    assert stance_on("能转给别家吗", "没有本人同意，不得转给别家。") is Stance.LIMITS
    assert stance_on("能转给别家吗", "不得转给别家。") is Stance.FORBIDS


def test_a_word_of_the_law_may_open_only_a_sentence_of_the_same_sign() -> None:
    assert agrees(Verdict.MUST, "每日加密备份。")
    assert not agrees(Verdict.MUST, "拔网线，不关机。")
    assert agrees(Verdict.MAY_NOT, "一律先不提供。")
    assert not agrees(Verdict.MAY_NOT, "每日加密备份。")
    assert not agrees(Verdict.DEPENDS, "每日加密备份。")
