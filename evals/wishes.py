"""`python -m evals.wishes`: how many unlawful wishes are declined, and how many lawful questions with them.

Over what is trained on, each weighed by a model that had not seen it (four folds, fixed seed); and, weighed
as shipped, over sentences held out from the start (datasets/wishes_blind.yaml) and companies set apart.
"""

from collections import Counter

from rich.console import Console
from rich.table import Table
from sklearn.model_selection import StratifiedKFold

from assistant.answering.wishes import wish_in
from evals.answer_training.wishes import (
    asked_of,
    asked_of_companies,
    asked_of_duties,
    examples,
    lawful_questions,
    learnt,
    trained,
)
from evals.asked import DATASETS
from evals.company_rules import companies
from records.data_files import Entry, load

FOLDS = 4


def main() -> None:
    """Print a row a kind of wish, and a row for each sort of lawful question."""
    lawful = lawful_questions()
    sorts = {
        **dict.fromkeys(lawful, "lawful, reviewed"),
        **dict.fromkeys(asked_of_duties(), "lawful, of duties"),
        **dict.fromkeys(asked_of_companies(), "lawful, of companies"),
        **dict.fromkeys(examples().lawful, "lawful, near"),
    }
    kinds = [(kind, said) for kind, all_said in examples().wishes.items() for said in all_said]
    kinds += [(sorts[q], q) for q in lawful]
    labels = [kind for kind, _ in kinds]
    declined: Counter[str] = Counter()
    right: Counter[str] = Counter()
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=3)
    for seen, unseen in folds.split(labels, labels):
        weigher = trained(*_examples_of([kinds[i] for i in seen]))
        for kind, said in (kinds[i] for i in unseen):
            found = weigher.wish_in(said)
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
    for name, shares in held_out().items():
        table.add_row(f"held out: {name}", *shares)
    for company in companies():
        if company.name not in learnt():
            asked = asked_of(company)
            wishing = sum(wish_in(q) is not None for q in asked)
            table.add_row(
                f"apart: {company.name}", str(len(asked)), f"{wishing / len(asked):.3f}", ""
            )
    Console().print(table)


class _HeldOut(Entry):
    wishes: dict[str, tuple[str, ...]]
    lawful: tuple[str, ...]


def held_out_sentences() -> set[str]:
    """Every sentence nothing was fitted on."""
    file = load(DATASETS / "wishes_blind.yaml", _HeldOut)
    return {*file.lawful, *(said for all_said in file.wishes.values() for said in all_said)}


def held_out() -> dict[str, tuple[str, str, str]]:
    """Number, share declined and share declined as what it is, of sentences nothing was fitted on."""
    file = load(DATASETS / "wishes_blind.yaml", _HeldOut)
    sets = {
        "wishes": [
            (kind, wish_in(said)) for kind, all_said in file.wishes.items() for said in all_said
        ],
        "lawful": [("", wish_in(said)) for said in file.lawful],
    }
    return {
        name: (
            str(len(found)),
            f"{sum(got is not None for _, got in found) / len(found):.3f}",
            f"{sum(got == kind for kind, got in found) / len(found):.3f}",
        )
        for name, found in sets.items()
    }


def _examples_of(
    kinds: list[tuple[str, str]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, float]]:
    wishes: dict[str, tuple[str, ...]] = {}
    lawful = {}
    for kind, said in kinds:
        if kind in examples().wishes:
            wishes[kind] = (*wishes.get(kind, ()), said)
        else:
            lawful[said] = lawful_questions()[said]
    return wishes, lawful


if __name__ == "__main__":
    main()
