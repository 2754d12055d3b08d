"""The detector on sentences written by hand: `python -m evals.training.check`.

Thresholds in `pii/name_readings.py` are chosen here and on the tuned half of the business
documents; the held-out half only confirms. English has a half to choose rules on and an unseen one.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.training.papers import Papers, held_out, of_another_writer, of_rules_and_logs
from evals.training.people import People
from pii.characters import vocabulary
from pii.detect import Detector, ShippedDetector
from pii.kinds import Kind
from records.data_files import Entry, load

PATH = Path(__file__).parent / "check.yaml"
ENGLISH = Path(__file__).parent / "check_english.yaml"
SEED = 20261128
_MARKED = re.compile(r"\[([^\]]*)\]")


class _File(Entry):
    sentences: list[str]


class _English(Entry):
    tuned: list[str]
    unseen: list[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """One sentence: characters of people, how many were found, and what went wrong."""

    text: str
    people: int
    covered: int
    found: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]


def sentences() -> dict[str, list[str]]:
    """The marked sentences of each set."""
    english = load(ENGLISH, _English)
    return {
        "Chinese": load(PATH, _File).sentences,
        "English, tuned": english.tuned,
        "English, unseen": english.unseen,
    }


def check(detector: Detector, marked: Iterable[str]) -> list[Checked]:
    """Every sentence of a set."""
    return [_checked(detector, *_unmarked(one)) for one in marked]


def check_papers(detector: Detector, lines: Iterable[str]) -> list[Checked]:
    """Lines of papers, each filled once."""
    chosen = random.Random(SEED)
    anything = "".join(char for char in vocabulary() if "一" <= char <= "鿿")
    papers = Papers(chosen, People(chosen, anything), ())
    return [
        _checked(detector, made.text, [(a, b) for a, b, tag in made.spans if tag == "PER"])
        for made in map(papers.fill, lines)
    ]


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    text = _MARKED.sub(r"\1", marked)
    return text, [
        (m.start() - 2 * n, m.end() - 2 * n - 2) for n, m in enumerate(_MARKED.finditer(marked))
    ]


def _checked(detector: Detector, text: str, gold: Sequence[tuple[int, int]]) -> Checked:
    found = [f for f in detector.find(text) if f.kind is Kind.PERSON_NAME]
    inside = {at for f in found for at in range(f.start, f.end)}
    people = {at for start, end in gold for at in range(start, end)}
    return Checked(
        text,
        len(people),
        len(people & inside),
        len(found),
        tuple(text[a:b] for a, b in gold if not inside >= set(range(a, b))),
        tuple(
            text[f.start : f.end]
            for f in found
            if not any(f.start < b and a < f.end for a, b in gold)
        ),
    )


def main() -> None:
    """Print what is missed and what is too much, and the two shares; of the unseen, the shares."""
    detector = ShippedDetector()
    sets = {name: check(detector, marked) for name, marked in sentences().items()}
    sets["papers, unseen lines"] = check_papers(detector, held_out())
    sets["papers, unseen writer"] = check_papers(detector, of_another_writer())
    sets["papers, unseen rules and logs"] = check_papers(detector, of_rules_and_logs())
    for name, results in sets.items():
        for one in results:
            if (one.missed or one.extra) and "unseen" not in name:
                print(one.text, "missed", *one.missed, "extra", *one.extra)
        covered = sum(one.covered for one in results) / sum(one.people for one in results)
        extra = sum(len(one.extra) for one in results) / max(1, sum(one.found for one in results))
        print(f"{name}: covered {covered:.3f} precision {1 - extra:.3f}")


if __name__ == "__main__":
    main()
