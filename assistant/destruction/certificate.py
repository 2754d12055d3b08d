"""What a certificate of destruction says, and the register it stands in."""

import csv
import hmac
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.destruction.certificate_pdf import certificate_pdf, statement_inside
from assistant.destruction.record_choice import held_by
from assistant.destruction.steps import Destruction, Step, read
from assistant.papers.table_files import inert
from records.audit import latest_events, seal_of
from records.beijing import to_the_second
from records.certificates import KEY_LIMITS
from records.errors import NotFound
from records.language import Bilingual
from records.people import Person, person_by_id
from records.permissions import Permission, allowed
from records.signing import BadSignature, Statement, verify
from tickets.destruction.data import STANDARDS, VAULT_KEY, destruction_data
from tickets.destruction.dossier import Dossier, Settled
from tickets.destruction.register import PURPOSE, RegisterCheck, RegisterEntry, chain_hash
from tickets.destruction.tally import tally
from tickets.errors import TicketNotFound
from tickets.retention.rules import rulebook

_EXPIRES = Bilingual(
    "副本去向中写明到期的，按所列日期消失，到期前不得恢复使用。",
    "Copies said to expire go on the days listed and are not to be restored before.",
)
_BY_PEOPLE = Bilingual(
    "由人执行的部分以所列证据文件、副本去向的依据和监销人确认为准，本系统不能自行查验。",
    "What people did rests on the evidence, the grounds given for copies elsewhere and the witness; "
    "the product cannot see it for itself.",
)


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate with both its files."""

    entry: RegisterEntry
    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The register and whether its chain holds."""

    entries: tuple[RegisterEntry, ...]
    check: RegisterCheck


def read_destruction(app: App, person: Person, ticket_id: str) -> Destruction:
    """A destruction with everything on record. Raises NotPermitted, TicketNotFound.

    Whoever requested it and the witness named may read it besides the roles that do.
    """
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.reading() as session:
        found = read(app, session, ticket_id)
    own = person.id in (found.ticket.opened_by, found.dossier.witness)
    if not own and not allowed(person, Permission.DESTRUCTION_READ):
        app.record(person, "permission:refused", found.ticket.id)
        raise TicketNotFound(found.ticket.id)
    app.record(person, "destruction:read", found.ticket.id)
    return found


def list_register(app: App, person: Person) -> RegisterView:
    """The permanent register, oldest first. Raises NotPermitted."""
    app.authorise(person, Permission.DESTRUCTION_READ)
    with app.database.transaction() as session:
        view = RegisterView(tuple(app.register.entries(session)), app.register.check(session))
        app.append(session, person, "register:listed", "register", {"entries": len(view.entries)})
    return view


def read_destruction_certificate(app: App, person: Person, serial: str) -> IssuedCertificate:
    """A certificate by its serial, as signed JSON and as PDF. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.DESTRUCTION_READ)
    with app.database.transaction() as session:
        entry = app.register.read(session, serial.strip()[:40])
        app.append(session, person, "register:read", entry.serial)
    return IssuedCertificate(entry, certificate_pdf(entry.text, entry.body, app.signer.public_key))


def registered_as(app: App, serial: str, digest: str) -> RegisterEntry | None:
    """The entry of that serial and chain hash, for whoever holds the certificate that names both."""
    with app.database.reading() as session:
        try:
            found = app.register.read(session, serial.strip()[:40])
        except NotFound:
            return None
    given = digest.strip().lower().encode()
    stands = found.hash == chain_hash(found.body)
    return found if stands and hmac.compare_digest(found.hash.encode(), given) else None


def verify_destruction_certificate(untrusted: bytes, public_key: str) -> Statement:
    """What a certificate states, checked with nothing but the public key. Raises BadSignature.

    A PDF is drawn again from the signed statement inside it and must be the same to the byte, so
    a page changed around a true statement does not pass.
    """
    is_pdf = untrusted.startswith(b"%PDF")
    text = statement_inside(untrusted) if is_pdf else untrusted
    statement = verify(text, public_key)
    if statement.purpose != PURPOSE:
        raise BadSignature(
            "签名相符，但这不是销毁证明。", "The signature holds, but this is no such certificate."
        )
    if is_pdf and certificate_pdf(text.decode(), statement.body, public_key.strip()) != untrusted:
        raise BadSignature(
            "里面的签名内容是真的，但页面与它不一致：页面被改过，或由其他版本绘制。请以 JSON 为准。",
            "The signed statement inside is genuine, but the page is not drawn from it: changed, "
            "or drawn by another version. Rely on the JSON.",
        )
    return statement


def register_csv(view: RegisterView) -> str:
    """The register as a table, a line an entry, in Beijing time; a sign that a sheet would run is quoted."""
    out = io.StringIO()
    rows = csv.writer(out)
    counted = ("destroyed", "returned", "transferred")
    heads = ["number", "serial", "ticket", "issued_at", "carried_out_at", "what"]
    rows.writerow([*heads, *(f"clients_{name}" for name in counted), "hash"])
    for one in view.entries:
        told = one.body
        times = (told["issued_at"], told["carried_out"]["at"])
        local = [to_the_second(datetime.fromisoformat(at)) for at in times]
        line = [one.number, one.serial, one.ticket_id, *local]
        counts = told.get("counts", {})
        clients = [counts[name]["clients"] if counts else None for name in counted]
        rows.writerow([*line, inert(told["what"]), *clients, one.hash])
    return out.getvalue()


def certificate_content(app: App, at: Step, person: Person) -> Mapping[str, Any]:
    """What the certificate says beside its serial and its place in the register."""
    ticket, told, session = at.ticket, at.dossier, at.session
    event = latest_events(session, 1)[0].number
    carried_out_at, witnessed_at = told.carried_out_at, told.witnessed_at
    public = app.settings.public_url.rstrip("/")
    return {
        **({"check_at": f"{public}/certificates"} if public else {}),
        "what": ticket.description,
        "counts": asdict(tally(told, held_by(at))),
        "retention": _retention(at),
        "requested": _who(session, ticket.opened_by, ticket.opened_at.isoformat()),
        "appraised": _who(session, told.appraised_by or "", None),
        "approved": [_who(session, a.person_id, a.at.isoformat()) for a in ticket.approvals],
        "notice": _notice(told),
        "backup": _backup(told),
        "carried_out": _who(
            session, told.executor or "", carried_out_at.isoformat() if carried_out_at else None
        ),
        "witnessed": _who(
            session, told.witness or "", witnessed_at.isoformat() if witnessed_at else None
        ),
        "methods": [_method(name, told.protection) for name in told.media],
        "erased": [{k: v for k, v in one.details.items() if k != "sealed"} for one in told.erased],
        "places": {
            name: {
                "name": _both(destruction_data().places[name].name),
                "outcome": one.outcome.value,
                "until": one.until.isoformat() if one.until else None,
                "note": one.note,
            }
            for name, one in told.places.items()
        },
        "evidence": [{"sha256": e.sha256, "size": e.size, "what": e.what} for e in told.evidence],
        "corrections": [{"text": c.text, "reason": c.reason} for c in told.corrections],
        "certified": _who(session, person.id, None),
        "audit": {"event": event, "seal": seal_of(session, event)},
        "standards": STANDARDS,
        "limits": _limits(told),
    }


def _limits(told: Dossier) -> list[dict[str, str]]:
    """What the certificate does not cover, by the media and answers it rests on."""
    media = destruction_data().media
    found = [_both(limit) for name in told.media if (limit := media[name].limit)]
    if VAULT_KEY in told.media:
        found += [dict(one) for one in KEY_LIMITS]
    if any(one.outcome is Settled.EXPIRES for one in told.places.values()):
        found.append(_both(_EXPIRES))
    return [*found, _both(_BY_PEOPLE)]


def _retention(at: Step) -> dict[str, Any]:
    decision, facts = at.decision, at.facts_without_hold()
    kind = rulebook().kinds[facts.kind].name
    rule = decision.deciding
    return {
        "kind": _both(kind),
        "holder": facts.holder.value if facts.holder else None,
        "status": decision.status.value,
        "earliest": decision.earliest.isoformat() if decision.earliest else None,
        "rule": _both(rule.name) if rule else None,
        "instrument": rule.citation.instrument if rule else None,
        "article": rule.citation.article if rule else None,
    }


def _who(session: Session, person_id: str, at: str | None) -> dict[str, Any]:
    found = person_by_id(session, person_id)
    return {"number": person_id, "name": found.name if found else "", "at": at}


def _notice(told: Dossier) -> dict[str, Any] | None:
    if told.notice is None:
        return None
    choices = [one.choice.value for one in told.choices.values()]
    return {
        "clients": told.notice.clients,
        "channel": told.notice.channel,
        "waited_until": told.notice.wait_until.isoformat() if told.notice.wait_until else None,
        "without": told.notice.without,
        "choices": {name: choices.count(name) for name in sorted(set(choices))},
    }


def _backup(told: Dossier) -> dict[str, Any] | None:
    one = told.backup
    return {"sha256": one.sha256, "size": one.size, "without": one.without} if one else None


def _method(name: str, protection: int) -> dict[str, Any]:
    medium = destruction_data().media[name]
    particle = medium.particle
    level = particle and (particle.class3 if protection == 3 else particle.class2)
    return {
        "medium": _both(medium.name),
        "method": _both(medium.method),
        "outcome": medium.outcome.value,
        "protection_class": protection,
        "level": level,
    }


def _both(said: Bilingual) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}
