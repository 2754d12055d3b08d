"""What stands before every route."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.app import App
from integrations.web.api import create_web
from integrations.web.limits import BODY_BYTES, UPLOAD_BYTES
from pii.detect import Detector
from records.people import Person, Role

EVERYWHERE = ("/", "/sign-in", "/api/status", "/healthz", "/static/style.css", "/nowhere")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert ("no-store" in headers.get("cache-control", "")) != path.startswith("/static/")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("compliance.example", 200),
        ("rebinding.example", 421),
        ("localhost.evil.example", 421),
        ("localhost:80.evil.example", 421),
        ("localhost:0", 421),
        ("", 421),
        ("a b", 421),
    ],
)
def test_only_our_own_names_are_answered(app: App, host: str, status: int) -> None:
    client = TestClient(create_web(app, hosts=["compliance.example"]))
    assert client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://127.0.0.1:8000"}, True),
        ({"Origin": "http://127.0.0.1:9000"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("path", ["/ask", "/api/ask"])
def test_a_form_counts_only_if_our_own_page_sent_it(
    browser: Callable[..., TestClient], headers: dict[str, str], allowed: bool, path: str
) -> None:
    client = browser()
    for name in ("Origin", "Sec-Fetch-Site"):
        del client.headers[name]
    body = {"json": {"question": ""}} if path.startswith("/api") else {"data": {"question": ""}}
    # An empty question is refused with 400, which shows that the request came through.
    assert client.post(path, headers=headers, **body).status_code == (400 if allowed else 403)


def test_a_program_with_a_token_needs_no_origin(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    response = client.post("/api/ask", json={"question": ""}, headers=bearer())
    assert response.status_code == 400


def test_an_upload_that_says_it_is_too_large_is_refused_unread(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        read += 1
        yield b"x"

    headers = bearer() | {
        "Content-Length": str(UPLOAD_BYTES * 2),
        "Content-Type": "multipart/form-data; boundary=b",
    }
    response = client.post("/api/redact", content=body(), headers=headers)
    assert response.status_code == 413
    assert response.json()["type"] == "urn:compliance:too-large-body"
    assert "50 MB" in response.json()["detail"]


def test_an_upload_that_hides_its_size_is_refused_while_it_streams(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(UPLOAD_BYTES // BODY_BYTES + 1):
            yield b"x" * BODY_BYTES

    headers = bearer() | {"Content-Type": "multipart/form-data; boundary=b"}
    response = client.post("/api/redact", content=body(), headers=headers)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        *("/api/incidents/INC-2026-0001/evidence", "/tickets/INC-2026-0001/evidence"),
        *(
            "/api/destructions/DES-2026-0001/evidence",
            "/tickets/DES-2026-0001/destruction/evidence",
        ),
        *("/api/registers/risk/RK-2026-0001/evidence", "/closing/CLO-2026-0001/import"),
        *("/api/closings/CLO-2026-0001/clients", "/notices/N-2026-0001/table"),
    ],
)
def test_whatever_takes_a_file_takes_a_photograph(
    client: TestClient, bearer: Callable[..., dict[str, str]], path: str
) -> None:
    file = {"file": ("a.jpg", b"x" * 3 * BODY_BYTES)}
    given = {"what": "照片", "item": "section:01"}
    response = client.post(path, files=file, data=given, headers=bearer(*Role))
    # There is no such ticket, entry or project; the file was read all the same.
    assert response.status_code in {400, 404}
    assert "上限" not in response.text


def test_other_requests_are_held_to_one_megabyte(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    body = {"question": "问" * BODY_BYTES}
    assert client.post("/api/ask", json=body, headers=bearer()).status_code == 413


def test_the_log_line_has_the_route_and_never_the_query_or_the_body(
    client: TestClient, bearer: Callable[..., dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/sign-in", params={"token": "secret-token-in-link"})
        client.post("/api/ask", json={"question": "张伟的电话"}, headers=bearer())
    ours = [one for one in caplog.records if not one.name.startswith("httpx")]
    assert any("GET /sign-in 403" in one.getMessage() for one in ours)
    assert not any(
        word in one.getMessage() for one in ours for word in ("secret-token-in-link", "张伟")
    )


@pytest.mark.parametrize("path", ["/ask", "/api/ask"])
def test_what_nobody_expected_is_answered_without_its_text(
    app: App,
    employee: Person,
    token_of: Callable[[Person], str],
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    broken = replace(app, detector=_Broken())
    client = TestClient(create_web(broken), base_url="http://127.0.0.1:8000")
    body = {"json": {"question": "问"}} if path.startswith("/api") else {"data": {"question": "问"}}
    headers = {"Authorization": f"Bearer {token_of(employee)}"}
    with caplog.at_level(logging.INFO):
        response = client.post(path, headers=headers, **body)
    assert response.status_code == 500
    assert "程序内部出错" in response.text
    assert "13800138000" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_slack_comes_by_any_name_and_is_still_held_to_size(app: App) -> None:
    async def events(request: Request) -> Response:
        return Response(str(len(await request.body())))

    routes = [Route("/slack/events", events, methods=["POST"])]
    client = TestClient(create_web(app, slack_routes=routes))
    headers = {"Host": "tunnel.example"}
    assert client.post("/slack/events", content=b"abc", headers=headers).text == "3"
    large = b"x" * (BODY_BYTES + 1)
    assert client.post("/slack/events", content=large, headers=headers).status_code == 413


class _Broken(Detector):
    """Fails with a client's number in the text of the error."""

    def find(self, text: str, *, label: str | None = None) -> list[object]:
        raise RuntimeError("13800138000")

    def find_all(self, texts: object, *, labels: object = None) -> list[list[object]]:
        raise RuntimeError("13800138000")
