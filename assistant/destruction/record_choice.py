"""What a client wants instead of the destruction: returned or transferred, and done before it.

In a closing project the client's records leave the ticket with a decision of their own, so what is
decided, destroyed, certified and bundled is the same everywhere.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.closing.close_company import check_somebody
from assistant.closing.steps import ClosingStep, closing_stores
from assistant.destruction.of_letter import client_meant
from assistant.destruction.steps import OPEN, Destruction, Step, step, too_late
from assistant.redaction.clearing import clear_text
from records.audit import Detail
from records.errors import BadInput
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.closing import progress as closing_progress
from tickets.closing.decisions import BreaksRetention, Fate, why_not
from tickets.closing.records import Filter, Record, client_code, client_number
from tickets.destruction.dossier import Choice, ClientChoice
from tickets.destruction.order import Order
from tickets.destruction.tally import Count, check_left, tally
from tickets.errors import MoveNotAllowed, OnHold, StepMissing
from tickets.ticket import Json, State, Ticket

LONGEST_LINE = 200
_FATES = {
    Choice.DELETE: Fate.DESTROY,
    Choice.RETURN: Fate.RETURN,
    Choice.TRANSFER: Fate.TRANSFER,
}


def record_choice(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    client: str,
    choice: Choice,
    done: bool = False,
    somebody: str = "",
    contact: str = "",
) -> Destruction:
    """A client's choice on record by the client's number; a later one of the same client counts.

    In a closing project the number of the letter that the reply came back with stands for its client.

    In a closing project the client's records leave the ticket for the decision chosen, or come back
    and are approved anew; a transfer names the recipient and a contact. Raises BadInput where personal
    data is given instead of a number (masked, two clients would be one) or the ticket holds nothing of
    that client, BreaksRetention, MoveNotAllowed once it is destroyed, returned or transferred.
    """
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        if at.order.on_hold:
            raise OnHold
        if at.order.state not in OPEN:
            raise too_late()
        named, order = _number(app, client), at.order
        one = ClientChoice(named, choice, done and choice is not Choice.DELETE)
        if project_of(at.session, at.ticket):
            one, order = _in_project(at, one, somebody, contact)
        _keep(at, order, one)
        return at.result()


def project_of(session: Session, ticket: Ticket) -> str | None:
    """The closing project whose clients' records this destruction is about."""
    named = ticket.facts.get("closing")
    return str(named) if named else closing_progress.project_of(session, ticket.id)


def held_by(at: Step) -> Count | None:
    """What the ticket holds of its closing project; None where it belongs to none."""
    project_id = project_of(at.session, at.ticket)
    if project_id is None:
        return None
    store, wanted = closing_stores(at.app).clients, Filter(ticket_id=at.ticket.id)
    clients = closing_progress.clients_of(at.session, project_id, wanted)
    return Count(len(clients), store.count(at.session, project_id, wanted))


def check_choices(at: Step) -> None:
    """Nothing, or StepMissing: something must be left to destroy, and nothing a client chose otherwise."""
    check_left(tally(at.dossier, held_by(at)))
    if unmoved := _unmoved(at):
        zh, en = "、".join(unmoved), ", ".join(unmoved)
        raise StepMissing(
            f"这些客户选择了返还或转移，但资料还在这张工单里，请重新登记选择：{zh}。",
            f"Chosen otherwise, but still in this ticket; put the choice on record once more: {en}.",
        )


def move_unmoved(at: Step) -> None:
    """What was returned or transferred while its record stayed in the ticket taken off it all the same.

    Tickets carried out before records left with their choice; a certificate must not count these.
    """
    for named, one in _unmoved(at).items():
        closing = ClosingStep(
            at.app, at.session, at.person, project_of(at.session, at.ticket) or ""
        )
        found = _of_ticket(at, closing, client_number(named))
        numbers = _take_off(at, closing, found, one, ("", ""))
        _settle(at, closing, numbers, one)
        _keep(at, at.order, replace(one, records=numbers))


def mark_served(closing: ClosingStep, served: Sequence[Record]) -> None:
    """In their tickets, too, the clients have now got what they chose, whole. Raises OnHold."""
    tickets = closing.stores.clients.chosen(closing.session, closing.id)
    for number, client in {(tickets[one.decision_id or 0], one.client) for one in served}:
        at = Step(closing.app, closing.session, closing.person, number)
        if at.order.on_hold:
            raise OnHold
        one = at.dossier.choices.get(client_code(client))
        if one is None or one.done:
            continue
        wanted = Filter(numbers=frozenset(one.records), settled=False)
        if not closing.stores.clients.count(closing.session, closing.id, wanted):
            _keep(at, at.order, replace(one, done=True))


def _in_project(
    at: Step, one: ClientChoice, somebody: str, contact: str
) -> tuple[ClientChoice, Order]:
    """The choice carried over to the client's records; the order, unapproved where they came back."""
    project_id = project_of(at.session, at.ticket) or ""
    closing = ClosingStep(at.app, at.session, at.person, project_id)
    client = client_meant(closing, one.client)
    one = replace(one, client=client_code(client))
    before = at.dossier.choices.get(one.client)
    here = _of_ticket(at, closing, client)
    gone = _numbered(closing, before.records if before else ())
    if not here and not gone:
        raise BadInput(
            f"这张工单里没有 {one.client} 的资料，请核对客户编号。",
            f"This ticket holds nothing of {one.client}; check the number.",
        )
    if any(record.settled_at for record in gone):
        raise MoveNotAllowed(
            "已经返还或转移，不能再改；写错的用“更正”（correct）并写明理由。",
            "Returned or transferred already; what was written wrongly is put right by a correction.",
        )
    if one.choice is Choice.DELETE:
        return one, _put_back(at, closing, gone) if gone else at.order
    again = bool(before and before.choice is one.choice and not here and not somebody)
    if again:
        numbers = tuple(record.number for record in gone)
    else:
        transfers = one.choice is Choice.TRANSFER
        terms = check_somebody(closing, somebody, contact) if transfers else ("", "")
        _check_lawful(closing, [*here, *gone], one.choice)
        numbers = _take_off(at, closing, [*here, *gone], one, terms)
    if one.done:
        _settle(at, closing, numbers, one)
    return replace(one, records=numbers), at.order


def _take_off(
    at: Step,
    closing: ClosingStep,
    records: Sequence[Record],
    one: ClientChoice,
    terms: tuple[str, str],
) -> tuple[int, ...]:
    """The records off the ticket, with the decision the client chose."""
    numbers = tuple(record.number for record in records)
    closing_progress.assign_ticket(at.session, closing.id, numbers, None)
    _decide(at, closing, numbers, one.choice, terms)
    return numbers


def _put_back(at: Step, closing: ClosingStep, gone: Sequence[Record]) -> Order:
    """The records back on the ticket, which is then approved anew: they were not in what was approved."""
    numbers = tuple(record.number for record in gone)
    _decide(at, closing, numbers, Choice.DELETE, ("", ""))
    closing_progress.assign_ticket(at.session, closing.id, numbers, at.ticket.id)
    state = State.NOTIFIED if at.order.state is State.APPROVED else at.order.state
    return replace(at.order, approvers=(), state=state)


def _decide(
    at: Step, closing: ClosingStep, numbers: Sequence[int], choice: Choice, terms: tuple[str, str]
) -> None:
    who, how = terms
    said = Bilingual(
        f"客户自己的选择，见 {at.ticket.id}。", f"The client's own choice, see {at.ticket.id}."
    )
    closing.stores.clients.decide(
        at.session,
        closing.id,
        Filter(numbers=frozenset(numbers)),
        fate=_FATES[choice],
        terms={
            "somebody": who,
            "contact": how,
            "reason": f"{said.zh} {said.en}",
            "ticket": "" if choice is Choice.DELETE else at.ticket.id,
        },
        by=at.person.id,
        at=at.app.clock(),
    )
    counts: dict[str, Detail] = {
        "ticket": at.ticket.id,
        "records": len(numbers),
        "fate": _FATES[choice].value,
    }
    closing.keep("client_chose", counts, counts)


def _settle(at: Step, closing: ClosingStep, numbers: Sequence[int], one: ClientChoice) -> None:
    wanted = Filter(numbers=frozenset(numbers), settled=False)
    note = f"{at.ticket.id}：{one.label.zh} {one.label.en}"
    done = closing_progress.settle(at.session, closing.id, wanted, at=at.app.clock(), note=note)
    counts: dict[str, Detail] = {"records": done, "fate": _FATES[one.choice].value}
    closing.keep("settled", {**counts, "note": note}, counts)


def _check_lawful(closing: ClosingStep, records: Sequence[Record], choice: Choice) -> None:
    refused = [why_not(_FATES[choice], closing.engine(one.facts)) for one in records]
    if said := [one for one in refused if one]:
        if choice is not Choice.TRANSFER:
            raise BreaksRetention(len(said), said[0])
        instead = Bilingual(
            "可以登记为返还（return），由客户本人交给接收方。",
            "It may be returned instead (return), for the client to pass on.",
        )
        first = Bilingual(said[0].zh + instead.zh, f"{said[0].en} {instead.en}")
        raise BreaksRetention(len(said), first)


def _unmoved(at: Step) -> dict[str, ClientChoice]:
    """Choices of return or transfer whose client still has a record in the ticket."""
    project_id = project_of(at.session, at.ticket)
    if project_id is None:
        return {}
    wanted = Filter(ticket_id=at.ticket.id)
    here = {client_code(one) for one in closing_progress.clients_of(at.session, project_id, wanted)}
    return {
        named: one
        for named, one in at.dossier.choices.items()
        if one.choice is not Choice.DELETE and named.upper() in here
    }


def _of_ticket(at: Step, closing: ClosingStep, client: int) -> list[Record]:
    wanted = Filter(client=client, ticket_id=at.ticket.id)
    return closing.stores.clients.records(at.session, closing.id, wanted)


def _numbered(closing: ClosingStep, numbers: Sequence[int]) -> list[Record]:
    if not numbers:
        return []
    wanted = Filter(numbers=frozenset(numbers))
    return closing.stores.clients.records(closing.session, closing.id, wanted)


def _keep(at: Step, order: Order, one: ClientChoice) -> None:
    said = one.label
    details: dict[str, Json] = {
        "client": one.client,
        "choice": one.choice.value,
        "done": one.done,
        "records": list(one.records),
        "about_zh": f"{one.client} {said.zh}",
        "about_en": f"{one.client}: {said.en}",
    }
    at.keep(order, "chosen", details)


def _number(app: App, client: str) -> str:
    """The client's number as typed, in one spelling: two spellings would be two clients."""
    named = clear_text(app, client, LONGEST_LINE).cleared.text
    if named != client.strip():
        raise BadInput(
            "请填客户编号（例如 C-00010），不要写姓名、电话等个人信息。",
            "Give the client's number (C-00010, say), not a name, a telephone or other personal data.",
        )
    return "".join(unicodedata.normalize("NFKC", named).upper().split())
