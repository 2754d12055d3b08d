"""What watches the service learns how it is, and nothing of anybody."""

import json
import logging
import re
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from dbos._logger import init_logger
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from integrations.logs import Discreet, set_up_logs
from integrations.metrics import Metrics
from integrations.service import _announce
from integrations.web.api import create_web
from records.database import Database
from records.people import Person


def test_the_three_paths_tell_alive_healthy_and_ready_apart(app: App) -> None:
    web = TestClient(create_web(app), base_url="http://localhost")
    assert [web.get(path).status_code for path in ("/livez", "/healthz", "/readyz")] == [200] * 3
    lost = replace(app, database=Database("sqlite:////nowhere/at/all.db"))
    web = TestClient(create_web(lost), base_url="http://localhost")
    assert [web.get(path).status_code for path in ("/livez", "/healthz", "/readyz")] == [
        *(200, 503, 503)
    ]


def test_figures_count_clocks_and_requests_by_the_template_of_their_route(
    app: App, employee: Person
) -> None:
    report_incident(app, employee, "笔记本电脑丢失，涉及200万名客户")
    later = replace(app, clock=lambda: app.clock() + timedelta(days=30))
    metrics = Metrics(later)
    web = TestClient(metrics.measured(create_web(app)), base_url="http://localhost")
    web.get("/healthz")
    web.get("/tickets/INC-2026-0001")
    web.get("/no-such-page-13800138000")
    said = generate_latest(metrics.registry).decode()
    assert 'compliance_requests_total{route="/healthz",status="200"} 1.0' in said
    assert 'compliance_clocks{state="expired"}' in said
    assert 'compliance_clocks{state="expired"} 0.0' not in said
    assert "compliance_database_up 1.0" in said
    assert "INC-2026-0001" not in said
    assert "13800138000" not in said


def test_while_the_database_is_gone_the_figures_say_that_alone(app: App) -> None:
    lost = replace(app, database=Database("sqlite:////nowhere/at/all.db"))
    said = generate_latest(Metrics(lost).registry).decode()
    assert "compliance_database_up 0.0" in said
    assert "compliance_tickets" not in said


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_line_names_the_error_and_its_place_and_never_its_text(form: str) -> None:
    try:
        try:
            raise ValueError("13800138000")
        except ValueError as error:
            raise KeyError("周明轩") from error
    except KeyError:
        caught = sys.exc_info()
    record = logging.LogRecord("a.b", logging.ERROR, "f", 1, "%s failed", ("it",), caught)
    record.exc_text = "Traceback: 13800138000"
    line = Discreet(form).format(record)  # type: ignore[arg-type]
    assert "it failed" in line
    assert "KeyError at test_a_log_line" in line
    assert "13800138000" not in line
    assert "周明轩" not in line
    if form == "json":
        assert json.loads(line)["level"] == "error"


def test_what_the_library_of_jobs_says_of_an_error_is_ours_to_write(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, jobs = logging.getLogger(), logging.getLogger("dbos")
    monkeypatch.setattr(root, "handlers", [])
    for name in ("handlers", "filters"):
        monkeypatch.setattr(jobs, name, [])
    monkeypatch.setattr(jobs, "propagate", True)
    set_up_logs("json")
    init_logger()
    error = RuntimeError("no room for 13800138000")
    jobs.warning(f"Exception encountered in queue thread: (psycopg.OperationalError) {error}")
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told["logger"] == "dbos"
    assert "psycopg.OperationalError" in told["message"]
    assert "13800138000" not in line


def test_no_way_in_is_written_where_it_stays(
    app: App, administrator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    _announce(app, administrator, "0.0.0.0", 8000, with_slack=False)
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8000" in said
    assert "token" not in said
    assert f"compliance people link {administrator.id}" in said


def test_every_alert_the_page_offers_asks_for_a_figure_that_there_is(app: App) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    (rules,) = (one for one in re.findall(r"(?s)```yaml\n(.*?)```", page) if "alert:" in one)
    alerts = [rule for group in yaml.safe_load(rules)["groups"] for rule in group["rules"]]
    told = generate_latest(Metrics(app).registry).decode()
    figures = set(re.findall(r"(?m)^# TYPE (\w+)", told))
    asked = {name for one in alerts for name in re.findall(r"compliance_\w+", one["expr"])}
    assert len(alerts) > 3
    assert asked <= figures
