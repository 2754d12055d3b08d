"""`python -m evals.own_rules`: how often a question finds the company's rule that answers it; fits its weights.

On the questions of datasets/own_rules.yaml about the policies of examples/policy. Prints the shares of
the half that is only measured, under weights fitted on the other half alone, and writes these.
"""

from collections.abc import Sequence

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.answering.material import OWN_RULE, OWN_RULE_LEADS
from evals.asked import DATASETS
from evals.suites import EXAMPLES
from knowledge.duty_model import duty_model
from knowledge.own_rules import WEIGHED, Chance, Evidence, OwnRules, Weighed, whether
from knowledge.policies import read_policies
from knowledge.provisions import Provision
from knowledge.store import Document
from pii.cleared import public_text
from records.data_files import Entry, load

FILE = DATASETS / "own_rules.yaml"
# How firmly weights are held towards nothing: there are few questions.
_RIDGE = 1e-3
_WAYS, _FIELDS = 4, 4


class Case(Entry):
    """A question, the sections of which each answers it by itself, and the words that do."""

    q: str
    at: tuple[str, ...] = ()
    words: str = ""


class Cases(Entry):
    """What may be read and fitted on, and what is only measured."""

    read: tuple[Case, ...] = Field(min_length=1)
    measured: tuple[Case, ...] = Field(min_length=1)


def main() -> None:
    """Fit, write, print."""
    file = load(FILE, Cases)
    rules = OwnRules(sections(), duty_model())
    weighed = _fitted(rules, file.read)
    WEIGHED.write_text(
        "# Written by `python -m evals.own_rules`; what each means: knowledge/own_rules.py.\n"
        + yaml.safe_dump(weighed.model_dump(mode="json"), sort_keys=False, default_flow_style=None),
        encoding="utf-8",
    )
    console = Console()
    for name, some in (("fitted on", file.read), ("only measured", file.measured)):
        console.print(_measured(name, rules, weighed, some))


def sections() -> list[Provision]:
    """The sections of the example policies."""
    read = read_policies(EXAMPLES / "policy")
    return [
        one for document in read if isinstance(document, Document) for one in document.provisions
    ]


def in_section(rules: OwnRules, case: Case) -> NDArray[np.bool_]:
    """Which rules stand in the sections that answer."""
    named = [f"{section.instrument} {section.article}" in case.at for section, _, _ in rules.rules]
    return np.array(named)


def right(rules: OwnRules, case: Case) -> NDArray[np.bool_]:
    """Which rules answer: those of the sections named, and where words are given only those with them."""
    told = [
        case.words in words or words in case.words or case.words in said
        for _, words, said in rules.rules
    ]
    at = in_section(rules, case)
    both = at & np.array(told)
    return both if both.any() else at


def _fitted(rules: OwnRules, cases: Sequence[Case]) -> Weighed:
    seen = [rules.evidence(public_text(case.q, source="evals")) for case in cases]
    answered = [(one, right(rules, case)) for one, case in zip(seen, cases, strict=True) if case.at]

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

    begun = np.ones(len(seen[0]))
    weights = minimize(
        loss, begun, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(begun)
    ).x.round(3)
    none = [weights @ one for one, case in zip(seen, cases, strict=True) if not case.at]
    usual = round(float(np.mean([weight.max() for weight in none])), 3)
    told = np.array([whether(one, weights @ one, usual) for one in seen])
    found = [
        in_section(rules, case)[(weights @ one).argmax()]
        for one, case in zip(seen, cases, strict=True)
    ]
    model = LogisticRegression(C=100, max_iter=5000, fit_intercept=False)
    model.fit(told, found)
    fields = weights[: _WAYS * _FIELDS].reshape(_FIELDS, _WAYS).tolist()
    rest = weights[_WAYS * _FIELDS :].tolist()
    of_fields = dict(zip(("rule", "section", "heading", "together"), fields, strict=True))
    return Weighed(
        evidence=Evidence(
            **of_fields,
            wants=rest[:-4],
            rule_duties=rest[-4],
            section_duties=rest[-3],
            meets=rest[-2:],
        ),
        chance=Chance(
            **dict(zip(Chance.model_fields, model.coef_[0].round(3).tolist(), strict=True))
        ),
        usual=usual,
    )


def _measured(name: str, rules: OwnRules, weighed: Weighed, cases: Sequence[Case]) -> Table:
    """How often a right rule, or one of a right section, is first or among three; and what is told at which chance."""
    places: dict[str, list[int]] = {"rule": [], "section": []}
    told: list[tuple[float, bool, bool]] = []
    for case in cases:
        seen = rules.evidence(public_text(case.q, source="evals"))
        weight = weighed.counts @ seen
        section = in_section(rules, case)
        chance = weighed.chance_of(seen, weight)
        told.append((chance, bool(section[weight.argmax()]), bool(case.at)))
        if case.at:
            for what, at in (("rule", right(rules, case)), ("section", section)):
                places[what].append(int((weight > weight[at].max()).sum()))
    table = Table(f"{name}: {len(cases)}", "first", "of 3")
    for what, found in places.items():
        first, three = (f"{np.mean(np.array(found) < most):.3f}" for most in (1, 3))
        table.add_row(f"a right {what}", first, three)
    for least in (OWN_RULE, OWN_RULE_LEADS):
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
