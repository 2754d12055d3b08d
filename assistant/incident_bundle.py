"""The bundle of an incident: everything on record of it, for an inspector or for court, and its check.

Whoever may read the incident by their role may take it out; reporters and helpers may not.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from assistant.app import SHANGHAI, App
from assistant.bundle import About, Bundled, CheckedBundle, make_bundle, verify_bundle
from assistant.incident_evidence import DRAFTED, EVIDENCE, kept_files
from assistant.incident_pdf import closing_report, moment
from assistant.work_incident import seen_incident
from records.audit import Detail, latest_events, seal_of
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.awareness_correction import corrections
from tickets.deadlines import Deadline
from tickets.incident_review import review_of
from tickets.ticket import DRILL_MARK, Event, Ticket

PURPOSE = "incident-bundle"
COMMAND = "compliance incident verify"
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


def verify_incident_bundle(untrusted: bytes, public_key: str) -> CheckedBundle:
    """What a bundle states, checked with nothing but the public key. Raises BadSignature."""
    return verify_bundle(untrusted, public_key, PURPOSE)


def _named(ticket: Ticket, made: Bundled, now: datetime) -> IncidentBundle:
    name = f"{ticket.id}-{now.astimezone(SHANGHAI):%Y%m%d-%H%M}.zip"
    return IncidentBundle(name, made.data, made.files, made.sha256)


def _about(app: App, session: Session, person: Person, ticket: Ticket, now: datetime) -> About:
    event = latest_events(session, 1)[0].number
    aware = moment(datetime.fromisoformat(str(ticket.facts["aware_at"])))
    return About(
        purpose=PURPOSE,
        title=Bilingual("事件材料包", "Bundle of an incident"),
        number=ticket.id,
        made_at=now,
        lines=(
            Bilingual(ticket.title, ""),
            Bilingual(f"知悉时间 {aware}，导出时间 {moment(now)}（北京时间）",
                      f"known since {aware}, made {moment(now)} (Beijing time)"),
            Bilingual("限知情人员：含事件详情，请按需分发并妥善保管。",
                      "Restricted: holds the details of an incident; pass it on only where needed."),
        ),
        stated={
            "drill": ticket.drill,
            "state": ticket.state.value,
            "severity": ticket.facts["severity"],
            "aware_at": ticket.facts["aware_at"],
            "made_by": person.id,
            "audit": {"event": event, "seal": seal_of(session, event)},
        },
        command=COMMAND,
        mark=DRILL_MARK if ticket.drill else None,
    )  # fmt: skip


def _files(
    app: App, session: Session, ticket: Ticket, timeline: Sequence[Event], now: datetime
) -> Iterable[tuple[str, tuple[Bilingual, bytes]]]:
    report = closing_report(ticket, timeline, review_of(ticket), now)
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
            _csv(("at", "by", "what", "sha256", "size"), rows),
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
            one.details.get("about_zh") or "",
            one.details.get("about_en") or "",
            one.details.get("text") or "",
        )
        for one in timeline
    ]
    return _csv(("at", "by", "what", "about_zh", "about_en", "text"), rows)


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
    return _csv(heads, rows)


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
    return _csv(("step", "role", "text", "due", "state", "at", "by", "owner", "note"), rows)


def _facts(ticket: Ticket) -> dict[str, object]:
    made = [
        {"series": one.series, "aware_at": one.aware_at.isoformat(), "by": one.by,
         "decided_by": one.decided_by, "approved": one.approved}
        for one in corrections(ticket)
    ]  # fmt: skip
    return {**ticket.facts, "awareness": made, "description": ticket.description}


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """With a mark that spreadsheets know UTF-8 by; no cell is taken for a formula."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(heads)
    table.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
