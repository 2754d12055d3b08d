"""What an attacker sends: another's things, scripts in names and texts, paths, addresses, bombs."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from struct import pack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.incidents.report_incident import report_incident
from assistant.people.own_account import make_token
from assistant.questions.hand_over import hand_over
from assistant.redaction.redact_file import redact_file
from assistant.redaction.review_file import start_review
from knowledge.regulations import read_regulation
from knowledge.store import save
from records.people import Person, Role
from records.sessions import SignedInBy, sessions_of, start_session
from records.training import keep_result

Headers = Callable[..., dict[str, str]]
SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
QUOTED = "\"'><svg/onload=alert(1)>"


@pytest.fixture
def mine(app: App, administrator: Person) -> dict[str, str]:
    """Things of one person, by what they are."""
    from assistant.questions.ask import ask

    answer = ask(app, administrator, "展会上收到的客户名片能录进系统吗？")
    file = redact_file(app, administrator, "手机：13800138000".encode(), "a.txt")
    now, number = app.clock(), administrator.id
    with app.database.transaction() as session:
        lasts = timedelta(hours=1)
        by = SignedInBy.PASSWORD
        start_session(session, number, by, device="周明轩的电脑", now=now, lasts=lasts)
        passed = keep_result(
            session, person_id=number, source="E-1", subject="Z-1", title="周明轩的考试",
            points=9, out_of=10, pass_percent=80, now=now,
        )  # fmt: skip
        (signed_in,) = sessions_of(session, number, now=now, idle=lasts)
    return {
        "ticket": report_incident(app, administrator, "笔记本电脑丢了").ticket.id,
        "file": file.file_id,
        "review": start_review(app, administrator, "姓名：周明轩".encode(), "a.txt").review_id,
        "answer": answer.id,
        "handover": hand_over(app, administrator, answer.id).id,
        "session": signed_in.id,
        "certificate": passed.serial,
        "token": make_token(app, administrator, name="a", scopes=["question:ask"]).id,
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/tickets/{ticket}", None),
        ("POST", "/api/incidents/{ticket}/notes", {"text": "x"}),
        ("POST", "/api/incidents/{ticket}/steps/1/taken", {"note": "x"}),
        ("GET", "/api/redacted/{file}", None),
        ("GET", "/api/redacted/{file}/report", None),
        ("GET", "/api/reviews/{review}", None),
        ("POST", "/api/reviews/{review}/finish", None),
        ("DELETE", "/api/reviews/{review}", None),
        ("GET", "/api/handovers/{handover}", None),
        ("POST", "/api/handovers", {"answer_id": "{answer}"}),
        ("POST", "/api/answers/{answer}/feedback", {"right": True, "reason": "x"}),
        ("POST", "/answers/{answer}/feedback", None),
        ("DELETE", "/api/account/tokens/{token}", None),
        ("DELETE", "/api/account/sessions/{session}", None),
        ("GET", "/api/training/certificates/{certificate}", None),
        ("GET", "/training/certificates/{certificate}", None),
        ("POST", "/api/handovers/{handover}/reply", {"reply": "x"}),
        ("GET", "/tickets/{ticket}", None),
        ("POST", "/tickets/{ticket}/notes", None),
        ("GET", "/approved?handover={handover}", None),
        ("GET", "/redacted/{file}", None),
        ("GET", "/reviews/{review}", None),
        ("POST", "/account/tokens/{token}/end", None),
    ],
)
def test_the_things_of_another_are_not_there(
    client: TestClient,
    bearer: Headers,
    mine: dict[str, str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    # The same words as for a number nobody ever had.
    answers = []
    for things in (mine, {name: f"{value[:-1]}z" for name, value in mine.items()}):
        sent = {k: v.format(**things) if isinstance(v, str) else v for k, v in (body or {}).items()}
        more = {"json": sent} if body else {}
        found = client.request(method, path.format(**things), headers=bearer(), **more)
        title = found.json()["type"] if path.startswith("/api/") else ""
        answers.append((found.status_code, title))
        assert "周明轩" not in found.text
    assert answers[0][0] in {403, 404}
    assert answers[0] == answers[1]


@pytest.mark.parametrize("payload", [SCRIPT, IMAGE, QUOTED])
def test_a_script_in_a_text_is_shown_as_text_on_every_page_that_shows_it(
    app: App, browser: Callable[..., TestClient], payload: str
) -> None:
    client = browser(*Role)
    asked = client.post("/ask", data={"question": f"{payload} 客户要求删除信息，必须删吗？"})
    made = client.post("/incidents/new", data={"description": f"{payload} 笔记本丢了"})
    ticket = client.get(made.headers["location"].split("?")[0])
    client.post(f"{made.headers['location'].split('?')[0]}/notes", data={"text": payload})
    client.post("/people", data={"name": payload, "role": ["employee"]})
    scope = {"name": payload, "scope": ["question:ask"], "days": "30"}
    client.post("/account/tokens", data=scope)
    rule = {
        "effect": "deny",
        "kind": "person_name",
        "text": f"林{payload}"[:190],
        "reason": payload,
    }
    client.post("/rules", data=rule)
    pages = [asked, ticket, client.get(ticket.url.path)]
    pages += [
        client.get(way) for way in ("/tickets", "/people", "/account", "/rules", "/", "/audit")
    ]
    for page in pages:
        assert payload not in page.text, page.url
        assert page.headers["content-type"].startswith("text/html")
    assert "&lt;" in pages[0].text


@pytest.mark.parametrize("payload", [SCRIPT, IMAGE, QUOTED])
def test_a_script_in_the_name_of_a_file_is_shown_as_text(
    browser: Callable[..., TestClient], payload: str
) -> None:
    client = browser()
    file = {"file": (f"{payload}.txt", "手机：13800138000".encode())}
    page = client.post("/redact", files=file)
    if page.status_code == 303:
        page = client.get(page.headers["location"])
    assert page.status_code in {200, 400}
    assert payload not in page.text
    refused = client.post("/redact", files={"file": (f"a{payload}.exe", b"MZ")})
    assert payload not in refused.text


def test_a_script_in_a_policy_is_shown_as_text(
    app: App, browser: Callable[..., TestClient], tmp_path: Any
) -> None:
    path = tmp_path / "示例制度(2025-01-01).md"
    path.write_text(f"# 示例制度\n\n第一条 {SCRIPT} 客户名片应当登记。{IMAGE}\n", encoding="utf-8")
    with app.database.transaction() as session:
        save(session, [read_regulation(path, path.name)], at=app.clock())
    client = browser(*Role)
    for way in ("/law", "/law/示例制度", "/law?name=示例制度"):
        page = client.get(way, follow_redirects=True)
        assert SCRIPT not in page.text and IMAGE not in page.text


PATHS = ["../../keys/master.key", "..%2f..%2fkeys%2fmaster.key", "....//keys/master.key",
         "%2e%2e/keys/master.key", "/etc/passwd", "..\\keys\\master.key", "a%00.csv"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "way",
    [
        *("/static/{}", "/scans/{}/inventory.csv", "/scans/S-1/{}", "/api/scans/S-1/{}"),
        *("/api/scans/{}/inventory.csv", "/redacted/{}", "/vault/certificates/{}/json"),
        *("/api/instruments/{}", "/api/provisions/{}", "/law/{}", "/register/{}/pdf"),
    ],
)
def test_a_path_out_of_its_folder_leads_nowhere(
    app: App, browser: Callable[..., TestClient], way: str, path: str
) -> None:
    response = browser(*Role).get(way.format(path))
    assert response.status_code in {303, 400, 404, 405}
    key = (app.settings.home / "keys" / "master.key").read_text(encoding="ascii").strip()
    assert key not in response.text and "root:" not in response.text


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/cron.d/evil.txt", "..\\evil.txt"])
def test_a_member_of_an_archive_never_leaves_it(
    app: App, client: TestClient, bearer: Headers, name: str
) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "手机：13800138000")
    headers = bearer()
    file = {"file": ("a.zip", target.getvalue())}
    response = client.post("/api/redact", files=file, headers=headers)
    if response.status_code == 201:
        copy = client.get(response.json()["download"], headers=headers).content
        for member in zipfile.ZipFile(io.BytesIO(copy)).namelist():
            assert ".." not in member and not member.startswith("/") and "\\" not in member
    else:
        assert response.status_code == 400
    assert not list(app.settings.home.rglob("evil*"))


def png(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def nested(depth: int) -> bytes:
    data = b"x"
    for _ in range(depth):
        data = zipped("a.zip", data)
    return data


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><a>&a9;</a>"
).encode()
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped("a.txt", b"0" * 300_000_000)),
        ("a.zip", nested(40)),
        ("a.docx", zipped("word/document.xml", b" " * 300_000_000)),
        ("a.json", b"[" * 200_000 + b"]" * 200_000),
        ("a.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        ("a.xml", LAUGHS),
        ("a.xml", OUTSIDE),
        ("a.xml", b"<a>" * 100_000 + b"</a>" * 100_000),
        ("a.png", png(60_000, 60_000)),
    ],
    ids=["zip", "zips", "docx", "json", "json-keys", "laughs", "outside", "xml-deep", "picture"],
)
def test_a_bomb_is_refused_and_the_service_goes_on(
    client: TestClient, bearer: Headers, name: str, data: bytes
) -> None:
    headers = bearer()
    response = client.post("/api/redact", files={"file": (name, data)}, headers=headers)
    assert response.status_code == 400, response.text[:200]
    assert "root:" not in response.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"question":' * 50_000, b'{"question": 1e999999}',
                                     b'{"question": "\\ud800"}', b"\xff" * 10, b"null", b"[]"])  # fmt: skip
def test_a_body_that_is_no_question_is_refused(
    client: TestClient, bearer: Headers, content: bytes
) -> None:
    headers = bearer() | {"Content-Type": "application/json"}
    response = client.post("/api/ask", content=content, headers=headers)
    assert response.status_code in {200, 400}
    assert json.loads(response.content)


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.txt", 'a"; filename="b.html.txt', "a\x00.txt"]
)
def test_no_header_is_made_of_the_name_of_a_file(
    client: TestClient, bearer: Headers, name: str
) -> None:
    headers = bearer()
    file = {"file": (name, "手机：13800138000".encode())}
    response = client.post("/api/redact", files=file, headers=headers)
    if response.status_code == 201:
        copy = client.get(response.json()["download"], headers=headers)
        assert "set-cookie" not in copy.headers
        assert copy.headers["content-disposition"].count("filename=") == 1
    else:
        assert response.status_code == 400


@pytest.mark.parametrize("value", ["zh\r\nSet-Cookie: x=1", "zh%0d%0aX-Evil: 1", "<script>"])
def test_no_header_is_made_of_the_language_asked_for(client: TestClient, value: str) -> None:
    response = client.get("/sign-in", params={"lang": value})
    assert response.status_code == 200
    assert "x-evil" not in response.headers and "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example",
     "javascript:alert(1)", "/\r\nLocation: https://evil.example", "\thttps://evil.example"],
)  # fmt: skip
def test_signing_in_never_leads_away(
    client: TestClient,
    person_with: Callable[..., Person],
    token_of: Callable[[Person], str],
    to: str,
) -> None:
    token = token_of(person_with())
    response = client.get("/sign-in", params={"token": token, "to": to})
    assert response.status_code == 303
    location = response.headers["location"]
    assert location.startswith("/") and not location.startswith(("//", "/\\"))
    assert "\r" not in location and "\n" not in location
