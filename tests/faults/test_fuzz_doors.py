"""Doors fed with damaged and invented input: bodies of the API, cookies and tokens, an identity
provider that answers anything, messages of MCP. Never an unforeseen error, never let in.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey
from mcp.server.mcpserver.exceptions import ToolError

from assistant.app import App, build
from assistant.errors import SignInRefused
from assistant.incidents.report_incident import report_incident
from integrations.identity_provider import IdentityProvider, ProviderFailed, Remembered
from integrations.mcp_server import create_server
from integrations.web.api import create_web
from records.people import Person, Role, add_person, give_token
from tests.faults.fuzzing import attempt, bytes_like, fed, shaped_like, words

ROOT = Path(__file__).parents[2]
NUMBER = "INC-2026-0001"
REASON = {"reason": "核对"}
# Each with a body it takes.
BODIES: dict[str, Any] = {
    "/api/ask": {"question": "客户解约后身份证复印件能销毁吗", "language": "zh"},
    "/api/ask/stream": {"question": "客户信息泄露了要通知谁"},
    "/api/search": {"words": "销毁", "as_of": "2026-01-02", "limit": 3},
    "/api/citations/check": {"text": "个人信息保护法第四十七条", "as_of": "2026-01-02"},
    "/api/retention": {
        "kind": "identity_copy", "holder": "company", "dates": {"relationship_ended": "2021-06-30"},
        "hold": False, "dispute": False,
    },
    "/api/redact-text": {"text": "手机13800138000", "policy": "standard"},
    "/api/incidents": {
        "description": "电脑丢失", "people": 3, "sensitive": True, "aware_at": "2026-11-20T10:00:00",
    },
    "/api/incidents/grade": {"kind": "lost_device", "people": 12, "loss_yuan": 1},
    f"/api/incidents/{NUMBER}/facts": {"people": 3, "reason": "核对"},
    f"/api/incidents/{NUMBER}/notes": {"text": "已联系"},
    f"/api/incidents/{NUMBER}/awareness": {"aware_at": "2026-11-20T10:00:00", **REASON},
    f"/api/incidents/{NUMBER}/state": {"state": "contained", **REASON},
    "/api/destructions": {"description": "解约客户复印件", "record_kind": "identity_copy"},
    "/api/closings": {"company": "清和公司", "route": "general", "entity": "company"},
    "/api/drills": {"scenario": "lost-laptop", "participants": ["@me"]},
    "/api/registers/risk": {"values": {"what": "x", "area": "access", "flaw": "yes"}},
    "/api/notices": {
        "kind": "destruction", "tongue": "zh", "given": {"reason": "公司解散"},
        "clients": [{"name": "周明轩", "mail": "z@a.example", "given": {}}],
    },
    "/api/rules": {"effect": "deny", "kind": "person_name", "text": "甲乙丙", **REASON},
    "/api/people": {"name": "林晓", "roles": ["employee"], "slack_id": "U1"},
    "/api/account/tokens": {"name": "a", "scopes": ["question:ask"], "days": 3},
    "/api/approved-answers": {
        "questions": ["客户名片能录进系统吗？"], "zh": "取得本人同意后可以录入。", "en": "c",
        "cites": [{"address": "个保法第47条", "words": ""}],
    },
}  # fmt: skip
TOOLS: dict[str, Any] = {
    "search": {"words": "销毁", "as_of": "2026-01-02", "limit": 3},
    "get_provision": {"address": "个保法第47条", "as_of": "2026-01-02"},
    "check_cited": {"text": "个人信息保护法第四十七条"},
    "retention": BODIES["/api/retention"],
    "redact": {"text": "手机13800138000", "policy": "standard"},
}
# What may come back for something that is wrong or not permitted.
REFUSALS = {400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 429, 503}


@pytest.fixture
def roomy(app: App) -> Iterator[App]:
    """The product with no limit that would hide its parsers."""
    settings = app.settings.model_copy(update={"requests_per_minute": 1_000_000})
    made = build(settings, clock=app.clock, detector=app.detector)
    yield made
    made.close()


@pytest.fixture
def officer(roomy: App) -> tuple[Person, str]:
    """Somebody who may do everything, and their token."""
    with roomy.database.transaction() as session:
        person = add_person(session, name="林晓", roles=set(Role), now=roomy.clock())
        return person, give_token(session, person.id)


@pytest.fixture
def bodies(roomy: App, officer: tuple[Person, str]) -> dict[str, Any]:
    """What each door takes, once there is an incident to speak of."""
    report_incident(roomy, officer[0], "笔记本电脑丢失")
    drill = {**BODIES["/api/drills"], "participants": [officer[0].id]}
    return {**BODIES, "/api/drills": drill}


def test_each_body_that_is_damaged_below_is_taken_as_it_is(
    bodies: dict[str, Any], roomy: App, officer: tuple[Person, str]
) -> None:
    door, headers = client(roomy), {"Authorization": f"Bearer {officer[1]}"}
    refused = {
        path: answer.text
        for path, body in bodies.items()
        if not (answer := door.post(path, json=body, headers=headers)).is_success
    }
    assert refused == {}


def client(app: App) -> TestClient:
    """Errors nobody foresaw come out as such."""
    return TestClient(create_web(app), base_url="http://localhost", follow_redirects=False)


@pytest.mark.parametrize("path", BODIES)
def test_a_body_is_taken_or_refused(
    path: str, bodies: dict[str, Any], roomy: App, officer: tuple[Person, str]
) -> None:
    door, headers = client(roomy), {"Authorization": f"Bearer {officer[1]}"}
    seed = bodies[path]

    def feed(body: bytes) -> None:
        def post(_: object) -> None:
            kind = {"Content-Type": "application/json"}
            answer = door.post(path, content=body, headers=headers | kind)
            assert answer.is_success or answer.status_code in REFUSALS, answer.status_code

        attempt(post, None, ())

    shaped = shaped_like(seed).map(lambda one: json.dumps(one).encode("utf-8", "replace"))
    fed(shaped | bytes_like(json.dumps(seed).encode()), feed, share=0.5 / len(BODIES))


def test_no_cookie_and_no_token_but_the_right_one_opens_anything(
    roomy: App, officer: tuple[Person, str]
) -> None:
    door, token = client(roomy), officer[1]
    right = f"Bearer {token}"

    def feed(case: tuple[str, str, bytes]) -> None:
        header, name, value = case
        sent = value if header == "Authorization" else name.encode() + b"=" + value

        def get(_: object) -> None:
            clean = sent.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
            answer = door.get("/api/tickets", headers=[(header.encode(), clean)])
            assert answer.status_code in {200} if clean == right.encode() else REFUSALS
            page = door.get("/tickets", headers=[(header.encode(), clean)])
            assert page.status_code in REFUSALS | {200, 302, 303}
            if clean != right.encode():
                assert answer.status_code != 200

        attempt(get, None, ())

    names = st.sampled_from(["compliance_session", "compliance_way_back", "language", "__Host-x"])
    values = bytes_like(right.encode(), b"Bearer x", b"S-12345678.abc", b"Basic YTpi")
    fed(st.tuples(st.sampled_from(["Authorization", "Cookie"]), names, values), feed, share=0.1)


KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


class Answers:
    """What the identity provider answers next, by path."""

    def __init__(self) -> None:
        self.next: dict[str, bytes] = {}
        self.url = ""


@pytest.fixture
def answers() -> Iterator[Answers]:
    """A provider on loopback that answers what it is told to."""
    made = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            data = made.next.get(self.path.rpartition("/")[2], b"{}")
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


def test_a_provider_that_answers_anything_lets_in_only_whom_it_signed_for(
    app: App, answers: Answers
) -> None:
    now = int(app.clock().timestamp())
    settings = app.settings.model_copy(
        update={
            "oidc_issuer": answers.url,
            "oidc_client_id": "us",
            "oidc_roles": {"x": Role.EMPLOYEE},
        }
    )
    metadata = {
        "issuer": answers.url,
        **{
            f"{one}": f"{answers.url}/{one}"
            for one in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        },
    }
    keys = {"keys": [KEY.as_dict(private=False)]}
    claims = {
        "iss": answers.url, "aud": "us", "sub": "u-1", "name": "林晓", "groups": ["x"],
        "iat": now, "exp": now + 300, "nonce": "n", "azp": "us",
    }  # fmt: skip

    def token(bent: Any) -> Any:
        own = bent if isinstance(bent, dict) else claims
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, own, KEY, algorithms=["RS256"])
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def feed(case: tuple[Any, Any, Any, Any]) -> None:
        parts = dict(
            zip(("openid-configuration", "jwks_uri", "token_endpoint"), case, strict=False)
        )
        answers.next = {
            name: part if isinstance(part, bytes) else json.dumps(part).encode()
            for name, part in parts.items()
        }

        def finish(_: object) -> object:
            provider = IdentityProvider(settings)
            remembered = Remembered("s", "n", "v" * 43)
            provider.begin("http://127.0.0.1/back")
            found = provider.finish(case[3], remembered, "http://127.0.0.1/back", float(now))
            assert found.subject.startswith(answers.url + "#")
            return found

        attempt(finish, None, (SignInRefused, ProviderFailed))

    whole = json.dumps(token(claims)).encode()
    fed(
        st.tuples(
            st.just(metadata) | shaped_like(metadata) | bytes_like(json.dumps(metadata).encode()),
            st.just(keys) | shaped_like(keys) | bytes_like(json.dumps(keys).encode()),
            shaped_like(claims).map(token) | bytes_like(whole) | shaped_like(token(claims)),
            st.just({"state": "s", "code": "c"})
            | st.fixed_dictionaries({"state": words("s"), "code": words("c"), "iss": words("i")}),
        ),
        feed,
        share=0.2,
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_of_mcp_is_given_is_taken_or_refused(
    tool: str, roomy: App, officer: tuple[Person, str], caplog: pytest.LogCaptureFixture
) -> None:
    server = create_server(roomy, officer[0])

    def feed(arguments: Any) -> None:
        given = arguments if isinstance(arguments, dict) else {"x": arguments}
        attempt(lambda one: asyncio.run(server.call_tool(tool, one)), given, (ToolError,))

    assert asyncio.run(server.call_tool(tool, TOOLS[tool]))
    fed(shaped_like(TOOLS[tool]), feed, share=0.1 / len(TOOLS))
    assert not [one for one in caplog.records if one.name.startswith("integrations")]


def test_after_any_message_the_mcp_server_still_answers(app: App, tmp_path: Path) -> None:
    lines: list[bytes] = []
    call = {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "search", "arguments": {"words": "销毁"}},
    }  # fmt: skip
    asked = shaped_like(call).map(lambda one: json.dumps(one).encode())
    fed(asked | bytes_like(json.dumps(call).encode()), lines.append, share=0)
    hello = {
        "jsonrpc": "2.0", "id": "hello", "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {},
                   "clientInfo": {"name": "fuzz", "version": "1"}},
    }  # fmt: skip
    sent = b"\n".join(one.replace(b"\n", b" ") for one in [*lines, json.dumps(hello).encode()])
    answered = exchange(app, tmp_path, sent + b"\n", until=b'"hello"')
    (reply,) = [one for one in answered if one.get("id") == "hello"]
    assert reply["result"]["serverInfo"]["name"] == "compliance"


def exchange(app: App, folder: Path, sent: bytes, *, until: bytes) -> list[dict[str, Any]]:
    """What `compliance mcp` answers to these lines, up to one that holds that."""
    environment = {"PATH": os.environ["PATH"], "COMPLIANCE_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "integrations.cli", "mcp"]
    found: list[dict[str, Any]] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        assert server.stdin and server.stdout
        give_up = threading.Timer(120, server.kill)
        give_up.start()
        server.stdin.write(sent)
        server.stdin.flush()
        for line in server.stdout:
            found.append(json.loads(line))
            if until in line:
                break
        give_up.cancel()
        server.kill()
    return found
