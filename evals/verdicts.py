"""`python -m evals.verdicts`: how often the word that opens an answer is right.

Over the reviewed questions of the duties, each weighed with itself left out, and those written for
training, by a model that saw nothing of the duty (two halves, fixed seed); and, as shipped, over the
questions to the rules of companies that nothing was learnt from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.answering.rule_words import NONE, rule_word
from assistant.answering.verdicts import OPPOSITES, weighed
from evals.answer_training import rule_words
from evals.answer_training.verdicts import Example, beside_rivals, reviewed, trained
from knowledge.duties import Verdict

FOLDS = 2


def main() -> None:
    """Print the shares."""
    found = (*kinds(), list(of_rules()))
    for name, some in zip(("reviewed", "written for training", "of rules"), found, strict=True):
        table = Table(f"closed questions, {name}: {len(some)}", "share")
        for kind, share in shares(some).items():
            table.add_row(kind, f"{share:.3f}")
        Console().print(table)


def kinds() -> tuple[list[str], list[str]]:
    """How each word is right or wrong: of the reviewed questions, and of those written for training."""
    own, others = list(reviewed()), list(beside_rivals())
    found = list(_weighed([*own, *others]))
    return found[: len(own)], found[len(own) :]


def of_rules() -> Iterator[str]:
    """How each word by a company's own rule is right or wrong."""
    for asked, rule, word, count in rule_words.examples(measured=True):
        said = rule_word(asked, rule) if count == 1 else None
        if count == 1 and word != NONE:
            yield _kind(said, Verdict(word))
        elif said:
            yield "a word, where the rule gives none"


def shares(found: Iterable[str]) -> dict[str, float]:
    """`silent` of all closed questions; of the words said, how many were right, and wrong in what way."""
    counts = Counter(found)
    silent = counts.pop("silent")
    said = sum(counts.values())
    return {"silent": silent / (silent + said)} | {k: n / said for k, n in counts.items()}


def _weighed(every: list[Example]) -> Iterator[str]:
    duties = list(dict.fromkeys(duty.id for _, duty, _ in every))
    fold = dict(
        zip(duties, np.random.default_rng(3).integers(FOLDS, size=len(duties)), strict=True)
    )
    models = [trained([one for one in every if fold[one[1].id] != aside]) for aside in range(FOLDS)]
    for asked, duty, near in every:
        yield _kind(weighed(models[fold[duty.id]], asked.q, duty, near), asked.so)


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
