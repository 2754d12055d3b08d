"""How large a request may be, told before and while it arrives."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD_BYTES = 50 * 1024 * 1024
BODY_BYTES = 1024 * 1024
# The lines around a file in multipart/form-data.
ENVELOPE_BYTES = 64 * 1024
UPLOAD_PATHS = frozenset(
    {
        *("/redact", "/api/redact", "/reviews", "/api/reviews"),
        *("/vault/restore", "/api/vault/restore"),
    }
)


class BodyTooLarge(HTTPException):
    """Raised while reading; FastAPI lets an HTTPException through its body parser unchanged."""

    def __init__(self, limit: int) -> None:
        super().__init__(status_code=413)
        self.limit = limit


def limit_of(path: str) -> int:
    """The most bytes a request to this path may carry, the file itself counted alone."""
    return UPLOAD_BYTES if path in UPLOAD_PATHS else BODY_BYTES


class LimitBody:
    """Refuses by Content-Length before reading a byte, and by count for whoever sends none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        allowed = limit + (ENVELOPE_BYTES if limit == UPLOAD_BYTES else 0)
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
