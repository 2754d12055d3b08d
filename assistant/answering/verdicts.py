"""Yes, no or it depends: the word that opens an answer, where the reviewed questions of a duty carry it.

A question so like a reviewed one that asks the same gets its word. Any other is weighed: which words
the duty's reviewed questions carry, the nearer the more, those asked the same way once more, how the
question is worded, and what is to be done. Where the duty's own sentence settles the opposite
(`stances.py`), nothing is said. Measured with each reviewed question set aside in turn
(`python -m evals.verdicts`); in doubt there is no word, and the duty speaks for itself.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.linear import FOLDER, Linear
from assistant.answering.stances import word_from
from assistant.answering.ways import ACTIONS, Way, form_of, is_open
from knowledge.duties import Asked, Duty, Verdict

WEIGHTS = FOLDER / "verdicts.npz"
# Measured on the reviewed questions themselves, each likened to all others.
LIKE_ENOUGH = 0.62
# A word is weighed only for a question surely of this duty, or this like a reviewed one: of others the
# words said were mostly those of a duty that did not answer.
SURELY_OF_DUTY, NEAR_ENOUGH = 0.65, 0.25
# How likely a weighed word must be; what only says that it depends does less harm.
SURE, SURE_IT_DEPENDS = 0.6, 0.4
# Less sure is enough where the opposite is as good as excluded: a third fewer closed questions stay
# without a word, and no larger share of the words said is the opposite (evals.verdicts).
FAIRLY_SURE, OPPOSITE_EXCLUDED = 0.4, 0.1
# To keep is not to destroy: a word about the one is no word about the other.
_OPPOSED = frozenset({"keep", "destroy"})
OPPOSITES = (
    {Verdict.MAY, Verdict.MAY_NOT},
    {Verdict.MUST, Verdict.NEED_NOT},
    {Verdict.MUST, Verdict.MAY_NOT},
    {Verdict.IS, Verdict.IS_NOT},
    {Verdict.WILL, Verdict.WILL_NOT},
    {Verdict.THERE_IS, Verdict.THERE_IS_NONE},
)
# How much nearer questions outweigh farther ones: all of the duty's, and those asked the same way.
_STEEP, _STEEP_SAME_WAY = 8.0, 6.0
# Of the same act: what an act shared counts for beside none, and the same way of asking.
_NO_ACT_SHARED, _SAME_WAY = 0.3, 4.0
# What a duty does in its own words: forbids, requires, allows, leaves exceptions.
_STANCES = tuple(
    re.compile(pattern)
    for pattern in (
        r"不得|禁止|不能|不可|不许|不要",
        r"应当|必须|须|要|先|至少|及时|建立|定期|立即|取得|告知",
        r"可以|免|不必|无需|不用",
        r"除外|看|除非|另有|或者|但",
    )
)

WORDS = tuple(Verdict)
WAYS = tuple(Way)
Numbers = NDArray[np.float64]
Near = Sequence[tuple[Asked, float]]


def verdict(question: str, duty: Duty, near: Near, share: float = 1.0) -> Verdict | None:
    """The word for a question that `duty` answers.

    `near` is the duty's reviewed questions, each with its likeness to this one, 0 to 1; `share` how likely
    the question turns on the duty, 0 to 1.
    """
    form = form_of(question)
    if form.way is Way.OPEN:
        return None
    nearest, likeness = max(near, key=lambda one: one[1])
    if likeness >= LIKE_ENOUGH and nearest.so and form_of(nearest.q) == form:
        return nearest.so
    # Of what is disputed both readings are told; a word would take a side.
    if is_open(question) or duty.readings:
        return None
    surely = share >= SURELY_OF_DUTY
    word = weighed(_shipped(), question, duty, near) if surely or likeness >= NEAR_ENOUGH else None
    settled = word_from(question, duty.duty)
    return agreed(word, settled) if word or surely else None


def agreed(word: Verdict | None, settled: Verdict | None) -> Verdict | None:
    """The word weighed, unless the sentence that is quoted settles the opposite; without one, what it settles."""
    if word is None or settled is None:
        return word or settled
    return None if {word, settled} in OPPOSITES else word


def weighed(model: Linear, question: str, duty: Duty, near: Near) -> Verdict | None:
    """The likeliest word, where it is likely enough."""
    chances = model.chances(seen_of(question, duty, near), question)
    best = int(np.argmax(chances))
    word, chance = Verdict(model.names[best]), chances[best]
    if word is Verdict.DEPENDS:
        return word if chance >= SURE_IT_DEPENDS else None
    against = sum(
        of for name, of in zip(model.names, chances, strict=True) if {word, name} in OPPOSITES
    )
    fairly = chance >= FAIRLY_SURE and against <= OPPOSITE_EXCLUDED
    return word if (chance >= SURE or fairly) and _carried(question, word, near) else None


def _carried(question: str, word: Verdict, near: Near) -> bool:
    """Whether a reviewed question has the word for the act asked about, where its opposite has one too."""
    act = form_of(question).actions & _OPPOSED
    if len(act) != 1:
        return True
    return any(other.so is word and act <= form_of(other.q).actions for other, _ in near)


@cache
def _shipped() -> Linear:
    return Linear.load(WEIGHTS)


def seen_of(question: str, duty: Duty, near: Near) -> Numbers:
    """What speaks for each word; how, and of what act, is asked; what the duty does about it."""
    form = form_of(question)
    every, same_way, same_act = np.zeros((3, len(WORDS)))
    for other, likeness in near:
        if other.so is None:
            continue
        word, theirs = WORDS.index(other.so), form_of(other.q)
        alike = (theirs.way, theirs.negated) == (form.way, form.negated)
        shared = len(theirs.actions & form.actions)
        every[word] += np.exp(_STEEP * likeness)
        nearby = np.exp(_STEEP_SAME_WAY * likeness)
        same_way[word] += nearby * alike
        same_act[word] += nearby * (_SAME_WAY if alike else 1) * (_NO_ACT_SHARED + shared)
    ways = np.zeros(2 * len(WAYS))
    ways[2 * WAYS.index(form.way) + form.negated] = 1
    acts = [float(name in form.actions) for name, _ in ACTIONS]
    keeps = duty.period is not None and duty.period.kind == "retention"
    destroys = 2.0 * (keeps and "destroy" in form.actions)
    stances = np.array([bool(one.search(duty.duty)) for one in _STANCES], dtype=float)
    shares = (of / (of.sum() or 1) for of in (every, same_way, same_act))
    asked = np.array([*acts, bool(form.conditions), keeps, destroys])
    return np.concatenate([*shares, ways, asked, stances, np.outer(ways, stances).ravel()])
