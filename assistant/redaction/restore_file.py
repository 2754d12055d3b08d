"""A redacted copy turned back into its original values, for a reason that is put on record."""

from dataclasses import dataclass, field

from assistant.app import App
from assistant.redaction.cases import OpenCase, case_named
from assistant.redaction.clearing import stated_reason
from pii.restore import restore_document
from records.people import Person
from records.permissions import Permission


@dataclass(frozen=True, slots=True)
class RestoredFile:
    """The restored document, which is stored nowhere."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    places: int
    """How many stand-ins were turned back."""


def restore_file(
    app: App,
    person: Person,
    untrusted_data: bytes,
    untrusted_name: str,
    *,
    case: str,
    reason: str,
) -> RestoredFile:
    """The file with the stand-ins of a case turned back. The event is on record before it leaves.

    Raises NotPermitted, NotFound without such a case (or once its client was shredded), BadInput
    without a reason.
    """
    app.authorise(person, Permission.VAULT_RESTORE)
    stated = stated_reason(app, reason)
    with app.database.reading() as session:
        opened = OpenCase(case_named(app, session, case))
    restored = restore_document(untrusted_data, untrusted_name, opened.case)
    app.record(person, "vault:restored", opened.id, {"places": restored.places, "reason": stated})
    return RestoredFile(restored.name, restored.data, restored.places)
