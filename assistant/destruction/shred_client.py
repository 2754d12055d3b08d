"""A client's key destroyed, so that nothing kept under it can be read again; with a certificate.

The key, its entries, the draft of the certificate and the audit event go in one transaction. What
is left in the database's own files is cleared after it, and the certificate says whether that was
done. Cut short in between, the next call completes the certificate.
"""

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.errors import NotConfirmed
from assistant.redaction.clearing import stated_reason
from records.audit import seal_of
from records.certificates import Certificate, Erasure
from records.people import Person
from records.permissions import Permission
from records.vault import Destroyed


def shred_client(
    app: App, person: Person, client: str, *, confirmation: str, reason: str
) -> Certificate:
    """The certificate. `confirmation` is the client's name typed once more.

    Raises NotPermitted, NotConfirmed, NotFound without such a client, BadInput without a reason.
    """
    app.authorise(person, Permission.VAULT_SHRED)
    stated = stated_reason(app, reason)
    client = " ".join(client.split())
    with app.database.transaction() as session:
        client_id = app.vault.client_id_of(session, client)
        name = app.vault.name_of(session, client_id)
        if confirmation.strip() != name:
            raise NotConfirmed
        serial = destroy_key(app, session, person, client_id, stated)
    complete_certificates(app, person)
    with app.database.reading() as session:
        return app.certificates.read(session, serial)


def try_shredding(app: App, person: Person, client: str) -> Destroyed:
    """What would go with a client's key; nothing does. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.VAULT_SHRED)
    with app.database.transaction(keep=False) as session:
        client_id = app.vault.client_id_of(session, " ".join(client.split()))
        gone = app.vault.destroy(session, client_id, app.clock())
    told = {"cases": gone.cases, "entries": gone.entries}
    app.record(person, "vault:shredding_tried", client_id, told)
    return gone


def destroy_key(app: App, session: Session, person: Person, client_id: str, stated: str) -> str:
    """The serial of the certificate to come: key, entries, draft and audit event in one."""
    now, name = app.clock(), app.vault.name_of(session, client_id)
    gone = app.vault.destroy(session, client_id, now)
    number = app.append(
        session,
        person,
        "vault:shredded",
        client_id,
        {"cases": gone.cases, "entries": gone.entries, "reason": stated},
    )
    erasure = Erasure(
        client_id=client_id,
        client_name=name,
        fingerprint=gone.fingerprint,
        cases=gone.cases,
        entries=gone.entries,
        person_id=person.id,
        reason=stated,
        at=now,
        audit_number=number,
        audit_seal=seal_of(session, number),
    )
    return app.certificates.draft(session, erasure)


def complete_certificates(app: App, person: Person) -> int:
    """How many drafts were completed: after a shredding, or one that was cut short."""
    app.authorise(person, Permission.VAULT_SHRED)
    overwritten = app.database.scrub()
    database = {
        "engine": app.database.engine.dialect.name,
        "remains_overwritten": overwritten,
    }
    with app.database.transaction() as session:
        serials = app.certificates.unfinished(session)
        for serial in serials:
            app.certificates.complete(session, serial, database=database, now=app.clock())
        app.append(session, person, "vault:certified", "certificates", {"count": len(serials)})
    return len(serials)


def read_certificate(app: App, person: Person, serial: str) -> Certificate:
    """A certificate by its serial. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.VAULT_READ)
    with app.database.transaction() as session:
        certificate = app.certificates.read(session, serial.strip())
        app.append(session, person, "vault:certificate_read", certificate.serial)
    return certificate
