"""What is the same for every search that one question takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from knowledge.library import Library
from knowledge.provisions import PUBLIC
from tickets.retention.facts import HolderType


@dataclass(frozen=True, slots=True)
class Search:
    """Where one question is looked up, as of which day, and for whom."""

    library: Library
    as_of: date
    audience: frozenset[str] = PUBLIC
    published: Callable[[str], bool] = lambda _: False
    """Which mailboxes and numbers of a policy may be shown."""
    holder: HolderType | None = None
    """What binds only companies of another kind is left out."""
    goes_on: bool = False
    """Whether talk goes on about the subject: a question need not name a thing of it again."""
