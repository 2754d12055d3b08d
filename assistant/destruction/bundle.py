"""The bundle of a destruction: certificate, timeline, approvals, evidence, its line of the register."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.destruction.certificate import RegisterView, register_csv
from assistant.destruction.certificate_pdf import certificate_pdf
from assistant.destruction.steps import Destruction, read
from assistant.papers.bundle import About, make_bundle
from assistant.papers.table_files import csv_file
from records.audit import Detail, latest_events, seal_of
from records.beijing import SHANGHAI, to_the_second
from records.language import Bilingual
from records.people import Person, person_by_id
from records.permissions import Permission
from tickets.retention.table import Cell

PURPOSE = "destruction-bundle"
COMMAND = "compliance bundle verify"


@dataclass(frozen=True, slots=True)
class DestructionBundle:
    """The bundle, its file name, how many files and the hash of the whole."""

    name: str
    data: bytes = field(repr=False)
    files: int
    sha256: str


def export_destruction(app: App, person: Person, ticket_id: str) -> DestructionBundle:
    """The bundle as things stand, certified or not. Raises NotPermitted, TicketNotFound."""
    app.authorise(person, Permission.DESTRUCTION_READ)
    now = app.clock()
    with app.database.transaction() as session:
        found = read(app, session, ticket_id)
        files = dict(_files(app, session, found))
        made = make_bundle(_about(app, session, person, found), files, app.signer)
        counts: dict[str, Detail] = {"files": made.files, "sha256": made.sha256}
        app.append(session, person, "destruction:exported", found.ticket.id, counts)
    name = f"{found.ticket.id}-evidence-{now.astimezone(SHANGHAI):%Y%m%d-%H%M}.zip"
    return DestructionBundle(name, made.data, made.files, made.sha256)


def _about(app: App, session: Session, person: Person, found: Destruction) -> About:
    event, ticket, told = latest_events(session, 1)[0].number, found.ticket, found.dossier
    approved = [_name(session, one.person_id) for one in ticket.approvals]
    return About(
        purpose=PURPOSE,
        title=Bilingual("销毁证据包目录", "Index of the evidence of a destruction"),
        number=ticket.id,
        made_at=app.clock(),
        made_by=person.id,
        audit={"event": event, "seal": seal_of(session, event)},
        rows=(
            (Bilingual("销毁什么", "what"), (ticket.description,)),
            (Bilingual("状态", "state"), (f"{ticket.state.label.zh} {ticket.state.label.en}",)),
            (Bilingual("申请人", "requested by"), (_name(session, ticket.opened_by),)),
            (Bilingual("批准人", "approved by"), tuple(approved) or ("—",)),
            (Bilingual("执行人", "carried out by"), (_name(session, told.executor),)),
            (Bilingual("监销人", "witness"), (_name(session, told.witness),)),
            (Bilingual("证明编号", "certificate"), (told.serial or "未出具 not issued",)),
        ),
        stated={
            "state": ticket.state.value,
            "serial": told.serial,
            "approvals": [one.person_id for one in ticket.approvals],
        },
        command=COMMAND,
    )


def _files(
    app: App, session: Session, found: Destruction
) -> Iterator[tuple[str, tuple[Bilingual, bytes]]]:
    ticket, told = found.ticket, found.dossier
    timeline = [
        (to_the_second(moment.at), moment.person_id, moment.what,
         json.dumps({k: v for k, v in moment.details.items() if k not in _SEALED},
                    ensure_ascii=False, sort_keys=True))
        for moment in app.ticket_store.timeline(session, ticket.id)
    ]  # fmt: skip
    yield "timeline.csv", _table("经过", "Timeline", ("at", "by", "what", "details"), timeline)
    approvals = [
        (to_the_second(one.at), one.person_id, _name(session, one.person_id))
        for one in ticket.approvals
    ]
    yield "approvals.csv", _table("批准", "Approvals", ("at", "by", "name"), approvals)
    rows = []
    for number, one in enumerate(told.evidence, 1):
        _, data = app.files.read(session, one.file_id, owner_id=ticket.id)
        name = f"evidence/{number:03d}"
        rows.append((name, one.what, one.sha256, one.size))
        yield name, (Bilingual(f"证据：{one.what}", "Evidence"), data)
    heads = ("file", "what", "sha256", "bytes")
    yield "evidence.csv", _table("证据文件清单", "List of the evidence", heads, rows)
    if told.serial:
        entry = app.register.read(session, told.serial)
        said = Bilingual("销毁证明", "Certificate of destruction")
        pdf = certificate_pdf(entry.text, entry.body, app.signer.public_key)
        yield f"certificates/{told.serial}.pdf", (said, pdf)
        yield f"certificates/{told.serial}.json", (said, entry.text.encode())
        line = register_csv(RegisterView((entry,), app.register.check(session)))
        said = Bilingual("销毁登记簿摘录", "Extract of the register")
        yield "register.csv", (said, line.encode("utf-8-sig"))


# Paths and where files are kept are nobody's business outside.
_SEALED = ("targets", "sealed", "file_id")


def _table(
    zh: str,
    en: str,
    heads: tuple[str, ...],
    rows: Sequence[Sequence[Cell]],
) -> tuple[Bilingual, bytes]:
    return Bilingual(zh, en), csv_file([heads, *rows])


def _name(session: Session, person_id: str | None) -> str:
    found = person_by_id(session, person_id) if person_id else None
    return f"{found.name} {person_id}" if found else person_id or "—"
