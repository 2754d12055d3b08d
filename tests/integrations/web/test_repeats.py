"""Requests sent twice, lists in pages, too many requests, doors closed to no page."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from integrations.web.api import API, furnish
from integrations.web.paging import is_list
from integrations.web.rates import Rates
from records.kept_replies import KeptReplies, KeptReplyRow, Standing
from records.people import Person, Role

Headers = Callable[..., dict[str, str]]
BODY = {"description": "笔记本丢失，内有客户林晓的护照号"}


def test_a_request_sent_twice_opens_one_ticket_and_gets_one_answer(
    client: TestClient, bearer: Headers
) -> None:
    headers = bearer() | {"Idempotency-Key": "k-1"}
    first = client.post("/api/incidents", json=BODY, headers=headers)
    again = client.post("/api/incidents", json=BODY, headers=headers)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(client.get("/api/tickets", headers=headers).json()) == 1


def test_the_same_key_with_another_body_is_refused(client: TestClient, bearer: Headers) -> None:
    headers = bearer() | {"Idempotency-Key": "k-1"}
    client.post("/api/incidents", json=BODY, headers=headers)
    other = client.post("/api/incidents", json={"description": "另一台"}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (
        422,
        "urn:compliance:idempotency-key-reused",
    )
    elsewhere = client.post("/api/destructions", json=BODY, headers=headers)
    assert elsewhere.status_code == 422


def test_a_key_is_its_persons_own(client: TestClient, bearer: Headers) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = client.post("/api/incidents", json=BODY, headers=bearer() | key)
    second = client.post("/api/incidents", json=BODY, headers=bearer() | key)
    assert first.json()["ticket"]["id"] != second.json()["ticket"]["id"]


def test_a_refused_request_is_refused_again_and_one_that_failed_is_tried_again(
    app: App, web: FastAPI, client: TestClient, bearer: Headers
) -> None:
    headers = bearer() | {"Idempotency-Key": "k-1"}
    assert client.post("/api/incidents", json={}, headers=headers).status_code == 400
    again = client.post("/api/incidents", json={}, headers=headers)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (400, "true")
    headers["Idempotency-Key"] = "k-2"
    furnish(web, replace(app, detector=None))  # type: ignore[arg-type]
    assert client.post("/api/incidents", json=BODY, headers=headers).status_code == 500
    furnish(web, app)
    assert client.post("/api/incidents", json=BODY, headers=headers).status_code == 201


def test_a_repeat_while_the_first_still_runs_is_told_to_wait(
    app: App, client: TestClient, person_with: Callable[..., Person], token_of: Callable[..., str]
) -> None:
    person = person_with()
    headers = {"Authorization": f"Bearer {token_of(person)}", "Idempotency-Key": "k-1"}
    client.post("/api/incidents", json=BODY, headers=headers)
    with app.database.transaction() as session:
        session.query(KeptReplyRow).one().sealed = None
    response = client.post("/api/incidents", json=BODY, headers=headers)
    assert (response.status_code, response.headers["retry-after"]) == (409, "1")


def test_of_many_at_once_one_is_new(app: App) -> None:
    kept = KeptReplies(app.database, app.keys.derive("kept-replies"))
    found: list[Standing] = []
    barrier = threading.Barrier(8)

    def begin() -> None:
        barrier.wait()
        found.append(kept.begin("P-1", "k", b"body", app.clock()).standing)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == [Standing.NEW, *[Standing.RUNNING] * 7]


def test_a_key_is_forgotten_after_a_day_and_its_reply_was_never_in_clear(
    app: App, client: TestClient, bearer: Headers
) -> None:
    headers = bearer() | {"Idempotency-Key": "k-1"}
    client.post("/api/incidents", json=BODY, headers=headers)
    with app.database.reading() as session:
        row = session.query(KeptReplyRow).one()
    assert row.sealed is not None and b"INC-" not in row.sealed
    kept = KeptReplies(app.database, app.keys.derive("kept-replies"))
    tomorrow = app.clock() + timedelta(days=1)
    assert kept.begin("P-2", "k", b"x", tomorrow).standing is Standing.NEW


@pytest.mark.parametrize("key", ["", "k" * 201, "tab\tkey", "a b\x7f"])
def test_a_key_that_is_none_is_refused(client: TestClient, bearer: Headers, key: str) -> None:
    headers = bearer() | {"Idempotency-Key": key}
    response = client.post("/api/incidents", json=BODY, headers=headers)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


def test_a_stranger_with_a_key_is_a_stranger(client: TestClient) -> None:
    response = client.post("/api/incidents", json=BODY, headers={"Idempotency-Key": "k"})
    assert response.status_code == 401


def follow(client: TestClient, address: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    found = []
    while address:
        response = client.get(address, headers=headers)
        assert response.status_code == 200
        found += response.json()
        link = response.headers.get("link", "")
        address = link[1 : link.index(">")] if link else ""
    return found


def test_a_list_comes_in_pages_that_leave_nothing_out_and_repeat_nothing(
    app: App, client: TestClient, person_with: Callable[..., Person], token_of: Callable[..., str]
) -> None:
    person = person_with()
    headers = {"Authorization": f"Bearer {token_of(person)}"}
    for number in range(5):
        report_incident(app, person, f"第 {number} 台笔记本丢了")
    whole = [one["id"] for one in client.get("/api/tickets", headers=headers).json()]
    for limit in (1, 2, 4, 5, 6):
        paged = follow(client, f"/api/tickets?kind=incident&limit={limit}", headers)
        assert [one["id"] for one in paged] == whole


def test_what_is_added_meanwhile_moves_no_page(
    app: App, client: TestClient, person_with: Callable[..., Person], token_of: Callable[..., str]
) -> None:
    person = person_with()
    headers = {"Authorization": f"Bearer {token_of(person)}"}
    for number in range(4):
        report_incident(app, person, f"第 {number} 台笔记本丢了")
    whole = [one["id"] for one in client.get("/api/tickets", headers=headers).json()]
    first = client.get("/api/tickets?limit=2", headers=headers)
    report_incident(app, person, "又一台笔记本丢了")
    link = first.headers["link"]
    rest = follow(client, link[1 : link.index(">")], headers)
    assert [one["id"] for one in [*first.json(), *rest]] == whole


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "cursor=x", "cursor=W10", "cursor=%00", "cursor=WzEsMl0"],
)
def test_a_wrong_limit_or_cursor_is_named(client: TestClient, bearer: Headers, query: str) -> None:
    response = client.get(f"/api/tickets?{query}", headers=bearer())
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


def test_every_list_of_the_api_is_paged(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    lists = [
        route
        for module in API
        for route in module.router.routes
        if is_list(route) and "GET" in route.methods
    ]
    assert len(lists) > 5
    for route in lists:
        names = {one["name"] for one in paths[f"/api{route.path}"]["get"]["parameters"]}
        assert {"limit", "cursor"} <= names, route.path


def test_too_many_requests_are_told_when_to_come_again(
    app: App, web: FastAPI, client: TestClient, bearer: Headers
) -> None:
    web.state.rates = Rates(2)
    headers = bearer(Role.AUDITOR)
    statuses = [client.get("/api/tickets", headers=headers).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.get("/api/tickets", headers=headers)
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.json()["type"] == "urn:compliance:too-many-requests"
    # Another person is not held up by it.
    assert client.get("/api/tickets", headers=bearer()).status_code == 200


def test_room_for_requests_comes_back_with_time() -> None:
    now = [0.0]
    rates = Rates(60, lambda: now[0])
    for _ in range(60):
        rates.count("P-1")
    with pytest.raises(Exception, match="太频繁"):
        rates.count("P-1")
    now[0] = 1.0
    rates.count("P-1")
