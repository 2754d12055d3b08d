"""Requests from Slack over HTTP: bounded, verified on their raw bytes, then given to Bolt."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from slack_bolt import App as Bolt
from slack_bolt import BoltRequest, BoltResponse
from starlette.requests import Request
from starlette.responses import Response

from integrations.errors import log_unexpected
from integrations.slack.guard import MAX_BYTES, Refused, SeenSignatures, read_body, verify
from records.letter_box import Letter

# Bolt obeys x-slack-bolt-lazy-* headers from anybody, so only these are shown to it.
PASSED_ON = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
# Own threads: a busy web console must not delay an acknowledgement.
WORKERS = 16

logger = logging.getLogger(__name__)


class Requests:
    """Answers what Slack posts. A refusal is logged by its reason, never with its content."""

    def __init__(
        self, bolt: Bolt, *, secret: str, seen: SeenSignatures, now: Callable[[], float]
    ) -> None:
        self._bolt = bolt
        self._secret = secret
        self._seen = seen
        self._now = now
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="slack")

    async def handle(self, request: Request) -> Response:
        """The answer to one request."""
        headers = {name: request.headers.getlist(name) for name in request.headers}
        try:
            raw = await _read(request)
            signature = verify(raw, headers, secret=self._secret, now=self._now(), seen=self._seen)
            body = read_body(raw, request.headers.get("content-type", ""))
        except Refused as refused:
            logger.warning("a Slack request was refused: %s", refused.reason)
            return Response(status_code=refused.status)
        passed_on = {name: headers[name] for name in PASSED_ON if name in headers}
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._dispatch, body.text, passed_on)
        if answer.status < 300:
            self._seen.add(signature)
        return Response(
            content=answer.body,
            status_code=answer.status,
            headers=answer.first_headers_without_set_cookie(),
        )

    def work(self, letter: Letter) -> bool:
        """Whether what the front acknowledged is done with: a job, or nothing to do."""
        headers = {"content-type": [letter["content_type"]]}
        heard_at = datetime.fromisoformat(letter["heard_at"])
        return self._dispatch(letter["body"], headers, heard_at=heard_at).status < 300

    def _dispatch(
        self, body: str, headers: Mapping[str, list[str]], **context: Any
    ) -> BoltResponse:
        try:
            return self._bolt.dispatch(BoltRequest(body=body, headers={**headers}, context=context))
        except Exception as error:
            log_unexpected(error, where="slack request")
            return BoltResponse(status=500, body="")


async def _read(request: Request) -> bytes:
    """The raw body, read no further than the limit."""
    stated = request.headers.get("content-length", "0")
    if not stated.isdecimal() or int(stated) > MAX_BYTES:
        raise Refused(413, "too large")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES:
            raise Refused(413, "too large")
        parts.append(part)
    return b"".join(parts)
