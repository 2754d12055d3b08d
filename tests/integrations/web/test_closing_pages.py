"""The pages and the API of a closing project: the question first, refusals on the page, the bundle."""

import json
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.papers.check_bundle import check_bundle
from records.people import Role
from tickets.closing.data import closing_data

Browser = Callable[..., TestClient]
Headers = Callable[..., dict[str, str]]
TABLE = """客户编号,客户姓名,资料种类,单位类型,解约日期,资料日期
A-1,周明轩,身份证件复印件,一般公司,2021-06-30,
A-1,周明轩,会计凭证、账簿,一般公司,,2021-06-30
""".encode()


@pytest.fixture
def officer(browser: Browser) -> TestClient:
    """An officer with a project and one client."""
    client = browser(Role.OFFICER)
    made = client.post(
        "/closing",
        data={"route": "general", "entity": "company", "company": "清禾健身服务有限公司"},
    )
    assert made.headers["location"] == "/closing/CLO-2026-0001"
    done = client.post("/closing/CLO-2026-0001/import", files={"file": ("c.csv", TABLE)})
    assert done.status_code == 200
    assert "1 位新客户" in done.text
    return client


def test_the_first_page_asks_one_question_at_a_time_until_the_route_is_known(
    browser: Browser,
) -> None:
    client = browser(Role.OFFICER)
    questions = closing_data().questions
    assert questions[0].ask.zh in client.get("/closing").text
    answers: dict[str, str] = {}
    for one in questions:
        answers[one.id] = "no"
        page = client.post("/closing", data=answers).text
    assert "一般注销" in page
    assert 'name="route" value="general"' in page


def test_the_board_names_what_blocks_and_what_comes_next(officer: TestClient) -> None:
    page = officer.get("/closing/CLO-2026-0001").text
    assert "2 份资料还没有决定去向" in page
    assert "会计凭证没有具名保管人" in page
    assert "这一天还不知道" in page
    assert "周明轩" not in page


def test_a_table_with_a_bad_row_is_told_where_it_is_taken_in_again(officer: TestClient) -> None:
    bad = TABLE.decode().replace("身份证", "不知道的")
    done = officer.post("/closing/CLO-2026-0001/import", files={"file": ("c.csv", bad)})
    assert done.status_code == 400
    assert "没有导入任何内容" in done.text
    assert 'action="/closing/CLO-2026-0001/import"' in done.text


def test_a_decision_is_tried_then_refused_with_its_article_then_made(officer: TestClient) -> None:
    path, wish = "/closing/CLO-2026-0001/clients", {"decision": "destroy"}
    tried = officer.post(path, data={**wish, "act": "try"})
    assert "1 份不能这样决定" in tried.text
    refused = officer.post(path, data={**wish, "act": "decide"})
    assert refused.status_code == 409
    assert "会计档案管理办法" in refused.text
    made = officer.post(path, data={**wish, "act": "decide", "kind": "identity_copy"})
    assert made.headers["location"] == f"{path}?kind=identity_copy&did=decide&count=1"
    assert "已决定：1 份资料。" in officer.get(made.headers["location"]).text
    page = officer.get("/closing/CLO-2026-0001/clients/C-00001").text
    assert "周明轩" in page
    assert "销毁" in page


def test_once_all_is_decided_the_page_says_how_many_and_that_none_is_left(
    officer: TestClient,
) -> None:
    path = "/closing/CLO-2026-0001/clients"
    wish = {
        "act": "decide",
        "decision": "keep",
        "somebody": "云帆档案公司",
        "contact": "0571-60000001",
    }
    made = officer.post(path, data={**wish, "fate": "undecided", "kind": "accounting_voucher"})
    officer.post(path, data={"act": "decide", "decision": "destroy", "kind": "identity_copy"})
    page = officer.get(made.headers["location"]).text
    assert "已决定：1 份资料。 按以上条件已经没有剩下的。" in page
    assert "客户表在看板上导入" not in page
    settled = officer.post(path, data={"act": "settle", "fate": "keep", "note": "移交清单 3 号"})
    assert "已登记办结：1 份资料。" in officer.get(settled.headers["location"]).text
    for query in ("did=burn&count=7", "did=decide&count=x"):
        assert officer.get(f"{path}?{query}").status_code == 200


def test_filters_and_pages_survive_nonsense(officer: TestClient) -> None:
    for query in ("page=x", "page=99999999", "kind=nothing", "client=%27", "notice=none"):
        assert officer.get(f"/closing/CLO-2026-0001/clients?{query}").status_code in (200, 400, 422)


def test_an_item_is_done_on_the_page_with_its_note(officer: TestClient) -> None:
    form = {"item": "section:01", "to": "done", "page": "sections"}
    assert "请写明依据" in officer.post("/closing/CLO-2026-0001/item", data=form).text
    done = officer.post("/closing/CLO-2026-0001/item", data={**form, "note": "任命书 1 号"})
    assert done.headers["location"] == "/closing/CLO-2026-0001/sections#section-01"
    page = officer.get("/closing/CLO-2026-0001/sections").text
    assert "任命书 1 号" in page
    assert "2026-11-23 登记完成 林晓" in page
    left = {"item": "step:staff", "to": "skipped", "page": "board", "reason": "not_so"}
    officer.post("/closing/CLO-2026-0001/item", data=left)
    assert "2026-11-23 登记不适用：没有这种情形" in officer.get("/closing/CLO-2026-0001").text


def test_the_bundle_of_the_page_holds(officer: TestClient, app: App) -> None:
    data = officer.get("/closing/CLO-2026-0001/bundle").content
    assert check_bundle(data, app.signer.public_key).stated["clients"] == 1


def test_somebody_without_the_role_sees_no_project(browser: Browser, officer: TestClient) -> None:
    stranger = browser(Role.EMPLOYEE)
    assert stranger.get("/closing").status_code == 403
    assert stranger.get("/closing/CLO-2026-0001/clients").status_code == 403
    assert "/closing" not in stranger.get("/").text
    auditor = browser(Role.AUDITOR)
    assert "清禾" in auditor.get("/closing/CLO-2026-0001").text
    assert auditor.get("/closing/CLO-2026-0001/bundle?named=true").status_code == 403


def test_a_program_runs_a_project(client: TestClient, bearer: Headers) -> None:
    officer, approver = bearer(Role.OFFICER), bearer(Role.APPROVER)

    def post(path: str, body: object, by: dict[str, str] = officer) -> object:
        answer = client.post(f"/api/closings{path}", json=body, headers=by)
        assert answer.status_code in (200, 201), answer.text
        return json.loads(answer.text)

    number = post("", {"company": "清禾健身服务有限公司", "route": "general"})["id"]  # type: ignore[index]
    taken = client.post(
        f"/api/closings/{number}/clients", files={"file": ("c.csv", TABLE)}, headers=officer
    )
    assert taken.json()["records"] == 2
    wish = {
        "kind": "accounting_voucher",
        "fate": "keep",
        "somebody": "清河档案",
        "contact": "010-1234",
    }
    assert post(f"/{number}/decisions", wish)["records"] == 1  # type: ignore[index]
    refused = client.post(
        f"/api/closings/{number}/decisions",
        json={"kind": "accounting_voucher", "fate": "destroy"},
        headers=officer,
    )
    assert refused.status_code == 409
    post(f"/{number}/days", {"name": "cause", "day": "2026-11-01"})
    board = client.get(f"/api/closings/{number}", headers=approver).json()
    assert "publish-cause" in board["overdue"]
    assert board["by_fate"] == {"keep": 1, "undecided": 1}
    listed = client.get(f"/api/closings/{number}/records?undecided=true", headers=officer).json()
    assert [one["kind"] for one in listed["records"]] == ["identity_copy"]
    ended = post(f"/{number}/end", {"reason": "法院要求先行结束"}, approver)
    assert ended["ended_at"]  # type: ignore[index]
