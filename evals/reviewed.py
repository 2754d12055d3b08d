"""`python -m evals.reviewed SUITE`: does the detector now decide as reviewers did?

The suite holds sentences with marks for values (`pii/eval_cases.py`); invented values are put in,
drawn by the case's own number, so that a case is the same in every run.
"""

import random
import re
import sys
from pathlib import Path

from evals.datasets.business_people import chinese, pools
from evals.datasets.business_values import VALUES
from evals.harness import Result, Score, run
from pii.detect import Detector, ShippedDetector
from pii.eval_cases import EvalCase, EvalCases
from pii.kinds import Kind
from records.data_files import load

THRESHOLD = 0.9
_MARK = re.compile(r"\{(\?|[a-z_]+)\}")
_BY_KIND = dict(reversed(list(VALUES.values())))


def reviewed_suite(path: Path, detector: Detector) -> Result:
    """The share of reviewers' decisions the detector makes by itself."""
    cases = load(path, EvalCases).cases
    return run(
        "redaction: decisions of reviewers",
        cases,
        lambda c: score(c, detector),
        threshold=THRESHOLD,
    )


def score(case: EvalCase, detector: Detector) -> Score:
    """Personal: the whole text is found. Not personal: nothing is found in it as that kind."""
    text, start, end = filled(case)
    found = detector.find(text, label=case.label)
    if case.personal:
        covered = {i for f in found for i in range(f.start, f.end)}
        passed = covered.issuperset(range(start, end))
    else:
        passed = not any(f.kind is case.kind and f.start < end and start < f.end for f in found)
    return Score(case.id, passed, f"{case.kind.value}: {text}")


def filled(case: EvalCase) -> tuple[str, int, int]:
    """The sentence with invented values, and where the text in question stands."""
    chosen = random.Random(case.id)
    text, start, end, position = "", 0, 0, 0
    for mark in _MARK.finditer(case.text):
        text += case.text[position : mark.start()]
        asked = mark[1] == "?"
        value = (
            case.literal
            if asked and case.literal
            else _invented(case.kind if asked else Kind(mark[1]), chosen)
        )
        if asked:
            start, end = len(text), len(text) + len(value)
        text += value
        position = mark.end()
    return text + case.text[position:], start, end


def _invented(kind: Kind, chosen: random.Random) -> str:
    pool = pools(0)
    person = chinese(chosen, pool)
    if kind is Kind.PERSON_NAME:
        return person.name
    make = _BY_KIND.get(kind.value)
    # No generator for the kind: digits of common length, which a label must explain.
    return make(person, chosen, pool) if make else f"{chosen.randrange(10**9, 10**10)}"


def main() -> None:
    """Print the share and what failed."""
    result = reviewed_suite(Path(sys.argv[1]), ShippedDetector())
    print(f"{result.suite}: {result.share:.1%} of {len(result.scores)}")
    for failure in result.failures:
        print(f"  {failure.case}  {failure.reason}")
    sys.exit(not result.passed)


if __name__ == "__main__":
    main()
