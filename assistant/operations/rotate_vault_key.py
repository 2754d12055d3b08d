"""The vault's key-encryption key exchanged; no entry is touched."""

from assistant.app import App
from records.people import Person
from records.permissions import Permission


def rotate_vault_key(app: App, person: Person) -> int:
    """How many client keys are now wrapped with the new key. Raises NotPermitted.

    A key file is renewed here. A key in the environment is renewed by whoever sets it: the new one
    as current, the old as previous; this wraps everything with the new one, then the old may go.
    """
    app.authorise(person, Permission.VAULT_ROTATE)
    ring = app.vault.source.begin_rotation()
    with app.database.transaction() as session:
        count = app.vault.rewrap(session, ring)
        app.append(session, person, "vault:rotated", ring.current.id, {"clients": count})
    # Only now: while a single key is wrapped with the old one, the old one must stay.
    app.vault.source.end_rotation()
    app.database.scrub()
    return count
