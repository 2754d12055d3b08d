"""The scheduled turn: what must be gone by its date goes, whether or not anybody comes by."""

from assistant.app import App
from records.people import Person, Role

# Not a person: nobody signs in as it, and its name stands in the audit log as what it is.
SYSTEM = Person(id="system", name="system", roles=frozenset[Role]())


def upkeep(app: App) -> int:
    """How many files were erased because their day, or the hour of their review, is over."""
    with app.database.transaction() as session:
        # Reviews first: each ends with its original, and forgets the texts it held.
        erased = app.reviews.end_due(session, app.clock())
        erased += app.files.erase_due(session, app.clock())
        if erased:
            app.append(session, SYSTEM, "file:erased", "files", {"files": erased})
    return erased
