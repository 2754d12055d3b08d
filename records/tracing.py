"""Spans for OpenTelemetry: a request by its route, a job by its kind, a verb by its audit action.

Off until `start` is given an exporter. A span holds names that stand in the program, numbers and classes
of errors: no text, no path, no person. The provider is our own, never the process's: what a
library would tell of its calls (a question, a statement) has no way out.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

STANDARD = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

_provider: "TracerProvider | None" = None
_verb: ContextVar[tuple[str, int] | None] = ContextVar("verb", default=None)


def start_tracing(endpoint: str) -> None:
    """Send spans to an OTLP endpoint (gRPC), ours or the one the standard variables name; or none."""
    if not endpoint and not any(os.environ.get(name) for name in STANDARD):
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    trace_to(BatchSpanProcessor(OTLPSpanExporter(endpoint or None)))


def trace_to(processor: "SpanProcessor") -> None:
    """Give every span to this."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    global _provider  # noqa: PLW0603 - one a process, as with logging
    own = Resource({"service.name": os.environ.get("OTEL_SERVICE_NAME", "compliance-assistant")})
    _provider = TracerProvider(resource=own, shutdown_on_exit=False)
    _provider.add_span_processor(processor)


def stop_tracing() -> None:
    """What is waiting goes out; then none."""
    global _provider  # noqa: PLW0603
    if _provider is not None:
        _provider.shutdown()
    _provider = None


class Span:
    """What may be said of a stretch of work."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numbers: dict[str, int] = {}


@contextmanager
def span(name: str) -> Iterator[Span]:
    """A stretch of work. Its name may still be changed; of an error only the class is kept."""
    told = Span(name)
    if _provider is None:
        yield told
        return
    from opentelemetry.trace import Status, StatusCode

    tracer = _provider.get_tracer("compliance-assistant")
    with tracer.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield told
        except BaseException as error:
            made.set_status(Status(StatusCode.ERROR))
            made.set_attribute("error.type", type(error).__name__)
            raise
        finally:
            made.update_name(told.name)
            made.set_attributes(told.numbers)


def verb_began(permission: str) -> None:
    """A verb has checked its permission, which is the first thing each does."""
    if _provider is not None:
        _verb.set((permission, time.time_ns()))


def verb_done(action: str) -> None:
    """The verb has left its audit event, the last thing each does: the span between the two."""
    if _provider is None:
        return
    permission, began = _verb.get() or ("", time.time_ns())
    tracer = _provider.get_tracer("compliance-assistant")
    made = tracer.start_span(action, start_time=began)
    made.set_attribute("permission", permission)
    made.end()
