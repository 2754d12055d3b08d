"""Rules at the web doors: made, listed with a denied text hidden, in force, withdrawn."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from records.people import Role

Browser = Callable[..., TestClient]
Headers = Callable[..., dict[str, str]]
DENIED = {"effect": "deny", "kind": "person_name", "text": "青松三号", "reason": "客户代号"}


def test_a_rule_is_added_on_the_page_hides_its_text_and_is_withdrawn(browser: Browser) -> None:
    client = browser(Role.OFFICER)
    assert client.post("/rules", data=DENIED).status_code == 303
    page = client.get("/rules").text
    assert "青***" in page and "青松三号" not in page and "客户代号" in page
    files = {"file": ("a.txt", "代号青松三号".encode())}
    result = client.get(client.post("/redact", files=files).headers["location"]).text
    assert "审核规则" in result and "青松三号" not in result
    address = re.search(r'action="(/rules/R-[0-9a-f]+/withdraw)"', page)
    assert address is not None
    assert client.post(address[1]).status_code == 303
    assert "青***" not in client.get("/rules").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "松"}, "太短"),
        ({"effect": "maybe"}, "下拉选项"),
        ({"reason": " "}, "理由"),
        ({"until": "明年"}, "日期"),
    ],
)
def test_a_rule_that_cannot_be_comes_back_with_the_reason_and_what_was_typed(
    browser: Browser, change: dict[str, str], said: str
) -> None:
    response = browser(Role.OFFICER).post("/rules", data=DENIED | {"text": "甲乙丙"} | change)
    assert response.status_code == 400
    assert said in response.text
    assert f'value="{change.get("text", "甲乙丙")}"' in response.text


def test_rules_are_for_those_who_may_manage_them(
    browser: Browser, client: TestClient, bearer: Headers
) -> None:
    employee = browser(Role.EMPLOYEE)
    assert employee.get("/rules").status_code == 403
    assert "/rules" not in employee.get("/").text
    assert client.post("/api/rules", json=DENIED, headers=bearer()).status_code == 403


def test_a_program_adds_lists_and_ends_a_rule(client: TestClient, bearer: Headers) -> None:
    officer = bearer(Role.OFFICER)
    added = client.post("/api/rules", json=DENIED | {"until": "2027-01-01"}, headers=officer)
    assert added.status_code == 201
    rule_id = added.json()["rule_id"]
    listed = client.get("/api/rules", headers=officer).json()
    assert listed["published"] == []
    assert [(r["id"], r["shown"], r["until"]) for r in listed["decided"]] == [
        (rule_id, "青***", "2027-01-01")
    ]
    assert client.delete(f"/api/rules/{rule_id}", headers=officer).status_code == 204
    assert client.delete(f"/api/rules/{rule_id}", headers=officer).status_code == 404
