"""Evidence of an incident on file: hashed, kept encrypted, named on the timeline."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.work_incident import check_concerned, cleared, working
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission
from tickets.incidents.work import check_open
from tickets.ticket import Event, Json, Ticket

EVIDENCE, DRAFTED = "incident:evidence-added", "incident:drafted"
LARGEST_EVIDENCE = 25 * 1024 * 1024
# A record of what was done stays as long as the register of incidents does.
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file the timeline names."""

    what: str
    at: datetime
    person_id: str
    said: str
    file_id: str
    sha256: str
    size: int


def add_incident_evidence(
    app: App, person: Person, ticket_id: str, untrusted_data: bytes, *, what: str
) -> Ticket:
    """A log, photograph or receipt on file; the timeline names its hash.

    Raises NotPermitted, TicketNotFound, EmptyText, MoveNotAllowed once closed, BadInput for an
    empty or too large file.
    """
    app.authorise(person, Permission.TICKET_LIST)
    said = cleared(app, what)
    if not 0 < len(untrusted_data) <= LARGEST_EVIDENCE:
        raise BadInput("证据文件为空或超过 25 MB。", "The evidence is empty or over 25 MB.")
    with working(app, person, ticket_id, EVIDENCE, check_concerned) as work:
        check_open(work.ticket)
        name = f"{work.ticket.id}-evidence"
        work.marks = keep_file(app, work.session, work.ticket, untrusted_data, name)
        work.text, work.details = said, {"size": len(untrusted_data)}
    return work.ticket


def keep_file(
    app: App, session: Session, ticket: Ticket, data: bytes, name: str
) -> dict[str, Json]:
    """The file in the store for good, and what the timeline says of it."""
    file_id = app.files.keep(
        session, data, name=name, owner_id=ticket.id, keep_until=FOR_EVER, now=app.clock()
    )
    digest = hashlib.sha256(data).hexdigest()
    return {"file_id": file_id, "sha256": digest, "size": len(data)}


def kept_files(timeline: Iterable[Event]) -> Iterator[KeptFile]:
    """Every file the timeline names, in order."""
    for one in timeline:
        told = one.details
        if "file_id" in told:
            said = str(told.get("text") or told.get("about_zh") or "")
            size = int(str(told["size"]))
            yield KeptFile(
                one.what,
                one.at,
                one.person_id,
                said,
                str(told["file_id"]),
                str(told["sha256"]),
                size,
            )
