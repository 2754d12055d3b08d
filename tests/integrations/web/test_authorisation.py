"""Who may call which route: every route states its permission here, and is held to it.

A new route that is not in routes.yaml fails; the message says which. Each route is then sent
a well-formed request by somebody without a role, and by somebody with every role that does not
grant the permission: the refusal of that permission is on record, and nothing else is.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from assistant.app import App
from integrations.web.api import API, PAGES
from records.audit import latest_events
from records.people import Person, Role, set_roles
from records.permissions import Permission, allowed

STATED = yaml.safe_load((Path(__file__).parent / "routes.yaml").read_text(encoding="utf-8"))
NEEDS = {route: Permission(needed) for route, needed in STATED["needs"].items()}
SIGNED_IN, PUBLIC = frozenset(STATED["signed_in"]), frozenset(STATED["public"])
# What stands for a part of an address; the shape has to be right, the thing need not exist.
PARTS = {
    "ticket_id": "INC-2026-0001",
    "number": "1",
    "client": "1",
    "item": "section:01",
    "kind": "individuals",
    "name": "inventory.csv",
    "form": "json",
    "year": "2026",
    "part": "report",
}
# Where a route takes only some of them.
CHOSEN = {
    "/notices/{number}/{what}": {"what": "client"},
    "/notices/{number}/copies/{what}": {"what": "posted"},
    "/tickets/{number}/destruction/{name}": {"name": "approve"},
    "/registers/review/{year}/{form}": {"form": "pdf"},
    "/quizzes/{quiz_id}/export/{form}": {"form": "gift"},
    "/registers/{kind}": {"kind": "risk"},
}
QUERY = {"GET /notices/new": {"kind": "sharing"}}
# What the fields of a form need to hold before a verb is asked; the rest is the verb's to check.
FIELDS = {
    "/closing": {"route": "general", "entity": "company"},
    "/closing/{number}/clients": {"act": "settle"},
    "/closing/{number}/day": {"name": "cause", "day": "2026-11-01"},
    "/closing/{number}/item": {"to": "done"},
    "/kept/{subject}/extend": {"until": "2031-01-01", "reason": "xxxx"},
    "/notices/new": {"kind": "sharing", "handler": "x", "tongue": "both"},
    "/tickets/{ticket_id}/awareness": {"aware_at": "2026-11-23T09:00", "reason": "x"},
    "/tickets/{ticket_id}/state": {"state": "contained"},
}
JSON = {
    "/api/kept/{subject}/extension": {"until": "2031-01-01", "reason": "xxxx"},
    "/api/closings/{number}/days": {"name": "cause", "day": "2026-11-01"},
    "/api/incidents/{ticket_id}/awareness": {
        "aware_at": "2026-11-23T09:00:00+08:00",
        "reason": "x",
    },
}
UPLOADS = (
    "/evidence",
    "/import",
    "/table",
    "/bounce",
    "/postings",
    "/backup",
    "/redact",
    "/reviews",
    "/restore",
)


def routes() -> Iterator[tuple[str, APIRoute]]:
    """Every route of the API and of the pages, as `METHOD /path`."""
    for prefix, modules in (("/api", API), ("", PAGES)):
        for module in modules:
            for route in module.router.routes:
                assert isinstance(route, APIRoute)
                for method in sorted(route.methods - {"HEAD"}):
                    yield f"{method} {prefix}{route.path}", route


EVERY = dict(routes())


def example(schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """The smallest value a schema takes, by the examples it gives."""
    if "$ref" in schema:
        return example(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], whole)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], whole)
    if schema.get("type") == "object":
        needed = schema.get("required", [])
        return {name: example(schema["properties"][name], whole) for name in needed}
    if schema.get("type") == "array":
        return [example(schema["items"], whole)] * schema.get("minItems", 0)
    plain = {"boolean": True, "integer": 1, "number": 1}
    return plain.get(schema.get("type", ""), schema.get("const", "x" * schema.get("minLength", 1)))


def send(client: TestClient, route: str, document: dict[str, Any], headers: dict[str, str]) -> Any:
    """A well-formed request to a route."""
    method, path = route.split(" ")
    operation = document["paths"].get(path, {}).get(method.lower(), {})
    chosen = {k: v for part, names in CHOSEN.items() if part in path for k, v in names.items()}
    address = path
    for part in [one.strip("{}") for one in path.split("/") if one.startswith("{")]:
        name = part.removesuffix(":path")
        value = chosen.get(name) or PARTS.get(name, f"X-{name}")
        address = address.replace(f"{{{part}}}", value)
    content = operation.get("requestBody", {}).get("content", {})
    more: dict[str, Any] = {}
    if "application/json" in content:
        plain = example(content["application/json"]["schema"], document)
        more["json"] = JSON.get(path, plain)
    elif method == "POST" and ("multipart/form-data" in content or path.endswith(UPLOADS)):
        more["files"] = {"file": ("a.txt", b"x")}
        more["data"] = {"what": "x", "field": "proof", "sha256": "0" * 64}
    elif method == "POST":
        more["data"] = {"question": "x", "name": "x", "role": "employee"} | FIELDS.get(path, {})
    needed = [one for one in operation.get("parameters", []) if one.get("required")]
    more["params"] = QUERY.get(route, {}) | {
        one["name"]: example(one["schema"], document) for one in needed if one["in"] == "query"
    }
    return client.request(method, address, headers=headers, **more)


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/api/openapi.json").content)
    return found


@pytest.fixture
def with_roles(
    app: App, person_with: Callable[..., Person], token_of: Callable[[Person], str]
) -> Callable[[frozenset[Role]], dict[str, str]]:
    """A function that gives one person other roles, and the headers of their program."""
    person = person_with()
    headers = {"Authorization": f"Bearer {token_of(person)}"}

    def give(roles: frozenset[Role]) -> dict[str, str]:
        with app.database.transaction() as session:
            set_roles(session, person.id, roles)
        return headers

    return give


def only_refused(app: App, after: int, needed: Permission) -> list[tuple[str, str]]:
    """What went on record besides that this permission was refused; all of it if that is missing."""
    with app.database.reading() as session:
        events = [one for one in latest_events(session, 9) if one.number > after]
    found = [(one.action, one.subject) for one in events]
    if ("permission:refused", needed.value) not in found:
        return [*found, ("not refused", needed.value)]
    # The page shown with the refusal may list what the person may read.
    return [one for one in found if not one[0].endswith((":refused", ":listed", ":kinds"))]


def number_of_events(app: App) -> int:
    with app.database.reading() as session:
        return max((one.number for one in latest_events(session, 1)), default=0)


def test_every_route_states_its_permission_or_that_it_is_public() -> None:
    unknown = sorted(set(EVERY) - set(NEEDS) - SIGNED_IN - PUBLIC)
    assert not unknown, "state in tests/integrations/web/routes.yaml: " + ", ".join(unknown)
    assert not (set(NEEDS) | SIGNED_IN | PUBLIC) - set(EVERY), "no longer there"
    assert not set(NEEDS) & PUBLIC


def test_nothing_is_served_besides_these_routes(web: FastAPI) -> None:
    plain = {getattr(one, "path", "") for one in web.routes} - {""}
    known = {route.split(" ")[1] for route in EVERY}
    assert plain - known <= {"/api/openapi.json", "/healthz", "/livez", "/readyz", "/static"}


def test_somebody_without_a_role_is_refused_by_the_permission_stated(
    app: App,
    client: TestClient,
    document: dict[str, Any],
    with_roles: Callable[[frozenset[Role]], dict[str, str]],
) -> None:
    headers, wrong = with_roles(frozenset()), {}
    for route, needed in NEEDS.items():
        before = number_of_events(app)
        response = send(client, route, document, headers)
        if more := only_refused(app, before, needed):
            wrong[route] = (response.status_code, more)
    assert wrong == {}


def test_every_role_that_does_not_grant_it_is_refused_even_all_together(
    app: App,
    client: TestClient,
    document: dict[str, Any],
    with_roles: Callable[[frozenset[Role]], dict[str, str]],
) -> None:
    wrong = {}
    for route, needed in NEEDS.items():
        others = frozenset(
            role for role in Role if not allowed(Person("P", "x", frozenset({role})), needed)
        )
        if others:
            before = number_of_events(app)
            response = send(client, route, document, with_roles(others))
            if more := only_refused(app, before, needed):
                wrong[route] = (response.status_code, more)
    assert wrong == {}


def test_a_stranger_is_sent_to_sign_in_or_told_so(
    client: TestClient, document: dict[str, Any]
) -> None:
    for route in [*NEEDS, *SIGNED_IN]:
        response = send(client, route, document, {})
        if route.split(" ")[1].startswith("/api/"):
            assert response.status_code == 401, route
        else:
            assert response.status_code == 303, route
            assert response.headers["location"].startswith("/sign-in"), route


def test_a_form_from_another_site_is_refused_by_every_route_that_changes_something(
    app: App, browser: Callable[..., TestClient], document: dict[str, Any]
) -> None:
    client = browser(*Role)
    del client.headers["Origin"], client.headers["Sec-Fetch-Site"]
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    with app.database.reading() as session:
        before = latest_events(session, 1)[0].number
    for route in [*NEEDS, *PUBLIC]:
        if not route.startswith(("GET ", "HEAD ")):
            response = send(client, route, document, foreign)
            assert response.status_code == 403, route
            assert "不是从本系统页面发出" in response.text, route
    with app.database.reading() as session:
        assert latest_events(session, 1)[0].number == before
