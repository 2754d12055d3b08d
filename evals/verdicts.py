"""`python -m evals.verdicts`: how often the word that opens an answer is right.

Over the reviewed questions of the duties, each weighed with itself left out, by a model that saw
nothing of its duty (eight folds, fixed seed).
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.answering.verdicts import OPPOSITES, weighed
from evals.answer_training.verdicts import Example, examples, trained
from knowledge.duties import Verdict

FOLDS = 8


def main() -> None:
    """Print the shares."""
    table = Table("closed questions", "share")
    for kind, share in shares().items():
        table.add_row(kind, f"{share:.3f}")
    Console().print(table)


def shares() -> dict[str, float]:
    """`silent` of all closed questions; of the words said, how many were right, and wrong in what way."""
    counts = Counter(_weighed(list(examples())))
    silent = counts.pop("silent")
    said = sum(counts.values())
    return {"silent": silent / (silent + said)} | {k: n / said for k, n in counts.items()}


def _weighed(every: list[Example]) -> Iterator[str]:
    duties = list(dict.fromkeys(duty.id for _, duty, _ in every))
    fold = dict(
        zip(duties, np.random.default_rng(3).integers(FOLDS, size=len(duties)), strict=True)
    )
    for aside in range(FOLDS):
        model = trained([one for one in every if fold[one[1].id] != aside])
        for asked, duty, near in every:
            if fold[duty.id] == aside:
                yield _kind(weighed(model, asked.q, duty, near), asked.so)


def _kind(word: Verdict | None, right: Verdict | None) -> str:
    if word is None:
        return "silent"
    if word is right:
        return "right"
    if {word, right} in OPPOSITES:
        return "the opposite"
    if word is Verdict.DEPENDS:
        return "it depends, where one word is right"
    return "one word, where it depends" if right is Verdict.DEPENDS else "another word"


if __name__ == "__main__":
    main()
