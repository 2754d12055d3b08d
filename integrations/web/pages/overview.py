"""The first page: what waits, open tickets with their nearest clocks, a question box, what is set up."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.my_work import my_work
from assistant.overview import overview
from integrations.replies.waiting import waiting
from integrations.web.desk import SignedIn
from integrations.web.render import pages_of
from tickets.ticket import State, Ticket

router = APIRouter(include_in_schema=False)

SHOWN = 6
MOST_WAITING = 12
FINISHED = frozenset({State.CLOSED, State.REGISTERED, State.REFUSED})


@router.get("/")
def home(request: Request, desk: SignedIn) -> Response:
    """What needs this person now."""
    view = overview(desk.app, desk.person)
    things = waiting(my_work(desk.app, desk.person), clocks=False)
    running = sorted((t for t in view.tickets if t.state not in FINISHED), key=_urgency)
    return pages_of(request).page(
        request,
        desk,
        "overview.html",
        view=view,
        waiting=things[:MOST_WAITING],
        waiting_more=max(len(things) - MOST_WAITING, 0),
        tickets=running[:SHOWN],
        total=len(view.tickets),
        more=len(view.tickets) > SHOWN,
        today=desk.app.today(),
    )


def _urgency(ticket: Ticket) -> tuple[int, float]:
    """Tickets with clocks first, by their first open one; then the newest."""
    due = [
        one.due_at.timestamp()
        for one in ticket.deadlines
        if one.due_at and not one.satisfied_at and not one.conditional
    ]
    return (0, min(due)) if due else (1, -ticket.opened_at.timestamp())
