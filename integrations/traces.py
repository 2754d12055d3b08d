"""A span for each request: its method and the template of its route, never the path or a query."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.metrics import route_of
from records.tracing import span

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def traced(app: ASGIApp) -> ASGIApp:
    """The same service, a span around each of its answers."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        with span("request") as now:

            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    now.numbers["http.response.status_code"] = message["status"]
                await send(message)

            try:
                await app(scope, receive, watched)
            finally:
                method = scope["method"] if scope["method"] in _METHODS else "OTHER"
                now.name = f"{method} {route_of(scope)}"

    return told
