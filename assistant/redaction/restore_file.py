"""A redacted copy turned back into its original values, for a reason that is put on record."""

from dataclasses import dataclass, field

from assistant.app import App
from assistant.redaction.cases import OpenCase, case_named
from assistant.redaction.clearing import clear_text
from pii.restore import restore_document
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission

LONGEST_REASON = 200
_SHORTEST_REASON = 4


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


def stated_reason(app: App, reason: str) -> str:
    """A reason fit for the log: personal data taken out. Raises BadInput when there is none."""
    if len(reason.strip()) < _SHORTEST_REASON:
        raise BadInput(
            f"请写明事由，至少 {_SHORTEST_REASON} 个字，例如：清算组核对债权，工单 DES-2026-0003。",
            f"Give the reason in {_SHORTEST_REASON} characters or more, for example: liquidation group "
            "checks claims, ticket DES-2026-0003.",
        )
    return clear_text(app, reason, LONGEST_REASON).cleared.text
