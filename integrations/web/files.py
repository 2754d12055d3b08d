"""POST /api/redact and GET /api/redacted/{file_id}: a client file in, its redacted copy out."""

import json
import re
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.redaction.cases import open_case
from assistant.redaction.list_policies import list_policies
from assistant.redaction.redact_file import Wish, redact_file
from assistant.redaction.redacted_copies import RedactedFile, fetch_redacted, fetch_report
from integrations.web.bodies import Said, View
from integrations.web.desk import Desk, SignedIn
from integrations.web.downloads import attachment
from integrations.web.uploads import Upload, Uploaded
from pii.policy import RedactionPolicy

router = APIRouter(tags=["files"])

_FIELDS = {
    "file": {"type": "string", "format": "binary"},
    "policy": {"type": "string", "default": "", "examples": ["standard"]},
    "password": {
        "type": "string",
        "format": "password",
        "description": "Opens an encrypted file; the copy is not encrypted",
    },
    "rasterise": {"type": "string", "description": "Present: pages of a PDF come back as pictures"},
    "ocr_check": {
        "type": "string",
        "description": "Present: the copy's pages are recognised again",
    },
}
_CASE_FIELDS = {
    "case": {"type": "string", "default": "", "examples": ["清和-注销"]},
    "client": {"type": "string", "default": ""},
    "subject": {"type": "string", "default": "", "examples": ["张伟，13800138000"]},
}


def upload_form(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """A form with a file, as the OpenAPI document describes it."""
    schema = {"type": "object", "required": list(required), "properties": properties}
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


UPLOAD_FORM = upload_form(_FIELDS | _CASE_FIELDS, "file")


class RedactedFileView(View):
    """Where the copy is, until when, and what was done to it."""

    file_id: str = Field(examples=["F-9f0c2b7d11a84e5f6c3d2a10"])
    name: str = Field(description="A safe name for the copy")
    keep_until: datetime
    download: str = Field(examples=["/api/redacted/F-9f0c2b7d11a84e5f6c3d2a10"])
    report: dict[str, Any] = Field(description="Places, kinds, treatments; never an original")


class ReportView(View):
    """The report of a copy, and its signed summary as text."""

    report: dict[str, Any] = Field(description="Places, kinds, treatments; never an original")
    summary: str = Field(description="Signed JSON; check it by: compliance verify-report")


class PolicyView(View):
    """A redaction policy: for whom, what for, by which articles, and what it does."""

    name: str
    title: Said
    recipient: Said
    purpose: Said
    basis: tuple[str, ...]
    for_subject: bool
    treatments: dict[str, str]


class PolicyListView(View):
    """Every policy, the one used when none is named, and the company's split of kinds."""

    default: str
    policies: tuple[PolicyView, ...]
    disclosure: dict[str, str]


def redact_upload_of(desk: Desk, upload: Upload) -> RedactedFile:
    """The copy a form asks for: its policy, its case, the person concerned."""
    wish = wish_of(upload)
    return redact_file(
        desk.app,
        desk.person,
        upload.untrusted_data,
        upload.untrusted_name,
        policy=wish.policy,
        case=open_case(desk.app, desk.person, wish.case, client=wish.client) if wish.case else None,
        subject=wish.subject,
        passwords=wish.passwords,
        pages=wish.pages,
    )


def wish_of(upload: Upload) -> Wish:
    """What a form asks for besides its file."""
    fields = {name: value.strip() for name, value in upload.fields.items()}
    values = re.split(r"[\n,，;；、]+", fields.get("subject", ""))
    return Wish(
        policy=fields.get("policy", ""),
        case=fields.get("case", ""),
        client=fields.get("client", ""),
        subject=tuple(one for one in values if one.strip()),
        passwords=upload.passwords,
        pages=upload.pages,
    )


@router.post("/redact", response_model=RedactedFileView, status_code=201, openapi_extra=UPLOAD_FORM)
def redact_upload(desk: SignedIn, upload: Uploaded) -> RedactedFileView:
    """A redacted copy of the same format, re-read and re-scanned before it is released."""
    return file_view(redact_upload_of(desk, upload))


def file_view(done: RedactedFile) -> RedactedFileView:
    """A released copy as the API answers it."""
    return RedactedFileView(
        file_id=done.file_id,
        name=done.name,
        keep_until=done.keep_until,
        download=f"/api/redacted/{done.file_id}",
        report=json.loads(done.report.to_json()),
    )


@router.get("/redacted/{file_id}/report", response_model=ReportView)
def redaction_report(desk: SignedIn, file_id: str) -> ReportView:
    """The report of one's own copy, until its day is over."""
    kept = fetch_report(desk.app, desk.person, file_id)
    return ReportView(report=json.loads(kept.report.to_json()), summary=kept.summary)


@router.get("/policies", response_model=PolicyListView)
def policies(desk: SignedIn) -> PolicyListView:
    """The redaction policies: the shipped ones and the company's own."""
    listed = list_policies(desk.app, desk.person)
    return PolicyListView(
        default=listed.default,
        policies=tuple(_policy_view(policy) for policy in listed.policies),
        disclosure={kind.value: said.value for kind, said in listed.disclosure.items()},
    )


def _policy_view(policy: RedactionPolicy) -> PolicyView:
    about = policy.about
    return PolicyView(
        name=policy.name,
        title=Said.model_validate(about.title),
        recipient=Said.model_validate(about.recipient),
        purpose=Said.model_validate(about.purpose),
        basis=tuple(f"{one.law} {one.article}" for one in about.basis),
        for_subject=policy.for_subject,
        treatments={kind.value: one.value for kind, one in policy.treatments.items()},
    )


@router.get("/redacted/{file_id}", response_class=Response)
def redacted_copy(desk: SignedIn, file_id: str) -> Response:
    """The redacted copy, for whoever made it, until its day is over."""
    name, data = fetch_redacted(desk.app, desk.person, file_id)
    return attachment(name, data)
