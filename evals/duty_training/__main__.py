"""`python -m evals.duty_training`: train what chooses a duty, fit what it is weighed by, write both.

Twice: first without three in ten of the questions written for the duties and without everyday/*.yaml,
on which the weights and the chance that anything answers are then fitted and the shares printed; then
with all of it. Nothing but a fixed seed is drawn. Four minutes of one core.
"""

from collections.abc import Sequence

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression

from evals.duty_training import questions
from evals.duty_training.fitting import fitted, shares
from evals.duty_training.network import trained
from evals.duty_training.questions import Example
from knowledge.duties import Duties, load_duties
from knowledge.duty_model import FILE, DutyModel
from knowledge.duty_search import (
    ENOUGH,
    ENOUGH_OFF_SUBJECT,
    WEIGHED,
    Chance,
    DutySearch,
    Evidence,
    Seen,
    Weighed,
    whether,
)
from knowledge.duty_vectors import DutyVectors
from knowledge.synonyms import on_subject
from pii.cleared import public_text

# Of the questions no duty answers, every so many is kept apart to fit the chance on.
_EVERY = 3


def main() -> None:
    """Write both files and print what they reach."""
    console, duties = Console(), load_duties()
    first, apart = questions.by_part()
    beside, further = questions.beside(duties), questions.further(duties)
    none = [*questions.outside(), *questions.of_other_laws(duties)]
    known = [one for place, one in enumerate(none) if place % _EVERY]
    model = trained([*beside, *first, *known], tuple(duties))
    weighed = _weighed(console, duties, model, (further, apart), none[::_EVERY])
    WEIGHED.write_text(
        "# Written by `python -m evals.duty_training`; what each means: knowledge/duty_search.py.\n"
        + yaml.safe_dump(weighed.model_dump(), sort_keys=False),
        encoding="utf-8",
    )
    trained([*beside, *further, *first, *apart, *none], tuple(duties)).save(FILE)
    DutyVectors.of(duties).save()
    console.print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.1f} MB")


def _weighed(
    console: Console,
    duties: Duties,
    model: DutyModel,
    inside: tuple[Sequence[Example], ...],
    outside: Sequence[Example],
) -> Weighed:
    """What is fitted on questions neither the model nor the index has seen."""
    kept = (duty.model_copy(update={"also_asked": ()}) for duty in duties.values())
    nothing = Weighed(
        evidence=Evidence(**dict.fromkeys(Evidence.model_fields, 0.0)),
        chance=Chance(**dict.fromkeys(Chance.model_fields, 0.0)),
    )
    without = Duties(tuple(kept), duties.topics)
    search = DutySearch(without, model, DutyVectors.of(without), nothing)
    asked = [one for many in inside for one in many]
    seen = [search.evidence(public_text(one.text, source="evals")) for one in asked]
    rows = {duty: row for row, duty in enumerate(duties)}
    right = np.array([rows[one.name] for one in asked])
    of = np.array([np.array([*one.of.values()]).T for one in seen])
    names = tuple(Evidence.model_fields)
    weights = fitted(of, right, names)
    table = Table("questions never seen", "how many", "first", "of 3", "of 8")
    begun = 0
    for name, many in zip(("everyday", "written"), inside, strict=True):
        some = slice(begun, begun := begun + len(many))
        table.add_row(name, f"{len(many)}", *shares(of[some] @ weights, right[some]))
        table.add_row(f"{name}, learnt alone", "", *shares(of[some, :, 0], right[some]))
    console.print(table)
    off = [search.evidence(public_text(one.text, source="evals")) for one in outside]
    chance = _chance(console, weights, (asked, seen), (outside, off))
    evidence = dict(zip(names, weights.round(3).tolist(), strict=True))
    return Weighed(evidence=Evidence(**evidence), chance=chance)


def _chance(
    console: Console,
    weights: NDArray[np.float64],
    inside: tuple[Sequence[Example], Sequence[Seen]],
    outside: tuple[Sequence[Example], Sequence[Seen]],
) -> Chance:
    """The chance that anything answers, and how many are answered at which."""
    within, off = (
        np.array(
            [
                whether(one, weights @ np.array([*one.of.values()]), inside=on_subject(asked.text))
                for asked, one in zip(*both, strict=True)
            ]
        )
        for both in (inside, outside)
    )
    model = LogisticRegression(C=10, max_iter=5000, fit_intercept=False, class_weight="balanced")
    model.fit(np.vstack([within, off]), [True] * len(within) + [False] * len(off))
    table = Table("answered at a chance of", "inside", "outside", "outside, none named")
    for chance in (0.3, ENOUGH, ENOUGH_OFF_SUBJECT, 0.9):
        kept, let_in, unnamed = (
            (model.predict_proba(of)[:, 1] >= chance).mean()
            for of in (within, off, off[off[:, list(Chance.model_fields).index("subject")] == 0])
        )
        table.add_row(f"{chance}", f"{kept:.3f}", f"{let_in:.3f}", f"{unnamed:.3f}")
    console.print(table)
    found = model.coef_[0].round(3).tolist()
    return Chance(**dict(zip(Chance.model_fields, found, strict=True)))


if __name__ == "__main__":
    main()
