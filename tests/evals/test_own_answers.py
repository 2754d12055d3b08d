"""Whole answers about the company's own rules: what counts as told, and as told first."""

import pytest

from assistant.app import App
from evals import own_answers
from evals.own_rules import Asked, OwnRuleCase, example
from records.people import Person


def test_a_rule_counts_as_told_where_the_answer_says_it(
    app: App, employee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = example()[0].sections
    at, words = ("对外提供与共享规则 2.2",), ("每季度检查一次受托方",)
    elsewhere, other = ("对外提供与共享规则 2.1",), ("合同文本用表单",)
    cases = (
        OwnRuleCase(q="How often do we check our vendors?", at=at, words=words),
        OwnRuleCase(q="多久检查一次受托方", at=elsewhere, words=other),
        OwnRuleCase(q="食堂下周二吃什么"),
        OwnRuleCase(q="多久检查一次受托方？"),
    )
    asked = Asked(sections, cases)
    monkeypatch.setattr(own_answers, "example", lambda: (asked, asked))
    passed = {
        one.suite.partition(": ")[2]: [score.passed for score in one.scores]
        for one in own_answers.suites(app, employee)
    }
    assert passed["told first"] == [True, False]
    assert passed["told"][0]
    assert passed["not told where none answers"] == [True, False]
