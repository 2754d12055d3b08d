"""Routes answered before anything of the pages looks at a request: an acknowledgement is due at once.

A request for a page passes some ten layers of the framework on the way in and again on the way out, all
on the one thread that must also acknowledge what Slack sends.
"""

import time
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.errors import log_unexpected
from integrations.web.guards import log_access, set_headers

Endpoint = Callable[[Request], Awaitable[Response]]


def first(web: ASGIApp, routes: Iterable[Route]) -> ASGIApp:
    """The same service, with what is posted to these routes answered by their endpoints alone.

    The endpoints are coroutines that hold their requests to size and to whom they come from
    themselves; headers, log line and last catch are as for every page.
    """
    posted = {route.path: route for route in routes if "POST" in (route.methods or ())}

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        route = posted.get(scope["path"]) if scope["type"] == "http" else None
        if route is None or scope["method"] != "POST":
            await web(scope, receive, send)
            return
        started, scope["route"] = time.monotonic(), route
        try:
            endpoint: Endpoint = route.endpoint
            response = await endpoint(Request(scope, receive))
        except Exception as error:
            # The text of an error may quote a client.
            log_unexpected(error, where=f"POST {route.path}")
            response = Response(status_code=500)
        set_headers(scope["path"], response.headers)
        await response(scope, receive, send)
        log_access(scope, response.status_code, started)

    return answered
