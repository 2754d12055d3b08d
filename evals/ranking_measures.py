"""How good ranked lists are: recall, reciprocal rank and gain, as in the literature."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")

CUTS = (1, 5, 10, 20)
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Judged(Generic[Key]):
    """One question's list, best first, and everything that answers it."""

    found: Sequence[Key]
    gold: frozenset[Key]


def recall(judged: Judged[Key], cut: int) -> float:
    """The share of what answers that stands among the first."""
    return len(judged.gold & set(judged.found[:cut])) / len(judged.gold)


def reciprocal_rank(judged: Judged[Key]) -> float:
    """One over the place of the first that answers, 0 beyond the tenth."""
    places = (n for n, key in enumerate(judged.found[:_DEPTH], 1) if key in judged.gold)
    return 1 / next(places, math.inf)


def gain(judged: Judged[Key]) -> float:
    """nDCG@10 with gold worth one (Järvelin and Kekäläinen 2002)."""
    found = sum(_worth(n) for n, key in enumerate(judged.found[:_DEPTH]) if key in judged.gold)
    return found / sum(_worth(n) for n in range(min(_DEPTH, len(judged.gold))))


def _worth(place: int) -> float:
    return 1 / math.log2(place + 2)


def summary(lists: Sequence[Judged[Key]]) -> dict[str, float]:
    """The mean of each measure over all questions."""
    measures = {f"R@{cut}": [recall(one, cut) for one in lists] for cut in CUTS}
    measures[f"MRR@{_DEPTH}"] = [reciprocal_rank(one) for one in lists]
    measures[f"nDCG@{_DEPTH}"] = [gain(one) for one in lists]
    return {name: statistics.fmean(values) for name, values in measures.items()}
