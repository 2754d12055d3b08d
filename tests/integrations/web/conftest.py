"""A client of the whole service over real parts, signed in or not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.app import App
from integrations.web.api import create_web, furnish
from records.people import Person, Role, give_token
from tests.integrations.web.browsers import served, started

HERE = "http://127.0.0.1:8000"
SAME_ORIGIN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}


_BUILT: list[FastAPI] = []


@pytest.fixture
def web(app: App) -> FastAPI:
    """The service over these parts. Its hundreds of routes, a second's work, are built once a run."""
    if not _BUILT:
        _BUILT.append(create_web(app))
    furnish(_BUILT[0], app)
    return _BUILT[0]


@pytest.fixture
def client(web: FastAPI) -> TestClient:
    """Somebody who is not signed in. Errors come as the service answers them."""
    return TestClient(web, base_url=HERE, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def token_of(app: App) -> Callable[[Person], str]:
    """A function that gives a person a fresh token."""

    def give(person: Person) -> str:
        with app.database.transaction() as session:
            return give_token(session, person.id)

    return give


@pytest.fixture
def bearer(
    token_of: Callable[[Person], str], person_with: Callable[..., Person]
) -> Callable[..., dict[str, str]]:
    """A function that gives the headers of a program acting for somebody with these roles."""

    def headers(*roles: Role) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_of(person_with(*roles))}"}

    return headers


@pytest.fixture
def browser(
    web: FastAPI, token_of: Callable[[Person], str], person_with: Callable[..., Person]
) -> Callable[..., TestClient]:
    """A function that gives a browser signed in as somebody with these roles."""

    def signed_in(*roles: Role) -> TestClient:
        client = TestClient(
            web,
            base_url=HERE,
            follow_redirects=False,
            raise_server_exceptions=False,
            headers=SAME_ORIGIN,
        )
        response = client.post("/sign-in", data={"token": token_of(person_with(*roles))})
        assert response.status_code == 303
        return client

    return signed_in


@pytest.fixture
def address(app: App) -> Iterator[str]:
    """Where the service answers a real browser while the test runs."""
    with served(app) as address:
        yield address


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Any]:
    """A real browser, headless."""
    with started(tmp_path / "profile") as driver:
        yield driver
