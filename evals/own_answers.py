"""Whole answers to what the company's own policies settle: is the rule that answers told, and told first."""

from assistant.app import App
from assistant.questions.ask import ask
from evals.asked_scores import statements
from evals.harness import Result, Score
from evals.own_rules import OwnRuleCase, example, right, rules_of
from records.people import Person

# Just below what was reached.
THRESHOLDS = {"told first": 0.5, "told": 0.65, "not told where none answers": 0.6}


def suites(app: App, person: Person) -> list[Result]:
    """A suite for each measure, over the questions that are only measured."""
    _, measured = example()
    rules = rules_of(measured.sections)
    found: dict[str, list[Score]] = {name: [] for name in THRESHOLDS}
    for case in measured.cases:
        answer = ask(app, person, case.q)
        first = answer.conclusion.text if answer.conclusion else ""
        every = "\n".join(claim.text for claim in statements(answer))
        if case.at:
            # Told with what stands behind it, a rule need not end its sentence.
            said = [rules.rules[row][2].rstrip("。") for row in right(rules, case).nonzero()[0]]
            found["told first"].append(_score(case, any(one in first for one in said)))
            found["told"].append(_score(case, any(one in every for one in said)))
        else:
            own = any(one in first for _, _, one in rules.rules)
            found["not told where none answers"].append(_score(case, not own))
    return [
        Result(f"company rules: {name}", tuple(scores), THRESHOLDS[name])
        for name, scores in found.items()
    ]


def _score(case: OwnRuleCase, passed: bool) -> Score:
    return Score(case.q[:24], passed, case.q)
