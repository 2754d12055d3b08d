"""The JSON API: what each route answers, to whom, and how it says no."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import pyzipper
from fastapi.testclient import TestClient

from assistant.app import App
from records.people import Role

QUESTION = "客户解约三年了，他的身份证复印件可以销毁吗？"
EXAMPLES = Path(__file__).parents[3] / "examples" / "client_files"
PIPL_47 = "中华人民共和国个人信息保护法"

Headers = Callable[..., dict[str, str]]


def test_a_question_gets_a_conclusion_with_the_words_it_rests_on(
    client: TestClient, bearer: Headers
) -> None:
    response = client.post("/api/ask", json={"question": QUESTION}, headers=bearer())
    body = response.json()
    assert response.status_code == 200
    assert body["outcome"] == "answered"
    numbers = {quotation["number"] for quotation in body["quotations"]}
    assert set(body["conclusion"]["quotations"]) <= numbers
    assert body["as_of"] == "2026-11-23"


def test_personal_data_in_a_question_is_masked_in_the_answer(
    client: TestClient, bearer: Headers
) -> None:
    body = {"question": "客户手机13800138000要求删除信息，必须删吗？"}
    response = client.post("/api/ask", json=body, headers=bearer())
    assert "13800138000" not in response.text
    assert response.json()["masked"]


def test_a_question_is_handed_over_replied_to_approved_used_and_rated(
    client: TestClient, bearer: Headers
) -> None:
    employee, officer = bearer(), bearer(Role.OFFICER)
    asked = {"question": "展会上收到的客户名片能录进系统吗？"}
    number = client.post("/api/ask", json=asked, headers=employee).json()["id"]
    opened = client.post("/api/handovers", json={"answer_id": number}, headers=employee).json()
    assert client.get("/api/handovers/open", headers=employee).status_code == 403
    assert client.get("/api/handovers/open", headers=officer).json() == [opened]
    way = f"/api/handovers/{opened['id']}/reply"
    client.post(way, json={"reply": "先取得本人同意。"}, headers=officer)
    (mine,) = client.get("/api/handovers/mine", headers=employee).json()
    assert mine["reply"] == "先取得本人同意。"
    new = {
        "questions": [asked["question"]],
        "zh": "取得本人同意后可以录入。",
        "cites": [{"address": "个人信息保护法第十三条", "words": "取得个人的同意"}],
        "handover_id": opened["id"],
    }
    approved = client.post("/api/approved-answers", json=new, headers=officer).json()["id"]
    conclusion = client.post("/api/ask", json=asked, headers=employee).json()["conclusion"]
    assert (conclusion["text"], conclusion["approval"]["id"]) == (new["zh"], approved)
    assert (conclusion["level"], conclusion["is_law"]) == ("law", False)
    (listed,) = client.get("/api/approved-answers", headers=officer).json()
    assert (listed["state"], listed["questions"]) == ("in_use", new["questions"])
    gone = client.delete(f"/api/approved-answers/{approved}", headers=officer)
    assert gone.status_code == 204
    said = {"right": False, "reason": "太短"}
    client.post(f"/api/answers/{number}/feedback", json=said, headers=employee)
    (kept,) = client.get("/api/feedback", headers=officer).json()
    assert (kept["answer_id"], kept["reason"]) == (number, "太短")


def test_a_file_comes_back_redacted_and_only_to_whoever_sent_it(
    client: TestClient, bearer: Headers
) -> None:
    mine, other = bearer(), bearer()
    file = {"file": ("客户电话.txt", "客户手机：13800138000".encode(), "text/plain")}
    response = client.post("/api/redact", files=file, headers=mine)
    body = response.json()
    assert response.status_code == 201
    assert "13800138000" not in response.text
    assert body["report"]["counts"]
    copy = client.get(body["download"], headers=mine)
    assert copy.status_code == 200
    assert b"13800138000" not in copy.content
    assert copy.headers["content-disposition"].startswith("attachment;")
    assert copy.headers["content-type"] == "application/octet-stream"
    assert client.get(body["download"], headers=other).status_code == 404


def test_a_locked_file_is_opened_with_the_password_of_the_form(
    client: TestClient, bearer: Headers
) -> None:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword("密码1".encode())
        archive.writestr("a.txt", "客户手机：13800138000")
    headers, file = bearer(), {"file": ("a.zip", target.getvalue(), "application/zip")}
    refused = client.post("/api/redact", files=file, headers=headers)
    assert refused.status_code == 400
    assert "密码" in refused.text
    form = {"password": "密码1"}
    assert client.post("/api/redact", files=file, data=form, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("name", "data"), [("客户张伟.exe", b"MZ"), ("客户张伟.docx", b"not a zip"), ("张伟", b"x")]
)
def test_a_file_that_cannot_be_redacted_is_refused_without_its_name(
    client: TestClient, bearer: Headers, name: str, data: bytes
) -> None:
    file = {"file": (name, data, "application/octet-stream")}
    response = client.post("/api/redact", files=file, headers=bearer())
    assert response.status_code == 400
    assert "张伟" not in response.text


@pytest.mark.parametrize(
    "request_parts",
    [
        {"json": {"file": "x"}},
        {"files": {"other": ("a.txt", b"x")}},
        {"data": {"file": "text"}},
        {"content": b"--b", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"junk", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    ],
)
def test_an_upload_without_a_file_is_told_how_to_send_one(
    client: TestClient, bearer: Headers, request_parts: dict[str, object]
) -> None:
    headers = bearer() | request_parts.pop("headers", {})
    response = client.post("/api/redact", headers=headers, **request_parts)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


def test_an_incident_opens_a_ticket_with_clocks_that_its_reporter_can_read(
    client: TestClient, bearer: Headers
) -> None:
    mine, other = bearer(), bearer()
    body = {"description": "笔记本丢失，内有欧盟客户的护照号", "aware_at": "2026-11-23T09:30:00"}
    response = client.post("/api/incidents", json=body, headers=mine)
    ticket = response.json()["ticket"]
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/tickets/{ticket['id']}"
    # 09:30 in Beijing plus 72 hours (GDPR art. 33).
    assert "2026-11-26T01:30:00Z" in {one["due_at"] for one in ticket["deadlines"]}
    assert ticket["steps"][0]["step"]["number"] == 1
    assert client.get(response.headers["location"], headers=mine).status_code == 200
    assert client.get(response.headers["location"], headers=other).status_code == 404
    listed = client.get("/api/tickets", params={"kind": "incident"}, headers=mine).json()
    assert [one["id"] for one in listed] == [ticket["id"]]
    assert client.get("/api/tickets", headers=other).json() == []


def test_a_destruction_opens_a_ticket_with_the_decision(
    client: TestClient, bearer: Headers
) -> None:
    body = {
        "description": "已解约客户的身份证复印件86份",
        "holder": "financial",
        "dates": {"relationship_ended": "2021-06-30"},
    }
    headers = bearer()
    response = client.post("/api/destructions", json=body, headers=headers)
    decision = response.json()["decision"]
    assert response.status_code == 201
    assert decision["status"] == "not_yet"
    # 反洗钱法 34: ten years from 2021-06-30.
    assert decision["earliest"] == "2031-07-01"
    again = client.get(response.headers["location"], headers=headers).json()
    assert again["decision"]["earliest"] == decision["earliest"]


def test_a_law_is_read_whole_or_by_article(client: TestClient, bearer: Headers) -> None:
    headers = bearer()
    law = client.get("/api/instruments/个保法", headers=headers).json()
    assert law["name"] == PIPL_47
    assert len(law["provisions"]) == 74
    article = next(one for one in law["provisions"] if one["article"] == "47")
    path = "/api/provisions/" + article["id"].replace("#", "%23")
    assert client.get(path, headers=headers).json()["text"] == article["text"]
    assert client.get("/api/instruments/没有这部法", headers=headers).status_code == 404


def test_status_and_health(client: TestClient, bearer: Headers) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    status = client.get("/api/status", headers=bearer()).json()
    assert status["counts"]["provisions"] > 1000
    assert status["lines"]


@pytest.mark.parametrize(
    ("method", "path", "able"),
    [
        ("GET", "/api/audit/verify", {Role.AUDITOR, Role.ADMINISTRATOR}),
        ("GET", "/api/status", set(Role)),
        ("GET", "/api/tickets", set(Role)),
    ],
)
def test_each_role_may_do_what_its_permissions_say(
    client: TestClient, bearer: Headers, method: str, path: str, able: set[Role]
) -> None:
    for role in Role:
        expected = 200 if role in able else 403
        assert client.request(method, path, headers=bearer(role)).status_code == expected


def test_an_employee_may_not_take_in_laws(client: TestClient, bearer: Headers) -> None:
    response = client.post("/api/ingest", headers=bearer(Role.EMPLOYEE))
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"


def test_the_chain_is_verified(client: TestClient, bearer: Headers) -> None:
    body = client.get("/api/audit/verify", headers=bearer(Role.AUDITOR)).json()
    assert body["whole"] is True and body["broken_at"] is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", {"question": 13800138000}),
        ("/api/ask", {"question": "问", "as_of": "张伟13800138000"}),
        ("/api/ask", {"question": "问", "张伟13800138000": 1}),
        ("/api/ask", {}),
        ("/api/incidents", {"description": "丢了", "people": "张伟13800138000"}),
        ("/api/destructions", {"description": "旧档", "dates": {"张伟13800138000": "2021-01-01"}}),
        ("/api/destructions", {"description": "旧档", "holder": "张伟13800138000"}),
    ],
)
def test_a_wrong_field_is_named_and_its_value_never_comes_back(
    client: TestClient, bearer: Headers, path: str, body: dict[str, object]
) -> None:
    response = client.post(path, json=body, headers=bearer())
    assert response.status_code == 400
    assert "张伟" not in response.text and "13800138000" not in response.text


def test_broken_json_is_refused_without_quoting_it(client: TestClient, bearer: Headers) -> None:
    headers = bearer() | {"Content-Type": "application/json"}
    for content in (b'{"question": "13800138000', b"\xff\xfe13800138000", b"[" * 5000):
        response = client.post("/api/ask", content=content, headers=headers)
        assert response.status_code == 400
        assert "13800138000" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nowhere", 404),
        ("DELETE", "/api/ask", 405),
        ("GET", "/api/tickets/INC-2026-9999", 404),
        ("GET", "/api/redacted/F-000000000000000000000000", 404),
        ("GET", "/api/redacted/..%2f..%2fkeys%2fmaster.key", 404),
        ("GET", "/api/tickets?kind=nothing", 400),
    ],
)
def test_every_refusal_is_a_problem_document_in_both_languages(
    client: TestClient, bearer: Headers, method: str, path: str, status: int
) -> None:
    response = client.request(method, path, headers=bearer())
    body = response.json()
    assert response.status_code == body["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert body["type"].startswith("urn:compliance:")
    assert all(body[name] for name in ("title", "title_en", "detail", "detail_en"))


def test_a_case_is_made_restored_and_destroyed_by_programs(
    client: TestClient, bearer: Headers
) -> None:
    officer, approver = bearer(Role.OFFICER), bearer(Role.APPROVER)
    asked = {"policy": "auditor", "case": "清和-注销", "client": "清和"}
    file = {"file": ("a.txt", "姓名：周明轩".encode())}
    made = client.post("/api/redact", files=file, data=asked, headers=officer).json()
    report = client.get(f"/api/redacted/{made['file_id']}/report", headers=officer).json()
    assert report["report"] == made["report"]
    assert json.loads(report["summary"])["purpose"] == "redaction-summary"
    copy = {"file": ("a.redacted.txt", "姓名：客户A".encode())}
    wish = {"case": "清和-注销", "reason": "核对债权"}
    back = client.post("/api/vault/restore", files=copy, data=wish, headers=officer)
    assert back.content.decode() == "姓名：周明轩"
    shredding = {"client": "清和", "confirmation": "清和", "reason": "合同终止"}
    assert client.post("/api/vault/shred", json=shredding, headers=officer).status_code == 403
    gone = client.post("/api/vault/shred", json=shredding, headers=approver)
    assert gone.status_code == 201
    serial = gone.json()["serial"]
    again = client.get(f"/api/vault/certificates/{serial}", headers=officer)
    assert again.json() == gone.json()
    listed = client.get("/api/vault", headers=officer).json()
    assert listed["certificates"] == {listed["clients"][0]["id"]: serial}
    policies = client.get("/api/policies", headers=officer).json()
    assert policies["default"] == "standard"
    assert {"auditor", "individual"} <= {policy["name"] for policy in policies["policies"]}


def test_the_openapi_document_describes_every_route_and_needs_no_other_site(
    client: TestClient,
) -> None:
    document = client.get("/api/openapi.json").json()
    paths = set(document["paths"])
    # The routes of programs and nothing else: pages for people are no interface.
    assert {"/api/ask", "/api/redact", "/api/incidents", "/api/destructions", "/healthz"} <= paths
    health = {"/healthz", "/livez", "/readyz"}
    assert all(path.startswith("/api/") for path in paths - health)
    for path in paths - health:
        for operation in document["paths"][path].values():
            assert operation["security"]
            assert "application/problem+json" in operation["responses"]["401"]["content"]
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_asking_too_much_at_once_for_the_library_says_wait(
    client: TestClient, bearer: Headers, app: App
) -> None:
    from integrations.web import system

    with system._ingesting:
        response = client.post("/api/ingest", headers=bearer(Role.OFFICER))
    assert response.status_code == 409
