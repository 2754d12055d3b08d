"""A request sent twice under one Idempotency-Key is done once, and answered the same.

As draft-ietf-httpapi-idempotency-key-header: the same key with another body is refused, and so is
a repeat while the first still runs. Nothing is kept of what failed on our side.
"""

import json

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.app import App
from integrations.web.desk import signed_in
from integrations.web.limits import BodyTooLarge
from integrations.web.problems import IDEMPOTENCY, Refusal, answer, too_large
from records.errors import ProductError
from records.kept_replies import KeptReplies, Reply, Standing

HEADER = "idempotency-key"
LONGEST_KEY = 200
# What is larger is a file; its address can be asked for again.
LONGEST_REPLY = 1024 * 1024
KEPT_HEADERS = ("content-type", "location", "content-disposition", "link")
DOCUMENTED = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A name of your own for this request, such as a UUID. Sent again within a day it is not "
        "done again: the same answer comes back, marked Idempotency-Replayed."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "4b0c7e5e-8f7a-4d3c-9a55-5f6f0d1c2b3a",
}


class Idempotent:
    """Keeps the replies of POST requests to the API that carry a key."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        keyed = (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and scope["path"].startswith("/api/")
            and HEADER in Headers(scope=scope)
        )
        if keyed:
            await self._once(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        key = request.headers[HEADER]
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            await answer(request, IDEMPOTENCY["key"])(scope, receive, send)
            return
        try:
            # Strangers are turned away by the route itself, before their body is read.
            person = (await run_in_threadpool(signed_in, request)).person
        except ProductError:
            await self._app(scope, receive, send)
            return
        # What one token was answered is not for another that may do less.
        owner = f"{person.id}.{sorted(person.only) if person.only is not None else ''}"
        try:
            body = await request.body()
        except BodyTooLarge as error:
            await too_large(request, error.limit)(scope, receive, send)
            return
        app: App = scope["app"].state.app
        kept = KeptReplies(app.database, app.keys.derive("kept-replies"))
        content = json.dumps([scope["path"], scope["query_string"].decode("latin-1")]).encode()
        begun = await run_in_threadpool(kept.begin, owner, key, content + body, app.clock())
        if begun.reply is not None:
            await _replayed(begun.reply)(scope, receive, send)
        elif begun.standing is not Standing.NEW:
            refusal: Refusal = IDEMPOTENCY[begun.standing.value]
            await answer(request, refusal)(scope, receive, send)
        else:
            await self._keep(kept, owner, key, scope, _body_again(body, receive), send)

    async def _keep(
        self,
        kept: KeptReplies,
        owner: str,
        key: str,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """The reply sent on, and kept unless it is an error of ours, a stream or too large."""
        status, headers, parts, size = 500, Headers(), list[bytes](), 0

        async def heard(message: Message) -> None:
            nonlocal status, headers, size
            if message["type"] == "http.response.start":
                status, headers = message["status"], Headers(raw=message["headers"])
            elif size <= LONGEST_REPLY:
                parts.append(message.get("body", b""))
                size += len(parts[-1])
            await send(message)

        try:
            await self._app(scope, receive, heard)
        except BaseException:
            await run_in_threadpool(kept.drop, owner, key)
            raise
        stream = headers.get("content-type", "").startswith("text/event-stream")
        if status >= 500 or status == 429 or stream or size > LONGEST_REPLY:
            await run_in_threadpool(kept.drop, owner, key)
            return
        chosen = {name: headers[name] for name in KEPT_HEADERS if name in headers}
        await run_in_threadpool(kept.keep, owner, key, Reply(status, chosen, b"".join(parts)))


def _body_again(body: bytes, receive: Receive) -> Receive:
    """The body that was read, once more; then whatever comes."""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _replayed(reply: Reply) -> Response:
    headers = {**reply.headers, "Idempotency-Replayed": "true"}
    return Response(reply.body, reply.status, headers)
