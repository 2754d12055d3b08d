"""Calls to a chat: what may have become of one, and no redirect followed.

A redirect is refused because urllib would carry the token to wherever it points.
"""

import socket
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from typing import cast
from urllib.error import URLError

Sleep = Callable[[float], None]
_BLOCK = 64 * 1024


class CallFailed(Exception):
    """A call to a chat that did not do what it was for. Holds the chat's word at most."""


class NotDelivered(CallFailed):
    """The message surely did not arrive, and may be sent again later: not before `wait_seconds`."""

    def __init__(self, word: str = "", wait_seconds: int = 0) -> None:
        super().__init__(word)
        self.wait_seconds = wait_seconds


class Declined(CallFailed):
    """The chat answered that it will not take the message. Holds its word for why."""


class Uncertain(CallFailed):
    """Nobody knows whether the message arrived, so it must not be sent again."""


class TooLarge(CallFailed):
    """The file is larger than we take, whatever was stated before."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_request: object, **_more: object) -> None:
        """No further request: the redirect itself is the answer."""


def open_url(request: urllib.request.Request, timeout: float) -> HTTPResponse:
    """The answer to a request, which follows no redirect."""
    # build_opener brings the proxy of the environment and honours no_proxy.
    opener = urllib.request.build_opener(_NoRedirect)
    return cast(HTTPResponse, opener.open(request, timeout=timeout))


def unreached(error: URLError) -> NotDelivered | Uncertain:
    """What an error on the way there means."""
    # Refused, or no such host: no byte of the request left. Anything later is uncertain.
    if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
        return NotDelivered(type(error.reason).__name__)
    return Uncertain(type(error.reason).__name__)


def read_at_most(answer: HTTPResponse, most: int, *, until: float) -> bytes:
    """The body of an answer. Raises TooLarge, and TimeoutError past `until` of the monotonic clock."""
    parts, size = [], 0
    # read1: what has come, without waiting for a whole block from a host that trickles.
    while part := answer.read1(_BLOCK):
        size += len(part)
        if size > most:
            raise TooLarge
        if time.monotonic() > until:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)
