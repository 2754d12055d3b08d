"""Taking a quiz: when an attempt ends, what is shown of a paper, how it is marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.answering.approved import Cited
from assistant.quizzes.items import LETTERS, Item, ItemKind
from records.language import Language

Chosen = frozenset[int]


@dataclass(frozen=True, slots=True)
class Question:
    """An item as somebody sees it who has not answered: no key, no reason, no article."""

    place: int
    kind: ItemKind
    language: Language
    stem: str
    options: tuple[str, ...]
    chosen: Chosen = frozenset()


@dataclass(frozen=True, slots=True)
class Feedback:
    """An item as somebody sees it who has answered."""

    question: Question
    right: bool
    key: Chosen
    reasons: tuple[str, ...]
    rationale: str
    cites: tuple[Cited, ...]


def question(item: Item, place: int = 0, chosen: Chosen = frozenset()) -> Question:
    """What may be shown before the answer."""
    texts = tuple(one.text for one in item.options)
    return Question(place, item.kind, item.language, item.stem, texts, chosen)


def feedback(item: Item, chosen: Chosen, place: int = 0) -> Feedback:
    """What is shown after it."""
    return Feedback(
        question=question(item, place, chosen),
        right=is_right(item, chosen),
        key=item.key,
        reasons=tuple(one.why for one in item.options),
        rationale=item.rationale,
        cites=item.cites,
    )


def is_right(item: Item, chosen: Chosen) -> bool:
    """All that is right and nothing else; half of a multiple choice is no point."""
    return chosen == item.key


def points(paper: Sequence[Item], answers: Mapping[int, Chosen]) -> int:
    """One point for each item answered right."""
    return sum(is_right(item, answers.get(place, frozenset())) for place, item in enumerate(paper))


def ends_at(
    started_at: datetime, *, minutes: int | None, due_at: datetime | None
) -> datetime | None:
    """When the attempt ends: its minutes are over, or the day it was due; None: never."""
    ends = [due_at] if due_at else []
    if minutes is not None:
        ends.append(started_at + timedelta(minutes=minutes))
    return min(ends, default=None)


def read_letters(text: str) -> Chosen:
    """Places from letters as people type them: "ac", "A、C", "AC"."""
    return frozenset(LETTERS.index(c) for c in text.upper() if c in LETTERS)
