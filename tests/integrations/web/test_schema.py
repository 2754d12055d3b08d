"""The API against its own description: what schemathesis makes up is answered as documented.

Bounded: a few values for each operation, the same ones every time, against the service in process.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
import schemathesis
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import TypeAdapter
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from integrations.web.api import API
from records.people import Role

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Reads every law: minutes. It takes no input that could be wrong.
SLOW = {"/api/ingest"}
EXAMPLES = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 1}


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/api/openapi.json").content)
    return found


@pytest.mark.parametrize("mode", list(EXAMPLES))
def test_whatever_is_sent_is_answered_as_the_description_says(
    client: TestClient,
    bearer: Callable[..., dict[str, str]],
    document: dict[str, Any],
    mode: GenerationMode,
) -> None:
    headers = bearer(*Role)
    schema = schemathesis.openapi.from_dict(document)
    problems: dict[str, str] = {}
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in SLOW or (mode is GenerationMode.NEGATIVE and not takes(operation)):
            continue
        tried += 1

        @settings(
            max_examples=EXAMPLES[mode],
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
            sent = {name: value for name, value in sent.items() if name in KNOWN}
            sent["headers"] = {**dict(sent.get("headers") or {}), **headers}
            # As requests writes it: the client of the tests reads forms otherwise.
            ready = requests.Request(**sent).prepare()
            response = client.request(
                ready.method, ready.url, content=ready.body or b"", headers=dict(ready.headers)
            )
            # 503 says that a part is not set up, which is so here; 500 is never right.
            assert response.status_code != 500
            case.validate_response(response, checks=CHECKS)

        try:
            answered()
        except Exception as error:
            problems[operation.label] = str(error)[:1500]
    assert tried > 40
    assert not problems, "\n\n".join(f"{label}\n{text}" for label, text in problems.items())


KNOWN = {"method", "url", "headers", "params", "json", "data", "files", "cookies"}


def takes(operation: Any) -> bool:
    """Whether an operation takes anything that could be wrong."""
    return bool(operation.body or operation.query or operation.path_parameters)


def test_every_body_comes_with_a_whole_example_that_its_route_takes(
    document: dict[str, Any],
) -> None:
    taken = 0
    for module in API:
        for route in module.router.routes:
            if not isinstance(route, APIRoute) or route.body_field is None:
                continue
            (method,) = route.methods or ()
            operation = document["paths"][f"/api{route.path}"][method.lower()]
            example = operation["requestBody"]["content"]["application/json"]["example"]
            body = TypeAdapter(route.body_field.field_info.annotation)
            assert body.validate_json(json.dumps(example)) is not None, route.path
            taken += 1
    assert taken > 60


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation["summary"] and operation["description"], where
            good = [code for code in operation["responses"] if code.startswith("2")]
            assert good, where
            if not path.startswith("/api/"):
                continue
            for status in ("400", "401", "403", "404", "409", "413", "422", "429", "500", "503"):
                content = operation["responses"][status]["content"]
                assert set(content) == {"application/problem+json"}, where
                assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
            names = {one["name"] for one in operation.get("parameters", [])}
            assert ("Idempotency-Key" in names) is (method == "post"), where
