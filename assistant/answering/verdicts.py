"""Yes, no or it depends: the word that opens an answer, where the reviewed questions of a duty carry it.

A question so like a reviewed one that asks the same gets its word. Any other is weighed: which words
the duty's reviewed questions carry, those asked the same way before all, how like they are, and what is
to be done. Each reviewed question set aside in turn (`python -m evals.verdicts`): in doubt there is no
word, and the duty speaks for itself.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.ways import ACTIONS, Form, Way, form_of
from knowledge.duties import Asked, Duty, Verdict, load_duties
from knowledge.duty_search import duty_search
from pii.cleared import public_text

# Measured on the reviewed questions themselves, each likened to all others.
LIKE_ENOUGH = 0.62
# How likely a weighed word must be; what only says that it depends does less harm.
SURE, SURE_IT_DEPENDS = 0.85, 0.6
# What each reviewed question adds before any likeness, and how freely the weights may follow them.
_THERE, _FREEDOM = 0.2, 1.0

WORDS = tuple(Verdict)
WAYS = tuple(Way)
Numbers = NDArray[np.float64]
Near = Sequence[tuple[Asked, float]]
Example = tuple[Asked, Duty, Near]
Weigher = Callable[[str, Duty, Near], Verdict | None]


def verdict(question: str, duty: Duty, near: Near) -> Verdict | None:
    """The word for a question that `duty` answers.

    `near` is the duty's reviewed questions, each with its likeness to this one, 0 to 1.
    """
    form = form_of(question)
    if form.way is Way.OPEN:
        return None
    nearest, likeness = max(near, key=lambda one: one[1])
    if likeness >= LIKE_ENOUGH and nearest.so and form_of(nearest.q) == form:
        return nearest.so
    return _shipped()(question, duty, near)


@cache
def _shipped() -> Weigher:
    return weigher(list(examples()))


def examples() -> Iterator[Example]:
    """Each reviewed question that a word answers, with its duty and how like that duty's others are."""
    search = duty_search()
    for duty in load_duties().values():
        for one in duty.questions:
            if one.so is not None and form_of(one.q).way is not Way.OPEN:
                near = search.asked_of(public_text(one.q, source="duties"), duty)
                yield one, duty, [pair for pair in near if pair[0] != one]


def weigher(fitted_on: Sequence[Example]) -> Weigher:
    """A function that weighs a word, fitted on such examples."""
    # Imported here: half a second that only a question needs.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_FREEDOM, max_iter=1000)
    model.fit(
        np.array([_seen(form_of(asked.q), duty, near) for asked, duty, near in fitted_on]),
        [WORDS.index(asked.so) for asked, _, _ in fitted_on],
    )

    def weigh(question: str, duty: Duty, near: Near) -> Verdict | None:
        chances = model.predict_proba([_seen(form_of(question), duty, near)])[0]
        best = int(np.argmax(chances))
        word = WORDS[int(model.classes_[best])]
        enough = SURE_IT_DEPENDS if word is Verdict.DEPENDS else SURE
        return word if chances[best] >= enough else None

    return weigh


def _seen(form: Form, duty: Duty, near: Near) -> Numbers:
    """What speaks for each word; how, and of what act, is asked; whether the duty is to keep."""
    size = len(WORDS)
    words = np.zeros(4 * size)
    for other, likeness in near:
        if other.so is None:
            continue
        word, nearness, theirs = WORDS.index(other.so), _THERE + likeness, form_of(other.q)
        words[word] = max(words[word], nearness)
        if (theirs.way, theirs.negated) == (form.way, form.negated):
            words[size + word] = max(words[size + word], nearness)
            words[2 * size + word] += 0.25
        if (theirs.way, theirs.actions) == (form.way, form.actions):
            words[3 * size + word] = max(words[3 * size + word], nearness)
    ways = np.zeros(2 * len(WAYS))
    ways[2 * WAYS.index(form.way) + form.negated] = 1
    acts = [float(name in form.actions) for name, _ in ACTIONS]
    keeps = duty.period is not None and duty.period.kind == "retention"
    destroys = 2.0 * (keeps and "destroy" in form.actions)
    return np.array([*words, *ways, *acts, bool(form.conditions), keeps, destroys], dtype=float)
