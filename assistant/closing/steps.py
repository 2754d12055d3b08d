"""One step of a closing project within its transaction: read, changed, written with its line.

The retention decisions of its records are worked out anew at the first step of each day, and what
became of its destruction tickets is taken over, so no step rests on yesterday.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.redaction.clearing import clear_text
from records.audit import Detail
from records.people import Person
from records.permissions import Permission
from tickets.closing import progress as closing_progress
from tickets.closing.clients import ClientStore
from tickets.closing.project import Project
from tickets.closing.records import Filter, addressee_of
from tickets.closing.store import ClosingStore
from tickets.destruction.dossier import dossier
from tickets.errors import MoveNotAllowed
from tickets.notices.data import APPROVERS
from tickets.notices.delivery import DeliveryState
from tickets.notices.ledger import deliveries
from tickets.notices.records import KeptNotice, NoticeState
from tickets.retention.decision import decide
from tickets.retention.facts import Decision, RecordFacts
from tickets.ticket import Json, State

PREFIX = "closing:"
LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True)
class ClosingStores:
    """Where projects and their clients are kept."""

    projects: ClosingStore
    clients: ClientStore


def closing_stores(app: App) -> ClosingStores:
    """The stores with their keys."""
    return ClosingStores(
        ClosingStore(app.keys.derive("closing-projects")),
        ClientStore(app.keys.derive("closing-clients"), app.keys.derive("inventory")),
    )


class ClosingStep:
    """A project inside its transaction."""

    def __init__(self, app: App, session: Session, person: Person, project_id: str) -> None:
        self.app, self.session, self.person = app, session, person
        self.stores = closing_stores(app)
        self.project: Project = self.stores.projects.get(session, project_id, to_change=True)
        self._refresh()

    @property
    def id(self) -> str:
        """The number of the project."""
        return self.project.id

    def engine(self, facts: RecordFacts) -> Decision:
        """What the retention engine says of such records today."""
        return decide(facts, today=self.app.today())

    def chosen(self) -> frozenset[int]:
        """The decisions that clients made by their choice, in destruction tickets that stand."""
        store, refused = self.app.ticket_store, State.REFUSED
        found = self.stores.clients.chosen(self.session, self.id)
        return frozenset(
            decision
            for decision, number in found.items()
            if store.get(self.session, number).state is not refused
        )

    def keep(
        self,
        what: str,
        details: Mapping[str, Json] | None = None,
        audit: Mapping[str, Detail] | None = None,
    ) -> None:
        """The line of the timeline and the audit event; the project read anew.

        `details` may hold notes freed of personal data; the audit event gets `audit`, counts only.
        """
        self.stores.projects.note(
            self.session,
            self.id,
            at=self.app.clock(),
            person_id=self.person.id,
            what=PREFIX + what,
            details=details or {},
        )
        self.session.flush()
        self.app.append(self.session, self.person, PREFIX + what, self.id, audit)
        self.project = self.stores.projects.get(self.session, self.id)

    def cleared(self, text: str) -> str:
        """A note freed of personal data; empty where nothing was written."""
        return clear_text(self.app, text, LONGEST_NOTE).cleared.text if text.strip() else ""

    def check_open(self) -> None:
        """Nothing, or MoveNotAllowed: an ended project is not worked on."""
        if self.project.ended_at is not None:
            raise MoveNotAllowed(
                "项目已经结束，不能再改。", "The project has ended; nothing changes."
            )

    def _refresh(self) -> None:
        # What custodians kept is destroyed after the end, too.
        for number in closing_progress.tickets(self.session, self.id):
            self._follow(number)
        if self.project.ended_at is not None:
            return
        today, projects = self.app.today(), self.stores.projects
        if projects.weighed_on(self.session, self.id) != today:
            self.stores.clients.weigh_again(self.session, self.id, self.engine)
            projects.keep_weighed_on(self.session, self.id, today)
        for number in closing_progress.notices(self.session, self.id):
            self._follow_notice(number)

    def _follow(self, number: str) -> None:
        """What became of a destruction ticket: its records are settled, or free again."""
        store = self.app.ticket_store
        state = store.get(self.session, number).state
        if state is State.REFUSED:
            closing_progress.release_ticket(self.session, self.id, number)
        elif state is State.REGISTERED:
            serial = dossier(store.timeline(self.session, number)).serial or ""
            wanted = Filter(ticket_id=number, settled=False)
            closing_progress.settle(self.session, self.id, wanted, at=self.app.clock(), note=serial)

    def _follow_notice(self, number: str) -> None:
        """Where each client's copy of a notice is by now."""
        store, session = self.app.notices, self.session
        notice = store.get(session, number)
        people, copies = store.addressees(session, number), deliveries(session, number)
        where = {
            (one.name, one.mail, one.address): copy.state
            for one, copy in zip(people, copies, strict=True)
        }
        before = closing_progress.clients_told_by(session, self.id, number)
        found: dict[str, list[int]] = {}
        for client in self.stores.clients.clients(session, self.id, before):
            to = addressee_of(client)
            copy = where.get((to.name, to.mail, to.address)) if to else None
            state = notice_state(notice, copy)
            if state != before[client.number]:
                found.setdefault(state, []).append(client.number)
        for state, changed in found.items():
            closing_progress.set_notice(
                session, self.id, Filter(notice_id=number), clients=changed, state=state,
                notice_id=number, at=self.app.clock(),
            )  # fmt: skip


def notice_state(notice: KeptNotice, copy: DeliveryState | None) -> str:
    """What a client's copy means for the project; one taken off the list told nobody."""
    if copy is None or copy in (DeliveryState.FAILED, DeliveryState.BOUNCED):
        return "failed"
    if copy is DeliveryState.SENT:
        return "sent"
    if notice.state is NoticeState.STOPPED:
        return "failed"
    waits = notice.state is NoticeState.DRAFT and len(notice.approvals) < APPROVERS
    return "drafted" if waits else "approved"


@contextmanager
def closing_step(
    app: App, person: Person, permission: Permission, project_id: str, *, change: bool = True
) -> Iterator[ClosingStep]:
    """A step within its transaction; one that changes needs an open project."""
    app.authorise(person, permission)
    with app.database.transaction() as session:
        at = ClosingStep(app, session, person, project_id)
        if change:
            at.check_open()
        yield at
