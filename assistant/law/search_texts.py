"""What the laws, duties and policies say to some words: the provisions themselves, no answer."""

from dataclasses import dataclass
from datetime import date

from assistant.app import App
from assistant.redaction.clearing import clear_text
from knowledge.library import Hit
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission

LONGEST_WORDS = 500
MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The provisions that speak to the words, best first, in force on a day."""

    words: str
    as_of: date
    hits: tuple[Hit, ...]


def search_texts(
    app: App, person: Person, words: str, *, as_of: date | None = None, limit: int = 8
) -> Found:
    """Provisions and policy sections this person may read. The words are cleared first.

    Raises NotPermitted, EmptyText, TextTooLong, BadInput, or Unavailable while nothing is ingested.
    """
    app.authorise(person, Permission.KNOWLEDGE_READ)
    if not 1 <= limit <= MOST_HITS:
        raise BadInput(f"条数请用 1 到 {MOST_HITS}。", f"Ask for 1 to {MOST_HITS} provisions.")
    cleared = clear_text(app, words, LONGEST_WORDS).cleared
    day = as_of or app.today()
    roles = frozenset(role.value for role in person.roles)
    hits = app.library.search(cleared, as_of=day, audience=roles, limit=limit)
    app.record(person, "knowledge:searched", "library", {"hits": len(hits)})
    return Found(cleared.text, day, tuple(hits))
