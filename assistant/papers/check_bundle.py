"""The check of any evidence bundle of ours, offline: incident, destruction, closing project."""

from assistant.closing import bundle as closing_bundle
from assistant.destruction import bundle as destruction_bundle
from assistant.destruction.certificate import verify_destruction_certificate
from assistant.incidents import bundle as incident_bundle
from assistant.papers.bundle import CheckedBundle, verify_bundle
from records.language import Bilingual

CERTIFICATES = "certificates/"
PURPOSES = {
    incident_bundle.PURPOSE: Bilingual("事件材料包", "Bundle of an incident"),
    destruction_bundle.PURPOSE: Bilingual("销毁证据包", "Bundle of a destruction"),
    closing_bundle.PURPOSE: Bilingual("注销项目证据包", "Bundle of a closing project"),
}


def check_bundle(untrusted: bytes, public_key: str) -> CheckedBundle:
    """What a bundle states, checked with nothing but the public key. Raises BadSignature.

    No file may be missing, changed, added or stand twice; certificates inside are checked too.
    """
    found = verify_bundle(untrusted, public_key, *PURPOSES)
    for name, data in found.members.items():
        if name.startswith(CERTIFICATES):
            verify_destruction_certificate(data, public_key)
    return found
