"""The audit log checked from its first event to its last."""

from dataclasses import dataclass

from assistant.app import App
from records.audit import AuditEvent, ChainCheck, latest_events
from records.people import Person
from records.permissions import Permission

SHOWN = 100


@dataclass(frozen=True, slots=True)
class AuditView:
    """Whether the chain holds, and the newest events."""

    chain: ChainCheck
    events: tuple[AuditEvent, ...]


def verify_audit(app: App, person: Person) -> AuditView:
    """The whole chain checked; the check is itself an event. Raises NotPermitted."""
    app.authorise(person, Permission.AUDIT_VERIFY)
    with app.database.reading() as session:
        view = AuditView(app.audit.verify(session), tuple(latest_events(session, SHOWN)))
    details = {"events": view.chain.events, "whole": view.chain.whole}
    app.record(person, "audit:verified", view.chain.head, details)
    return view
