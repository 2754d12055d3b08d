"""Destroying and what follows: witness, places, evidence, certificate and register.

Carrying out begins with one transaction: the order moves and clients' keys are gone in it. Files
are erased after it, each with its own line; cut short, the executor carries out once more and what
is left is erased. No certificate is issued before everything is.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.app import App
from assistant.destruction.certificate import certificate_content
from assistant.destruction.record_choice import check_choices, move_unmoved
from assistant.destruction.shred_client import complete_certificates, destroy_key
from assistant.destruction.steps import Destruction, Step, read, step
from assistant.destruction.targets import check_unchanged, erase_file, path_of
from assistant.keeping.empty import check_may_go, empty_kept
from assistant.redaction.clearing import clear_text, stated_reason
from records.errors import BadInput, NotFound
from records.people import Person, colleague
from records.permissions import Permission
from tickets.destruction.data import destruction_data, places_named
from tickets.destruction.dossier import (
    Settled,
    Target,
    check_day_told,
    check_evidence,
    check_notice_over,
    check_places,
    check_ready,
)
from tickets.destruction.order import add_evidence, carry_out, certify, register
from tickets.destruction.register import RegisterEntry
from tickets.errors import MoveNotAllowed, OnHold, SamePerson
from tickets.ticket import Json, State

LARGEST_EVIDENCE = 25 * 1024 * 1024
LONGEST_NOTE = 300
_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_AFTER = (State.CARRIED_OUT, State.EVIDENCED)

Eraser = Callable[[Path], Mapping[str, Json]]


def carry_out_destruction(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    witness: str,
    erase: Eraser = erase_file,
    dry_run: bool = False,
) -> Destruction:
    """The records destroyed before a witness, the law asked once more on the day.

    Called again by the same executor it erases what an interruption left. With `dry_run` all is
    checked and nothing destroyed: the destruction as it stands, with what would go as
    `dossier.waiting`. Raises NotPermitted, NotLawfulYet, OnHold, SamePerson, StepMissing,
    MoveNotAllowed, Conflict.
    """
    app.authorise(person, Permission.DESTRUCTION_CARRY_OUT)
    with app.database.reading() as session:
        targets = read(app, session, ticket_id).dossier.targets
    if any(one.kind == "key" for one in targets):
        app.authorise(person, Permission.VAULT_SHRED)
    permission = Permission.DESTRUCTION_CARRY_OUT
    with step(app, person, permission, ticket_id, keep=not dry_run) as at:
        before = at.result()
        keys = [one for one in at.dossier.waiting if one.kind == "key"]
        if not (at.order.state is State.CARRIED_OUT and at.dossier.executor == person.id):
            _begin(at, keys, witness.strip())
    if dry_run:
        told = {"targets": len(before.dossier.waiting)}
        app.record(person, "destruction:carrying_out_tried", before.ticket.id, told)
        return before
    if any(one.kind == "key" for one in targets):
        complete_certificates(app, person)
    if any(one.kind == "own" for one in targets):
        with app.database.transaction() as session:
            app.files.erase_due(session, app.clock())
    _erase_files(app, person, at.ticket.id, erase)
    with app.database.reading() as session:
        return Step(app, session, person, at.ticket.id).result()


def _begin(at: Step, keys: list[Target], witness: str) -> None:
    """The order carried out, keys gone, everything checked before anything is touched."""
    app, person = at.app, at.person
    found = colleague(at.session, witness)
    order = carry_out(
        at.order, by=person.id, witness=found.id if found else witness, today=at.today
    )
    if found is None:
        raise NotFound(
            "没有这位监销人。请填写其人员编号或本机账号。",
            "There is no such witness. Give their number, or their account on the machine.",
        )
    check_notice_over(at.dossier, today=at.today)
    check_day_told(at.dossier, today=at.today)
    check_ready(at.dossier)
    check_choices(at)
    for target in at.dossier.waiting:
        if target.kind == "file":
            check_unchanged(app, at.ticket.id, target)
        if target.kind == "own":
            check_may_go(app, at.session, target.name)
    at.keep(order, "carried_out", {"witness": found.id})
    for target in keys:
        serial = destroy_key(app, at.session, person, target.name, at.ticket.id)
        told: dict[str, Json] = {"name": target.name, "result": "erased", "certificate": serial}
        at.keep(at.order, "erased", told)
    for target in [one for one in at.dossier.waiting if one.kind == "own"]:
        done = empty_kept(app, at.session, person, target.name, at.ticket.id)
        at.keep(at.order, "erased", {"name": target.name, **done})


def _erase_files(app: App, person: Person, ticket_id: str, erase: Eraser) -> None:
    """One file after the other, each on record before the next; a hold in between stops it."""
    while True:
        with step(app, person, Permission.DESTRUCTION_CARRY_OUT, ticket_id) as at:
            if at.order.on_hold:
                raise OnHold
            if not at.dossier.waiting:
                return
            target = at.dossier.waiting[0]
            done = erase(path_of(app, ticket_id, target))
            at.keep(at.order, "erased", {"name": target.name, "sha256": target.sha256, **done})


def witness_destruction(app: App, person: Person, ticket_id: str) -> Destruction:
    """The witness's own word that they saw it done."""
    with step(app, person, Permission.DESTRUCTION_WITNESS, ticket_id) as at:
        _check_after(at)
        if at.dossier.witness != person.id:
            raise SamePerson(
                "只有执行时写明的监销人本人可以确认。",
                "Only the witness named when it was carried out can confirm it.",
            )
        at.keep(at.order, "witnessed")
        return at.result()


def settle_place(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    place: str,
    outcome: Settled,
    until: date | None = None,
    note: str = "",
) -> Destruction:
    """A place where copies may lie answered: destroyed, none there, or gone by a day."""
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        _check_after(at)
        known = destruction_data().places
        if place not in known:
            named = places_named(known)
            raise BadInput(f"请从这些里选：{named.zh}。", f"Choose one of: {named.en}.")
        expires = outcome is Settled.EXPIRES
        if expires and not known[place].expires:
            raise BadInput("这一处不能等到期。", "This place cannot be left to expire.")
        if expires != (until is not None) or (until is not None and until < at.today):
            raise BadInput(
                "到期日只在选“到期”时填写，且不能早于今天。",
                "A day goes with “expires” alone, and is not before today.",
            )
        if not note.strip():
            raise BadInput(
                "请写明依据，例如确认函编号。", "Say how it is known, e.g. a letter's number."
            )
        details: dict[str, Json] = {
            "place": place,
            "outcome": outcome.value,
            "until": until.isoformat() if until else None,
            "note": clear_text(app, note, LONGEST_NOTE).cleared.text,
        }
        at.keep(at.order, "place_settled", details)
        return at.result()


def add_destruction_evidence(
    app: App, person: Person, ticket_id: str, untrusted_data: bytes, *, what: str
) -> Destruction:
    """A photograph, receipt or record hashed and kept encrypted, for ever; the same file once."""
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        _check_after(at)
        _keep_evidence(at, untrusted_data, what)
        return at.result()


def close_evidence(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    untrusted_files: Sequence[bytes] = (),
    what: str = "",
) -> Destruction:
    """The evidence whole: everything erased, witnessed, and on file; the last files with it, or none."""
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        order = add_evidence(at.order)
        for data in untrusted_files:
            _keep_evidence(at, data, what)
        check_evidence(at.dossier)
        at.keep(order, "evidenced")
        return at.result()


def _keep_evidence(at: Step, untrusted_data: bytes, what: str) -> None:
    if not 0 < len(untrusted_data) <= LARGEST_EVIDENCE:
        raise BadInput("证据文件为空或超过 25 MB。", "The evidence is empty or over 25 MB.")
    digest, before = hashlib.sha256(untrusted_data).hexdigest(), at.dossier.evidence
    if any(one.sha256 == digest for one in before):
        return
    file_id = at.app.files.keep(
        at.session,
        untrusted_data,
        name=f"{at.ticket.id}-evidence-{len(before) + 1}",
        owner_id=at.ticket.id,
        keep_until=_FOR_EVER,
        now=at.app.clock(),
    )
    details: dict[str, Json] = {
        "file_id": file_id,
        "sha256": digest,
        "size": len(untrusted_data),
        "what": clear_text(at.app, what, LONGEST_NOTE).cleared.text,
    }
    at.keep(at.order, "evidence_added", details)


def certify_destruction(app: App, person: Person, ticket_id: str) -> RegisterEntry:
    """The certificate, signed and entered in the permanent register in one transaction."""
    with step(app, person, Permission.DESTRUCTION_CERTIFY, ticket_id) as at:
        order = certify(at.order, by=person.id)
        check_places(at.dossier)
        move_unmoved(at)
        content = certificate_content(app, at, person)
        entry = app.register.enter(
            at.session, ticket_id=at.ticket.id, content=content, now=app.clock()
        )
        at.keep(order, "certified", {"serial": entry.serial, "hash": entry.hash})
        at.keep(register(at.order), "registered", {"number": entry.number})
        return entry


def correct_destruction(
    app: App, person: Person, ticket_id: str, *, text: str, reason: str
) -> Destruction:
    """A correction as an entry of its own; what stood before it stays."""
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        details: dict[str, Json] = {
            "text": clear_text(app, text, LONGEST_NOTE).cleared.text,
            "reason": stated_reason(app, reason),
        }
        at.keep(at.order, "corrected", details)
        return at.result()


def _check_after(at: Step) -> None:
    if at.order.on_hold:
        raise OnHold
    if at.order.state not in _AFTER:
        raise MoveNotAllowed(
            "这一步在执行销毁之后、出具证明之前进行。",
            "This comes after destroying and before the certificate.",
        )
