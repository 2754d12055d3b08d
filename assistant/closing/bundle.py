"""The evidence bundle of a closing project for the liquidation group.

Clients stand in it by number; their names are put in only where they are asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.app import App
from assistant.closing.board import Board, board_of
from assistant.closing.index import WHAT, index_rows
from assistant.closing.sheets import sheets
from assistant.closing.steps import ClosingStep, closing_step
from assistant.destruction.certificate_pdf import certificate_pdf
from assistant.papers.bundle import About, make_bundle
from records.audit import Detail, latest_events, seal_of
from records.beijing import SHANGHAI
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.destruction.dossier import dossier

PURPOSE = "closing-bundle"
COMMAND = "compliance bundle verify"
CERTIFICATES = "certificates/"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle: a safe file name, its bytes, what is in it."""

    name: str
    data: bytes = field(repr=False)
    files: int
    sha256: str


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
        made = make_bundle(_about(at, board, named=named), files, app.signer)
        counts: dict[str, Detail] = {"files": made.files, "sha256": made.sha256, "named": named}
        app.append(at.session, person, "closing:bundled", at.id, counts)
    moment = app.clock().astimezone(SHANGHAI)
    name = f"{at.id}-evidence-{moment:%Y%m%d-%H%M}{'-named' if named else ''}.zip"
    return Bundle(name, made.data, made.files, made.sha256)


def _files(
    at: ClosingStep, board: Board, *, named: bool
) -> Iterator[tuple[str, tuple[Bilingual, bytes]]]:
    serials = _serials(at, board)
    for serial in serials:
        entry = at.app.register.read(at.session, serial)
        pdf = certificate_pdf(entry.text, entry.body, at.app.signer.public_key)
        said = Bilingual("销毁证明", "Certificate of destruction")
        yield f"{CERTIFICATES}{serial}.pdf", (said, pdf)
        yield f"{CERTIFICATES}{serial}.json", (said, entry.text.encode())
    for name, data in sheets(at, board, serials, named=named):
        yield name, (WHAT[name], data)
    for number, one in enumerate(board.evidence, 1):
        _, data = at.app.files.read(at.session, one.file_id, owner_id=at.id)
        item = one.item_id.replace(":", "-")
        said = Bilingual(f"证据：{one.what}", "Evidence")
        yield f"evidence/{number:03d}-{item}{one.suffix}", (said, data)


def _serials(at: ClosingStep, board: Board) -> list[str]:
    """The certificates of the project's destruction tickets."""
    store = at.app.ticket_store
    found = (dossier(store.timeline(at.session, number)).serial for number, *_ in board.tickets)
    return sorted(one for one in found if one)


def _about(at: ClosingStep, board: Board, *, named: bool) -> About:
    event, project, tally = latest_events(at.session, 1)[0].number, board.project, board.tally
    return About(
        purpose=PURPOSE,
        title=Bilingual("注销项目证据包目录", "Index of the evidence of a closing project"),
        number=project.id,
        made_at=at.app.clock(),
        made_by=at.person.id,
        audit={"event": event, "seal": seal_of(at.session, event)},
        rows=index_rows(board, named=named),
        stated={
            "company": board.names.company,
            "route": project.route.value,
            "entity": project.entity.value,
            "ended_at": project.ended_at.isoformat(timespec="seconds")
            if project.ended_at
            else None,
            "ended_by": project.ended_by or None,
            "ended_because": project.ended_because or None,
            "clients": tally.clients,
            "records": {"all": tally.records, "settled": tally.settled, **_named(tally.by_fate)},
            "blockers": {one.kind: one.count for one in board.blockers},
            "clients_by": "name" if named else "number",
        },
        command=COMMAND,
    )


def _named(by_fate: Mapping[str, int]) -> dict[str, int]:
    return {name or "undecided": count for name, count in by_fate.items()}
