"""What is declined whatever the rules of keeping say: unlawful wishes, with the duty that forbids them."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from records.data_files import Entry, Said, load

FILE = Path(__file__).parent / "refusals.yaml"


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Refusal(Entry):
    """One unlawful wish: how people put it, what they are told, and the duties behind that."""

    id: str
    words: Pattern
    unless: Pattern
    says: Said
    instead: Said
    duties: tuple[str, ...] = Field(min_length=1)


class _File(Entry):
    refusals: tuple[Refusal, ...]


@cache
def refusals() -> tuple[Refusal, ...]:
    """Everything that is declined, in the order it is looked for."""
    return load(FILE, _File).refusals


def refusal_for(question: str) -> Refusal | None:
    """The refusal a question meets, or None: asking about a wrong is not asking to do it."""
    low = question.lower()
    return next(
        (r for r in refusals() if re.search(r.words, low) and not re.search(r.unless, low)), None
    )
