"""The data a lawyer and a trainer review: questions/*.yaml, each entry keyed to a duty."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from assistant.quizzes.items import Difficulty
from records.data_files import Entry, Said, load
from records.language import Language

FOLDER = Path(__file__).parent / "questions"


class PeriodEntry(Entry):
    """A question whose answer is a period, and the words of the article that hold it."""

    duty: str = Field(pattern=r"^OB-\d{3}$")
    words: str = Field(min_length=6)
    number: int = Field(gt=0)
    unit: Literal["hour", "day", "workday", "month", "year"]
    ask: Said


class WrongParty(Said):
    """Somebody it is not, and why."""

    why_zh: str
    why_en: str


class PartyEntry(Entry):
    """A question whose answer is somebody."""

    duty: str = Field(pattern=r"^OB-\d{3}$")
    words: str = Field(min_length=6)
    ask: Said
    answer: Said
    wrong: tuple[WrongParty, ...] = Field(min_length=3, max_length=3)


class Reasoned(Entry):
    """An option and why it is right or wrong."""

    text: str
    why: str


class Situation(Entry):
    """A situation, what is right in it, and what is not."""

    stem: str
    answer: Reasoned
    wrong: tuple[Reasoned, ...] = Field(min_length=3, max_length=3)


class ScenarioEntry(Situation):
    """A situation in Chinese, the same in English, and the words of the article that decide it."""

    duty: str = Field(pattern=r"^OB-\d{3}$")
    words: str = Field(min_length=6)
    difficulty: Difficulty
    en: Situation

    def told(self, language: Language) -> Situation:
        """The situation in that language."""
        return self.en if language is Language.EN else self


class StatementEntry(Entry):
    """A true statement, the smallest change that makes it false, and what the difference is."""

    duty: str = Field(pattern=r"^OB-\d{3}$")
    words: str = Field(min_length=6)
    right: str
    wrong: str
    why: str


class _Periods(Entry):
    periods: tuple[PeriodEntry, ...] = Field(min_length=1)


class _Parties(Entry):
    parties: tuple[PartyEntry, ...] = Field(min_length=1)


class _Scenarios(Entry):
    scenarios: tuple[ScenarioEntry, ...] = Field(min_length=1)


class _Statements(Entry):
    statements: tuple[StatementEntry, ...] = Field(min_length=1)


@cache
def periods() -> tuple[PeriodEntry, ...]:
    """Questions about periods."""
    return load(FOLDER / "periods.yaml", _Periods).periods


@cache
def parties() -> tuple[PartyEntry, ...]:
    """Questions about who acts and who is told."""
    return load(FOLDER / "parties.yaml", _Parties).parties


@cache
def scenarios() -> tuple[ScenarioEntry, ...]:
    """Situations."""
    return load(FOLDER / "scenarios.yaml", _Scenarios).scenarios


@cache
def statements() -> tuple[StatementEntry, ...]:
    """Statements, true and changed."""
    return load(FOLDER / "statements.yaml", _Statements).statements


class LeftOut(Entry):
    """Everyday questions whose answer the article does not say in so many words."""

    duties: frozenset[str]
    questions: frozenset[str]


@cache
def left_out() -> LeftOut:
    """What makes no item."""
    return load(FOLDER / "left_out.yaml", LeftOut)
