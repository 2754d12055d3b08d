"""`python -m evals.duty_ranking`: how often a question finds its duty, and the weights fitted for that.

The index holds the questions written beside the duties; asked are those of everyday/*.yaml, which it
has never seen, and for the chance that anything answers also questions about something else. Prints
the shares under the weights in use, each topic's questions under weights fitted without them (five
folds), and the weights fitted on all: what `knowledge.duty_search` holds is copied from here by hand.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from evals.asked import DATASETS
from knowledge.duties import Duties, load_duties
from knowledge.duty_search import ENOUGH, ENOUGH_OFF_SUBJECT, WEIGHTS, DutySearch
from knowledge.word_index import understand
from pii.cleared import public_text
from records.data_files import Entry, load

FOLDS = 5
# How firmly weights are held towards nothing: enough that they stay finite.
_RIDGE = 1e-4

Numbers = NDArray[np.float64]


class _Outside(Entry):
    outside: tuple[str, ...]


def main() -> None:
    """Print the shares and the weights."""
    duties = load_duties()
    search = _half_of(duties)
    rows = {duty: row for row, duty in enumerate(duties)}
    asked = [(one.q, duty) for duty in duties.values() for one in duty.also_asked]
    right = np.array([rows[duty.id] for _, duty in asked])
    topics = np.array([duty.topic for _, duty in asked])
    seen = _evidence(search, [question for question, _ in asked])
    table = Table(f"of {len(asked)} questions the index never saw", "first", "of 3", "of 8")
    in_use = np.array(list(WEIGHTS.values()))
    table.add_row("weights in use", *_shares(seen @ in_use, right))
    apart = np.zeros(seen.shape[:2])
    for aside in range(FOLDS):
        of = topics % FOLDS == aside
        apart[of] = seen[of] @ fitted(seen[~of], right[~of])
    table.add_row("fitted without the topic", *_shares(apart, right))
    weights = fitted(seen, right)
    table.add_row("fitted on all", *_shares(seen @ weights, right))
    console = Console()
    console.print(table)
    console.print({name: round(float(w), 1) for name, w in zip(WEIGHTS, weights, strict=True)})
    others = list(load(DATASETS / "outside_questions.yaml", _Outside).outside)
    elsewhere = _evidence(DutySearch(duties), others)
    _print_chance(
        console,
        _whether(seen @ in_use, seen, [question for question, _ in asked]),
        _whether(elsewhere @ in_use, elsewhere, others),
    )


def fitted(seen: Numbers, right: NDArray[np.intp]) -> Numbers:
    """The weights under which the right duty is likeliest (conditional logit, McFadden 1974).

    `seen` is questions by duties by kinds of evidence, `right` the row of each question's duty.
    """
    every = np.arange(len(right))

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = seen @ weights
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1)
        share = likely / total[:, None]
        gained = (scores[every, right] - np.log(total)).mean()
        expected = (share[:, :, None] * seen).sum(axis=1)
        slope = (seen[every, right] - expected).mean(axis=0)
        return _RIDGE * weights @ weights - gained, 2 * _RIDGE * weights - slope

    begun = np.ones(seen.shape[2])
    found: Numbers = minimize(loss, begun, jac=True, method="L-BFGS-B").x
    return found


def _half_of(duties: Duties) -> DutySearch:
    """A search over the questions beside the duties alone."""
    kept = (duty.model_copy(update={"also_asked": ()}) for duty in duties.values())
    return DutySearch(Duties(tuple(kept), duties.topics))


def _evidence(search: DutySearch, questions: Sequence[str]) -> Numbers:
    found = (search.evidence(public_text(question, source="evals")) for question in questions)
    return np.array([np.array([one[name] for name in WEIGHTS]).T for one in found], dtype=float)


def _shares(scores: Numbers, right: NDArray[np.intp]) -> tuple[str, ...]:
    """How often the right duty is first, among three, among eight."""
    own = scores[np.arange(len(right)), right]
    before = (scores > own[:, None]).sum(axis=1)
    return tuple(f"{(before < place).mean():.3f}" for place in (1, 3, 8))


def _whether(scores: Numbers, seen: Numbers, questions: Sequence[str]) -> Numbers:
    """What tells whether anything answers: the best score, the most asked and words, the subject."""
    most = seen.max(axis=1)[:, [list(WEIGHTS).index("asked"), list(WEIGHTS).index("words")]]
    on_subject = [understand(question).on_subject for question in questions]
    return np.column_stack([scores.max(axis=1), most, on_subject])


def _print_chance(console: Console, inside: Numbers, outside: Numbers) -> None:
    model = LogisticRegression(C=10, max_iter=5000)
    model.fit(np.vstack([inside, outside]), [True] * len(inside) + [False] * len(outside))
    console.print(
        "chance: best, asked, words, subject, less",
        model.coef_[0].round(2),
        model.intercept_.round(2),
    )
    table = Table("answered at a chance of", "inside", "outside", "outside, none named")
    for chance in (0.7, 0.8, ENOUGH, ENOUGH_OFF_SUBJECT, 0.95):
        kept, let_in, off = (
            (model.predict_proba(of)[:, 1] >= chance).mean()
            for of in (inside, outside, outside[outside[:, -1] == 0])
        )
        table.add_row(f"{chance}", f"{kept:.3f}", f"{let_in:.3f}", f"{off:.3f}")
    console.print(table)


if __name__ == "__main__":
    main()
