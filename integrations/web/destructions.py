"""/api/destructions/{id}/…: each step of a destruction; /api/register: certificates."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.destruction.bundle import export_destruction
from assistant.destruction.carry_out_destruction import (
    add_destruction_evidence,
    carry_out_destruction,
    certify_destruction,
    close_evidence,
    correct_destruction,
    settle_place,
    witness_destruction,
)
from assistant.destruction.certificate import (
    RegisterView,
    list_register,
    read_destruction,
    read_destruction_certificate,
)
from assistant.destruction.prepare_destruction import (
    WAIT_DAYS,
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    hold_destruction,
    record_backup,
    refuse_destruction,
    release_destruction,
    state_facts,
    waive_backup,
)
from assistant.destruction.record_choice import record_choice
from assistant.destruction.steps import Destruction
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.files import upload_form
from integrations.web.tickets import DecisionView, TicketModel
from integrations.web.uploads import Uploaded
from tickets.destruction.dossier import Choice, Settled

router = APIRouter(tags=["destruction"])


class Nothing(RequestBody):
    """A step that needs no more than its number."""


class Appraisal(RequestBody):
    """Media, protection class and clients whose key goes. Files are named at the command line only."""

    media: list[str] = Field(default_factory=list, max_length=20, examples=[["paper"]])
    protection: int = Field(default=3, ge=2, le=3)
    vault_clients: list[str] = Field(default_factory=list, max_length=200)


class FactsGiven(RequestBody):
    """What the retention decision asked for, by name: a word, a day, yes or no."""

    given: dict[str, str] = Field(
        min_length=1,
        max_length=20,
        examples=[{"holder": "company", "relationship_ended": "2021-12-31"}],
    )


class NoticeGiven(RequestBody):
    """How many clients were told and how, or why none was."""

    clients: int = Field(default=0, ge=0)
    channel: str = Field(default="", max_length=200)
    wait_days: int = Field(default=WAIT_DAYS, ge=0, le=365)
    without: str = Field(default="", max_length=200)
    notice: str = Field(default="", max_length=20, examples=["N-2026-0001"])


class ClientWish(RequestBody):
    """A client's choice; in a closing project, who gets what is transferred."""

    client: str = Field(min_length=1, max_length=200)
    choice: Choice
    done: bool = False
    somebody: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=200)


class Stated(RequestBody):
    """A reason."""

    reason: str = Field(min_length=4, max_length=200)


class CarryingOut(RequestBody):
    """Who witnesses, by number."""

    witness: str = Field(min_length=1, max_length=40)


class PlaceSettled(RequestBody):
    """A place where copies may lie, answered."""

    place: str
    outcome: Settled
    until: date | None = None
    note: str = Field(max_length=300)


class Corrected(RequestBody):
    """What is right, and why it is corrected."""

    text: str = Field(min_length=1, max_length=300)
    reason: str = Field(min_length=4, max_length=200)


Verb = Callable[..., Destruction]
# What a program and a form on the ticket's page call alike.
STEPS: Mapping[str, tuple[type[RequestBody], Verb]] = {
    "facts": (FactsGiven, state_facts),
    "appraise": (Appraisal, appraise_destruction),
    "notify": (NoticeGiven, give_notice),
    "choice": (ClientWish, record_choice),
    "notice-over": (Nothing, close_notice),
    "no-backup": (Stated, waive_backup),
    "approve": (Nothing, approve_destruction),
    "refuse": (Stated, refuse_destruction),
    "hold": (Stated, hold_destruction),
    "release": (Stated, release_destruction),
    "carry-out": (CarryingOut, carry_out_destruction),
    "witness": (Nothing, witness_destruction),
    "place": (PlaceSettled, settle_place),
    "complete": (Nothing, close_evidence),
    "correct": (Corrected, correct_destruction),
}


class ChoiceView(View):
    """A client's choice; a return or transfer is done or still owed."""

    choice: Choice
    done: bool


class DossierView(View):
    """What is on record; choices by the client's number."""

    media: tuple[str, ...]
    protection: int
    choices: dict[str, ChoiceView]
    executor: str | None
    witness: str | None
    carried_out_at: datetime | None
    witnessed_at: datetime | None
    open_places: tuple[str, ...]
    serial: str | None


class DestructionState(View):
    """A destruction as it stands."""

    ticket: TicketModel
    dossier: DossierView
    decision: DecisionView


class EntryView(View):
    """An entry of the register with its certificate as signed."""

    number: int
    serial: str
    ticket_id: str
    issued_at: datetime
    hash: str
    statement: dict[str, Any] | None = None


class RegisterList(View):
    """The register; `broken_at` is the first number that does not hold."""

    entries: tuple[EntryView, ...]
    broken_at: int | None


@router.get("/destructions/{number}", response_model=DestructionState)
def state(desk: SignedIn, number: str) -> Destruction:
    """A destruction with what is on record."""
    return read_destruction(desk.app, desk.person, number)


def _route(name: str, body: type[RequestBody], verb: Verb) -> None:
    def run(desk: SignedIn, number: str, wish: RequestBody) -> Destruction:
        return verb(desk.app, desk.person, number, **dict(wish))

    # FastAPI reads the body's type from the annotation.
    run.__annotations__["wish"] = body
    run.__name__ = f"destruction_{name.replace('-', '_')}"
    run.__doc__ = verb.__doc__
    router.add_api_route(
        f"/destructions/{{number}}/{name}", run, methods=["POST"], response_model=DestructionState
    )


for _name, (_body, _verb) in STEPS.items():
    _route(_name, _body, _verb)


@router.post(
    "/destructions/{number}/backup",
    response_model=DestructionState,
    openapi_extra=upload_form(
        {"file": {"type": "string", "format": "binary"}, "sha256": {"type": "string"}},
        *("file", "sha256"),
    ),
)
def backup(desk: SignedIn, number: str, upload: Uploaded) -> Destruction:
    """The backup read and verified; it is not kept."""
    return record_backup(
        desk.app,
        desk.person,
        number,
        io.BytesIO(upload.untrusted_data),
        expected_sha256=upload.fields.get("sha256", ""),
    )


@router.post(
    "/destructions/{number}/evidence",
    response_model=DestructionState,
    openapi_extra=upload_form(
        {"file": {"type": "string", "format": "binary"}, "what": {"type": "string"}},
        *("file", "what"),
    ),
)
def evidence(desk: SignedIn, number: str, upload: Uploaded) -> Destruction:
    """A photograph or receipt, hashed and kept encrypted."""
    return add_destruction_evidence(
        desk.app, desk.person, number, upload.untrusted_data, what=upload.fields.get("what", "")
    )


@router.post("/destructions/{number}/certify", response_model=EntryView, status_code=201)
def certified(desk: SignedIn, number: str) -> EntryView:
    """The certificate issued and entered in the register."""
    made = certify_destruction(desk.app, desk.person, number)
    return EntryView(
        number=made.number, serial=made.serial, ticket_id=made.ticket_id,
        issued_at=made.issued_at, hash=made.hash, statement=json.loads(made.text),
    )  # fmt: skip


@router.get("/destructions/{number}/bundle", response_class=Response)
def bundle(desk: SignedIn, number: str) -> Response:
    """The evidence bundle of a destruction, as zip."""
    made = export_destruction(desk.app, desk.person, number)
    return attachment(made.name, made.data)


@router.get("/register", response_model=RegisterList)
def register(desk: SignedIn) -> RegisterList:
    """Every certificate of destruction issued, oldest first."""
    view: RegisterView = list_register(desk.app, desk.person)
    entries = tuple(EntryView.model_validate(one) for one in view.entries)
    return RegisterList(entries=entries, broken_at=view.check.broken_at)


@router.get("/register/{serial}.pdf", response_class=Response)
def certificate(desk: SignedIn, serial: str) -> Response:
    """A certificate as PDF, its signed statement inside."""
    issued = read_destruction_certificate(desk.app, desk.person, serial)
    return attachment(f"{issued.entry.serial}.pdf", issued.pdf)
