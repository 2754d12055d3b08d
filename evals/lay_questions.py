"""Everyday questions with the articles that answer them: our own, or a file the user has."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.numerals import article_label
from knowledge.sources import short_name
from records.data_files import Entry, load
from records.errors import BadInput

OWN = Path(__file__).parent / "datasets" / "lay_questions.yaml"
WRITTEN = OWN.with_name("written_questions.yaml")
_LARGEST = 50_000_000
_SEED, _HELD_OUT = 20261126, 0.15

# (name without 中华人民共和国, article as Provision.article has it)
Article = tuple[str, str]


class BadQuestionFile(BadInput):
    """A line of a question file cannot be read."""

    def __init__(self, line: int) -> None:
        super().__init__(
            f"问题文件第 {line} 行有误：每行一个 JSON，含 question 与 gold（法律名称加条号）。",
            f"Line {line} of the question file: one JSON a line, with question and gold.",
        )


@dataclass(frozen=True, slots=True)
class LayQuestion:
    """One question and every article that answers it."""

    id: str
    ask: str
    gold: frozenset[Article]


class _Own(Entry):
    ask: str
    gold: tuple[str, ...]


class _File(Entry):
    questions: tuple[_Own, ...]


class _Written(Entry):
    # Law, article, what people ask.
    laws: dict[str, dict[str, tuple[str, ...]]]


def own_questions() -> list[LayQuestion]:
    """The set that belongs to this project."""
    listed = load(OWN, _File).questions
    return [
        LayQuestion(f"own{n}", one.ask, frozenset(_spaced(g) for g in one.gold))
        for n, one in enumerate(listed)
    ]


def written_questions() -> list[LayQuestion]:
    """Questions written for training, from the text of one article each; nothing is measured on them."""
    laws = load(WRITTEN, _Written).laws
    return [
        LayQuestion(f"{law} {article}", ask, frozenset({(law, article)}))
        for law, articles in laws.items()
        for article, asked in articles.items()
        for ask in asked
    ]


def held_out(questions: Sequence[LayQuestion]) -> list[LayQuestion]:
    """The share of a file of questions that no training sees, always the same."""
    order = list(questions)
    random.Random(_SEED).shuffle(order)
    return order[: round(len(order) * _HELD_OUT)]


def _spaced(gold: str) -> Article:
    name, _, article = gold.rpartition(" ")
    return name, article


def read_questions(path: Path) -> list[LayQuestion]:
    """A file of lines {"id", "question", "gold": ["民法典第一条", …]}, as STARD is published."""
    if path.stat().st_size > _LARGEST:
        raise BadQuestionFile(0)
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            gold = frozenset(map(joined, row["gold"]))
            found.append(LayQuestion(str(row["id"]), str(row["question"]), gold))
        except (ValueError, KeyError, TypeError) as error:
            raise BadQuestionFile(number) from error
    return found


def joined(gold: str) -> Article:
    """ "中华人民共和国民法典第四百五十四条" → (民法典, 454)."""
    name, _, number = gold.rpartition("第")
    if not name or "条" not in number:
        raise ValueError(gold)
    return short_name(name), article_label(f"第{number}") or number
