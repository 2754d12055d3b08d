"""POST /api/redact and GET /api/redacted/{file_id}: a client file in, its redacted copy out."""

import json
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from assistant.redact_file import redact_file
from assistant.redacted_copies import RedactedFile, fetch_redacted
from integrations.web.bodies import View
from integrations.web.desk import SignedIn
from integrations.web.downloads import attachment
from integrations.web.uploads import Uploaded

router = APIRouter(tags=["files"])

UPLOAD_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "policy": {"type": "string", "default": "", "examples": ["standard"]},
                        "password": {
                            "type": "string",
                            "format": "password",
                            "description": "Opens an encrypted file; the copy is not encrypted",
                        },
                        "rasterise": {
                            "type": "string",
                            "description": "Present: pages of a PDF come back as pictures",
                        },
                        "ocr_check": {
                            "type": "string",
                            "description": "Present: the copy's pages are recognised again",
                        },
                    },
                }
            }
        },
    }
}


class RedactedFileView(View):
    """Where the copy is, until when, and what was done to it."""

    file_id: str = Field(examples=["F-9f0c2b7d11a84e5f6c3d2a10"])
    name: str = Field(description="A safe name for the copy")
    keep_until: datetime
    download: str = Field(examples=["/api/redacted/F-9f0c2b7d11a84e5f6c3d2a10"])
    report: dict[str, Any] = Field(description="Places, kinds, treatments; never an original")


@router.post("/redact", response_model=RedactedFileView, status_code=201, openapi_extra=UPLOAD_FORM)
def redact_upload(desk: SignedIn, upload: Uploaded) -> RedactedFileView:
    """A redacted copy of the same format, re-read and re-scanned before it is released."""
    done = redact_file(
        desk.app,
        desk.person,
        upload.untrusted_data,
        upload.untrusted_name,
        policy=upload.fields.get("policy", ""),
        passwords=upload.passwords,
        pages=upload.pages,
    )
    return file_view(done)


def file_view(done: RedactedFile) -> RedactedFileView:
    """A released copy as the API answers it."""
    return RedactedFileView(
        file_id=done.file_id,
        name=done.name,
        keep_until=done.keep_until,
        download=f"/api/redacted/{done.file_id}",
        report=json.loads(done.report.to_json()),
    )


@router.get("/redacted/{file_id}", response_class=Response)
def redacted_copy(desk: SignedIn, file_id: str) -> Response:
    """The redacted copy, for whoever made it, until its day is over."""
    name, data = fetch_redacted(desk.app, desk.person, file_id)
    return attachment(name, data)
