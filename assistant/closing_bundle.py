"""The evidence bundle of a closing project for the liquidation group, and its check offline.

A zip whose signed manifest names every other file with its SHA-256. Clients stand in it by number;
their names are put in only where they are asked for. Made twice at one moment from the same records
it is the same to the byte.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.app import SHANGHAI, App
from assistant.bundle import sha256, unzipped, zipped
from assistant.certificate_pdf import certificate_pdf
from assistant.closing_board import Board, board_of
from assistant.closing_index import index_pdf
from assistant.closing_sheets import sheets
from assistant.closing_steps import ClosingStep, closing_step
from assistant.destruction_certificate import verify_destruction_certificate
from records.audit import Detail, latest_events, seal_of
from records.people import Person
from records.permissions import Permission
from records.signing import BadSignature, Statement, verify
from tickets.dossier import dossier

PURPOSE = "closing-bundle"
MANIFEST, INDEX = "manifest.json", "index.pdf"
CERTIFICATES = "certificates/"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle: a safe file name, its bytes, what is in it."""

    name: str
    data: bytes = field(repr=False)
    files: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A bundle whose manifest holds and whose files are all as it names them."""

    statement: Statement
    files: int
    certificates: int


def make_closing_bundle(
    app: App, person: Person, project_id: str, *, named: bool = False
) -> Bundle:
    """The bundle as things stand, ended or not. `named` adds the table of clients by name.

    Raises NotPermitted, NotFound.
    """
    needed = Permission.CLOSING_MANAGE if named else Permission.CLOSING_READ
    with closing_step(app, person, needed, project_id, change=False) as at:
        board = board_of(at)
        files = dict(_files(at, board, named=named))
        listed = _listed(files)
        files[INDEX] = index_pdf(board, listed, at.app.clock(), app.signer.public_key, named=named)
        body = _manifest(at, board, _listed(files), named=named)
        files[MANIFEST] = app.signer.sign(PURPOSE, body).encode()
        data = zipped(files)
        digest = sha256(data)
        counts: dict[str, Detail] = {"files": len(files), "sha256": digest, "named": named}
        app.append(at.session, person, "closing:bundled", at.id, counts)
    moment = app.clock().astimezone(SHANGHAI)
    return Bundle(f"{at.id}-evidence-{moment:%Y%m%d-%H%M}.zip", data, len(files), digest)


def verify_closing_bundle(untrusted: bytes, public_key: str) -> CheckedBundle:
    """What a bundle states, checked with nothing but the public key. Raises BadSignature.

    No file may be missing, changed, added or stand twice; certificates inside are checked too.
    """
    files = unzipped(untrusted)
    statement = verify(files.pop(MANIFEST, b"{}"), public_key)
    if statement.purpose != PURPOSE:
        raise BadSignature(
            "签名相符，但这不是证据包。", "The signature holds, but this is no bundle."
        )
    stated = {one["name"]: (one["sha256"], one["size"]) for one in statement.body["files"]}
    found = {name: (sha256(data), len(data)) for name, data in files.items()}
    wrong = sorted(name for name in {*stated, *found} if stated.get(name) != found.get(name))
    if wrong:
        raise BadSignature(
            f"有 {len(wrong)} 个文件与清单不符（缺少、多出或被改动），例如 {wrong[0][:80]}。",
            f"{len(wrong)} files differ from the manifest (missing, added or changed), such as "
            f"{wrong[0][:80]}.",
        )
    certificates = [data for name, data in files.items() if name.startswith(CERTIFICATES)]
    for one in certificates:
        verify_destruction_certificate(one, public_key)
    return CheckedBundle(statement, len(files) + 1, len(certificates) // 2)


def _files(at: ClosingStep, board: Board, *, named: bool) -> Iterator[tuple[str, bytes]]:
    serials = _serials(at, board)
    for serial in serials:
        entry = at.app.register.read(at.session, serial)
        pdf = certificate_pdf(entry.text, entry.body, at.app.signer.public_key)
        yield f"{CERTIFICATES}{serial}.pdf", pdf
        yield f"{CERTIFICATES}{serial}.json", entry.text.encode()
    yield from sheets(at, board, serials, named=named)
    for number, one in enumerate(board.evidence, 1):
        _, data = at.app.files.read(at.session, one.file_id, owner_id=at.id)
        item = one.item_id.replace(":", "-")
        yield f"evidence/{number:03d}-{item}{one.suffix}", data


def _serials(at: ClosingStep, board: Board) -> list[str]:
    """The certificates of the project's destruction tickets."""
    store = at.app.ticket_store
    found = (dossier(store.timeline(at.session, number)).serial for number, *_ in board.tickets)
    return sorted(one for one in found if one)


def _manifest(
    at: ClosingStep, board: Board, files: list[dict[str, Any]], *, named: bool
) -> dict[str, Any]:
    event, project, tally = latest_events(at.session, 1)[0].number, board.project, board.tally
    return {
        "project": project.id,
        "company": board.names.company,
        "route": project.route.value,
        "entity": project.entity.value,
        "made_at": at.app.clock().isoformat(timespec="seconds"),
        "made_by": at.person.id,
        "ended_at": project.ended_at.isoformat(timespec="seconds") if project.ended_at else None,
        "ended_by": project.ended_by or None,
        "ended_because": project.ended_because or None,
        "clients": tally.clients,
        "records": {"all": tally.records, "settled": tally.settled, **_named(tally.by_fate)},
        "blockers": {one.kind: one.count for one in board.blockers},
        "clients_by": "name" if named else "number",
        "audit": {"event": event, "seal": seal_of(at.session, event)},
        "files": files,
    }


def _named(by_fate: Mapping[str, int]) -> dict[str, int]:
    return {name or "undecided": count for name, count in by_fate.items()}


def _listed(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"name": name, "sha256": sha256(data), "size": len(data)}
        for name, data in sorted(files.items())
    ]
