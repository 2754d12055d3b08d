"""GET /api/instruments/{name} and /api/provisions/{id}: the full text behind a citation."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from assistant.law.read_law import InstrumentText, read_instrument, read_provision
from integrations.web.bodies import View
from integrations.web.desk import SignedIn
from knowledge.levels import Level, Standing
from knowledge.provisions import Provision

router = APIRouter(tags=["law"])


class ProvisionView(View):
    """One article of a law, or one section of a company policy."""

    id: str = Field(examples=["个人信息保护法@2021-11-01#47"])
    instrument: str
    article: str
    heading: str
    chapter: str | None
    text: str
    level: Level
    effective_from: date | None
    effective_to: date | None
    date_certain: bool
    source: str


class InstrumentView(View):
    """One law, regulation or company policy in full."""

    name: str = Field(examples=["中华人民共和国个人信息保护法"])
    level: Level
    standing: Standing
    effective_from: date | None
    date_certain: bool
    source: str
    provisions: tuple[ProvisionView, ...]


@router.get("/instruments/{name:path}", response_model=InstrumentView)
def instrument(desk: SignedIn, name: str) -> InstrumentText:
    """The whole text, by full name or abbreviation (个保法)."""
    return read_instrument(desk.app, desk.person, name)


@router.get("/provisions/{provision_id:path}", response_model=ProvisionView)
def provision(desk: SignedIn, provision_id: str) -> Provision:
    """One provision by the id an answer gave; percent-encode its # as %23."""
    return read_provision(desk.app, desk.person, provision_id)
