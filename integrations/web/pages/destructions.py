"""The steps of a destruction on its ticket's page, and the permanent register."""

import io
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from assistant.destruction.bundle import export_destruction
from assistant.destruction.carry_out_destruction import (
    add_destruction_evidence,
    certify_destruction,
)
from assistant.destruction.certificate import (
    list_register,
    read_destruction_certificate,
    register_csv,
    registered_as,
)
from assistant.destruction.prepare_destruction import record_backup
from integrations.web.desk import SignedIn
from integrations.web.destructions import STEPS
from integrations.web.downloads import attachment
from integrations.web.errors import BadFields
from integrations.web.forms import Form
from integrations.web.pages.tickets import show_ticket
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from records.errors import NotFound, ProductError

router = APIRouter(include_in_schema=False)
# Before the name of a fact the retention decision asks for.
FACT = "fact-"


@router.post("/tickets/{number}/destruction/backup")
def backup(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """The backup verified, and back to the ticket."""
    data, stated = io.BytesIO(upload.untrusted_data), upload.fields.get("sha256", "")
    try:
        record_backup(desk.app, desk.person, number, data, expected_sha256=stated)
    except ProductError as error:
        return show_ticket(request, desk, number, error=error)
    return _back(number)


@router.post("/tickets/{number}/destruction/evidence")
def evidence(request: Request, desk: SignedIn, number: str, upload: Uploaded) -> Response:
    """The evidence kept, and back to the ticket."""
    what = upload.fields.get("what", "")
    try:
        add_destruction_evidence(desk.app, desk.person, number, upload.untrusted_data, what=what)
    except ProductError as error:
        return show_ticket(request, desk, number, error=error)
    return _back(number)


@router.get("/tickets/{number}/destruction/bundle")
def bundle(desk: SignedIn, number: str) -> Response:
    """The evidence bundle as a zip."""
    made = export_destruction(desk.app, desk.person, number)
    return attachment(made.name, made.data)


@router.post("/tickets/{number}/destruction/certify")
def certified(request: Request, desk: SignedIn, number: str) -> Response:
    """On to the register, or the ticket with what is missing."""
    try:
        certify_destruction(desk.app, desk.person, number)
    except ProductError as error:
        return show_ticket(request, desk, number, error=error)
    return RedirectResponse("/register", 303)


@router.post("/tickets/{number}/destruction/{name}")
def moved(request: Request, desk: SignedIn, number: str, name: str, fields: Form) -> Response:
    """A step taken, and back to the ticket; or the ticket with what was wrong."""
    if name not in STEPS:
        raise NotFound("没有这一步。", "There is no such step.")
    body, verb = STEPS[name]
    try:
        wish = body.model_validate(_given(fields))
        verb(desk.app, desk.person, number, **dict(wish))
    except ValidationError:
        wrong = BadFields("这一步的内容", "what this step asks for")
        return show_ticket(request, desk, number, error=wrong)
    except ProductError as error:
        return show_ticket(request, desk, number, error=error)
    return _back(number)


@router.get("/register")
def register_page(request: Request, desk: SignedIn) -> Response:
    """The permanent register."""
    view = list_register(desk.app, desk.person)
    return pages_of(request).page(request, desk, "register.html", view=view)


@router.get("/register.csv")
def register_table(desk: SignedIn) -> Response:
    """The register as a table."""
    text = register_csv(list_register(desk.app, desk.person))
    return attachment("register.csv", text.encode("utf-8-sig"))


@router.get("/register/{serial}/{form}")
def certificate_file(desk: SignedIn, serial: str, form: str) -> Response:
    """The certificate as PDF, or its signed JSON."""
    issued = read_destruction_certificate(desk.app, desk.person, serial)
    if form == "json":
        return attachment(f"{issued.entry.serial}.json", issued.entry.text.encode())
    return attachment(f"{issued.entry.serial}.pdf", issued.pdf)


@router.get("/certificates/{serial}")
def check_page(request: Request, serial: str, sha256: str = "") -> Response:
    """What the code on a certificate leads to: whether it stands in the register. For anybody."""
    pages = pages_of(request)
    found = registered_as(pages.app, serial, sha256)
    return pages.public(
        request, "certificate_check.html", status=200 if found else 404, found=found
    )


def _given(fields: dict[str, str]) -> dict[str, Any]:
    """A form's texts as a body: empty ones left out, lists split at commas, facts together."""
    typed = {name: text for name, text in fields.items() if text.strip()}
    facts = {name: text for name, text in typed.items() if name.startswith(FACT)}
    given: dict[str, Any] = {name: text for name, text in typed.items() if name not in facts}
    if facts:
        given["given"] = {name.removeprefix(FACT): text for name, text in facts.items()}
    for name in ("media", "vault_clients"):
        if name in given:
            parts = given[name].replace("，", ",").split(",")
            given[name] = [part.strip() for part in parts if part.strip()]
    return given


def _back(number: str) -> Response:
    return RedirectResponse(f"/tickets/{number.strip()[:20]}", 303)
