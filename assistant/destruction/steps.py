"""One step of a destruction: read, moved by the rules, written with its line and audit event.

Everything happens in one transaction, so a step cut short never was. The retention decision is
worked out anew at every step; one that changed takes the approvals back before the rules speak.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.destruction.destroy_data import RECORD_FACTS, decision_of, facts_of
from records.audit import Detail
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission
from tickets.destruction.dossier import PREFIX, Dossier, dossier
from tickets.destruction.order import Order, weigh
from tickets.errors import MoveNotAllowed, TicketNotFound
from tickets.retention.decision import decide
from tickets.retention.facts import Decision, RecordFacts, Status
from tickets.ticket import Json, State, Ticket, TicketKind

OPEN = (State.REQUESTED, State.APPRAISED, State.NOTIFIED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Destruction:
    """A destruction as it stands."""

    ticket: Ticket
    dossier: Dossier
    decision: Decision


class Step:
    """A destruction inside its transaction, as the rules see it."""

    def __init__(self, app: App, session: Session, person: Person, ticket_id: str) -> None:
        self.app, self.session, self.person = app, session, person
        self._read(ticket_id)

    def keep(
        self,
        order: Order,
        what: str,
        details: Mapping[str, Json] | None = None,
        *,
        record: Mapping[str, Json] | None = None,
    ) -> None:
        """The order written; its approvals, its line in the timeline and its audit event too."""
        store, number = self.app.ticket_store, self.ticket.id
        facts = {
            **self.ticket.facts,
            "record": {**_record(self.ticket), **(record or {})},
            "status": order.retention.value,
            "earliest": order.earliest.isoformat() if order.earliest else None,
            "latest": self.decision.latest.isoformat() if self.decision.latest else None,
        }
        now = self.app.clock()
        store.keep_approvals(self.session, number, order.approvers, at=now)
        store.note(
            self.session, number, at=now, person_id=self.person.id, what=PREFIX + what,
            details=details,
        )  # fmt: skip
        store.save(self.session, replace(self.ticket, state=order.state, facts=facts))
        self.app.append(self.session, self.person, PREFIX + what, number, _counts(details))
        self._read(number)

    def restate(self, facts: RecordFacts, given: Mapping[str, str]) -> None:
        """Other facts of the record, with the decision they lead to; `given` goes on record."""
        self.decision = decide(facts, today=self.today)
        order = weigh(self.order, self.decision)
        record: dict[str, Json] = RECORD_FACTS.dump_python(facts, mode="json")
        self.keep(order, "facts_stated", dict(given), record=record)

    def _read(self, ticket_id: str) -> None:
        found = read(self.app, self.session, ticket_id)
        self.ticket, self.dossier, self.decision = found.ticket, found.dossier, found.decision
        self.order = weigh(_order(found), found.decision)

    @property
    def today(self) -> date:
        """The day in China."""
        return self.app.today()

    def facts_without_hold(self) -> RecordFacts:
        """The facts of the record as they are once the hold and its dispute are over."""
        return replace(facts_of(self.ticket), hold=False, dispute=False)

    def result(self) -> Destruction:
        """How the destruction stands after the step."""
        return Destruction(self.ticket, self.dossier, self.decision)


@contextmanager
def step(
    app: App, person: Person, permission: Permission, ticket_id: str, *, keep: bool = True
) -> Iterator[Step]:
    """A step within its transaction, tried only without `keep`. Raises NotPermitted, TicketNotFound."""
    app.authorise(person, permission)
    with app.database.transaction(keep=keep) as session:
        yield Step(app, session, person, ticket_id)


def read(app: App, session: Session, ticket_id: str) -> Destruction:
    """A destruction as it stands. Raises TicketNotFound, for a ticket of another kind too."""
    ticket = app.ticket_store.get(session, ticket_id)
    decision = decision_of(ticket, today=app.today())
    if ticket.kind is not TicketKind.DESTRUCTION or decision is None:
        raise TicketNotFound(ticket.id)
    return Destruction(ticket, dossier(app.ticket_store.timeline(session, ticket.id)), decision)


def too_late() -> MoveNotAllowed:
    """For what belongs before the destruction."""
    return MoveNotAllowed(
        "已经销毁，不能再改；写错的用“更正”（correct）并写明理由。",
        "It is destroyed already; what was written wrongly is put right by a correction with its reason.",
    )


def at_most(value: int, most: int) -> int:
    """A number from a form within its bounds. Raises BadInput."""
    if not 0 <= value <= most:
        raise BadInput(f"数字应在 0 到 {most} 之间。", f"The number must be from 0 to {most}.")
    return value


def _order(found: Destruction) -> Order:
    facts, told = found.ticket.facts, found.dossier
    earliest = facts.get("earliest")
    held = found.ticket.state is State.BLOCKED
    return Order(
        requester=found.ticket.opened_by,
        state=found.ticket.state,
        retention=Status(str(facts["status"])),
        earliest=date.fromisoformat(str(earliest)) if earliest else None,
        approvers=tuple(one.person_id for one in found.ticket.approvals),
        # Known to be blocked when it was requested, it has no line about a hold.
        resume=told.resume or (State.REQUESTED if held else None),
        executor=told.executor,
        witness=told.witness,
    )


def _record(ticket: Ticket) -> dict[str, Json]:
    found = ticket.facts.get("record")
    return dict(found) if isinstance(found, dict) else {}


def _counts(details: Mapping[str, Json] | None) -> dict[str, Detail]:
    """What the audit log may hold: hashes, numbers and words of ours; of a list, its length."""
    told: dict[str, Detail] = {}
    for name, value in (details or {}).items():
        if isinstance(value, list):
            told[name] = len(value)
        elif isinstance(value, str | int | bool) or value is None:
            told[name] = value
    return told
