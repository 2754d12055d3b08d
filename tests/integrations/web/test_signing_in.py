"""Who gets in, by link, form or token, and who does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from integrations.web.api import create_web
from integrations.web.pages.sign_in import inside
from integrations.web.sessions import COOKIE, LIFETIME, Sessions
from records.people import Person

PAGES = ("/", "/ask", "/redact", "/tickets", "/law", "/audit", "/incidents/new")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_sends_a_stranger_to_the_sign_in_page_and_remembers_the_way(
    client: TestClient, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 303
    assert response.headers["location"] == f"/sign-in?to={path}"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "x"}])
def test_the_api_answers_a_stranger_with_401_and_how_to_come_in(
    client: TestClient, headers: dict[str, str]
) -> None:
    response = client.get("/api/status", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"


def test_the_printed_link_signs_in_and_leaves_no_token_in_the_address(
    client: TestClient, employee: Person, token_of: Callable[[Person], str]
) -> None:
    response = client.get("/sign-in", params={"token": token_of(employee)})
    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert client.get("/").status_code == 200


def test_a_sign_in_link_on_another_site_does_not_sign_anybody_in(
    client: TestClient, employee: Person, token_of: Callable[[Person], str]
) -> None:
    response = client.get(
        "/sign-in",
        params={"token": token_of(employee)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert COOKIE not in client.cookies


def test_a_wrong_token_shows_the_form_again_without_the_token(client: TestClient) -> None:
    response = client.get("/sign-in", params={"token": "wrong-token-value"})
    assert response.status_code == 403
    assert "访问令牌无效" in response.text
    assert "wrong-token-value" not in response.text


def test_a_session_ends_after_twelve_hours(
    app: App, employee: Person, token_of: Callable[[Person], str]
) -> None:
    token_of(employee)
    cookie = Sessions(app).seal(employee)
    for passed, expected in ((LIFETIME - timedelta(seconds=1), employee), (LIFETIME, None)):
        later = replace(app, clock=lambda passed=passed: app.clock() + passed)
        assert Sessions(later).open(cookie) == expected


def test_a_new_token_ends_the_sessions_of_the_old_one(
    app: App, employee: Person, token_of: Callable[[Person], str]
) -> None:
    token_of(employee)
    cookie = Sessions(app).seal(employee)
    assert Sessions(app).open(cookie) == employee
    token_of(employee)
    assert Sessions(app).open(cookie) is None


def test_a_changed_cookie_is_nobody(app: App, employee: Person) -> None:
    cookie = Sessions(app).seal(employee)
    person, ends_at, fingerprint, seal = cookie.split(".")
    later = str(int(ends_at) + 60)
    for forged in (
        f"{person}.{later}.{fingerprint}.{seal}",
        f"P-00000000.{ends_at}.{fingerprint}.{seal}",
        f"{person}.{ends_at}.{fingerprint}.",
        "",
        "x",
        "é.é.é.é",
    ):
        assert Sessions(app).open(forged) is None


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("/ask", "/ask"),
        ("/law/x?at=1", "/law/x?at=1"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
        ("/\t/elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(to: str, expected: str) -> None:
    assert inside(to) == expected


def test_signing_out_forgets_the_session(browser: Callable[..., TestClient]) -> None:
    client = browser()
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert client.get("/").status_code == 303


def test_over_https_the_cookie_never_travels_in_the_clear(
    app: App, employee: Person, token_of: Callable[[Person], str]
) -> None:
    client = TestClient(create_web(app), base_url="https://127.0.0.1", follow_redirects=False)
    response = client.get("/sign-in", params={"token": token_of(employee)})
    assert "Secure" in response.headers["set-cookie"]
