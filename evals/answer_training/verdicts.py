"""What weighs the word that opens an answer."""

from collections.abc import Iterator, Sequence

from sklearn.linear_model import LogisticRegression

from assistant.answering.linear import Linear
from assistant.answering.verdicts import Near, seen_of
from assistant.answering.ways import is_open
from evals.answer_training.fitting import fitted
from evals.duty_training.questions import written
from knowledge.character_runs import CharacterRuns
from knowledge.duties import Asked, Duty, load_duties
from knowledge.duty_search import duty_search
from pii.cleared import public_text

Example = tuple[Asked, Duty, Near]


def examples() -> Iterator[Example]:
    """Each question that a word answers, with its duty and how like that duty's others are."""
    yield from reviewed()
    yield from beside_rivals()


def beside_rivals() -> Iterator[Example]:
    """Those written for training, which no answer is taken from."""
    search, duties = duty_search(), load_duties()
    for name, asked in written().items():
        for one in asked:
            if one.so is not None and not is_open(one.q):
                near = search.asked_of(public_text(one.q, source="evals"), duties[name])
                yield one, duties[name], near


def reviewed() -> Iterator[Example]:
    """Those of the duties themselves, each likened to the duty's others."""
    search = duty_search()
    for duty in load_duties().values():
        for one in duty.questions:
            if one.so is not None and not is_open(one.q):
                near = search.asked_of(public_text(one.q, source="duties"), duty)
                yield one, duty, [pair for pair in near if pair[0] != one]


def trained(fitted_on: Sequence[Example]) -> Linear:
    """The model, fitted on such examples."""
    texts = [one.q for one, _, _ in fitted_on]
    return fitted(
        LogisticRegression(max_iter=3000, tol=1e-3),
        texts,
        [seen_of(one.q, duty, near) for one, duty, near in fitted_on],
        [str(one.so) for one, _, _ in fitted_on],
        runs=CharacterRuns.fit(texts, (2, 4), held_by=3),
    )
