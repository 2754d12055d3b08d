"""Drills, review, evidence, report and bundle by page; only for whom they are."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.papers.check_bundle import check_bundle
from records.people import Person, Role, all_people

Browser = Callable[..., TestClient]
NUMBER = "INC-2026-0001"
DRILL = "DRILL-2026-0001"


@pytest.fixture
def responder(browser: Browser) -> TestClient:
    """A responder with one incident before them."""
    client = browser(Role.RESPONDER)
    client.post("/incidents/new", data={"description": "笔记本电脑丢失", "people": "2000000"})
    return client


def own_number(app: App) -> str:
    """The number of the only responder."""
    with app.database.reading() as session:
        found: list[Person] = [one for one in all_people(session) if Role.RESPONDER in one.roles]
    return found[-1].id


def test_a_drill_is_begun_worked_on_scored_and_marked_on_every_page(
    app: App, responder: TestClient
) -> None:
    listed = responder.get("/drills").text
    assert "勒索软件" in listed and "还没有演练" in listed
    fields = {"scenario": "lost-laptop", "participants": own_number(app)}
    begun = responder.post("/drills", data=fields)
    assert begun.headers["location"] == f"/tickets/{DRILL}"
    page = responder.get(f"/tickets/{DRILL}").text
    assert "演练：不是真实事件" in page and "结束并评分" in page
    assert 'role="timer"' in page
    assert responder.post(f"/tickets/{DRILL}/steps/1", data={"what": "take"}).status_code == 303
    assert responder.post(f"/tickets/{DRILL}/drill/end").status_code == 303
    page = responder.get(f"/tickets/{DRILL}").text
    assert "未通过" in page and "应做到" in page
    # What was left open runs no more.
    assert 'role="timer"' not in page and "没有了结" in page
    assert responder.post(f"/tickets/{DRILL}/drill/end").status_code == 409
    report = responder.get(f"/tickets/{DRILL}/report.pdf")
    assert report.content.startswith(b"%PDF")
    assert DRILL in report.headers["content-disposition"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"scenario": "nothing", "participants": "own"}, 404),
        ({"scenario": "ransomware", "participants": ""}, 400),
        ({"scenario": "ransomware", "participants": "P-none"}, 400),
    ],
)
def test_a_drill_that_cannot_begin_says_why(
    app: App, responder: TestClient, fields: dict[str, str], status: int
) -> None:
    named = fields["participants"].replace("own", own_number(app))
    response = responder.post("/drills", data={**fields, "participants": named})
    assert response.status_code == status
    assert 'role="alert"' in response.text


def test_an_employee_begins_no_drill_and_sees_none(responder: TestClient, browser: Browser) -> None:
    page = browser(Role.EMPLOYEE).get("/drills")
    assert page.status_code == 200
    assert "开始一次演练" not in page.text and "还没有演练" in page.text
    assert (
        browser(Role.EMPLOYEE).post("/drills", data={"scenario": "ransomware"}).status_code == 403
    )


def test_evidence_review_and_bundle_by_page(
    app: App, responder: TestClient, browser: Browser
) -> None:
    path = f"/tickets/{NUMBER}"
    kept = responder.post(
        f"{path}/evidence", data={"what": "同步日志"}, files={"file": ("a.log", b"log")}
    )
    assert kept.status_code == 303
    early = responder.post(f"{path}/review", data={"happened": "丢了", "cause": "没加密"})
    assert early.status_code == 409
    responder.post(f"{path}/state", data={"state": "handled", "reason": "已补救"})
    said = {"happened": "落在出租车上", "cause": "没有全盘加密", "worked": "十分钟锁定"}
    action = {"action-1": "全盘加密", "owner-1": own_number(app), "due-1": "2026-12-31"}
    assert responder.post(f"{path}/review", data={**said, **action}).status_code == 303
    bad = responder.post(f"{path}/review", data={**said, "action-1": "加密", "due-1": "soon"})
    assert bad.status_code == 400
    page = responder.get(path).text
    for expected in ("同步日志", "没有全盘加密", "全盘加密", "2026-12-31", "SHA-256"):
        assert expected in page, expected
    assert responder.post(f"{path}/actions/1", data={"note": "工单 77"}).status_code == 303
    assert responder.post(f"{path}/actions/1", data={"note": "工单 77"}).status_code == 409
    made = responder.post(f"{path}/bundle")
    assert check_bundle(made.content, app.signer.public_key).stated["number"] == NUMBER
    stranger = browser(Role.EMPLOYEE)
    assert stranger.post(f"{path}/bundle").status_code == 403
    for get in ("report.pdf", ""):
        assert stranger.get(f"{path}/{get}".rstrip("/")).status_code == 404


def test_a_program_reviews_bundles_and_drills_by_the_same_verbs(
    app: App, client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    headers = bearer(Role.RESPONDER)
    client.post("/api/incidents", json={"description": "笔记本电脑丢了"}, headers=headers)
    path = f"/api/incidents/{NUMBER}"
    moved = {"state": "handled", "reason": "已补救"}
    assert client.post(f"{path}/state", json=moved, headers=headers).status_code == 200
    action = {"text": "全盘加密", "owner": own_number(app), "due_on": "2026-12-31"}
    said = {"happened": "丢了", "cause": "没加密", "actions": [action]}
    review = client.post(f"{path}/review", json=said, headers=headers)
    assert review.status_code == 200
    assert client.post(f"{path}/actions/1", json={"text": "77"}, headers=headers).status_code == 200
    made = client.post(f"{path}/bundle", headers=headers)
    assert check_bundle(made.content, app.signer.public_key).files == 10
    assert client.get(f"{path}/report", headers=headers).content.startswith(b"%PDF")
    body = {"scenario": "ransomware", "participants": [own_number(app)]}
    assert len(client.get("/api/drills/scenarios", headers=headers).json()) >= 4
    assert client.post("/api/drills", json=body, headers=headers).status_code == 201
    ended = client.post(f"/api/drills/{DRILL}/end", headers=headers).json()
    assert ended["score"]["passed"] is False
    assert client.get(f"/api/drills/{DRILL}", headers=headers).json()["score"] == ended["score"]
    graded = client.post("/api/incidents/grade", json={"people": 1_000_000}, headers=headers)
    assert graded.json()["grading"]["severity"] == "larger"
    other = bearer(Role.EMPLOYEE)
    assert client.get(f"/api/drills/{DRILL}", headers=other).status_code == 404
    assert client.post(f"{path}/bundle", headers=other).status_code == 403
