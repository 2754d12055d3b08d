"""Spans: none by default, and with an endpoint set they reach a collector over the wire (OTLP, gRPC)."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

from records.tracing import STANDARD, span, start_tracing, stop_tracing


class Collector(TraceServiceServicer):  # type: ignore[misc]
    """Keeps the names and attributes of the spans it is sent."""

    def __init__(self) -> None:
        self.spans: dict[str, dict[str, str]] = {}

    def Export(
        self, request: ExportTraceServiceRequest, context: object
    ) -> ExportTraceServiceResponse:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans |= {
                    one.name: {a.key: str(a.value) for a in one.attributes} for one in scope.spans
                }
        return ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    server, kept = grpc.server(ThreadPoolExecutor(2)), Collector()
    add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"http://127.0.0.1:{port}"
    stop_tracing()
    server.stop(None).wait()


@pytest.fixture
def work() -> Callable[[], None]:
    def done() -> None:
        with span("request") as now:
            now.name = "GET /tickets/{number}"
            now.numbers["http.response.status_code"] = 200
        with pytest.raises(ValueError, match="138"), span("job scan"):
            raise ValueError("13800138000")

    return done


def test_none_leaves_unless_an_endpoint_is_named(
    collector: tuple[Collector, str], work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, url = collector
    for name in STANDARD:
        monkeypatch.delenv(name, raising=False)
    start_tracing("")
    work()
    stop_tracing()
    assert kept.spans == {}
    monkeypatch.setenv(STANDARD[1], url)
    start_tracing("")
    work()
    stop_tracing()
    assert set(kept.spans) == {"GET /tickets/{number}", "job scan"}


def test_a_span_holds_numbers_and_classes_and_no_text(
    collector: tuple[Collector, str], work: Callable[[], None]
) -> None:
    kept, url = collector
    start_tracing(url)
    work()
    stop_tracing()
    assert "200" in kept.spans["GET /tickets/{number}"]["http.response.status_code"]
    assert "ValueError" in kept.spans["job scan"]["error.type"]
    assert "138" not in str(kept.spans)


def test_while_they_are_off_their_library_is_not_even_loaded() -> None:
    said = (
        "import sys\nfrom records.tracing import span, start_tracing\nstart_tracing('')\n"
        "with span('request'): pass\nprint([n for n in sys.modules if n.startswith('opentelemetry')])"
    )
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
