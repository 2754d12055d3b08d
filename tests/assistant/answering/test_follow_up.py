"""What answers the second of two questions: found for both together and for it alone."""

from dataclasses import dataclass
from datetime import date

from assistant.answering.follow_up import FollowUp, rules_of_follow_up
from assistant.answering.threads import Turn
from assistant.answering.understand import meaning
from knowledge.library import OwnRule
from knowledge.provisions import Level, Provision
from pii.cleared import ClearedText, public_text
from records.language import Language


def _rule(words: str, score: float) -> OwnRule:
    section = Provision(
        id="manual#1", instrument="手册", article="1", heading="", chapter=None, text=words,
        level=Level.POLICY, effective_from=None, effective_to=None, source="test",
    )  # fmt: skip
    return OwnRule(section, words, words, score)


@dataclass
class _Search:
    """What each question finds by itself."""

    found: dict[str, list[OwnRule]]

    def __call__(self, question: ClearedText) -> list[OwnRule]:
        return self.found.get(question.text, [])


def test_what_was_told_before_gives_way_to_what_the_second_question_finds() -> None:
    before, typed = (public_text(one, source="test") for one in ("搬不搬", "哪天递申请"))
    search = _Search({"搬不搬": [_rule("不搬。", 0.8)], "哪天递申请": [_rule("三月递。", 0.6)]})

    found = rules_of_follow_up([_rule("不搬。", 0.8)], FollowUp(typed, before), search)

    assert [one.words for one in found] == ["三月递。", "不搬。"]


def test_what_both_ways_find_is_likelier_than_either_says() -> None:
    before, typed = (public_text(one, source="test") for one in ("合并先做什么", "换用途呢"))
    search = _Search({"换用途呢": [_rule("重新同意。", 0.5), _rule("先登记。", 0.55)]})

    first, *_ = rules_of_follow_up([_rule("重新同意。", 0.5)], FollowUp(typed, before), search)

    assert (first.words, round(first.score, 2)) == ("重新同意。", 0.75)


def test_a_question_of_its_own_stands_apart_and_a_condition_does_not() -> None:
    def apart(text: str) -> bool:
        turns = (Turn("派工单留多长时间？"),)
        day = date(2026, 11, 28)
        return meaning(text, turns, choice="", language=Language.ZH, today=day).apart

    assert apart("那要告诉客户吗")
    assert not apart("那要是客户投诉过呢？")
