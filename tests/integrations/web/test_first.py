"""What is posted to Slack's routes passes no layer of the pages, and is held to the same."""

import logging

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from integrations.web.first import first
from integrations.web.guards import HEADERS


async def said(request: Request) -> Response:
    return PlainTextResponse(await request.body())


async def broken(request: Request) -> Response:
    raise RuntimeError("13800138000")


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"page {scope['method']} {scope['path']}")(scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/slack/events", said, methods=["POST"]),
        Route("/slack/broken", broken, methods=["POST"]),
        Route("/slack/oauth", said, methods=["GET"]),
    ]
    return TestClient(first(pages, routes), base_url="http://tunnel.example")


def test_a_post_is_answered_at_once_with_the_headers_of_every_answer(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.post("/slack/events?token=x", content=b"abc")
    assert answer.text == "abc"
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert answer.headers["cache-control"] == "no-store"
    lines = [one.getMessage() for one in caplog.records if one.name == "integrations.web.access"]
    assert len(lines) == 1 and lines[0].startswith("POST /slack/events 200 ")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/slack/events"), ("GET", "/slack/oauth"), ("POST", "/ask"), ("POST", "/slack/event")],
)
def test_all_else_goes_to_the_pages(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).text == f"page {method} {path}"


def test_what_nobody_foresaw_quotes_nothing(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/slack/broken")
    assert (answer.status_code, answer.text) == (500, "")
    assert "RuntimeError" in caplog.text and "13800138000" not in caplog.text
