"""Items to look at: one of each kind, right in every way, to be spoilt by tests."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.approved import Cited
from assistant.app import App
from assistant.quizzes.choosing import Maker, Wish
from assistant.quizzes.items import Difficulty, Item, ItemKind, MadeFrom, Option
from assistant.quizzes.store import Rules
from assistant.training.build_quiz import Selection, assign_quiz, build_quiz
from assistant.training.review_items import approve_item, make_items
from knowledge.library import Library
from records.database import Database
from records.people import Person, Role

DAY = date(2026, 11, 23)


@pytest.fixture
def sound() -> Item:
    """A single choice without a flaw, about how long a report is kept."""
    words = "个人信息保护影响评估报告和处理情况记录应当至少保存三年"
    options = [("两年", False), ("三年", True), ("五年", False), ("十年", False)]
    return Item(
        kind=ItemKind.SINGLE,
        made_from=MadeFrom.PERIOD,
        stem="影响评估报告至少要保存多久？",
        options=tuple(Option(text, right, f"法定的是三年。{text}") for text, right in options),
        rationale="评估报告和处理记录至少存三年。",
        cites=(Cited("中华人民共和国个人信息保护法", "56", "第五十六条", "0" * 16, words),),
        duties=("OB-056",),
        topic=2,
        difficulty=Difficulty.MEDIUM,
        ordered=True,
    )


@pytest.fixture
def trainer(person_with: Callable[..., Person]) -> Person:
    """Somebody who makes quizzes."""
    return person_with(Role.TRAINER)


@pytest.fixture(scope="session")
def library(small_home: Path) -> Iterator[Library]:
    """The small library itself, only read."""
    database = Database(f"sqlite:///{small_home / 'compliance.db'}")
    yield Library(database, small_home / "index")
    database.close()


@pytest.fixture(scope="session")
def maker(library: Library) -> Maker:
    """Makes items of it as of the day of the tests."""
    return Maker(library, DAY)


@pytest.fixture(scope="session")
def made(maker: Maker) -> tuple[Item, ...]:
    """A set of thirty."""
    return maker.make(Wish(30, seed=5)).items


@pytest.fixture
def exam(app: App, trainer: Person) -> Callable[..., str]:
    """A function that builds a quiz of approved items and assigns it to everybody."""

    def build(count: int = 6, **rules: int | None) -> str:
        for number in make_items(app, trainer, Wish(count, seed=2)).item_ids:
            approve_item(app, trainer, number)
        given = Rules("季度考试", **{"pass_percent": 60, "minutes": 30, "attempts": 2} | rules)
        quiz = build_quiz(app, trainer, given, Selection(count=count))
        assign_quiz(app, trainer, quiz, due_on=app.today())
        return quiz

    return build
