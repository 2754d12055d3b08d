"""Files sent to be saved, never to be shown."""

import base64
from urllib.parse import quote

from starlette.responses import Response

BINARY = "application/octet-stream"


def attachment(name: str, data: bytes) -> Response:
    """A download. The browser must not guess a type: a copy could hold what looks like a page."""
    ascii_name = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    header = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=BINARY, headers={"Content-Disposition": header})


def data_url(text: str) -> str:
    """Text that a link on the page itself can save: reports are not stored anywhere."""
    return f"data:{BINARY};base64,{base64.b64encode(text.encode()).decode()}"
