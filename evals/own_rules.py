"""`python -m evals.own_rules`: how often a question finds the company's rule that answers it; fits its weights.

On the questions of datasets/own_rules.yaml about the policies of examples/policy, and of datasets/company_rules.
Prints the shares of what is only measured, under weights fitted on the rest alone, and writes these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.answering.own_rule import OWN_RULE, OWN_RULE_BESIDE
from evals.asked import DATASETS, EXAMPLES
from evals.company_rules import FITTED_ON, ONLY_MEASURED, Company, companies
from knowledge.duty_model import duty_model
from knowledge.own_rules import WEIGHED, Chance, Evidence, OwnRules, Weighed, whether
from knowledge.policies import read_policies
from knowledge.provisions import Level, Provision
from knowledge.sentences import passages
from knowledge.store import Document
from pii.cleared import public_text
from records.data_files import Entry, load

FILE = DATASETS / "own_rules.yaml"
# How firmly weights are held towards nothing: there are few questions.
_RIDGE = 1e-3
_WAYS, _FIELDS = 4, 4
# What a question counts for whose sections were taken away, beside one as it is asked.
_WITHOUT = 0.4

# Rules, a question to them, and what speaks for each.
Seen = tuple[OwnRules, "Case", NDArray[np.float64]]


class Case(Entry):
    """A question, the sections that answer it, each by itself, and the words of each that do."""

    q: str
    at: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def answered_by(self, at: str, words: str, said: str) -> bool:
        """Whether the rule of these words in the section of that name answers."""
        told = (one in words or words in one or one in said for one in self.words)
        return at in self.at and (not self.words or any(told))


class _Cases(Entry):
    """What may be read and fitted on, and what is only measured."""

    read: tuple[Case, ...] = Field(min_length=1)
    measured: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Asked:
    """The policies of a company, and what its staff ask."""

    sections: tuple[Provision, ...]
    cases: tuple[Case, ...]


def example() -> tuple[Asked, Asked]:
    """The company of examples/policy: what may be fitted on, and what is only measured."""
    file, read = load(FILE, _Cases), read_policies(EXAMPLES / "policy")
    sections = tuple(
        one for document in read if isinstance(document, Document) for one in document.provisions
    )
    return Asked(sections, file.read), Asked(sections, file.measured)


def company(one: Company) -> Asked:
    """An invented company of datasets/company_rules."""
    headings = list(dict.fromkeys(rule.heading for rule in one.rules))
    sections = tuple(
        Provision(
            id=f"{one.name}#{heading}",
            instrument=one.name,
            article=heading,
            heading=heading,
            chapter=None,
            text="\n".join(rule.words for rule in one.rules if rule.heading == heading),
            level=Level.POLICY,
            effective_from=None,
            effective_to=None,
            source=one.name,
        )
        for heading in headings
    )
    cases = [
        Case(q=asked, at=(f"{one.name} {rule.heading}",), words=(rule.words,))
        for rule in one.rules
        for asked in rule.asked
    ]
    return Asked(sections, (*cases, *(Case(q=asked) for asked in one.unanswered)))


def in_section(rules: OwnRules, case: Case) -> NDArray[np.bool_]:
    """Which rules stand in the sections that answer."""
    return np.array([_name(section) in case.at for section, _, _ in rules.rules])


def right(rules: OwnRules, case: Case) -> NDArray[np.bool_]:
    """Which rules answer: where their words are nowhere as they stand, all of the sections."""
    told = [case.answered_by(_name(section), words, said) for section, words, said in rules.rules]
    return np.array(told) if any(told) else in_section(rules, case)


def _name(section: Provision) -> str:
    return f"{section.instrument} {section.article}"


def main() -> None:
    """Fit, write, print."""
    read, measured = example()
    learnt = [read, *map(company, companies(FITTED_ON))]
    known = [(rules_of(asked), asked.cases) for asked in learnt]
    weighed = _fitted(known)
    WEIGHED.write_text(
        "# Written by `python -m evals.own_rules`; what each means: knowledge/own_rules.py.\n"
        + yaml.safe_dump(weighed.model_dump(mode="json"), sort_keys=False, default_flow_style=None),
        encoding="utf-8",
    )
    console = Console()
    others = [company(one) for one in companies(ONLY_MEASURED)]
    console.print(_measured("fitted on", weighed, known))
    for name, many in (("the example, only measured", [measured]), ("other companies", others)):
        console.print(_measured(name, weighed, [(rules_of(asked), asked.cases) for asked in many]))


def rules_of(asked: Asked) -> OwnRules:
    """The rules of the company, taken apart."""
    return OwnRules(asked.sections, duty_model(), passages())


def _fitted(known: Sequence[tuple[OwnRules, Sequence[Case]]]) -> Weighed:
    seen = [
        (rules, case, rules.evidence(public_text(case.q, source="evals")))
        for rules, cases in known
        for case in cases
    ]
    answered = [(one, right(rules, case)) for rules, case, one in seen if case.at]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        lost, slope = _RIDGE * weights @ weights, 2 * _RIDGE * weights
        for one, answers in answered:
            scores = weights @ one
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            share = max(likely[answers].sum(), 1e-12)
            lost -= np.log(share) / len(answered)
            among = np.where(answers, likely / share, 0)
            slope -= one @ (among - likely) / len(answered)
        return float(lost), slope

    begun = np.ones(len(seen[0][2]))
    weights = minimize(
        loss, begun, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(begun)
    ).x.round(3)
    chance = _chance(seen, weights)
    fields = weights[: _WAYS * _FIELDS].reshape(_FIELDS, _WAYS).tolist()
    rest = weights[_WAYS * _FIELDS :].tolist()
    of_fields = dict(zip(("rule", "section", "heading", "together"), fields, strict=True))
    return Weighed(
        evidence=Evidence(
            **of_fields,
            wants=rest[:-7],
            rule_duties=rest[-7],
            section_duties=rest[-6],
            meets=rest[-5:-3],
            read=rest[-3:],
        ),
        chance=chance,
    )


def _chance(seen: Sequence[Seen], weights: NDArray[np.float64]) -> Chance:
    """What tells whether the best rule answers: each question also without the sections that answer it."""
    told, found, counts = [], [], []
    for rules, case, one in seen:
        answers = in_section(rules, case)
        weight = weights @ one
        told.append(whether(one, weight, rules.section))
        found.append(bool(answers[weight.argmax()]))
        counts.append(1.0)
        if case.at:
            rest = ~answers
            told.append(whether(one[:, rest], weight[rest], rules.section[rest]))
            found.append(False)
            counts.append(_WITHOUT)
    model = LogisticRegression(C=100, max_iter=5000, fit_intercept=False)
    model.fit(np.array(told), found, sample_weight=counts)
    return Chance(**dict(zip(Chance.model_fields, model.coef_[0].round(3).tolist(), strict=True)))


def _measured(
    name: str, weighed: Weighed, known: Sequence[tuple[OwnRules, Sequence[Case]]]
) -> Table:
    """How often a right rule, or one of a right section, is first or among three; and what is told at which chance."""
    places: dict[str, list[int]] = {"rule": [], "section": []}
    told: list[tuple[float, bool, bool]] = []
    for rules, case in ((rules, case) for rules, cases in known for case in cases):
        seen = rules.evidence(public_text(case.q, source="evals"))
        weight = weighed.counts @ seen
        section = in_section(rules, case)
        chance = weighed.chance_of(seen, weight, rules.section)
        told.append((chance, bool(section[weight.argmax()]), bool(case.at)))
        if case.at:
            for what, at in (("rule", right(rules, case)), ("section", section)):
                places[what].append(int((weight > weight[at].max()).sum()))
    table = Table(f"{name}: {len(told)}", "first", "of 3")
    for what, found in places.items():
        first, three = (f"{np.mean(np.array(found) < most):.3f}" for most in (1, 3))
        table.add_row(f"a right {what}", first, three)
    for least in (OWN_RULE, OWN_RULE_BESIDE):
        kept = [(good, any_) for chance, good, any_ in told if chance >= least]
        rights = sum(good for good, _ in kept)
        table.add_row(
            f"told at {least}: of what is told, a right section",
            f"{rights / max(len(kept), 1):.3f}",
            "",
        )
        table.add_row(
            f"told at {least}: of what has an answer, told rightly",
            f"{rights / len(places['rule']):.3f}",
            "",
        )
        off = sum(not any_ for _, any_ in kept) / sum(not any_ for _, _, any_ in told)
        table.add_row(f"told at {least}: of what has none, told", f"{off:.3f}", "")
    return table


if __name__ == "__main__":
    main()
