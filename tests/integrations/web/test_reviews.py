"""Reviews at the web doors: without a script on the page, and by program."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from records.people import Role

Browser = Callable[..., TestClient]
Headers = Callable[..., dict[str, str]]

TEXT = "客户姓名：陈明远\n手机：13800138000\n项目代号青松三号，热线0571-88886666。\n"
FILES = {"file": ("客户.txt", TEXT.encode())}


def start(client: TestClient) -> str:
    """The address of a fresh review."""
    response = client.post("/reviews", files=FILES)
    assert response.status_code == 303
    return str(response.headers["location"])


def number_of(page: str, value: str) -> str:
    """The number under which a text stands in the list."""
    found = re.search(rf'data-group="(\d+)">\s*<p class="group-value"><strong>{value}<', page)
    assert found is not None
    return found[1]


def test_a_file_is_reviewed_without_a_script(browser: Browser) -> None:
    client = browser(Role.EMPLOYEE)
    address = start(client)
    page = client.get(address).text
    assert "陈明远" in page and "固定电话" in page and "以后都照此办理" not in page
    hotline = number_of(page, "0571-88886666")
    added = {"do": "add", "add-text": "青松三号", "add-kind": "person_name"}
    assert client.post(address, data=added).headers["location"] == address
    page = client.get(address).text
    assert '<mark class="goes">青松三号</mark>' in page
    finish = {"do": "finish", f"verdict-{hotline}": "reject"}
    result = client.get(client.post(address, data=finish).headers["location"]).text
    assert "已复核放行" in result
    assert "0571-88886666" in result
    for secret in ("陈明远", "13800138000", "青松三号"):
        assert secret not in result
    assert client.get(address).status_code == 404


def test_what_was_added_can_be_taken_back_and_a_review_can_be_dropped(browser: Browser) -> None:
    client = browser(Role.EMPLOYEE)
    address = start(client)
    client.post(address, data={"do": "add", "add-text": "青松三号", "add-kind": "account"})
    client.post(address, data={"do": "save", "undo-0": "on"})
    assert '<mark class="goes">青松三号' not in client.get(address).text
    assert client.post(address, data={"do": "drop"}).headers["location"] == "/redact"
    assert client.get(address).status_code == 404


def test_an_officer_s_decision_becomes_a_rule(browser: Browser) -> None:
    client = browser(Role.OFFICER)
    address = start(client)
    hotline = number_of(client.get(address).text, "0571-88886666")
    fields = {
        "do": "finish",
        f"verdict-{hotline}": "reject",
        f"keep-{hotline}": "on",
        "reason": "官网热线",
    }
    done = client.post(address, data=fields).headers["location"]
    assert "存为 1 条规则" in client.get(done).text
    assert "官网热线" in client.get("/rules").text


def test_a_review_page_speaks_english_and_shows_the_text_only_as_text(browser: Browser) -> None:
    client = browser(Role.OFFICER)
    text = "Contact: <script>alert(1)</script> john.smith@example.com\n"
    response = client.post("/reviews", files={"file": ("a.txt", text.encode())})
    page = client.get(response.headers["location"], params={"lang": "en"}).text
    assert "Finish and release" in page
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    left = set(re.findall(r"[㐀-鿿]+", page)) - {"中文", "林晓"}
    assert left == set()


@pytest.mark.parametrize(
    ("name", "data"), [("a.exe", b"MZ"), ("a.docx", b"PK\x03\x04 broken"), ("a.txt", b"")]
)
def test_a_file_that_cannot_be_reviewed_is_refused_with_its_reason(
    browser: Browser, name: str, data: bytes
) -> None:
    response = browser().post("/reviews", files={"file": (name, data)})
    assert response.status_code == 400
    assert 'role="alert"' in response.text


def test_a_program_reviews_a_file(client: TestClient, bearer: Headers) -> None:
    mine, other = bearer(Role.EMPLOYEE), bearer(Role.EMPLOYEE)
    started = client.post("/api/reviews", files=FILES, headers=mine)
    assert started.status_code == 201
    review = started.json()
    address = f"/api/reviews/{review['review_id']}"
    kinds = {group["value"]: group["kind"] for group in review["material"]["groups"]}
    assert kinds["0571-88886666"] == "landline"
    assert client.get(address, headers=other).status_code == 404
    decisions = [
        {"verdict": "reject", "kind": "landline", "value": "0571-88886666"},
        {"verdict": "add", "kind": "person_name", "value": "青松三号"},
    ]
    decided = client.post(f"{address}/decisions", json={"decisions": decisions}, headers=mine)
    assert [one["verdict"] for one in decided.json()["decisions"]] == ["reject", "add"]
    finished = client.post(f"{address}/finish", headers=mine)
    assert finished.status_code == 201
    copy = client.get(finished.json()["file"]["download"], headers=mine).content.decode()
    assert "0571-88886666" in copy and "青松三号" not in copy and "陈明远" not in copy
    assert client.delete(address, headers=mine).status_code == 404


def test_a_program_is_told_what_is_wrong_with_a_decision(
    client: TestClient, bearer: Headers
) -> None:
    mine = bearer(Role.EMPLOYEE)
    review_id = client.post("/api/reviews", files=FILES, headers=mine).json()["review_id"]
    lasting = {"verdict": "add", "kind": "person_name", "value": "青松三号", "lasting": True}
    for decision, status in (
        ({"verdict": "add", "kind": "person_name", "value": " "}, 400),
        ({"verdict": "change", "kind": "mobile", "value": "13800138000"}, 400),
        (lasting, 403),
    ):
        address = f"/api/reviews/{review_id}/decisions"
        response = client.post(address, json={"decisions": [decision]}, headers=mine)
        assert response.status_code == status
