"""The audit log checked from its first event to its last."""

from dataclasses import dataclass

from assistant.app import App
from records.anchors import AnchorCheck, check_anchors
from records.audit import ChainCheck, has_seal
from records.people import Person
from records.permissions import Permission


@dataclass(frozen=True, slots=True)
class AuditView:
    """Whether the chain holds.

    `head_kept` tells whether a head noted earlier is still in the chain; if not, its end was cut
    off. None where no earlier head was given. `anchors`: the same for heads anchored outside.
    """

    chain: ChainCheck
    head_kept: bool | None = None
    anchors: AnchorCheck | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing shows that anybody changed the log."""
        anchored = self.anchors is None or self.anchors.holds
        return self.chain.whole and self.head_kept is not False and anchored


def verify_audit(
    app: App,
    person: Person,
    *,
    earlier_head: str | None = None,
    untrusted_anchors: str | None = None,
) -> AuditView:
    """The whole chain checked; the check is itself an event. Raises NotPermitted."""
    app.authorise(person, Permission.AUDIT_VERIFY)
    with app.database.reading() as session:
        view = AuditView(
            chain=app.audit.verify(session),
            head_kept=has_seal(session, earlier_head) if earlier_head else None,
            anchors=None
            if untrusted_anchors is None
            else check_anchors(session, untrusted_anchors, app.signer.public_key),
        )
    details = {"events": view.chain.events, "whole": view.whole}
    app.record(person, "audit:verified", view.chain.head, details)
    return view
