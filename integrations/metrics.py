"""Figures for Prometheus, on a port of their own: counts and times, never a name or a number of a person.

What runs, waits or is late is counted in the database when it is asked for, so every process tells
the same; requests are counted by route and status as they are answered.
"""

import time
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.app import App
from records.audit import AuditRow
from records.errors import ProductError
from records.file_store import FileRow
from tickets.tables import DeadlineRow, DeliveryRow, TicketRow

SECONDS = (0.01, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Kept(Collector):
    """What the database says at the moment of asking."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        """Each figure; only `up` where the database does not answer."""
        up = GaugeMetricFamily("compliance_database_up", "Whether the database answers")
        try:
            figures = list(self._figures())
        except ProductError:
            figures = []
        up.add_metric([], float(bool(figures)))
        yield up
        yield from figures

    def _figures(self) -> Iterator[Metric]:
        now = self._app.clock()
        with self._app.database.reading() as session:
            tickets = GaugeMetricFamily(
                "compliance_tickets", "Tickets by kind and state", labels=["kind", "state"]
            )
            by_state = select(TicketRow.kind, TicketRow.state, func.count()).group_by(
                TicketRow.kind, TicketRow.state
            )
            for kind, state, number in session.execute(by_state):
                tickets.add_metric([kind, state], number)
            yield tickets
            running = select(func.count()).where(DeadlineRow.satisfied_at.is_(None))
            clocks = GaugeMetricFamily(
                "compliance_clocks", "Statutory clocks not yet met", labels=["state"]
            )
            late = session.scalar(running.where(DeadlineRow.due_at <= now)) or 0
            soon = session.scalar(running.where(DeadlineRow.due_at > now)) or 0
            clocks.add_metric(["expired"], late)
            clocks.add_metric(["running"], soon)
            yield clocks
            waiting = select(func.count()).where(DeliveryRow.done_at.is_(None))
            yield GaugeMetricFamily(
                "compliance_reminders_waiting",
                "Reminders a channel has not taken yet",
                value=session.scalar(waiting) or 0,
            )
            kept = select(func.count()).where(FileRow.erased_at.is_(None))
            yield GaugeMetricFamily(
                "compliance_files_overdue",
                "Files still kept after their date",
                value=session.scalar(kept.where(FileRow.keep_until <= now)) or 0,
            )
            yield GaugeMetricFamily(
                "compliance_audit_events",
                "Events in the audit log; it never goes down",
                value=session.scalar(select(func.max(AuditRow.number))) or 0,
            )


class Metrics:
    """The figures of this process."""

    def __init__(self, app: App) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(Kept(app))
        self._answered = Counter(
            "compliance_requests", "Requests answered", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "compliance_request_seconds",
            "Time to the end of the answer",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )

    def serve(self, port: int, host: str) -> None:
        """Answer scrapes on a port of its own, which only the monitoring may reach."""
        start_http_server(port, addr=host, registry=self.registry)

    def count(self, route: str, status: int, seconds: float) -> None:
        """One answer more."""
        self._answered.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def measured(self, app: ASGIApp) -> ASGIApp:
        """The same service, each of its answers counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status = time.monotonic(), 500

            async def watched(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, watched)
            finally:
                # The route's template, never the path: a path may hold the number of a ticket.
                self.count(route_of(scope), status, time.monotonic() - began)

        return counted


def route_of(scope: Scope) -> str:
    """The template of the route that answered, never the path."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "") or "other")
