"""The vault page: clients and cases, a copy restored, a key destroyed, its certificate."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from assistant.destruction.shred_client import read_certificate, shred_client
from assistant.redaction.cases import list_vault
from assistant.redaction.restore_file import restore_file
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.forms import Form
from integrations.web.problems import status_of
from integrations.web.render import pages_of
from integrations.web.uploads import Uploaded
from records.certificates import certificate_page
from records.errors import ProductError

router = APIRouter(include_in_schema=False)


@router.get("/vault")
def vault_page(request: Request, desk: SignedIn) -> Response:
    """Clients, cases and what may be done with them."""
    return _page(request, desk)


@router.post("/vault/restore")
def restored_copy(request: Request, desk: SignedIn, upload: Uploaded) -> Response:
    """The restored file to save, or the page with what was wrong."""
    try:
        restored = restore_file(
            desk.app,
            desk.person,
            upload.untrusted_data,
            upload.untrusted_name,
            case=upload.fields.get("case", ""),
            reason=upload.fields.get("reason", ""),
        )
    except ProductError as error:
        return _page(request, desk, error)
    return attachment(restored.name, restored.data)


@router.post("/vault/shred")
def shredded(request: Request, desk: SignedIn, fields: Form) -> Response:
    """On to the certificate, or the page with what was wrong."""
    try:
        made = shred_client(
            desk.app,
            desk.person,
            fields.get("client", ""),
            confirmation=fields.get("confirmation", ""),
            reason=fields.get("reason", ""),
        )
    except ProductError as error:
        return _page(request, desk, error)
    return RedirectResponse(f"/vault/certificates/{made.serial}", 303)


@router.get("/vault/certificates/{serial}")
def certificate(request: Request, desk: SignedIn, serial: str) -> Response:
    """What the certificate says, and both its files."""
    found = read_certificate(desk.app, desk.person, serial)
    key = desk.app.signer.public_key
    return pages_of(request).page(
        request,
        desk,
        "certificate.html",
        serial=found.serial,
        body=found.body,
        times=found.times,
        public_key=key,
    )


@router.get("/vault/certificates/{serial}/{form}")
def certificate_file(desk: SignedIn, serial: str, form: str) -> Response:
    """The signed JSON, or the page to print."""
    found = read_certificate(desk.app, desk.person, serial)
    if form == "json":
        return attachment(f"{found.serial}.json", found.text.encode())
    page = certificate_page(found, desk.app.signer.public_key)
    return attachment(f"{found.serial}.html", page.encode())


def _page(request: Request, desk: Desk, error: ProductError | None = None) -> Response:
    view = list_vault(desk.app, desk.person)
    return pages_of(request).page(
        request,
        desk,
        "vault.html",
        status=status_of(error) if error else 200,
        view=view,
        problem=error.message if error else None,
    )
