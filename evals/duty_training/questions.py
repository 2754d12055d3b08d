"""What the choice of a duty is learnt from: each question with the name of its duty, or of none."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evals.asked import DATASETS
from evals.lay_questions import written_questions
from knowledge.duties import Asked, Duties, Question
from knowledge.duty_vectors import said_of
from knowledge.sources import by_name, short_name
from records.data_files import Entry, load

FILE = DATASETS / "duty_questions.yaml"
# What stands for the duties where a question is about another law, or about nothing of the kind.
NONE = "none"
# Of every ten questions written for a duty, those that weights are fitted on before all are learnt.
_PARTS, _APART = 10, 7


class _Written(Entry):
    duties: dict[str, tuple[Question, ...]]


class _Outside(Entry):
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the duty that answers it or `NONE`."""

    text: str
    name: str


@cache
def written() -> dict[str, tuple[Asked, ...]]:
    """The questions written for each duty, by its id."""
    return load(FILE, _Written).duties


def outside() -> list[Example]:
    """What is none of the product's business."""
    asked = load(DATASETS / "outside_questions.yaml", _Outside).outside
    return [Example(text, NONE) for text in asked]


def beside(duties: Duties) -> list[Example]:
    """What is asked in the duties' own files, and what each says itself in both languages."""
    said = [Example(text, duty.id) for duty in duties.values() for text in said_of(duty)]
    return [*said, *(Example(one.q, duty.id) for duty in duties.values() for one in duty.asked)]


def further(duties: Duties) -> list[Example]:
    """What else is asked, in everyday/*.yaml."""
    return [Example(one.q, duty.id) for duty in duties.values() for one in duty.also_asked]


def by_part() -> tuple[list[Example], list[Example]]:
    """The questions written for the duties: those learnt first, and those kept apart meanwhile."""
    parts: tuple[list[Example], list[Example]] = [], []
    for name, asked in written().items():
        for place, one in enumerate(asked):
            parts[place % _PARTS >= _APART].append(Example(one.q, name))
    return parts


def of_other_laws(duties: Duties) -> Iterator[Example]:
    """The questions written for articles of laws that no duty rests on and nobody here catalogued."""
    cited = {
        short_name(citation.instrument)
        for duty in duties.values()
        for citation in (*duty.citations, *duty.penalty)
    }
    catalogued = set(map(short_name, by_name()))
    for one in written_questions():
        laws = {law for law, _ in one.gold}
        if not laws & (cited | catalogued):
            yield Example(one.ask, NONE)
