"""`python -m evals.wishes`: how many unlawful wishes are declined, and how many lawful questions with them.

Over the examples of wishes.yaml, each weighed by a model that had not seen it (eight folds, fixed seed).
"""

from collections import Counter

from rich.console import Console
from rich.table import Table
from sklearn.model_selection import StratifiedKFold

from assistant.answering.wishes import examples, lawful_questions, weigher

FOLDS = 8


def main() -> None:
    """Print a row a kind of wish, and a row for each sort of lawful question."""
    ours = set(examples().lawful)
    kinds = [(kind, said) for kind, all_said in examples().wishes.items() for said in all_said]
    kinds += [("lawful, near" if q in ours else "lawful, reviewed", q) for q in lawful_questions()]
    labels = [kind for kind, _ in kinds]
    declined: Counter[str] = Counter()
    right: Counter[str] = Counter()
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=3)
    for seen, unseen in folds.split(labels, labels):
        weigh = weigher(*_examples_of([kinds[i] for i in seen]))
        for kind, said in (kinds[i] for i in unseen):
            found = weigh(said)
            declined[kind] += found is not None
            right[kind] += found == kind
    table = Table("", "sentences", "declined", "as what it is")
    for kind, count in Counter(labels).items():
        table.add_row(
            kind, str(count), f"{declined[kind] / count:.3f}", f"{right[kind] / count:.3f}"
        )
    wishes = [k for k in set(labels) if k in examples().wishes]
    count = sum(labels.count(kind) for kind in wishes)
    all_declined = sum(declined[kind] for kind in wishes) / count
    all_right = sum(right[kind] for kind in wishes) / count
    table.add_row("all wishes", str(count), f"{all_declined:.3f}", f"{all_right:.3f}")
    Console().print(table)


def _examples_of(kinds: list[tuple[str, str]]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    wishes: dict[str, tuple[str, ...]] = {}
    lawful = []
    for kind, said in kinds:
        if kind in examples().wishes:
            wishes[kind] = (*wishes.get(kind, ()), said)
        else:
            lawful.append(said)
    return wishes, lawful


if __name__ == "__main__":
    main()
