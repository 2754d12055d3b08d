"""Questions as employees type them, with what a right answer holds: our own, in two halves.

The tuned half may be read while the answering code is worked on; the other is only measured.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from assistant.answering.answers import Answer, Outcome
from assistant.app import App
from assistant.questions.ask import ask
from records.data_files import Entry, load
from records.people import Person

DATASETS = Path(__file__).parent / "datasets"
EXAMPLES = Path(__file__).parent.parent / "examples"


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Half(StrEnum):
    """Whether the makers of the answers may look."""

    TUNED = "tuned"
    UNTOUCHED = "untouched"
    BLIND = "blind"
    """A third set, by rules only: written before its answers were seen, whole topics in few questions."""
    FRESH = "fresh"
    """A second set, by rules only, more colloquial; its first half may be looked at."""
    FRESH_UNTOUCHED = "fresh_untouched"


class Case(Entry):
    """One conversation, and what its last answer must be.

    `any` lists articles of which a right answer cites at least one (`*`: any article of a text that
    is not stored here). Each of `facts` must be found in the answer, `opens` in its conclusion, none
    of `never` anywhere. `refusals` are ids of which one must have declined it; `masked` the kinds of
    personal data that must have been taken out.
    """

    id: str
    topic: int = Field(ge=1, le=20)
    turns: tuple[str, ...] = Field(min_length=1, max_length=3)
    as_of: date | None = None
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    any: tuple[str, ...] = ()
    facts: tuple[Pattern, ...] = ()
    opens: Pattern = ""
    never: tuple[Pattern, ...] = ()
    refusals: tuple[str, ...] = ()
    masked: tuple[Pattern, ...] = ()


class _Cases(Entry):
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A case, and the answers its turns got, the last of which is scored."""

    case: Case
    answers: tuple[Answer, ...]

    @property
    def answer(self) -> Answer:
        """What is scored."""
        return self.answers[-1]


@cache
def cases(half: Half) -> tuple[Case, ...]:
    """The cases of one half, by id."""
    return load(DATASETS / f"asked_{half}.yaml", _Cases).cases


def asked(app: App, person: Person, case: Case, *, run: str) -> Asked:
    """The case asked turn by turn, in a thread of its own. `run` keeps runs over one home apart."""
    answers = [
        ask(app, person, turn, as_of=case.as_of, thread=f"evals:{run}:{case.id}")
        for turn in case.turns
    ]
    return Asked(case, tuple(answers))
