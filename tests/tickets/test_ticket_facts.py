"""What a ticket keeps of an incident or an order comes back as it was."""

from datetime import UTC, date, datetime

import pytest

from tickets.destruction.order import Order
from tickets.incidents.grade import IncidentFacts, IncidentKind
from tickets.retention.decision import Status
from tickets.ticket import Approval, State, Ticket, TicketKind
from tickets.ticket_facts import incident_as_facts, incident_of, order_as_facts, order_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "facts",
    [
        IncidentFacts(IncidentKind.OTHER),
        IncidentFacts(IncidentKind.LOST_DEVICE, people=0, sensitive=False, minors=True),
        IncidentFacts(
            IncidentKind.PHISHING,
            people=5,
            sensitive=True,
            critical_infrastructure=True,
            eu_residents=True,
            suspected_crime=True,
            central_organ=True,
            bank=True,
            archives=True,
        ),
    ],
)
def test_incident_facts_make_the_round_trip(facts: IncidentFacts) -> None:
    assert incident_of(incident_as_facts(facts)) == facts


@pytest.mark.parametrize(
    "order",
    [
        Order(requester="r"),
        Order(
            requester="r",
            state=State.CARRIED_OUT,
            retention=Status.MUST_DELETE,
            earliest=date(2023, 11, 23),
            approvers=("anna", "bo"),
            executor="chen",
            witness="anna",
        ),
        Order(requester="r", state=State.BLOCKED, resume=State.NOTIFIED),
        Order(requester="r", state=State.REFUSED, refused_because="仍在使用"),
    ],
)
def test_an_order_makes_the_round_trip(order: Order) -> None:
    ticket = Ticket(
        id="DES-2026-0001",
        kind=TicketKind.DESTRUCTION,
        state=order.state,
        title="销毁",
        description="",
        opened_by=order.requester,
        opened_at=NOW,
        facts=order_as_facts(order),
        approvals=tuple(Approval(one, NOW) for one in order.approvers),
    )
    assert order_of(ticket) == order
