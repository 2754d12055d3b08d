"""What is declined whatever the rules of keeping say: unlawful wishes, with the duty that forbids them."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from assistant.answering.wishes import wish_in
from records.data_files import Entry, Said, load

FILE = Path(__file__).parent / "refusals.yaml"


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class Where(Entry):
    """What forbids a wish where the question names such a thing or such an authority."""

    named: Annotated[str, AfterValidator(_compiles)]
    duties: tuple[str, ...] = Field(min_length=1)
    says: Said | None = None
    instead: Said | None = None


class Refusal(Entry):
    """One unlawful wish: what whoever has it is told, and the duties behind that."""

    id: str
    says: Said
    instead: Said
    duties: tuple[str, ...] = Field(min_length=1)
    # The first of these whose words stand in the question forbids it instead.
    where: tuple[Where, ...] = ()

    def of(self, question: str) -> "Refusal":
        """The same, with what forbids the very thing the question names."""
        low = question.lower()
        found = next((one for one in self.where if re.search(one.named, low)), None)
        if found is None:
            return self
        says, instead = found.says or self.says, found.instead or self.instead
        return self.model_copy(update={"duties": found.duties, "says": says, "instead": instead})

    def every_duty(self) -> tuple[str, ...]:
        """All that may forbid it."""
        return (*self.duties, *(duty for one in self.where for duty in one.duties))

    def every_word(self) -> tuple[Said, ...]:
        """All that it may say."""
        return (self.says, *(one.says for one in self.where if one.says))


class _File(Entry):
    refusals: tuple[Refusal, ...]


@cache
def refusals() -> dict[str, Refusal]:
    """Everything that is declined, by its id."""
    return {one.id: one for one in load(FILE, _File).refusals}


def refusal_for(question: str) -> Refusal | None:
    """The refusal a question meets, or None: asking about a wrong is not asking to do it."""
    wish = wish_in(question)
    return refusals()[wish].of(question) if wish else None
