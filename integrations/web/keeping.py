"""/api/kept: what was kept long enough, its destruction asked for, kept on with a reason."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from assistant.keeping.act import destroy_kept, extend_kept, list_kept
from integrations.web.bodies import RequestBody, Said, View
from integrations.web.desk import SignedIn
from tickets.keeping import Kept, Sort

router = APIRouter(tags=["kept"])


class KeptView(View):
    """What is kept, how much of it, and the first day on which it may go."""

    subject: str
    sort: Sort
    day: date
    count: int
    name: Said
    extendable: bool


class Extension(RequestBody):
    """Until which day it is kept on, and why."""

    until: date
    reason: str = Field(min_length=4, max_length=200, examples=["诉讼时效内，客户已来函主张权利"])


class TicketsView(View):
    """The destruction tickets asked for."""

    tickets: tuple[str, ...]


@router.get("/kept", response_model=list[KeptView])
def kept(desk: SignedIn) -> list[Kept]:
    """What has been kept long enough and waits for you, the oldest first."""
    return list(list_kept(desk.app, desk.person))


@router.post("/kept/{subject}/destruction", status_code=201, response_model=TicketsView)
def destroyed(desk: SignedIn, subject: str) -> TicketsView:
    """Requests the destruction; asked for again it is the same ticket."""
    tickets = destroy_kept(desk.app, desk.person, subject)
    return TicketsView(tickets=tuple(one.id for one in tickets))


@router.post("/kept/{subject}/extension", response_model=KeptView)
def extended(desk: SignedIn, subject: str, wish: Extension) -> Kept:
    """Keeps it on until the day, with the reason on record."""
    return extend_kept(desk.app, desk.person, subject, wish.until, reason=wish.reason)
