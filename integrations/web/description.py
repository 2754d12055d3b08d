"""What the OpenAPI document says beyond what each route says for itself."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from integrations.web.examples import example_of
from integrations.web.idempotency import DOCUMENTED

LINK = {
    "description": 'The next page, if there is one: <…>; rel="next"',
    "schema": {"type": "string"},
}
RETRY = {"description": "Seconds to wait", "schema": {"type": "string"}}


def describe(web: FastAPI) -> None:
    """Let the document tell of keys against repeats, pages, waiting and examples, for every route."""

    def document() -> dict[str, Any]:
        if web.openapi_schema is None:
            made = get_openapi(
                title=web.title,
                version=web.version,
                description=web.description,
                routes=web.routes,
            )
            for path, method, operation in _operations(made):
                if path.startswith("/api/"):
                    _complete(operation, method)
                    _exemplify(operation, made["components"]["schemas"])
            web.openapi_schema = made
        return web.openapi_schema

    web.openapi = document  # type: ignore[method-assign]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _exemplify(operation: dict[str, Any], parts: dict[str, Any]) -> None:
    """A whole body of each kind the operation takes, where it is JSON."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        content["example"] = example_of(content["schema"], parts)


def _complete(operation: dict[str, Any], method: str) -> None:
    parameters = operation.setdefault("parameters", [])
    responses = operation["responses"]
    if method == "post":
        parameters.append(DOCUMENTED)
    if any(one["name"] == "cursor" for one in parameters):
        responses["200"]["headers"] = {"Link": LINK}
    for status, response in responses.items():
        if int(status) >= 400:
            content = response["content"]
            problem = content.pop("application/json", None)
            if problem:
                content["application/problem+json"] = problem
    responses["429"]["headers"] = {"Retry-After": RETRY}
