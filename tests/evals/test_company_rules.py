"""The rules of invented companies that models learn from, and the words read off of them."""

from evals.answer_training.rule_words import NONE, words
from evals.company_rules import FITTED_ON, ONLY_MEASURED, companies
from evals.sentence_training.pairs import of_companies
from knowledge.duties import Verdict


def test_every_rule_stands_under_a_heading_and_no_question_twice() -> None:
    every = companies()
    assert len({one.name for one in every}) == len(every) > 10
    for one in every:
        assert all(rule.heading and rule.words for rule in one.rules)
        asked = [text for rule in one.rules for text in rule.asked]
        assert len({*asked, *one.unanswered}) == len(asked) + len(one.unanswered)


def test_no_company_held_out_is_trained_on() -> None:
    trained = {text for group in of_companies() for text in group.texts}
    for one in companies((*FITTED_ON, *ONLY_MEASURED)):
        assert one.unanswered
        assert not trained & {f"{rule.heading}：{rule.words}" for rule in one.rules}


def test_each_word_read_off_is_of_a_question_of_that_company() -> None:
    for one in companies([*words()]):
        asked = {text for rule in one.rules for text in rule.asked}
        assert words()[one.name].keys() <= asked
        assert {*words()[one.name].values()} <= {NONE, *(word.value for word in Verdict)}
