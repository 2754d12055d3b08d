"""The master key exchanged: the data root is wrapped with the new one, nothing else is touched."""

from dataclasses import dataclass

from assistant.app import App, key_file
from records.people import Person
from records.permissions import Permission
from records.wrapping_keys import MASTER, key_in


@dataclass(frozen=True, slots=True)
class Rotated:
    """The ids of the master key before and from now on; a key service has one for all its keys.

    `old_file` names a key file that is not the current key and opens backups of before alone.
    """

    before: str
    key_id: str
    old_file: str = ""


def rotate_master_key(app: App, person: Person) -> Rotated:
    """What the data root is wrapped with from now on. Raises NotPermitted, Unavailable.

    A key file is renewed here. A key in the environment is renewed by whoever sets it: the new one
    as current, the old as previous. A key service wraps with whichever key it now has as current.
    """
    app.authorise(person, Permission.KEYS_ROTATE)
    ring = app.root.source.begin_rotation()
    with app.database.transaction() as session:
        before, _ = app.root.wrapped(session)
        key_id = app.root.rewrap(session, ring)
        app.append(session, person, "keys:rotated", key_id)
    # As the next start will read it; only then may the old key go.
    app.root.keys(app.database)
    app.root.source.end_rotation()
    app.database.scrub()
    file = key_file(app.settings)
    found = key_in(file, MASTER)
    return Rotated(before, key_id, str(file) if found and found.id != key_id else "")
