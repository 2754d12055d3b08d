"""Who gets in, by link, form or token, who does not, and when a session is over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.people.manage_people import new_token
from assistant.people.sign_in import idle_time, longest_time
from integrations.web.api import create_web
from integrations.web.pages.sign_in import inside
from integrations.web.sessions import COOKIE, Sessions
from records.people import Person
from records.sessions import SignedInBy

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


def after(app: App, passed: timedelta) -> Sessions:
    """The sessions as they stand when so much time has passed."""
    return Sessions(replace(app, clock=lambda: app.clock() + passed))


def test_a_session_ends_when_it_is_not_used_for_a_while(app: App, employee: Person) -> None:
    cookie = Sessions(app).start(employee, SignedInBy.TOKEN)
    idle = idle_time(app.settings)
    assert after(app, idle).open(cookie) is None
    held = after(app, idle - timedelta(seconds=1)).open(cookie)
    assert held is not None and held.person == employee
    # Used then, so it lasts on from there.
    assert after(app, idle + timedelta(minutes=5)).open(cookie) is not None


def test_a_session_ends_at_its_longest_however_much_it_is_used(app: App, employee: Person) -> None:
    cookie = Sessions(app).start(employee, SignedInBy.TOKEN)
    longest, used = longest_time(app.settings), timedelta(0)
    while used < longest:
        assert after(app, used).open(cookie) is not None
        used += timedelta(minutes=90)
    assert after(app, longest).open(cookie) is None


def test_a_new_token_ends_the_sessions_of_the_old_one(
    app: App, employee: Person, administrator: Person
) -> None:
    cookie = Sessions(app).start(employee, SignedInBy.TOKEN)
    by_password = Sessions(app).start(employee, SignedInBy.PASSWORD)
    new_token(app, administrator, employee.id)
    assert Sessions(app).open(cookie) is None
    assert Sessions(app).open(by_password) is not None


@pytest.mark.parametrize("forged", ["", "x", "é.é.é.é", "P-00000000.1.2.3", "W-000000000000"])
def test_a_made_up_cookie_is_nobody(app: App, employee: Person, forged: str) -> None:
    Sessions(app).start(employee, SignedInBy.TOKEN)
    assert Sessions(app).open(forged) is None


def test_signing_in_anew_ends_the_session_before_and_gives_another_cookie(
    client: TestClient, employee: Person, token_of: Callable[[Person], str]
) -> None:
    token = token_of(employee)
    client.get("/sign-in", params={"token": token})
    before = client.cookies[COOKIE]
    client.get("/sign-in", params={"token": token})
    assert client.cookies[COOKIE] != before
    client.cookies.clear()
    assert client.get("/", headers={"Cookie": f"{COOKIE}={before}"}).status_code == 303


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
    cookie = client.cookies[COOKIE]
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert client.get("/").status_code == 303
    # On the server too: the cookie somebody copied opens nothing.
    assert client.get("/", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 303


def test_over_https_the_cookie_never_travels_in_the_clear(
    app: App, employee: Person, token_of: Callable[[Person], str]
) -> None:
    client = TestClient(create_web(app), base_url="https://127.0.0.1", follow_redirects=False)
    response = client.get("/sign-in", params={"token": token_of(employee)})
    assert "Secure" in response.headers["set-cookie"]


def test_behind_a_proxy_that_speaks_https_the_cookie_is_as_safe(
    app: App, employee: Person, token_of: Callable[[Person], str]
) -> None:
    settings = app.settings.model_copy(update={"public_url": "https://compliance.example"})
    behind = create_web(replace(app, settings=settings), hosts=["compliance.example"])
    client = TestClient(behind, base_url="http://compliance.example", follow_redirects=False)
    response = client.get("/sign-in", params={"token": token_of(employee)})
    assert "Secure" in response.headers["set-cookie"]
