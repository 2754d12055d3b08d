"""An eval: cases, a function that answers one, a score with its reason, a threshold."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Score:
    """One case: whether it passed, and why not."""

    case: str
    passed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One suite: its scores, and the share that must pass."""

    suite: str
    scores: tuple[Score, ...]
    threshold: float

    @property
    def share(self) -> float:
        """The share of cases that passed; an empty suite passes nothing."""
        return sum(score.passed for score in self.scores) / len(self.scores) if self.scores else 0.0

    @property
    def passed(self) -> bool:
        """Whether the suite reaches its threshold."""
        return self.share >= self.threshold

    @property
    def failures(self) -> Sequence[Score]:
        """What to look at."""
        return [score for score in self.scores if not score.passed]


def run(
    suite: str, cases: Iterable[Case], score: Callable[[Case], Score], *, threshold: float
) -> Result:
    """Every case scored, in order."""
    return Result(suite, tuple(score(case) for case in cases), threshold)
