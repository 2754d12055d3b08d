"""`python -m evals.own_rules`: how often a question finds the company's rule that answers it; fits its weights.

On the questions of datasets/own_rules.yaml about the policies of examples/policy, and of datasets/company_rules.
What each kind of evidence counts for is fitted first, then the chance that the best rule answers, also with
questions that are none of a company's business. Prints the shares of what is only measured and writes the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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
from evals.duty_training import questions
from knowledge.duty_model import duty_model
from knowledge.own_rules import WEIGHED, Chance, Evidence, OwnRules, Weighed, whether
from knowledge.policies import read_policies
from knowledge.provisions import Level, Provision
from knowledge.sentences import passages
from knowledge.store import Document
from pii.cleared import public_text
from records.data_files import Entry, load

FILE = DATASETS / "own_rules.yaml"
# How firmly weights are held towards nothing.
_RIDGE = 1e-5
_WAYS, _FIELDS = 4, 4
# What a question counts for whose sections were taken away, beside one as it is asked.
_WITHOUT = 0.4
_NO_CHANCE = Chance(in_its_section=0, read=0, duties=0, less=0)
# As many as all questions of the example, or of all other companies, count together.
_COUNTED = 2000


class OwnRuleCase(Entry):
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

    read: tuple[OwnRuleCase, ...] = Field(min_length=1)
    measured: tuple[OwnRuleCase, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Asked:
    """The policies of a company, and what its staff ask."""

    sections: tuple[Provision, ...]
    cases: tuple[OwnRuleCase, ...]


def example() -> tuple[Asked, Asked]:
    """The company of examples/policy: what may be fitted on, and what is only measured."""
    file, sections = load(FILE, _Cases), sections_of(EXAMPLES / "policy")
    return Asked(sections, file.read), Asked(sections, file.measured)


def sections_of(folder: Path) -> tuple[Provision, ...]:
    """The sections of the policies in a folder."""
    read = read_policies(folder)
    return tuple(one for of in read if isinstance(of, Document) for one in of.provisions)


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
        OwnRuleCase(q=asked, at=(f"{one.name} {rule.heading}",), words=(rule.words,))
        for rule in one.rules
        for asked in rule.asked
    ]
    return Asked(sections, (*cases, *(OwnRuleCase(q=asked) for asked in one.unanswered)))


def in_section(rules: OwnRules, case: OwnRuleCase) -> NDArray[np.bool_]:
    """Which rules stand in the sections that answer."""
    return np.array([_name(section) in case.at for section, _, _ in rules.rules])


def right(rules: OwnRules, case: OwnRuleCase) -> NDArray[np.bool_]:
    """Which rules answer: where their words are nowhere as they stand, all of the sections."""
    told = [case.answered_by(_name(section), words, said) for section, words, said in rules.rules]
    return np.array(told) if any(told) else in_section(rules, case)


def _name(section: Provision) -> str:
    return f"{section.instrument} {section.article}"


@dataclass(frozen=True)
class Seen:
    """A question to some rules, what speaks for each of those, and which answer, by themselves and by section."""

    case: OwnRuleCase
    evidence: NDArray[np.float64]
    section: NDArray[np.intp]
    right: NDArray[np.bool_]
    in_section: NDArray[np.bool_]

    def without(self, rows: NDArray[np.bool_]) -> "Seen":
        """The same as if those rules were not there."""
        left = ~rows
        return Seen(
            self.case,
            self.evidence[:, left],
            self.section[left],
            self.right[left],
            self.in_section[left],
        )


def main() -> None:
    """Fit, write, print."""
    read, measured = example()
    fitted_on = [read, *map(company, companies(FITTED_ON))]
    outside = [OwnRuleCase(q=one.text) for one in questions.outside()]
    of_companies = [
        _seen_of(replace(one, cases=(*one.cases, *outside[at :: len(fitted_on)])))
        for at, one in enumerate(fitted_on)
    ]
    evidence = _evidence([one for seen in of_companies for one in seen])
    weighed = Weighed(evidence=evidence, chance=_NO_CHANCE)
    weighed = Weighed(evidence=evidence, chance=_chance(weighed, of_companies))
    WEIGHED.write_text(
        "# Written by `python -m evals.own_rules`; what each means: knowledge/own_rules.py.\n"
        + yaml.safe_dump(weighed.model_dump(mode="json"), sort_keys=False, default_flow_style=None),
        encoding="utf-8",
    )
    console = Console()
    others = [_seen_of(company(one)) for one in companies(ONLY_MEASURED)]
    for name, many in (
        ("fitted on", of_companies[0]),
        ("the example, only measured", _seen_of(measured)),
        *zip(ONLY_MEASURED, others, strict=True),
    ):
        console.print(_measured(name, weighed, many))


def rules_of(sections: Sequence[Provision]) -> OwnRules:
    """The rules of these sections, taken apart."""
    return OwnRules(sections, duty_model(), passages())


def _seen_of(asked: Asked) -> list[Seen]:
    rules = rules_of(asked.sections)
    return [
        Seen(
            case,
            rules.evidence(public_text(case.q, source="evals")),
            rules.section,
            right(rules, case) if case.at else np.zeros(len(rules.rules), dtype=bool),
            in_section(rules, case),
        )
        for case in asked.cases
    ]


def _evidence(seen: Sequence[Seen]) -> Evidence:
    """What each kind of evidence counts for."""
    answered = [(one.evidence, one.right) for one in seen if one.case.at]

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

    begun = np.ones(len(seen[0].evidence))
    weights = minimize(
        loss, begun, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(begun)
    ).x.round(3)
    fields = weights[: _WAYS * _FIELDS].reshape(_FIELDS, _WAYS).tolist()
    rest = weights[_WAYS * _FIELDS :].tolist()
    of_fields = dict(zip(("rule", "section", "heading", "together"), fields, strict=True))
    return Evidence(
        **of_fields,
        wants=rest[:-7],
        rule_duties=rest[-7],
        section_duties=rest[-6],
        meets=rest[-5:-3],
        read=rest[-3:],
    )


def _chance(weighed: Weighed, of_companies: Sequence[Sequence[Seen]]) -> Chance:
    """What tells whether the best rule answers: each question also without the sections that answer it.

    The example, which comes first, counts as much as all others: its questions are not by who wrote its rules.
    """
    told, found, counts = [], [], []
    for at, every in enumerate(of_companies):
        alike = 1 if at == 0 else len(of_companies) - 1
        for one in every:
            asked = [(one, 1.0)]
            if one.case.at:
                asked.append((one.without(one.in_section), _WITHOUT))
            for case, counted in asked:
                score = weighed.counts @ case.evidence
                told.append(whether(case.evidence, score, case.section))
                found.append(bool(case.in_section[score.argmax()]))
                counts.append(counted * _COUNTED / (alike * len(every)))
    model = LogisticRegression(C=100, max_iter=5000, fit_intercept=False)
    model.fit(np.array(told), found, sample_weight=counts)
    return Chance(**dict(zip(Chance.model_fields, model.coef_[0].round(3).tolist(), strict=True)))


def _measured(name: str, weighed: Weighed, seen: Sequence[Seen]) -> Table:
    """How often a right rule, or one of a right section, is first or among three; and what is told at which chance."""
    places: dict[str, list[float]] = {"rule": [], "section": []}
    told: list[tuple[float, bool, bool]] = []
    for one in seen:
        score = weighed.counts @ one.evidence
        chance = weighed.chance_of(one.evidence, score, one.section)
        told.append((chance, bool(one.in_section[score.argmax()]), bool(one.case.at)))
        if one.case.at:
            for what, at in (("rule", one.right), ("section", one.in_section)):
                before = (score > score[at].max()).sum() if at.any() else np.inf
                places[what].append(before)
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
        if none := sum(not any_ for _, _, any_ in told):
            off = sum(not any_ for _, any_ in kept) / none
            table.add_row(f"told at {least}: of what has none, told", f"{off:.3f}", "")
    return table


if __name__ == "__main__":
    main()
