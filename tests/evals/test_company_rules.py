"""The rules of invented companies that the sentence model learns from."""

from evals.company_rules import ONLY_MEASURED, ORDERED_ON, companies
from evals.sentence_training.pairs import of_companies


def test_every_rule_stands_under_a_heading_and_no_question_twice() -> None:
    every = companies()
    assert len({one.name for one in every}) == len(every) > 10
    for one in every:
        assert all(rule.heading and rule.words for rule in one.rules)
        asked = [text for rule in one.rules for text in rule.asked]
        assert len({*asked, *one.unanswered}) == len(asked) + len(one.unanswered)


def test_no_company_held_out_is_trained_on() -> None:
    trained = {text for group in of_companies() for text in group.texts}
    for one in companies((*ORDERED_ON, *ONLY_MEASURED)):
        assert one.unanswered
        assert not trained & {f"{rule.heading}：{rule.words}" for rule in one.rules}
