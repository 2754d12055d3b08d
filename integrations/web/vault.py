"""/api/vault: clients and cases, restoring, shredding, certificates."""

import json
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.destruction.shred_client import read_certificate, shred_client
from assistant.redaction.cases import VaultView, list_vault
from assistant.redaction.restore_file import restore_file
from integrations.web.bodies import RequestBody, View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.files import upload_form
from integrations.web.uploads import Uploaded

router = APIRouter(tags=["vault"])

_FORM = upload_form(
    {
        "file": {"type": "string", "format": "binary"},
        "case": {"type": "string", "examples": ["清和-注销"]},
        "reason": {"type": "string", "examples": ["清算组核对债权"]},
    },
    *("file", "case", "reason"),
)


class CaseView(View):
    """A case and how many entries it holds."""

    id: str
    name: str
    entries: int
    created_at: datetime


class ClientView(View):
    """A client; without name and cases once its key is destroyed."""

    id: str
    name: str | None
    fingerprint: str
    created_at: datetime
    shredded_at: datetime | None
    cases: tuple[CaseView, ...]


class VaultListView(View):
    """Every client, and the serial of the certificate of each that was shredded."""

    clients: tuple[ClientView, ...]
    certificates: dict[str, str]


class Shredding(RequestBody):
    """What is to be destroyed, its name typed once more, and why."""

    client: str = Field(min_length=1, max_length=80)
    confirmation: str = Field(min_length=1, max_length=80)
    reason: str = Field(min_length=4, max_length=200)


class CertificateView(View):
    """A certificate as signed: check it by `compliance vault verify-certificate`."""

    serial: str
    statement: dict[str, Any]


@router.get("/vault", response_model=VaultListView)
def vault(desk: SignedIn) -> VaultView:
    """Clients, cases and certificates."""
    return list_vault(desk.app, desk.person)


@router.post("/vault/restore", response_class=Response, openapi_extra=_FORM)
def restore(desk: SignedIn, upload: Uploaded) -> Response:
    """The file with the stand-ins of a case turned back; it is stored nowhere."""
    restored = restore_file(
        desk.app,
        desk.person,
        upload.untrusted_data,
        upload.untrusted_name,
        case=upload.fields.get("case", ""),
        reason=upload.fields.get("reason", ""),
    )
    return attachment(restored.name, restored.data)


@router.post("/vault/shred", response_model=CertificateView, status_code=201)
def shred(desk: SignedIn, wish: Shredding) -> CertificateView:
    """A client's key destroyed; nothing kept under it can be read again."""
    made = shred_client(
        desk.app, desk.person, wish.client, confirmation=wish.confirmation, reason=wish.reason
    )
    return CertificateView(serial=made.serial, statement=json.loads(made.text))


@router.get("/vault/certificates/{serial}", response_model=CertificateView)
def certificate(desk: SignedIn, serial: str) -> CertificateView:
    """A certificate by its serial."""
    found = read_certificate(desk.app, desk.person, serial)
    return CertificateView(serial=found.serial, statement=json.loads(found.text))
