"""The board of a closing project: how far it is, what is overdue, what blocks it, what to do next."""

from dataclasses import dataclass, field

from assistant.app import App
from assistant.closing.steps import ClosingStep, closing_step
from records.people import Person
from records.permissions import Permission
from tickets.closing import progress as closing_progress
from tickets.closing.decisions import may_become
from tickets.closing.plan import PlanLine
from tickets.closing.progress import WAITING, Tally
from tickets.closing.project import Blocker, Counts, NextThing, Project, blockers, next_things
from tickets.closing.records import Filter
from tickets.closing.store import ItemEvidence, LinkedInventory, Names
from tickets.ticket import Event, State, TicketKind


@dataclass(frozen=True, slots=True)
class Board:
    """A project as it stands today."""

    project: Project
    names: Names = field(repr=False)
    plan: tuple[PlanLine, ...]
    overdue: tuple[PlanLine, ...]
    tally: Tally
    blockers: tuple[Blocker, ...]
    next: tuple[NextThing, ...]
    tickets: tuple[tuple[str, State, int], ...]
    """Destruction tickets: number, state, how many records."""
    inventories: tuple[LinkedInventory, ...]
    evidence: tuple[ItemEvidence, ...]
    timeline: tuple[Event, ...]


def read_board(app: App, person: Person, project_id: str) -> Board:
    """The board. Raises NotPermitted, NotFound."""
    with closing_step(app, person, Permission.CLOSING_READ, project_id, change=False) as at:
        board = board_of(at)
        app.append(at.session, person, "closing:read", at.id)
    return board


def board_of(at: ClosingStep) -> Board:
    """The board within a step."""
    today, projects, session = at.app.today(), at.stores.projects, at.session
    found = blockers(at.project, counts_of(at), today=today)
    plan = at.project.plan()
    tickets = tuple(
        (number, at.app.ticket_store.get(session, number).state, count)
        for number, count in closing_progress.tickets(session, at.id).items()
    )
    return Board(
        project=at.project,
        names=projects.names(session, at.id),
        plan=plan,
        overdue=tuple(one for one in plan if one.overdue(today)),
        tally=closing_progress.tally(session, at.id),
        blockers=found,
        next=next_things(at.project, found, today=today),
        tickets=tickets,
        inventories=projects.inventories(session, at.id),
        evidence=projects.evidence(session, at.id),
        timeline=projects.timeline(session, at.id),
    )


def counts_of(at: ClosingStep) -> Counts:
    """What stands open among clients, notices and incidents."""
    tally = closing_progress.tally(at.session, at.id)
    return Counts(
        records=tally.records,
        undecided=tally.by_fate.get("", 0),
        broken=broken_records(at),
        notices=tally.untold,
        unapproved=sum(tally.by_notice.get(one, 0) for one in WAITING),
        unsettled=tally.records - tally.by_fate.get("", 0) - tally.settled,
        incidents=_open_incidents(at),
        requests=_open_entries(at, "rights_request"),
        disputes=_open_entries(at, "dispute"),
        custodian=bool(at.stores.projects.names(at.session, at.id).custodian),
    )


def broken_records(at: ClosingStep) -> int:
    """How many records were decided once in a way the facts of today no longer allow."""
    decided = at.stores.clients.shared(at.session, at.id, Filter(decided=True, settled=False))
    return sum(
        one.count
        for one in decided
        if one.fate and not may_become(one.fate, one.status, bound=one.bound)
    )


def _open_incidents(at: ClosingStep) -> int:
    tickets = at.app.ticket_store.list(at.session, TicketKind.INCIDENT)
    return sum(one.state is not State.CLOSED and not one.drill for one in tickets)


def _open_entries(at: ClosingStep, kind: str) -> int:
    final = {one.id for one in at.app.kinds[kind].states if one.final}
    return sum(one.state not in final for one in at.app.entries.list(at.session, [kind]))
