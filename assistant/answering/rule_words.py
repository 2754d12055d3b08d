"""Yes or no from a company's own rule, weighed: how is asked, what its clauses do, which meets the question most.

What the sentence settles by its wording (`stances.py`) is little: rules seldom say 不得 of the very words asked.
Fitted on questions to rules of invented companies whose word was read off by hand; measured on companies apart
(`python -m evals.verdicts`). In doubt there is no word, and the rule speaks for itself.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.linear import FOLDER, Linear
from assistant.answering.stances import CLAUSE, Stance, also_in_chinese, shown, telling, word_from
from assistant.answering.verdicts import agreed
from assistant.answering.ways import ACTIONS, Way, form_of
from knowledge.asked import things
from knowledge.duties import Verdict

WEIGHTS = FOLDER / "rule_words.npz"
# Where the rule gives a question no word, or does not answer it.
NONE = "-"
# How likely a word must be, and before what is told without a question. Chosen on the companies learnt from, each
# under weights of the others; of what a thing is, half of the words were wrong, and none is weighed.
SURE, SURE_IF_TOLD = 0.6, 0.7
_STANCES, _WAYS = tuple(Stance), tuple(Way)
# Of a clause that names a thing asked about.
_NAMED = 0.3
_FEW = 2
_SEEN = tuple(
    (of_rule, re.compile(pattern))
    for of_rule, pattern in (
        (
            False,
            r"先|直接|顺手|自己|一个人|就我|偷偷|随便|省|急|反正|将就|凑合|口头|微信|代|帮|借|私",
        ),
        (False, r"\d|[一二两三四五六七八九十]"),
        (False, r"[没不无]"),
        (True, r"[只仅才]|方可"),
        (True, r"一律|任何|不论"),
        (True, r"同意|批准|签字|委托"),
    )
)


def rule_word(question: str, rule: str) -> Verdict | None:
    """The word that opens the answer to a closed question where this rule is told, or None."""
    settled, way = word_from(question, rule), form_of(question).way
    if way in (Way.OPEN, Way.IS):
        return settled
    chances = _shipped().chances(seen_of(question, rule), question.lower(), rule)
    best = int(np.argmax(chances))
    name = _shipped().names[best]
    likely = name != NONE and chances[best] >= (SURE_IF_TOLD if way is Way.TOLD else SURE)
    return agreed(Verdict(name) if likely else None, settled)


def seen_of(question: str, rule: str) -> NDArray[np.float64]:
    """How, and of what act, is asked; what the rule's clauses do, all of them and the one that meets it most."""
    form, asked = form_of(question), also_in_chinese(question)
    way, nearest, every = (
        np.zeros(2 * len(_WAYS)),
        np.zeros(len(_STANCES) + 1),
        np.zeros(len(_STANCES) + 1),
    )
    way[2 * _WAYS.index(form.way) + form.negated] = 1
    met: list[tuple[float, int, int]] = []
    for clause in filter(None, map(str.strip, CLAUSE.split(rule))):
        found = shown(clause)
        stance = _STANCES.index(found[0]) if found else len(_STANCES)
        every[stance] = 1
        met.append((_met(asked, clause), -len(met), stance))
    most, _, stance = max(met, default=(0.0, 0, len(_STANCES)))
    nearest[stance] = 1
    acts = [float(name in form.actions) for name, _ in ACTIONS]
    told = [float(bool(one.search(rule if of_rule else question))) for of_rule, one in _SEEN]
    rest = [most, float(bool(form.conditions)), len(rule) / 50]
    both = (np.outer(way, nearest).ravel(), np.outer(way, every).ravel())
    return np.concatenate([way, nearest, every, acts, told, rest, *both])


def _met(asked: str, clause: str) -> float:
    """How much of a clause the question speaks of."""
    said, held = telling(clause), frozenset(telling(asked))
    share = sum(one in held for one in said) / (len(said) + _FEW)
    return share + (_NAMED if things(asked) & things(clause) else 0)


@cache
def _shipped() -> Linear:
    return Linear.load(WEIGHTS)
