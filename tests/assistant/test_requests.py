"""A request handed in again finds the ticket it opened; another request opens another."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.app import App
from assistant.destruction.destroy_data import request_destruction
from assistant.incidents.report_incident import report_incident
from assistant.tickets_view import list_tickets
from records.people import Person

VERBS = [
    (report_incident, "笔记本电脑丢了,里面有1200名客户的身份证号"),
    (request_destruction, "2021年解约客户的身份证复印件86份"),
]

pytestmark = pytest.mark.both_engines


@pytest.mark.parametrize(("verb", "text"), VERBS)
def test_one_request_opens_one_ticket_however_often_it_comes(
    app: App, employee: Person, verb: Callable[..., Any], text: str
) -> None:
    first = verb(app, employee, text, key="T1:C1:1.0")
    again = verb(app, employee, text, key="T1:C1:1.0")
    assert again.ticket.id == first.ticket.id
    assert len(list_tickets(app, employee)) == 1


@pytest.mark.parametrize(("verb", "text"), VERBS)
@pytest.mark.parametrize("keys", [("a", "b"), (None, None)])
def test_other_requests_open_other_tickets(
    app: App,
    employee: Person,
    verb: Callable[..., Any],
    text: str,
    keys: tuple[str | None, str | None],
) -> None:
    for key in keys:
        verb(app, employee, text, key=key)
    assert len(list_tickets(app, employee)) == 2
