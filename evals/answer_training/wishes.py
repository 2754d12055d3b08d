"""What tells unlawful wishes from lawful questions, and one wish from another."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from assistant.answering import wishes
from assistant.answering.wishes import Weigher, concepts_in, two_by_two
from evals.answer_training.fitting import fitted
from knowledge.character_runs import CharacterRuns
from knowledge.duties import Verdict, load_duties
from records.data_files import Entry, load

FILE = Path(wishes.__file__).with_suffix(".yaml")
# What characters count for beside concepts, and how freely either model may follow the examples.
_CHARACTERS, _FREEDOM = 3.0, 3.0
# Asked whether they may: a reviewed no is neither a wish nor a model of a lawful question.
_REFUSED = frozenset({Verdict.MAY_NOT, Verdict.NEED_NOT, Verdict.IS_NOT, Verdict.NOT_YET})
_WISH, _LAWFUL = "wish", "lawful"


class Examples(Entry):
    """Wishes by kind, and lawful questions that sound alike."""

    wishes: dict[str, tuple[str, ...]]
    lawful: tuple[str, ...]


@cache
def examples() -> Examples:
    """The reviewed examples."""
    return load(FILE, Examples)


def lawful_questions() -> list[str]:
    """The lawful examples, and the reviewed questions of the duties."""
    reviewed = (asked for duty in load_duties().values() for asked in duty.asked)
    return [*examples().lawful, *(one.q for one in reviewed if one.so not in _REFUSED)]


def trained(by_kind: Mapping[str, Sequence[str]], lawful: Sequence[str]) -> Weigher:
    """Both models, fitted on these examples."""
    kinds = [kind for kind, said in by_kind.items() for _ in said]
    wished = [one for said in by_kind.values() for one in said]
    every = [*wished, *lawful]
    seen = [concepts_in(text) for text in every]
    runs = CharacterRuns.fit(every, (1, 3))
    whether = fitted(
        LogisticRegression(C=_FREEDOM, solver="liblinear", random_state=0),
        every,
        [two_by_two(one, text) for one, text in zip(seen, every, strict=True)],
        [_WISH] * len(wished) + [_LAWFUL] * len(lawful),
        runs=runs,
        weight=_CHARACTERS,
    )
    which = fitted(
        LogisticRegression(C=_FREEDOM, max_iter=500, tol=1e-2),
        wished,
        seen[: len(wished)],
        kinds,
        runs=runs.among(wished),
        weight=_CHARACTERS,
    )
    return Weigher(whether, which)
