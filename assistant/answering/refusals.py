"""What is declined whatever the rules of keeping say: unlawful wishes, with the duty that forbids them."""

from functools import cache
from pathlib import Path

from pydantic import Field

from assistant.answering.wishes import wish_in
from records.data_files import Entry, Said, load

FILE = Path(__file__).parent / "refusals.yaml"


class Refusal(Entry):
    """One unlawful wish: what whoever has it is told, and the duties behind that."""

    id: str
    says: Said
    instead: Said
    duties: tuple[str, ...] = Field(min_length=1)


class _File(Entry):
    refusals: tuple[Refusal, ...]


@cache
def refusals() -> dict[str, Refusal]:
    """Everything that is declined, by its id."""
    return {one.id: one for one in load(FILE, _File).refusals}


def refusal_for(question: str) -> Refusal | None:
    """The refusal a question meets, or None: asking about a wrong is not asking to do it."""
    wish = wish_in(question)
    return refusals()[wish] if wish else None
