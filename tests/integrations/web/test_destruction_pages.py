"""Steps of a destruction by form and by program, each refused with its reason."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.redaction.cases import open_case
from records.people import Person, Role

Browser = Callable[..., TestClient]
FIELDS = {
    "description": "2021年解约客户的身份证复印件86份",
    "record_kind": "identity_copy",
    "holder": "company",
    "event": "relationship_ended",
    "event_date": "2021-06-30",
}


def test_the_page_leads_from_step_to_step_and_says_why_not_yet(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    page = officer.post("/destructions/new", data=FIELDS, follow_redirects=True).text
    assert "下一步：鉴定" in page
    step = "/tickets/DES-2026-0001/destruction/"
    page = officer.post(f"{step}appraise", data={"media": "paper"}, follow_redirects=True).text
    assert "登记通知" in page
    told = {"clients": "86", "channel": "挂号信", "wait_days": "15"}
    page = officer.post(f"{step}notify", data=told, follow_redirects=True).text
    assert "等到 2026-12-08 当天" in page
    refused = officer.post(f"{step}notice-over", data={})
    assert refused.status_code == 409
    assert "2026-12-09 起才能继续" in refused.text
    assert officer.post(f"{step}approve", data={}).status_code == 403
    assert "批准</button>" not in page
    choice = {"client": "K-07", "choice": "return"}
    page = officer.post(f"{step}choice", data=choice, follow_redirects=True).text
    assert "其中 1 位还没有返还或转移：K-07 返还，未办" in page
    assert "登记客户选择：K-07 返还，未办" in page


def test_what_one_may_not_do_or_has_done_is_no_form(
    browser: Browser, app: App, person_with: Callable[..., Person]
) -> None:
    open_case(app, person_with(Role.OFFICER), "清和-注销", client="清和")
    asker, officer = browser(Role.OFFICER, Role.APPROVER), browser(Role.OFFICER)
    approvers = [browser(Role.APPROVER) for _ in range(2)]
    asker.post("/destructions/new", data=FIELDS)
    page = "/tickets/DES-2026-0001"
    step = f"{page}/destruction/"
    officer.post(f"{step}appraise", data={"media": "paper", "vault_clients": "清和"})
    officer.post(f"{step}notify", data={"without": "客户已先行要求销毁", "wait_days": "0"})
    officer.post(f"{step}notice-over")
    officer.post(f"{step}no-backup", data={"reason": "没有需要备份的内容"})
    asked = asker.get(page).text
    assert "您是申请人" in asked and f'action="{step}approve"' not in asked
    assert f'action="{step}approve"' in approvers[0].get(page).text
    approvers[0].post(f"{step}approve")
    again = approvers[0].get(page).text
    assert "您已经批准" in again and f'action="{step}approve"' not in again
    approvers[1].post(f"{step}approve")
    # A client's key goes with it, which is not for a records officer to destroy.
    assert f'action="{step}carry-out"' in approvers[0].get(page).text
    assert f'action="{step}carry-out"' not in officer.get(page).text


@pytest.mark.parametrize(
    ("step", "fields", "status"),
    [
        ("notify", {"clients": "many"}, 400),
        ("appraise", {"media": "stone"}, 400),
        ("appraise", {}, 400),
        ("place", {"place": "slack", "outcome": "none", "note": "x"}, 409),
        ("hold", {"reason": ""}, 400),
        ("burn", {}, 404),
    ],
)
def test_a_step_that_cannot_be_taken_comes_back_with_its_reason(
    browser: Browser, step: str, fields: dict[str, str], status: int
) -> None:
    client = browser(*Role)
    client.post("/destructions/new", data=FIELDS)
    response = client.post(f"/tickets/DES-2026-0001/destruction/{step}", data=fields)
    assert response.status_code == status
    assert "Traceback" not in response.text


def test_a_program_takes_the_same_steps(
    client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    officer = bearer(Role.OFFICER)
    body = {
        "description": FIELDS["description"],
        "record_kind": "identity_copy",
        "holder": "company",
        "dates": {"relationship_ended": "2021-06-30"},
    }
    client.post("/api/destructions", json=body, headers=officer)
    step = "/api/destructions/DES-2026-0001"
    done = client.post(f"{step}/appraise", json={"media": ["paper"]}, headers=officer)
    assert done.json()["ticket"]["state"] == "appraised"
    held = client.post(f"{step}/hold", json={"reason": "监管检查"}, headers=officer).json()
    assert held["ticket"]["state"] == "blocked"
    assert client.post(f"{step}/notify", json={"clients": 1, "channel": "信"}, headers=officer)
    assert client.get(step, headers=officer).json()["dossier"]["media"] == ["paper"]
    files = {"file": ("a.jpg", b"photo")}
    early = client.post(f"{step}/evidence", data={"what": "照片"}, files=files, headers=officer)
    assert early.status_code == 409
    assert client.post(f"{step}/certify", headers=officer).status_code == 403
    register = client.get("/api/register", headers=officer).json()
    assert register == {"entries": [], "broken_at": None}


def test_a_page_names_people_and_not_what_is_typed_at_a_terminal(browser: Browser) -> None:
    officer = browser(Role.OFFICER)
    address = officer.post("/destructions/new", data=FIELDS).headers["location"].split("?")[0]
    page = officer.get(address).text
    assert "下一步：鉴定<" in page and "appraise）" not in page
    officer.post(f"{address}/destruction/appraise", data={"media": "paper"})
    seen = browser(Role.AUDITOR).get(address).text
    timeline = seen[seen.index('class="timeline"') :]
    assert "林晓" in timeline and not re.search(r"P-[0-9a-f]{8}", timeline)


def test_what_is_still_to_be_known_can_be_answered_on_the_page(browser: Browser) -> None:
    client = browser()
    fields = {"description": "2021年解约客户的身份证复印件86份"}
    address = client.post("/destructions/new", data=fields).headers["location"].split("?")[0]
    asked = client.get(address).text
    assert "还缺关键信息" in asked and 'name="fact-holder"' in asked
    typed = {"fact-holder": "company", "fact-relationship_ended": ""}
    client.post(f"{address}/destruction/facts", data=typed)
    assert "应当删除" in client.get(address).text
    wrong = client.post(f"{address}/destruction/facts", data={"fact-holder": "bank"})
    assert wrong.status_code == 400 and "请从这些里选" in wrong.text


def test_the_register_is_for_those_who_may_read_it(browser: Browser) -> None:
    assert "还没有出具过证明" in browser(Role.AUDITOR).get("/register").text
    assert browser(Role.AUDITOR).get("/register.csv").text.startswith("\ufeffnumber,serial")
    assert browser().get("/register").status_code == 403
    assert browser(Role.AUDITOR).get("/register/DC-2026-00001/pdf").status_code == 404
