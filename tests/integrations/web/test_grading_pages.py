"""The grading asked step by step, each answer optional, the result reported or saved."""

import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from records.people import Role

Browser = Callable[..., TestClient]
NUMBER = "INC-2026-0001"


def walk(client: TestClient, answers: dict[str, str], ticket: str = "") -> str:
    """The last page, after answering what is named and skipping the rest."""
    page = client.get("/incidents/grade", params={"ticket": ticket} if ticket else {}).text
    for _question in range(30):
        forms = page.split('<form method="post" action="/incidents/grade"')
        asked = re.search(r'(?:id="q" name|button secondary" name)="(\w+)"', forms[1])
        if asked is None or asked[1] == "step":
            return page
        hidden = dict(re.findall(r'hidden" name="(\w+)" value="([^"]*)"', forms[1]))
        name = asked[1]
        page = client.post("/incidents/grade", data={**hidden, name: answers.get(name, "")}).text
    raise AssertionError("the questions do not end")


def test_every_question_may_be_skipped_and_the_result_is_provisional(browser: Browser) -> None:
    page = walk(browser(Role.EMPLOYEE), {})
    assert "暂定" in page and "什么会使定级升高" in page and "附件三第5项" in page
    assert 'action="/incidents/new"' in page


def test_answers_are_kept_from_step_to_step_and_reported(browser: Browser) -> None:
    client = browser(Role.RESPONDER)
    answers = {"kind": "ransomware", "people": "1.2万", "loss_yuan": "800万", "minors": "yes"}
    page = walk(client, answers)
    assert "较大" in page and "待核实" in page
    form = page.split('action="/incidents/new"')[1]
    hidden = dict(re.findall(r'hidden" name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))
    assert hidden == answers
    response = client.post("/incidents/new", data={**hidden, "description": "服务器文件打不开"})
    assert response.status_code == 303
    ticket = client.get(response.headers["location"]).text
    assert "8,000,000" in ticket and "12,000" in ticket and "勒索软件" in ticket


def test_critical_infrastructure_is_asked_for_its_outage(browser: Browser) -> None:
    client = browser(Role.EMPLOYEE)
    page = walk(client, {"critical_infrastructure": "yes", "whole_outage_minutes": "360"})
    assert "特别重大" in page and "附件一第2项" in page


def test_what_cannot_be_read_is_asked_again_with_the_reason(browser: Browser) -> None:
    data = {"step": "2", "people": "many"}
    page = browser(Role.EMPLOYEE).post("/incidents/grade", data=data)
    assert page.status_code == 400
    assert "请填数字" in page.text and 'name="people"' in page.text


def test_an_incident_is_graded_anew_from_what_it_knows(browser: Browser) -> None:
    client = browser(Role.RESPONDER)
    client.post("/incidents/new", data={"description": "笔记本电脑丢失"})
    page = walk(client, {"people": "2000000"}, ticket=NUMBER)
    form = page.split(f'action="/tickets/{NUMBER}/facts"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'hidden" name="(\w+)" value="([^"]*)"', form))
    saved = client.post(f"/tickets/{NUMBER}/facts", data={**hidden, "reason": "日志"})
    assert saved.status_code == 303
    assert "新增时限" in client.get(f"/tickets/{NUMBER}").text
    stranger = browser(Role.EMPLOYEE)
    assert stranger.get("/incidents/grade", params={"ticket": NUMBER}).status_code == 404


def test_awareness_is_corrected_on_the_page_and_decided_by_another(browser: Browser) -> None:
    client, second = browser(Role.RESPONDER), browser(Role.RESPONDER)
    data = {"description": "笔记本电脑丢失", "aware_at": "2026-11-23T08:00", "people": "2000000"}
    client.post("/incidents/new", data=data)
    path = f"/tickets/{NUMBER}/awareness"
    assert client.post(path, data={"aware_at": "", "reason": "x"}).status_code == 400
    later = client.post(path, data={"aware_at": "2026-11-23T09:00", "reason": "登记簿"})
    assert later.status_code == 303
    assert "待第二人决定" in client.get(f"/tickets/{NUMBER}").text
    assert f'action="{path}/decision"' not in client.get(f"/tickets/{NUMBER}").text
    assert f'action="{path}/decision"' in second.get(f"/tickets/{NUMBER}").text
    decision = {"decision": "approve", "reason": "核对"}
    assert client.post(f"{path}/decision", data=decision).status_code == 403
    assert second.post(f"{path}/decision", data=decision).status_code == 303
    page = second.get(f"/tickets/{NUMBER}").text
    assert "由另一时限取代" in page and "按更正后的知悉时间" in page
