"""One part of the set-up, and how it stands."""

from dataclasses import dataclass
from enum import StrEnum

from records.language import Bilingual


class State(StrEnum):
    """How a part stands."""

    READY = "ready"
    BETTER = "better"
    """Works as it is; would work better otherwise."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the set-up: how it stands, in a sentence that says what to do."""

    name: str
    state: State
    text: Bilingual
