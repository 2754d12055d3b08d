"""Drills on the engine of incidents: begun from a scenario, fed by the clock, scored at the end.

A drill is an incident ticket under a number of its own (DRILL-…), marked wherever it shows. Nothing
of it goes out: its notices are of a type that no channel to the outside takes (`notifiers.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.incidents.report_incident import open_ticket, shortened
from assistant.incidents.work_incident import seen_incident
from assistant.operations.upkeep import SYSTEM
from assistant.tickets_view import visible_tickets
from records.audit import Detail
from records.errors import BadInput
from records.people import Person, person_by_id
from records.permissions import Permission, allowed
from records.training import keep_result
from tickets.clocks.deadlines import start
from tickets.drills.data import PASS_PERCENT, Scenario, scenario, scenarios
from tickets.drills.score import INJECT, Score, score, score_as_json, score_of
from tickets.errors import MoveNotAllowed
from tickets.incidents.awareness import AwareBy
from tickets.incidents.grade import facts_from_text, grade
from tickets.playbooks.data import choose
from tickets.ticket import DRILL_MARK, Event, Json, State, Ticket, TicketKind, steps_of
from tickets.ticket_facts import grading_as_facts, incident_as_facts


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill: its ticket, scenario and timeline, and the score once it has ended."""

    ticket: Ticket
    scenario: Scenario
    timeline: tuple[Event, ...]
    score: Score | None


def list_scenarios(app: App, person: Person) -> tuple[Scenario, ...]:
    """The scenarios there are. Raises NotPermitted."""
    app.authorise(person, Permission.DRILL_RUN)
    app.record(person, "drill:listed", "scenarios", {"scenarios": len(scenarios())})
    return scenarios()


def list_drills(app: App, person: Person) -> list[Ticket]:
    """The drills this person may see, newest first. Raises NotPermitted."""
    app.authorise(person, Permission.TICKET_LIST)
    with app.database.reading() as session:
        seen = visible_tickets(app, session, person, TicketKind.INCIDENT)
    found = [one for one in seen if one.drill]
    app.record(person, "drill:listed", "drills", {"drills": len(found)})
    return found


def start_drill(
    app: App,
    person: Person,
    scenario_id: str,
    participants: Iterable[str],
    *,
    key: str | None = None,
) -> Drill:
    """The drill begun: the clocks run from now, what becomes known comes in by the scenario.

    Raises NotPermitted, NotFound for a scenario, BadInput for participants who are unknown or none
    of whom may handle incidents.
    """
    app.authorise(person, Permission.DRILL_RUN)
    chosen = scenario(scenario_id)
    with app.database.reading() as session:
        named = _participants(session, participants)
    opening = chosen.opening.pick(person.language)
    facts = replace(facts_from_text(chosen.opening.zh), kind=chosen.kind)
    grading, playbook, now = grade(facts), choose(facts), app.clock()
    ticket = Ticket(
        id="",
        kind=TicketKind.INCIDENT,
        state=State.OPEN,
        title=f"【{DRILL_MARK.zh} {DRILL_MARK.en}】{shortened(chosen.name.pick(person.language))}",
        description=opening,
        opened_by=person.id,
        opened_at=now,
        facts={
            **incident_as_facts(facts),
            **grading_as_facts(grading),
            "playbook": playbook.id,
            "aware_at": now.isoformat(),
            "aware_by": AwareBy.GIVEN.value,
            "drill": True,
            "scenario": chosen.id,
            "participants": list[Json](named),
        },
        restricted=True,
        deadlines=start(facts, grading.severity, aware_at=now),
        steps=steps_of(playbook.steps, aware_at=now),
    )
    details: dict[str, Detail] = {"scenario": chosen.id, "participants": len(named)}
    opened = open_ticket(app, person, ticket, action="drill:started", details=details, key=key)
    return Drill(opened, chosen, (), None)


def read_drill(app: App, person: Person, ticket_id: str) -> Drill:
    """A drill with what has come in so far. Raises NotPermitted, TicketNotFound, BadInput."""
    app.authorise(person, Permission.TICKET_LIST)
    seen = _seen(app, person, ticket_id)
    feed_drill(app, seen.id)
    with app.database.reading() as session:
        ticket = app.ticket_store.get(session, seen.id)
        timeline = app.ticket_store.timeline(session, seen.id)
    app.record(person, "drill:read", seen.id)
    return Drill(ticket, _scenario(ticket), timeline, score_of(ticket))


def end_drill(app: App, person: Person, ticket_id: str) -> Drill:
    """The drill ended and scored, into the training records of who took part.

    Raises NotPermitted, TicketNotFound, BadInput for a real incident, MoveNotAllowed where it ended.
    """
    app.authorise(person, Permission.DRILL_RUN)
    seen = _seen(app, person, ticket_id)
    feed_drill(app, seen.id)
    with app.database.transaction() as session:
        ticket = app.ticket_store.get(session, seen.id, to_change=True)
        if ticket.state is State.CLOSED:
            raise MoveNotAllowed("演练已经结束。", "The drill has ended before.")
        chosen = _scenario(ticket)
        found = score(chosen, ticket, app.ticket_store.timeline(session, ticket.id))
        now = app.clock()
        ended: dict[str, Json] = {
            "drill_score": score_as_json(found),
            "drill_ended_at": now.isoformat(),
        }
        ticket = replace(ticket, state=State.CLOSED, facts={**ticket.facts, **ended})
        app.ticket_store.save(session, ticket)
        said = f"{found.points}/{found.most}（{found.percent}%）"
        app.ticket_store.note(
            session, ticket.id, at=now, person_id=person.id, what="drill:ended",
            details={"about_zh": said, "about_en": said},
        )  # fmt: skip
        timeline = app.ticket_store.timeline(session, ticket.id)
        _into_training(session, ticket, found, now)
        counts = {"points": found.points, "most": found.most, "passed": found.passed}
        app.append(session, person, "drill:ended", ticket.id, dict(counts))
    return Drill(ticket, chosen, timeline, found)


def feed_drills(app: App) -> int:
    """One turn: how much came in, over all drills that run."""
    with app.database.reading() as session:
        running = app.ticket_store.running_drills(session)
    return sum(feed_drill(app, one) for one in running)


def feed_drill(app: App, ticket_id: str) -> int:
    """What the scenario has come in by now, put on the timeline once, also after a restart."""
    with app.database.transaction() as session:
        ticket = app.ticket_store.get(session, ticket_id, to_change=True)
        if ticket.state is State.CLOSED or not ticket.drill:
            return 0
        timeline = app.ticket_store.timeline(session, ticket.id)
        known = {one.details.get("inject") for one in timeline if one.what == INJECT}
        passed = (app.clock() - ticket.opened_at).total_seconds() / 60
        due = [
            (number, one)
            for number, one in enumerate(_scenario(ticket).injects, start=1)
            if one.at <= passed and number not in known
        ]
        for number, one in due:
            details: dict[str, Json] = {
                "inject": number,
                "about_zh": f"{one.from_.zh}：{one.text.zh}",
                "about_en": f"{one.from_.en}: {one.text.en}",
            }
            app.ticket_store.note(
                session,
                ticket.id,
                at=app.clock(),
                person_id=SYSTEM.id,
                what=INJECT,
                details=details,
            )
        if due:
            app.append(session, SYSTEM, "drill:fed", ticket.id, {"injects": len(due)})
    return len(due)


def _into_training(session: Session, ticket: Ticket, found: Score, now: datetime) -> None:
    """The result on record for everybody who took part."""
    for one in ticket.participants:
        keep_result(
            session,
            person_id=one,
            source=f"{ticket.id}:{one}",
            subject=f"drill:{ticket.facts['scenario']}",
            title=ticket.title,
            points=found.points,
            out_of=found.most,
            pass_percent=PASS_PERCENT,
            now=now,
        )


def _seen(app: App, person: Person, ticket_id: str) -> Ticket:
    seen = seen_incident(app, person, ticket_id)
    if not seen.drill:
        raise BadInput("这不是演练。", "This is no drill.")
    return seen


def _scenario(ticket: Ticket) -> Scenario:
    return scenario(str(ticket.facts["scenario"]))


def _participants(session: Session, ids: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(one.strip() for one in ids if one.strip()))
    found = [person_by_id(session, one) for one in wanted]
    if not found or any(one is None for one in found):
        raise BadInput(
            "参加人不存在，或没有指定。用 compliance people list 查看编号。",
            "A participant does not exist, or none is named; see: compliance people list",
        )
    if not any(one and allowed(one, Permission.INCIDENT_HANDLE) for one in found):
        raise BadInput(
            "至少要有一位事件处置人员参加。", "At least one participant must handle incidents."
        )
    return wanted
