"""An uploaded file, read into memory: the original of a client file must not touch our disk."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from integrations.web.desk import SignedIn
from integrations.web.errors import BadForm, NoFile
from integrations.web.limits import ENVELOPE_BYTES, UPLOAD_BYTES
from pii.formats.opening import PageWishes


class _InMemoryParser(MultiPartParser):
    """Starlette spools files over 1 MB to the temporary folder; ours never leave memory."""

    spool_max_size = UPLOAD_BYTES + ENVELOPE_BYTES


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came, with the other fields of its form. Nothing about it is trusted."""

    untrusted_data: bytes = field(repr=False)
    untrusted_name: str = field(repr=False)
    fields: dict[str, str] = field(repr=False)

    @property
    def passwords(self) -> tuple[str, ...]:
        """What opens the file, where the form gave a password."""
        password = self.fields.get("password", "")
        return (password,) if password else ()

    @property
    def pages(self) -> PageWishes:
        """What the form asks of the pages of a PDF."""
        return PageWishes("rasterise" in self.fields, "ocr_check" in self.fields)


async def read_upload(request: Request, _desk: SignedIn) -> Upload:
    """The file of a multipart form. Asks for the desk first: strangers upload nothing."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadForm
    parser = _InMemoryParser(request.headers, request.stream(), max_files=1, max_fields=8)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise BadForm from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise NoFile
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        return Upload(await file.read(), file.filename, texts)
    finally:
        await form.close()


Uploaded = Annotated[Upload, Depends(read_upload)]
