"""How large a request may be, told before and while it arrives."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD_BYTES = 50 * 1024 * 1024
BODY_BYTES = 1024 * 1024
# The lines around a file in multipart/form-data.
ENVELOPE_BYTES = 64 * 1024


class BodyTooLarge(HTTPException):
    """Raised while reading; FastAPI lets an HTTPException through its body parser unchanged."""

    def __init__(self, limit: int) -> None:
        super().__init__(status_code=413)
        self.limit = limit


class LimitBody:
    """Refuses by Content-Length before reading a byte, and by count for whoever sends none.

    `uploads`: the paths that take a file; only these may carry more than a form's words.
    """

    def __init__(self, app: ASGIApp, *, uploads: Sequence[re.Pattern[str]]) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = any(one.fullmatch(scope["path"]) for one in self._uploads)
        limit = UPLOAD_BYTES if upload else BODY_BYTES
        allowed = limit + (ENVELOPE_BYTES if upload else 0)
        stated = Headers(scope=scope).get("content-length", "0")
        too_large = stated.isdecimal() and int(stated) > allowed
        received = 0

        async def counted() -> Message:
            nonlocal received
            if too_large:
                raise BodyTooLarge(limit)
            message = await receive()
            received += len(message.get("body", b""))
            if received > allowed:
                raise BodyTooLarge(limit)
            return message

        await self._app(scope, counted, send)
