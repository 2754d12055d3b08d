"""The web service: every route of the console and the API in one application."""

import re
import socket
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, compile_path
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Scope

from assistant.app import App
from assistant.redaction.started_scans import Submit
from integrations.identity_provider import provider_of
from integrations.web import (
    account,
    closings,
    consult,
    destructions,
    files,
    incident_after,
    incidents,
    keeping,
    law,
    notices,
    people,
    persons,
    problems,
    questions,
    quizzes,
    registers,
    reviews,
    rules,
    scans,
    system,
    tickets,
    training,
    vault,
)
from integrations.web.bodies import RequestBody
from integrations.web.description import describe
from integrations.web.desk import API_SECURITY
from integrations.web.guards import Guards
from integrations.web.idempotency import Idempotent
from integrations.web.limits import LimitBody
from integrations.web.pages import account as account_pages
from integrations.web.pages import ask as ask_pages
from integrations.web.pages import audit as audit_pages
from integrations.web.pages import closing_clients as closing_client_pages
from integrations.web.pages import closings as closing_pages
from integrations.web.pages import destructions as destruction_pages
from integrations.web.pages import drills as drill_pages
from integrations.web.pages import grading as grading_pages
from integrations.web.pages import held_mails as held_mail_pages
from integrations.web.pages import incidents as incident_pages
from integrations.web.pages import keeping as keeping_pages
from integrations.web.pages import law as law_pages
from integrations.web.pages import notices as notice_pages
from integrations.web.pages import overview as overview_pages
from integrations.web.pages import people as people_pages
from integrations.web.pages import persons as person_pages
from integrations.web.pages import provider as provider_pages
from integrations.web.pages import quality as quality_pages
from integrations.web.pages import quizzes as quiz_pages
from integrations.web.pages import redact as redact_pages
from integrations.web.pages import registers as register_pages
from integrations.web.pages import review as review_pages
from integrations.web.pages import rules as rules_pages
from integrations.web.pages import scans as scan_pages
from integrations.web.pages import sign_in as sign_in_pages
from integrations.web.pages import tickets as ticket_pages
from integrations.web.pages import training as training_pages
from integrations.web.pages import vault as vault_pages
from integrations.web.paging import page_lists
from integrations.web.rates import Rates
from integrations.web.render import STATIC, build_pages
from integrations.web.uploads import read_upload

API = (
    *(questions, persons, files, vault, reviews, rules, scans, destructions),
    *(account, people, consult, closings),
    *(tickets, incidents, incident_after, notices, registers, keeping),
    *(law, quizzes, training, system),
)
PAGES = (
    overview_pages,
    ask_pages,
    person_pages,
    redact_pages,
    review_pages,
    rules_pages,
    vault_pages,
    scan_pages,
    destruction_pages,
    grading_pages,
    drill_pages,
    ticket_pages,
    register_pages,
    keeping_pages,
    held_mail_pages,
    incident_pages,
    notice_pages,
    closing_pages,
    closing_client_pages,
    law_pages,
    training_pages,
    quiz_pages,
    audit_pages,
    quality_pages,
    account_pages,
    people_pages,
    sign_in_pages,
    provider_pages,
)
ABOUT = (
    "提问、脱敏、事件与销毁工单、法规全文。错误按 RFC 9457 返回，中英文各一句。"
    " / Questions, redaction, incident and destruction tickets, full legal texts. "
    "Errors follow RFC 9457, one sentence in each language."
)


def create_web(
    app: App,
    *,
    slack_routes: Sequence[BaseRoute] = (),
    hosts: Iterable[str] = (),
    submit: Submit | None = None,
) -> FastAPI:
    """The service over these parts. `hosts`: further names it answers to, as behind a proxy.

    `submit` hands in background jobs.
    """
    # Swagger and ReDoc load from a CDN, so neither is served; the document itself is.
    web = FastAPI(
        title="客户信息合规助手 / Compliance assistant",
        version=_version(),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    furnish(web, app, submit)
    web.state.field_names = _field_names()
    problems.install(web)
    for module in API:
        page_lists(module.router)
        web.include_router(
            module.router,
            prefix="/api",
            dependencies=API_SECURITY,
            responses=problems.RESPONSES,
        )
    for page in PAGES:
        web.include_router(page.router)
    web.add_api_route("/livez", _alive, response_model=system.Health, tags=["system"])
    web.add_api_route("/healthz", _health, response_model=system.Health, tags=["system"])
    web.add_api_route("/readyz", _ready, response_model=system.Readiness, tags=["system"])
    web.mount("/static", StaticFiles(directory=STATIC), name="static")
    # First: Slack waits three seconds, and hundreds of routes are looked through in their order.
    web.router.routes[:0] = slack_routes
    describe(web)
    web.add_middleware(Idempotent)
    web.add_middleware(LimitBody, uploads=_upload_paths())
    web.add_middleware(Guards, hosts=_own_names(app, hosts))
    return web


async def lay_out_routes(web: ASGIApp) -> None:
    """Have the framework work out every route now: it does so at the first request, for a second."""
    path = "/livez"

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def unheard(_message: Message) -> None:
        return

    scope: Scope = {
        **{"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http"},
        **{"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": ""},
        **{"headers": [(b"host", b"localhost")], "client": None, "server": None},
    }
    await web(scope, nothing, unheard)


def furnish(web: FastAPI, app: App, submit: Submit | None = None) -> None:
    """Let the service work with these parts."""
    web.state.app = app
    web.state.submit = submit
    web.state.pages = build_pages(app)
    web.state.rates = Rates(app.settings.requests_per_minute)
    web.state.provider = provider_of(app.settings)


def _alive() -> system.Health:
    """That the process answers; a restart would not help where this does."""
    return system.Health(status="ok")


def _ready(request: Request, response: Response) -> system.Readiness:
    """Whether questions can be answered here; 503 until then."""
    found = system.readiness(request.app.state.app)
    if not (found.database and found.knowledge):
        response.status_code = 503
    return found


def _health(request: Request) -> system.Health:
    """Whether the service answers and reaches its database."""
    return system.healthy(request.app.state.app)


def _own_names(app: App, hosts: Iterable[str]) -> frozenset[str]:
    names = {"localhost", app.settings.host, socket.gethostname(), *hosts}
    return frozenset(name.lower() for name in names if name)


def _upload_paths() -> tuple[re.Pattern[str], ...]:
    """Every path whose route takes a file."""
    routes = [(prefix, one) for prefix, modules in (("/api", API), ("", PAGES))
              for module in modules for one in module.router.routes]  # fmt: skip
    return tuple(
        compile_path(prefix + one.path)[0]
        for prefix, one in routes
        if isinstance(one, APIRoute)
        and any(part.call is read_upload for part in one.dependant.dependencies)
    )


def _field_names() -> frozenset[str]:
    """Every field a request may have: only these are named in an error."""
    bodies: list[type[RequestBody]] = [RequestBody]
    for body in bodies:
        bodies += body.__subclasses__()
    return frozenset(name for body in bodies for name in body.model_fields)


def _version() -> str:
    try:
        return version("compliance-assistant")
    except PackageNotFoundError:
        # A checkout that was not installed.
        return "0"
