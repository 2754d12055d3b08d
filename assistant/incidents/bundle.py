"""The bundle of an incident: everything on record of it, for an inspector or for court.

Whoever may read the incident by their role may take it out; reporters and helpers may not.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.evidence import DRAFTED, EVIDENCE, kept_files
from assistant.incidents.pdf import closing_report, moment
from assistant.incidents.work_incident import seen_incident
from assistant.papers.bundle import About, Bundled, make_bundle
from assistant.papers.table_files import csv_file
from records.audit import Detail, latest_events, seal_of
from records.beijing import SHANGHAI
from records.language import Bilingual
from records.people import Person, all_people
from records.permissions import Permission
from tickets.clocks.deadlines import Deadline
from tickets.incidents.awareness_correction import corrections
from tickets.incidents.facts import Severity
from tickets.incidents.review import review_of
from tickets.ticket import DRILL_MARK, Event, Ticket

PURPOSE = "incident-bundle"
COMMAND = "compliance bundle verify"
NOTED = "incident:noted"


@dataclass(frozen=True, slots=True)
class IncidentBundle:
    """The bundle, its file name, how many files and the hash of the whole."""

    name: str
    data: bytes = field(repr=False)
    files: int
    sha256: str


def export_incident(app: App, person: Person, ticket_id: str) -> IncidentBundle:
    """The bundle as things stand. Raises NotPermitted, TicketNotFound."""
    app.authorise(person, Permission.INCIDENT_READ)
    seen = seen_incident(app, person, ticket_id)
    with app.database.transaction() as session:
        ticket = app.ticket_store.get(session, seen.id)
        timeline = app.ticket_store.timeline(session, ticket.id)
        now = app.clock()
        files = dict(_files(app, session, ticket, timeline, now))
        made = make_bundle(_about(app, session, person, ticket, now), files, app.signer)
        app.ticket_store.note(
            session, ticket.id, at=now, person_id=person.id, what="incident:exported",
            details={"about_zh": f"SHA-256 {made.sha256}", "about_en": f"SHA-256 {made.sha256}"},
        )  # fmt: skip
        counts: dict[str, Detail] = {"files": made.files, "sha256": made.sha256}
        app.append(session, person, "incident:exported", ticket.id, counts)
    return _named(ticket, made, now)


def _named(ticket: Ticket, made: Bundled, now: datetime) -> IncidentBundle:
    name = f"{ticket.id}-{now.astimezone(SHANGHAI):%Y%m%d-%H%M}.zip"
    return IncidentBundle(name, made.data, made.files, made.sha256)


def _about(app: App, session: Session, person: Person, ticket: Ticket, now: datetime) -> About:
    event = latest_events(session, 1)[0].number
    grade = Severity(str(ticket.facts["severity"])).label
    aware = moment(datetime.fromisoformat(str(ticket.facts["aware_at"])))
    return About(
        purpose=PURPOSE,
        title=Bilingual("事件材料包", "Bundle of an incident"),
        number=ticket.id,
        made_at=now,
        made_by=person.id,
        audit={"event": event, "seal": seal_of(session, event)},
        rows=(
            (Bilingual("事件", "incident"), (ticket.title,)),
            (Bilingual("知悉时间", "known since"), (aware,)),
            (Bilingual("导出时间", "made at"), (moment(now),)),
            (Bilingual("状态、级别", "state, grade"),
             (f"{ticket.state.label.zh} {ticket.state.label.en}", f"{grade.zh} {grade.en}")),
            (Bilingual("限知情人员", "restricted"),
             ("含事件详情，请按需分发并妥善保管。",
              "Holds the details of an incident; pass it on only where needed.")),
        ),
        stated={
            "drill": ticket.drill,
            "state": ticket.state.value,
            "severity": ticket.facts["severity"],
            "aware_at": ticket.facts["aware_at"],
        },
        command=COMMAND,
        mark=DRILL_MARK if ticket.drill else None,
    )  # fmt: skip


def _files(
    app: App, session: Session, ticket: Ticket, timeline: Sequence[Event], now: datetime
) -> Iterable[tuple[str, tuple[Bilingual, bytes]]]:
    people = all_people(session)
    report = closing_report(ticket, timeline, review_of(ticket), now, people=people)
    yield "report.pdf", (Bilingual("总结报告", "Report"), report)
    yield "timeline.csv", (Bilingual("经过", "Timeline"), _timeline(timeline))
    clocks = _clocks(ticket.deadlines)
    yield "deadlines.csv", (Bilingual("时限及完成情况", "Deadlines and how each was met"), clocks)
    yield "steps.csv", (Bilingual("处置步骤", "Steps"), _steps(ticket))
    facts = json.dumps(_facts(ticket), ensure_ascii=False, indent=2).encode()
    yield "facts.json", (Bilingual("事实、定级和更正", "Facts, grading and corrections"), facts)
    notes = [one for one in timeline if one.what == NOTED]
    yield "notes.csv", (Bilingual("备注", "Notes"), _timeline(notes))
    kept = list(kept_files(timeline))
    evidence = [one for one in kept if one.what == EVIDENCE]
    rows = [(moment(one.at), one.person_id, one.said, one.sha256, one.size) for one in evidence]
    yield (
        "evidence.csv",
        (
            Bilingual(
                "证据及其哈希（文件本身存于系统内）", "Evidence and its hashes (kept inside)"
            ),
            csv_file([("at", "by", "what", "sha256", "size"), *rows]),
        ),
    )
    drafts = [one for one in kept if one.what == DRAFTED]
    for number, one in enumerate(drafts, start=1):
        name, data = app.files.read(session, one.file_id, owner_id=ticket.id)
        yield f"drafts/{number:02d}-{name}", (Bilingual(f"文书：{one.said}", "Draft"), data)


def _timeline(timeline: Iterable[Event]) -> bytes:
    rows = [
        (
            moment(one.at),
            one.person_id,
            one.what,
            *(str(one.details.get(name) or "") for name in ("about_zh", "about_en", "text")),
        )
        for one in timeline
    ]
    return csv_file([("at", "by", "what", "about_zh", "about_en", "text"), *rows])


def _clocks(deadlines: Iterable[Deadline]) -> bytes:
    rows = [
        (
            one.key,
            one.name.zh,
            one.recipient.zh,
            f"{one.instrument} {one.article or ''}",
            one.confidence.value,
            moment(one.started_at),
            moment(one.due_at) if one.due_at else "",
            one.outcome.value if one.outcome else "",
            moment(one.satisfied_at) if one.satisfied_at else "",
            one.satisfied_by or "",
            one.reference or "",
            one.reason.zh,
        )
        for one in deadlines
    ]
    heads = (
        *("clock", "name", "recipient", "article", "confidence", "started", "due"),
        *("outcome", "ended", "by", "reference", "reason"),
    )
    return csv_file([heads, *rows])


def _steps(ticket: Ticket) -> bytes:
    rows = [
        (
            one.step.number,
            one.step.role.value,
            one.step.text.zh,
            moment(one.due_at) if one.due_at else "",
            one.state.value,
            moment(one.at) if one.at else "",
            one.by or "",
            one.owner or "",
            one.note or "",
        )
        for one in ticket.steps
    ]
    return csv_file([("step", "role", "text", "due", "state", "at", "by", "owner", "note"), *rows])


def _facts(ticket: Ticket) -> dict[str, object]:
    made = [
        {"series": one.series, "aware_at": one.aware_at.isoformat(), "by": one.by,
         "decided_by": one.decided_by, "approved": one.approved}
        for one in corrections(ticket)
    ]  # fmt: skip
    return {**ticket.facts, "awareness": made, "description": ticket.description}
