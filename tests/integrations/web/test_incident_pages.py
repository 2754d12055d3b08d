"""Work on an incident by page and by program, with the same outcome and the same limits."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document
from fastapi.testclient import TestClient

from records.people import Role

Browser = Callable[..., TestClient]
NUMBER = "INC-2026-0001"


@pytest.fixture
def responder(browser: Browser) -> TestClient:
    """A responder with one incident before them."""
    client = browser(Role.RESPONDER)
    client.post("/incidents/new", data={"description": "笔记本电脑丢失，客户名单在里面"})
    return client


def test_a_clock_a_step_a_fact_and_a_note_show_on_the_page(
    responder: TestClient, browser: Browser
) -> None:
    for path, fields in (
        ("clocks/dsl29", {"reference": "回执 118", "outcome": "done"}),
        ("steps/1", {"said": "已远程擦除", "what": "take"}),
        ("steps/2", {"said": "没有其他账号", "what": "skip"}),
        ("facts", {"people": "2000000", "minors": "yes", "reason": "核对了同步日志"}),
        ("notes", {"text": "出租车公司回电"}),
        ("state", {"state": "contained", "reason": "已锁定"}),
    ):
        response = responder.post(f"/tickets/{NUMBER}/{path}", data=fields)
        assert (path, response.status_code) == (path, 303)
    page = responder.get(f"/tickets/{NUMBER}").text
    for expected in (
        *("回执 118", "已远程擦除", "没有其他账号", "核对了同步日志", "出租车公司回电"),
        *("已控制", "新增时限", "定级 较大", "由另一时限取代"),
    ):
        assert expected in page, expected
    read = browser(Role.AUDITOR).get(f"/tickets/{NUMBER}").text
    assert "已远程擦除" in read
    assert re.findall(r"P-[0-9a-f]{8}", read) == [], "people stand by their names"


@pytest.mark.parametrize(
    ("path", "fields", "status", "expected"),
    [
        ("clocks/nothing", {"reference": "x", "outcome": "done"}, 404, "没有这个时限"),
        ("clocks/dsl29", {"reference": ""}, 400, "内容是空的"),
        ("clocks/dsl29", {"reference": "x", "done_at": "2027-01-01T00:00"}, 400, "不能晚于现在"),
        ("steps/1", {"what": "eat"}, 400, "选项"),
        ("steps/99", {"what": "take"}, 404, "第 99 步"),
        ("facts", {"reason": "日志"}, 400, "没有新的事实"),
        ("state", {"state": "closed", "reason": "好了"}, 409, "不能变为"),
        ("state", {"state": "burnt", "reason": "好了"}, 400, "选项"),
    ],
)
def test_what_cannot_be_done_comes_back_on_the_page_with_its_reason(
    responder: TestClient, path: str, fields: dict[str, str], status: int, expected: str
) -> None:
    response = responder.post(f"/tickets/{NUMBER}/{path}", data=fields)
    assert response.status_code == status
    assert expected in response.text
    assert "处置步骤" in response.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_only_reads_gets_no_forms(
    responder: TestClient, browser: Browser, language: str
) -> None:
    address = f"/tickets/{NUMBER}"
    forms = responder.get(address, params={"lang": language}).text.count(f'action="{address}')
    read = browser(Role.AUDITOR).get(address, params={"lang": language})
    assert forms > 10
    assert read.status_code == 200
    assert re.findall(f'action="{address}([^"]*)"', read.text) == ["/bundle"]


def test_a_stranger_is_told_of_no_such_ticket_by_every_form(
    responder: TestClient, browser: Browser
) -> None:
    stranger = browser(Role.EMPLOYEE)
    for path in ("notes", "steps/1"):
        response = stranger.post(f"/tickets/{NUMBER}/{path}", data={"text": "x", "what": "take"})
        assert response.status_code == 404
    assert "笔记本" not in response.text


def test_a_program_works_on_an_incident_by_the_same_verbs(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    headers = bearer(Role.RESPONDER)

    def post(path: str, **body: object) -> tuple[int, dict[str, object]]:
        response = client.post(f"/api/incidents{path}", json=body, headers=headers)
        return response.status_code, response.json()

    assert post("", description="笔记本电脑丢失，客户名单在里面")[0] == 201
    status, revised = post(f"/{NUMBER}/facts", people=2_000_000, reason="日志")
    assert status == 200
    added = revised["added"]
    assert isinstance(added, list)
    assert {one["id"] for one in added} == {"cac-4h", "closing-30d"}
    assert post(f"/{NUMBER}/clocks/cac-4h", reference="回执")[0] == 200
    assert post(f"/{NUMBER}/clocks/cac-4h", reference="回执")[0] == 409
    assert post(f"/{NUMBER}/steps/1/taken", note="已擦除")[0] == 200
    assert post(f"/{NUMBER}/steps/2/skipped", reason="没有")[0] == 200
    assert post(f"/{NUMBER}/notes", text="回电")[0] == 200
    assert post(f"/{NUMBER}/state", state="handled", reason="已补救")[0] == 200
    assert post(f"/{NUMBER}/closing", report="原因")[0] == 409
    assert post(f"/{NUMBER}/notes", test="x")[0] in (400, 422)


def test_a_draft_is_a_word_document_to_save_and_a_stranger_gets_none(
    responder: TestClient, browser: Browser
) -> None:
    response = responder.get(f"/tickets/{NUMBER}/drafts/individuals")
    assert response.status_code == 200
    assert "attachment" in response.headers["content-disposition"]
    said = "".join(p.text for p in Document(BytesIO(response.content)).paragraphs)
    assert "待补充：可能造成的危害" in said and "privacy@qinghe.example" in said
    assert browser(Role.EMPLOYEE).get(f"/tickets/{NUMBER}/drafts/internal").status_code == 403
