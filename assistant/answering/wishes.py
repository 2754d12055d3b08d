"""Whether a sentence wishes for something unlawful, and for what: weighed, not matched word for word.

A sentence is seen as the concepts that stand in it (selling, an inspection, silence, a boss …), two by
two, how it is asked, and its runs of up to three characters. Two logistic regressions, fitted
beforehand on the examples of wishes.yaml and on lawful questions of duties and companies (weights/CARD.md),
weigh whether it is a wish, and then which. No list of phrases foresees how people put it: ours declined
one of seven wishes it had not been written for. Figures: docs/asking.md.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from assistant.answering.linear import FOLDER, Linear
from assistant.answering.ways import Way, form_of, is_open
from records.data_files import Entry, load

CONCEPTS = Path(__file__).parent / "wish_concepts.yaml"
WHETHER, WHICH = FOLDER / "wishes_whether.npz", FOLDER / "wishes_which.npz"
# As sure a wish must be: far lower than one half because lawful examples outnumber wishes (evals.wishes).
LIKELY = 0.25
_ODDS = np.log(LIKELY / (1 - LIKELY))

_HALF_WIDTH = re.compile(r"(?<=[㐀-鿿])[,?!;:]")
_TO_FULL_WIDTH = ord("，") - ord(",")

Numbers = NDArray[np.float64]


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class _Concepts(Entry):
    concepts: dict[str, Annotated[str, AfterValidator(_compiles)]]


@dataclass(frozen=True)
class Weigher:
    """Whether a sentence is a wish, and which one, as fitted."""

    whether: Linear
    which: Linear

    def wish_in(self, text: str) -> str | None:
        """The kind of unlawful wish a text holds, or None."""
        text = in_full_width(text)
        seen = concepts_in(text)
        if self.whether.weigh(two_by_two(seen, text), text)[0] < _ODDS:
            return None
        return self.which.names[int(np.argmax(self.which.weigh(seen, text)))]


def in_full_width(text: str) -> str:
    """Chinese with its own marks, as the examples are written: of ，and , nothing hangs."""
    return _HALF_WIDTH.sub(lambda mark: chr(ord(mark[0]) + _TO_FULL_WIDTH), text)


def wish_in(question: str) -> str | None:
    """The kind of unlawful wish a question holds, or None."""
    return _shipped().wish_in(question)


@cache
def _shipped() -> Weigher:
    return Weigher(Linear.load(WHETHER), Linear.load(WHICH))


def concepts_in(text: str) -> Numbers:
    """1 for each concept that stands in the text, in the order of the file."""
    low = text.lower()
    return np.array([bool(pattern.search(low)) for pattern in _patterns()], dtype=float)


def two_by_two(seen: Numbers, text: str) -> Numbers:
    """The concepts, 1 for each two that stand there together, and 1 for the way the text is asked."""
    first, second = _pairs(len(seen))
    # What is told without a question counts as asked openly: set apart, it declined more lawful ones.
    way = Way.OPEN if is_open(text) else form_of(text).way
    ways = [float(way is one) for one in Way if one is not Way.TOLD]
    return np.concatenate([seen, seen[first] * seen[second], ways])


@cache
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    pairs = np.array([*combinations(range(count), 2)], dtype=np.intp)
    return pairs[:, 0], pairs[:, 1]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in load(CONCEPTS, _Concepts).concepts.values())
