"""What stands before every route: response headers, host check, log line, last catch."""

import ipaddress
import logging
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.errors import log_unexpected
from integrations.web.headers import HEADERS, NOT_KEPT
from integrations.web.problems import bad_host, unexpected

logger = logging.getLogger("integrations.web.access")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SLACK_PREFIX = "/slack/"


class Guards:
    """Outermost of ours: sets headers, checks the host, catches what nobody expected, logs."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                set_headers(scope["path"], MutableHeaders(scope=message))
            await send(message)

        try:
            await self._answer(scope, receive, guarded)
        except Exception as error:
            # Starlette would log the text of the error, which may quote a client.
            log_unexpected(error, where=f"{scope['method']} {_route(scope)}")
            if not status:
                await unexpected(Request(scope))(scope, receive, guarded)
        finally:
            log_access(scope, status, started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Slack comes by whatever name the tunnel has, and proves itself by signature.
        slack = scope["path"].startswith(SLACK_PREFIX)
        host = host_name(Headers(scope=scope).get("host", ""))
        if slack or host in self._hosts or is_address(host):
            await self._app(scope, receive, send)
        else:
            await bad_host()(scope, receive, send)


def host_name(host: str) -> str:
    """The name in a Host header, without its port; "" where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        # Raises for what is no port: localhost:80.evil.example is not us.
        return parts.hostname or "" if parts.port is None or parts.port else ""
    except ValueError:
        return ""


def is_address(host: str) -> bool:
    """Whether a host is a bare IP address. DNS rebinding needs a name, so these are safe."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def same_origin(request: Request) -> bool:
    """Whether a request that changes something was sent by one of our own pages."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", None) or "(no route)"


def log_access(scope: Scope, status: int, started: float) -> None:
    """A line for a request answered: the route, never the query, which may hold a token."""
    millis = (time.monotonic() - started) * 1000
    logger.info("%s %s %d %.0f ms", scope["method"], _route(scope), status, millis)


def set_headers(path: str, headers: MutableHeaders) -> None:
    """The headers of every answer."""
    headers.update(HEADERS)
    if not path.startswith("/static/"):
        headers.update(NOT_KEPT)
