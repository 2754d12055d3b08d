"""Whether a sentence wishes for something unlawful, and for what: weighed, not matched word for word.

A sentence is seen as the concepts that stand in it (selling, an inspection, silence, a boss …), two by
two, how it is asked, and its runs of up to three characters. Two logistic regressions, fitted at the
first question on the examples of wishes.yaml and the reviewed questions of the duties, weigh whether it
is a wish, and then which. No list of phrases foresees how people put it: ours declined one of seven
wishes it had not been written for. Figures: docs/asking.md.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from assistant.answering.ways import Way, form_of
from knowledge.duties import Verdict, load_duties
from records.data_files import Entry, load

FILE = Path(__file__).parent / "wishes.yaml"
# Above it one lawful question in a hundred is declined, of those that sound alike five (evals.wishes).
LIKELY = 0.6
# What characters count for beside concepts, and how freely either model may follow the examples.
_CHARACTERS, _FREEDOM = 3.0, 3.0
# Asked whether they may: a reviewed no is neither a wish nor a model of a lawful question.
_REFUSED = frozenset({Verdict.MAY_NOT, Verdict.NEED_NOT, Verdict.IS_NOT, Verdict.NOT_YET})


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Examples(Entry):
    """What wishes are made of, wishes by kind, and lawful questions that sound alike."""

    concepts: dict[str, Pattern]
    wishes: dict[str, tuple[str, ...]]
    lawful: tuple[str, ...]


@cache
def examples() -> Examples:
    """The reviewed examples."""
    return load(FILE, Examples)


def wish_in(question: str) -> str | None:
    """The kind of unlawful wish a question holds, or None."""
    return _shipped()(question)


def lawful_questions() -> list[str]:
    """The lawful examples, and the reviewed questions of the duties."""
    reviewed = (asked for duty in load_duties().values() for asked in duty.asked)
    return [*examples().lawful, *(one.q for one in reviewed if one.so not in _REFUSED)]


@cache
def _shipped() -> Callable[[str], str | None]:
    return weigher(examples().wishes, lawful_questions())


def weigher(
    wishes: dict[str, tuple[str, ...]], lawful: Sequence[str]
) -> Callable[[str], str | None]:
    """A function from a question to the kind of wish it holds, fitted on these examples."""
    kinds = [kind for kind, said in wishes.items() for _ in said]
    wished = [one for said in wishes.values() for one in said]
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    characters.fit([*wished, *lawful])

    def seen(texts: Sequence[str], *, pairs: bool) -> Any:
        return hstack([_concepts(texts, pairs=pairs), _CHARACTERS * characters.transform(texts)])

    whether = LogisticRegression(C=_FREEDOM, solver="liblinear")
    whether.fit(seen([*wished, *lawful], pairs=True), [True] * len(wished) + [False] * len(lawful))
    which = LogisticRegression(C=_FREEDOM, max_iter=500, tol=1e-2).fit(
        seen(wished, pairs=False), kinds
    )

    def weigh(question: str) -> str | None:
        if whether.predict_proba(seen([question], pairs=True))[0, 1] < LIKELY:
            return None
        return str(which.predict(seen([question], pairs=False))[0])

    return weigh


def _concepts(texts: Sequence[str], *, pairs: bool) -> Any:
    """A row a text: 1 for each concept in it, and for each two."""
    patterns = _patterns()
    rows = np.array([[bool(p.search(text.lower())) for p in patterns] for text in texts], float)
    if pairs:
        both = [rows[:, i] * rows[:, j] for i, j in combinations(range(len(patterns)), 2)]
        rows = np.column_stack([rows, *both, _ways(texts)])
    return csr_matrix(rows)


def _ways(texts: Sequence[str]) -> NDArray[np.float64]:
    """A row a text: 1 for the way it is asked, if at all."""
    ways = [form_of(text).way for text in texts]
    return np.array([[way is one for one in Way] for way in ways], float)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in examples().concepts.values())
