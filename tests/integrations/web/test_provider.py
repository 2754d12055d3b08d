"""Signing in at an identity provider: an imitation on this machine, with tokens it signed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey

from assistant.app import App
from assistant.people.manage_people import change_roles, let_go
from integrations.identity_provider import provider_of
from integrations.web.api import furnish
from integrations.web.sessions import COOKIE
from records.errors import BadInput
from records.people import Person, Role, all_people, set_mail
from tests.integrations.web.provider import CLIENT, KEY, Provider, provider_at

HERE = "http://127.0.0.1:8000"
OTHER = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


@pytest.fixture
def provider(app: App) -> Iterator[Provider]:
    """The imitation, listening on loopback."""
    with provider_at("127.0.0.1", app.clock().timestamp()) as imitation:
        yield imitation


@pytest.fixture
def visitor(app: App, web: FastAPI, provider: Provider) -> Callable[[], TestClient]:
    """A function that gives a browser of a company with that provider."""
    settings = app.settings.model_copy(
        update={
            "oidc_issuer": provider.url,
            "oidc_client_id": CLIENT,
            "oidc_roles": {"legal": Role.OFFICER, "everybody": Role.EMPLOYEE},
        }
    )
    furnish(web, replace(app, settings=settings))
    return lambda: TestClient(
        web, base_url=HERE, follow_redirects=False, raise_server_exceptions=False
    )


Visitor = Callable[[], TestClient]


def out(client: TestClient, provider: Provider, to: str = "/") -> str:
    """The state of a sign-in begun at our page."""
    address = client.get("/sign-in/provider", params={"to": to}).headers["location"]
    assert address.startswith(f"{provider.url}/authorize?")
    provider.asked = parse_qs(urlsplit(address).query)
    return provider.asked["state"][0]


def back(client: TestClient, state: str, **more: str):
    query = {"state": state, "code": "good-code"} | more
    return client.get("/sign-in/provider/back", params=query)


def people(app: App) -> list[Person]:
    with app.database.reading() as session:
        return all_people(session)


def test_a_newcomer_comes_in_with_the_roles_of_the_claims(
    app: App, visitor: Visitor, provider: Provider
) -> None:
    client = visitor()
    state = out(client, provider, to="/ask")
    assert provider.asked["code_challenge_method"] == ["S256"]
    assert provider.asked["redirect_uri"] == [f"{HERE}/sign-in/provider/back"]
    assert provider.asked["scope"] == ["openid profile"]
    response = back(client, state)
    assert response.status_code == 200
    # A redirect here would leave the strict cookie behind; the page goes on by itself.
    assert 'content="0;url=/ask"' in response.text
    assert client.get("/ask").status_code == 200
    (person,) = people(app)
    assert (person.name, person.roles) == ("林晓", {Role.OFFICER, Role.EMPLOYEE})


def test_the_same_person_is_known_again_with_the_roles_of_today(
    app: App, visitor: Visitor, provider: Provider
) -> None:
    first = visitor()
    back(first, out(first, provider))
    provider.claims = {"groups": ["everybody"], "name": "另一个名字"}
    second = visitor()
    back(second, out(second, provider))
    (person,) = people(app)
    assert person.roles == {Role.EMPLOYEE}


def test_who_left_does_not_come_back_as_a_newcomer_until_given_a_role_again(
    app: App, administrator: Person, visitor: Visitor, provider: Provider
) -> None:
    client = visitor()
    back(client, out(client, provider))
    (person,) = (one for one in people(app) if one.id != administrator.id)
    let_go(app, administrator, person.id)
    assert client.get("/ask").status_code == 303
    again = visitor()
    assert back(again, out(again, provider)).status_code == 403
    assert COOKIE not in again.cookies
    assert {one.id: one.roles for one in people(app)}[person.id] == set()
    assert len(people(app)) == 2
    change_roles(app, administrator, person.id, [Role.EMPLOYEE])
    assert back(again, out(again, provider)).status_code == 200


@pytest.mark.parametrize("verified", [True, False, None])
def test_nobody_is_taken_for_another_by_a_mail_address(
    app: App, administrator: Person, visitor: Visitor, provider: Provider, verified: bool | None
) -> None:
    with app.database.transaction() as session:
        set_mail(session, administrator.id, "boss@qinghe.example")
    provider.claims = {"email": "boss@qinghe.example", "email_verified": verified}
    provider.claims |= {"preferred_username": administrator.name, "name": administrator.name}
    client = visitor()
    assert back(client, out(client, provider)).status_code == 200
    (newcomer,) = (one for one in people(app) if one.id != administrator.id)
    assert newcomer.roles == {Role.OFFICER, Role.EMPLOYEE}
    assert client.get("/people").status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"exp": 1},
        {"exp": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"groups": ["strangers"]},
        {"groups": None},
        {"groups": {"legal": True}},
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    app: App, visitor: Visitor, provider: Provider, claims: dict[str, Any]
) -> None:
    client = visitor()
    state = out(client, provider)
    provider.claims = claims
    assert back(client, state).status_code == 403
    assert COOKIE not in client.cookies
    assert people(app) == []


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (OTHER, {"alg": "RS256", "kid": "k1"}),
        (KEY, {"alg": "RS256", "kid": "unknown"}),
        (OctKey.import_key("x" * 32), {"alg": "HS256", "kid": "k1"}),
        (OctKey.import_key("x" * 32), {"alg": "none"}),
    ],
)
def test_a_token_signed_otherwise_lets_nobody_in(
    visitor: Visitor, provider: Provider, key: Any, header: dict[str, str]
) -> None:
    client = visitor()
    state = out(client, provider)
    provider.key, provider.header = key, header
    assert back(client, state).status_code == 403


@pytest.mark.parametrize(
    "answer",
    [
        {"state": "forged"},
        {"code": "stolen-code"},
        {"code": ""},
        {"error": "access_denied"},
        {"iss": "https://elsewhere.example"},
    ],
)
def test_an_answer_that_is_not_to_our_question_lets_nobody_in(
    visitor: Visitor, provider: Provider, answer: dict[str, str]
) -> None:
    client = visitor()
    state = out(client, provider)
    assert back(client, **({"state": state} | answer)).status_code == 403


def test_an_answer_counts_only_in_the_browser_that_asked_and_only_once(
    visitor: Visitor, provider: Provider
) -> None:
    client = visitor()
    state = out(client, provider)
    assert back(visitor(), state).status_code == 403
    assert back(client, state).status_code == 200
    assert back(client, state).status_code == 403


@pytest.mark.parametrize("bent", [{"status": 500}, {"issuer_in_metadata": "https://other.example"}])
def test_a_provider_that_fails_or_is_another_says_so_and_leaves_the_form(
    visitor: Visitor, provider: Provider, bent: dict[str, Any]
) -> None:
    for name, value in bent.items():
        setattr(provider, name, value)
    response = visitor().get("/sign-in/provider")
    assert response.status_code == 503
    assert 'action="/sign-in"' in response.text


def test_without_a_provider_there_is_no_such_way(client: TestClient) -> None:
    assert client.get("/sign-in/provider").status_code == 404
    assert "/sign-in/provider" not in client.get("/sign-in").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "http://provider.example", "oidc_client_id": CLIENT},
        {"oidc_issuer": "provider", "oidc_client_id": CLIENT},
        {"oidc_issuer": "https://provider.example"},
    ],
)
def test_settings_that_cannot_be_right_stop_the_start(app: App, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        provider_of(app.settings.model_copy(update=wrong))
