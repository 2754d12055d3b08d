"""Incident facts and destruction orders as the plain facts of a ticket, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tickets.destruction.order import Order
from tickets.incidents.facts import COUNTS, MAYBE, Grading, IncidentFacts, IncidentKind
from tickets.retention.facts import Status
from tickets.ticket import Json, State, Ticket


def incident_as_facts(facts: IncidentFacts) -> dict[str, Json]:
    """The facts as JSON values."""
    return {name: value for name, value in asdict(facts).items() if name != "kind"} | {
        "kind": facts.kind.value
    }


def incident_of(facts: Mapping[str, Json]) -> IncidentFacts:
    """The incident facts kept on a ticket."""
    known: dict[str, Any] = {name: _known(facts, name, int) for name in COUNTS}
    known |= {name: _known(facts, name, bool) for name in MAYBE}
    return IncidentFacts(
        kind=IncidentKind(str(facts["kind"])),
        **known,
        critical_infrastructure=facts.get("critical_infrastructure") is True,
        minors=facts.get("minors") is True,
        eu_residents=facts.get("eu_residents") is True,
        suspected_crime=facts.get("suspected_crime") is True,
        central_organ=facts.get("central_organ") is True,
        bank=facts.get("bank") is True,
        archives=facts.get("archives") is True,
    )


def _known(facts: Mapping[str, Json], name: str, kind: type[int]) -> int | None:
    """The value if it is of the kind, otherwise unknown."""
    value = facts.get(name)
    return value if isinstance(value, kind) else None


def grading_as_facts(grading: Grading) -> dict[str, Json]:
    """The grade and its reasons as JSON values."""
    return {
        "severity": grading.severity.value,
        "provisional": grading.provisional,
        "reasons_zh": [reason.zh for reason in grading.reasons],
        "reasons_en": [reason.en for reason in grading.reasons],
        "would_raise_zh": [one.zh for one in grading.would_raise],
        "would_raise_en": [one.en for one in grading.would_raise],
    }


def order_as_facts(order: Order) -> dict[str, Json]:
    """The order as JSON values; state, requester and approvals have their own columns."""
    return {
        "retention": order.retention.value,
        "earliest": order.earliest.isoformat() if order.earliest else None,
        "resume": order.resume.value if order.resume else None,
        "executor": order.executor,
        "witness": order.witness,
        "refused_because": order.refused_because,
    }


def order_of(ticket: Ticket) -> Order:
    """The destruction order that a ticket carries."""
    facts = ticket.facts
    earliest, resume = _text(facts, "earliest"), _text(facts, "resume")
    return Order(
        requester=ticket.opened_by,
        state=ticket.state,
        retention=Status(_text(facts, "retention") or Status.NEEDS_FACT),
        earliest=date.fromisoformat(earliest) if earliest else None,
        approvers=tuple(one.person_id for one in ticket.approvals),
        resume=State(resume) if resume else None,
        executor=_text(facts, "executor"),
        witness=_text(facts, "witness"),
        refused_because=_text(facts, "refused_because"),
    )


def _text(facts: Mapping[str, Json], name: str) -> str | None:
    value = facts.get(name)
    return value if isinstance(value, str) else None
